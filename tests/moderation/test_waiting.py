"""Places in the queue, written down and read again."""

from datetime import UTC, datetime

import pytest
from django.http import Http404, QueryDict

from moderation.admin.places import Place
from moderation.waiting import Cursor, Narrowing, What

THEN = datetime(2026, 5, 9, 12, 0, 0, 123456, tzinfo=UTC)


class TestCursor:
    def test_is_read_as_it_was_written(self):
        cursor = Cursor(2, THEN, 2**62)
        assert Cursor.read(str(cursor)) == cursor
        assert str(cursor) == "Mi4xNzc4MzI4MDAwMTIzNDU2LjQ2MTE2ODYwMTg0MjczODc5MDQ"

    @pytest.mark.parametrize(
        "token",
        ["", "x", "é", "Mi4x", "Mi54Lngu", "MS4xLjEuMQ", "LTEuMS4x", "MS4xLi0x", "MS4xLjA", "MS4wMS4x", "MS4xLjE=",
         "OTk5OTkuMS4x", "MS45OTk5OTk5OTk5OTk5OTk5OTk5OTkuMQ", "MS4xLjk5OTk5OTk5OTk5OTk5OTk5OTk5OTk"],
    )  # fmt: skip
    def test_is_none_for_what_was_never_given_out(self, token):
        assert Cursor.read(token) is None


class TestPlace:
    def test_is_a_query_and_back_again(self):
        place = Place(Narrowing(What.EDITED, 3, 4), Cursor(1, THEN, 5))
        assert place.query == f"what=edited&category=3&article=4&cursor={place.after}"
        assert Place.read(QueryDict(place.query)) == place
        assert place.start.query == "what=edited&category=3&article=4"
        assert place.url == f"/admin/moderation/waiting/?{place.query}"
        assert Place().url == "/admin/moderation/waiting/"

    def test_takes_from_a_form_what_is_the_queues_own(self):
        sent = QueryDict(mutable=True)
        sent["back"] = "what=held&next=https://evil.example&page=2"
        assert Place.read_back(sent).url == "/admin/moderation/waiting/?what=held"

    @pytest.mark.parametrize("query", ["what=x", "article=1x", "category=01", "cursor=1", f"article={'9' * 19}"])
    def test_is_nowhere_for_what_no_link_says(self, query):
        with pytest.raises(Http404):
            Place.read(QueryDict(query))

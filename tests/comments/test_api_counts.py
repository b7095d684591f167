"""How many comments stand on several articles, told at once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from articles.services import rename, unpublish
from comments.states import State
from tests.asking import client_of, codes, problem
from tests.factories import make_article, make_comment, make_user

pytestmark = pytest.mark.django_db

COUNTS = "/api/v1/comments/counts/"


@pytest.fixture
def api():
    return client_of()


class TestCommentCounts:
    def test_tells_each_article_its_own_in_the_order_asked(self, api):
        birds, author = make_article("birds"), make_user()
        make_article("bees")
        for state in (State.OPEN, State.APPROVED, State.HELD_EDIT, State.HELD, State.WITHDRAWN, State.SPAM):
            make_comment(birds, author, state=state)
        make_comment(birds, author, kind="note", visibility="private")
        response = api.get(f"{COUNTS}?article=bees&article=birds")
        assert response.content == b'{"bees":0,"birds":3}'

    def test_tells_of_an_article_once_when_it_is_named_twice(self, api):
        make_comment(make_article("birds"), make_user())
        assert api.get(f"{COUNTS}?article=birds&article=birds").json() == {"birds": 1}

    def test_tells_of_an_article_by_its_former_slug_too(self, api):
        birds = make_article("larks")
        rename(birds, "birds")
        make_comment(birds, make_user())
        assert api.get(f"{COUNTS}?article=larks&article=birds").json() == {"larks": 1, "birds": 1}
        # Another article has it now.
        make_article("larks", title="Larks")
        assert api.get(f"{COUNTS}?article=larks&article=birds").json() == {"larks": 0, "birds": 1}

    def test_is_0_where_nobody_may_read_or_discuss(self, api):
        for slug in ("draft", "gone", "off"):
            make_comment(make_article(slug), make_user())
        Article.objects.filter(slug="draft").update(status="draft")
        unpublish(Article.objects.get(slug="gone"), by=None)
        Article.objects.filter(slug="off").update(discussion="off")
        asked = ["draft", "gone", "off", "nowhere", "Not a slug"]
        assert api.get(COUNTS, {"article": asked}).json() == dict.fromkeys(asked, 0)

    @pytest.mark.parametrize(
        ("query", "code", "error"),
        [
            ("", "invalid", ("article", "required")),
            ("?article=", "invalid", ("article", "blank")),
            ("?article=&article=birds", "invalid", ("article", "blank")),
            ("?article=a%00b", "invalid", ("article", "control_character")),
            ("?" + "&".join(f"article=a{number}" for number in range(101)), "invalid", ("article", "too_many")),
            ("?article=birds&page_size=5", "unknown_parameter", ("page_size", "unknown_parameter")),
        ],
    )
    def test_refuses_a_bad_parameter_by_name(self, api, query, code, error):
        response = api.get(COUNTS + query)
        assert problem(response) == (400, code, [error[0]])
        assert codes(response) == [error]

    def test_takes_one_query_for_one_article_as_for_a_hundred(self, api):
        make_comment(make_article("a0", source="Short."), make_user())
        for number in range(1, 100):
            make_article(f"a{number}", source="Short.")
        for asked in (1, 100):
            slugs = [f"a{number}" for number in range(asked)]
            with CaptureQueriesContext(connection) as queries:
                assert api.get(COUNTS, {"article": slugs}).json()["a0"] == 1
            assert len(queries) == 1

    def test_is_the_same_and_anybodys_to_keep_whoever_asks(self, api):
        make_comment(make_article("birds"), make_user())
        plain = api.get(f"{COUNTS}?article=birds")
        assert (plain["Cache-Control"], plain["Vary"]) == ("public, no-cache", "Accept, Accept-Encoding")
        signed_in, out_of_date = client_of(make_user()), client_of()
        out_of_date.credentials(HTTP_AUTHORIZATION="Token nonsense")
        for client in (signed_in, out_of_date):
            response = client.get(f"{COUNTS}?article=birds")
            assert (response.content, dict(response.headers)) == (plain.content, dict(plain.headers))

    def test_answers_304_until_a_comment_comes(self, api):
        article = make_article("birds")
        etag = api.get(f"{COUNTS}?article=birds")["ETag"]
        assert api.get(f"{COUNTS}?article=birds", HTTP_IF_NONE_MATCH=etag).status_code == 304
        make_comment(article, make_user())
        assert api.get(f"{COUNTS}?article=birds", HTTP_IF_NONE_MATCH=etag).json() == {"birds": 1}

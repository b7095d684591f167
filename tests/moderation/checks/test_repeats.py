"""The same text elsewhere."""

from datetime import timedelta

import pytest
from django.utils import timezone

from comments import services
from comments.models import CommentRevision
from comments.states import State
from moderation.checks.repeats import repeats
from tests.factories import make_article, make_comment, make_user, passage
from tests.moderation.checks.sending import make_moderator, sent, sent_by_guest

pytestmark = pytest.mark.django_db

TEXT = "Buy it now!"


@pytest.fixture
def article():
    return make_article()


@pytest.fixture
def other():
    return make_article()


@pytest.fixture
def ada():
    return make_user()


def said(result):
    return result.verdict, result.reason, result.evidence


def age(comment, **ago):
    CommentRevision.objects.filter(comment=comment).update(created_at=timezone.now() - timedelta(**ago))


NOTHING = ("pass", "", {"own": 0, "people": 1})


class TestOneAuthor:
    def test_is_held_with_a_text_of_theirs_on_another_article(self, article, other, ada):
        twin = make_comment(other, ada, TEXT)
        assert said(repeats(sent(ada, article, TEXT))) == (
            "hold", "repeat", {"own": 1, "people": 1, "twins": [twin.key]},
        )  # fmt: skip

    @pytest.mark.parametrize(
        "text", ["BUY IT NOW!", " buy\nit  now! ", "Ｂｕｙ it no\N{ZERO WIDTH SPACE}w!", "Büy it now!"]
    )
    def test_is_held_however_it_is_written(self, article, other, ada, text):
        make_comment(other, ada, TEXT)
        assert repeats(sent(ada, article, text)).reason == "repeat"

    def test_is_held_on_another_section_passage_or_thread_of_the_same(self, article, ada):
        make_comment(article, ada, TEXT)
        section = article.sections.get(key="where-they-nest")
        parent = make_comment(article, make_user(), "A question.")
        for fields in ({"section": section}, {"parent": parent}, {"selection": passage(article, "Small birds")}):
            assert repeats(sent(ada, article, TEXT, **fields)).evidence["own"] == 1

    @pytest.mark.parametrize("on", ["article", "section", "passage", "reply"])
    def test_is_not_held_on_the_same_target(self, article, ada, on):
        fields = {
            "article": {},
            "section": {"section": article.sections.get(key="where-they-nest")},
            "passage": {"selection": passage(article, "Small birds")},
            "reply": {"parent": make_comment(article, make_user(), "A question.")},
        }[on]
        make_comment(article, ada, TEXT, **fields)
        assert said(repeats(sent(ada, article, TEXT, **fields))) == NOTHING

    def test_is_not_held_after_a_day(self, article, other, ada):
        twin = make_comment(other, ada, TEXT)
        age(twin, hours=23, minutes=59)
        assert repeats(sent(ada, article, TEXT)).reason == "repeat"
        age(twin, hours=24, seconds=1)
        assert said(repeats(sent(ada, article, TEXT))) == NOTHING

    @pytest.mark.parametrize("state", [State.HELD, State.REJECTED, State.SPAM])
    def test_is_held_with_what_nobody_reads(self, article, other, ada, state):
        make_comment(other, ada, TEXT, state=state)
        assert repeats(sent(ada, article, TEXT)).reason == "repeat"

    def test_may_take_a_text_back_and_post_it_elsewhere(self, article, other, ada):
        make_comment(other, ada, TEXT, state=State.WITHDRAWN)
        assert said(repeats(sent(ada, article, TEXT))) == NOTHING

    def test_is_held_with_a_text_that_another_took_the_place_of(self, article, other, ada):
        services.edit(make_comment(other, ada, TEXT), by=ada, text="Never mind.")
        assert repeats(sent(ada, article, TEXT)).reason == "repeat"

    def test_is_not_its_own_twin_when_it_is_edited(self, article, ada):
        comment = make_comment(article, ada, TEXT)
        assert said(repeats(sent(ada, article, f"{TEXT} ", comment=comment))) == NOTHING

    def test_is_held_when_it_edits_one_to_say_what_the_other_says(self, article, other, ada):
        twin, comment = make_comment(other, ada, TEXT), make_comment(article, ada, "Hm.")
        result = repeats(sent(ada, article, TEXT, comment=comment))
        assert (result.reason, result.evidence["twins"]) == ("repeat", [twin.key])

    def test_may_be_a_guest(self, article, other):
        twin = services.submit(sent_by_guest(other, TEXT))
        result = repeats(sent_by_guest(article, TEXT, email="GAST@example.org"))
        assert (result.reason, result.evidence["twins"]) == ("repeat", [twin.key])
        assert repeats(sent_by_guest(article, TEXT, email="other@example.org")).reason == ""

    def test_is_not_held_for_a_private_note_that_says_it(self, article, other, ada):
        make_comment(other, ada, TEXT, kind="note", visibility="private")
        assert said(repeats(sent(ada, article, TEXT))) == NOTHING

    def test_leaves_highlights_without_words(self, article, other, ada):
        make_comment(other, ada, "", kind="highlight", quote="Small birds")
        mark = sent(ada, article, "", kind="highlight", selection=passage(article, "Small birds"))
        assert said(repeats(mark)) == NOTHING

    def test_names_ten_twins_the_newest_first(self, article, ada):
        twins = [make_comment(make_article(), ada, TEXT) for _ in range(11)]
        evidence = repeats(sent(ada, article, TEXT)).evidence
        assert evidence["own"] == 11
        assert evidence["twins"] == [twin.key for twin in reversed(twins[1:])]


class TestSeveralAuthors:
    def test_are_held_from_the_third_on(self, article):
        twins = [make_comment(article, make_user(), TEXT)]
        assert said(repeats(sent(make_user(), article, TEXT))) == ("pass", "", {"own": 0, "people": 2})
        twins.append(services.submit(sent_by_guest(article, "buy it now!")))
        assert said(repeats(sent(make_user(), article, TEXT))) == (
            "hold", "repeat", {"own": 0, "people": 3, "twins": [twins[1].key, twins[0].key]},
        )  # fmt: skip

    def test_are_counted_once_each(self, article, ada):
        for _ in range(3):
            make_comment(article, ada, TEXT)
        assert repeats(sent(make_user(), article, TEXT)).evidence["people"] == 2

    def test_are_not_held_after_an_hour(self, article):
        twins = [make_comment(article, make_user(), TEXT) for _ in range(2)]
        age(twins[0], minutes=59)
        assert repeats(sent(make_user(), article, TEXT)).reason == "repeat"
        age(twins[0], minutes=60, seconds=1)
        assert repeats(sent(make_user(), article, TEXT)).reason == ""

    def test_count_before_their_addresses_are_proven_and_are_not_named(self, article):
        for number in range(2):
            services.submit(sent_by_guest(article, TEXT, email=f"{number}@example.org", is_proven=False))
        result = repeats(sent(make_user(), article, TEXT))
        assert said(result) == ("hold", "repeat", {"own": 0, "people": 3, "twins": []})

    def test_are_named_beside_ones_own(self, article, other, ada):
        own = make_comment(other, ada, TEXT)
        services.submit(sent_by_guest(other, TEXT))
        services.submit(sent_by_guest(other, TEXT, email="other@example.org", is_proven=False))
        evidence = repeats(sent(ada, article, TEXT)).evidence
        assert (evidence["own"], evidence["people"], len(evidence["twins"])) == (1, 3, 2)
        assert evidence["twins"][0] == own.key


class TestAModerator:
    def test_is_looked_at_and_not_held(self, article, other):
        moderator = make_moderator()
        twin = make_comment(other, moderator, TEXT)
        assert said(repeats(sent(moderator, article, TEXT))) == (
            "pass", "", {"own": 1, "people": 1, "twins": [twin.key], "exempt": "moderator"},
        )  # fmt: skip

    def test_is_held_on_articles_of_others(self, article, other):
        moderator = make_moderator(other)
        make_comment(other, moderator, TEXT)
        assert repeats(sent(moderator, article, TEXT)).reason == "repeat"


class TestAGuestsOwn:
    def test_is_not_named_before_the_address_is_proven(self, article, other):
        services.submit(sent_by_guest(other, TEXT, is_proven=False))
        assert said(repeats(sent_by_guest(article, TEXT))) == ("hold", "repeat", {"own": 1, "people": 1, "twins": []})

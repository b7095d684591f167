"""A form that is sent twice makes one comment."""

from datetime import timedelta

import pytest
from django.utils import timezone

from comments.models import Comment
from comments.services import GuestName, Submission, edit, submit
from comments.states import State
from tests.clock import MOMENT, stopped_at
from tests.comments.counting import counters, recount
from tests.factories import a_guest, bring_to, make_article, make_comment, make_user, passage

pytestmark = pytest.mark.django_db

GUS = GuestName("Gus", "gus@example.org")


@pytest.fixture(autouse=True)
def _a_minute(settings):
    settings.DOUBLE_POST_SECONDS = 60


@pytest.fixture
def article():
    return make_article()


@pytest.fixture
def author():
    return make_user()


class TestTheSame:
    def test_is_the_first_when_the_same_words_come_again(self, article, author):
        first = submit(Submission(article, author, "Hm."))
        assert submit(Submission(article, author, "  Hm.\r\n")) == first
        assert Comment.objects.count() == 1
        assert counters(article) == recount(article)

    def test_is_another_where_no_time_is_set_whatever_the_clock_says(self, article, author, settings):
        settings.DOUBLE_POST_SECONDS = 0
        # Rows are dated by the real clock: all of them are later than this.
        with stopped_at(timezone.now() - timedelta(minutes=1)):
            first = submit(Submission(article, author, "Hm."))
            assert submit(Submission(article, author, "Hm.")) != first

    def test_is_found_on_every_target(self, article, author):
        section = article.sections.get(key="lead")
        root = submit(Submission(article, author, "Root."))
        targets = [
            {"section": section},
            {"parent": root},
            {"selection": passage(article, "Small birds")},
            {"selection": passage(article, "dawn"), "kind": "note", "visibility": "private"},
            {"guest": GUS},
        ]
        for fields in targets:
            made = [Submission(article, None if "guest" in fields else author, "Hm.", **fields) for _ in range(2)]
            first, second = (submit(one) for one in made)
            assert first == second
        assert Comment.objects.count() == 6

    def test_is_found_in_a_reply_that_names_its_section(self, article, author):
        root = make_comment(article, author, section=article.sections.get(key="lead"))
        first = submit(Submission(article, author, "Re.", parent=root))
        assert submit(Submission(article, author, "Re.", parent=root, section=root.section)) == first

    def test_asks_no_check_again(self, article, author, settings):
        first = submit(Submission(article, author, "Hm."))
        settings.COMMENT_CHECKS = ["tests.factories.refuse"]
        assert submit(Submission(article, author, "Hm.")) == first

    def test_is_given_back_as_it_is_by_now(self, article, author):
        first = submit(Submission(article, author, "Hm."))
        bring_to(first, State.REJECTED)
        assert submit(Submission(article, author, "Hm.")).state == "rejected"


class TestAnother:
    def test_is_made_after_a_minute(self, article, author):
        first = submit(Submission(article, author, "Hm."))
        with stopped_at(first.created_at + timedelta(seconds=60) - MOMENT):
            assert submit(Submission(article, author, "Hm.")) == first
        with stopped_at(first.created_at + timedelta(seconds=60)):
            assert submit(Submission(article, author, "Hm.")) != first

    def test_is_made_of_other_words_and_by_another_writer(self, article, author):
        guests = [GUS, GuestName("Gus", "other@example.org"), GuestName("G.", "gus@example.org"), a_guest("Gus")]
        sent = [Submission(article, None, "Hm.", guest=guest) for guest in guests]
        sent += [Submission(article, person, "Hm.") for person in (author, make_user())]
        sent += [Submission(article, author, "Hm!")]
        assert len({submit(one).pk for one in sent}) == 7

    def test_is_made_on_another_target(self, article, author):
        roots = [make_comment(article, author, text) for text in ("One.", "Two.")]
        targets = [
            {},
            {"section": article.sections.get(key="lead")},
            {"section": article.sections.get(key="how-birds-sing")},
            {"parent": roots[0]},
            {"parent": roots[1]},
            {"selection": passage(article, "Small birds")},
            {"selection": passage(article, "Large birds")},
            {"kind": "note"},
            {"kind": "note", "visibility": "private"},
        ]
        sent = [Submission(article, author, "Hm.", **fields) for fields in targets]
        sent += [Submission(make_article(), author, "Hm.")]
        assert len({submit(one).pk for one in sent}) == 10

    @pytest.mark.parametrize("state", ["withdrawn", "erased"])
    def test_is_made_when_the_first_is_gone(self, article, author, state):
        first = submit(Submission(article, author, "Hm."))
        bring_to(first, State(state))
        assert submit(Submission(article, author, "Hm.")) != first

    def test_is_made_of_what_was_edited_into_other_words(self, article, author):
        first = submit(Submission(article, author, "Hm."))
        edit(first, by=author, text="Hm, hm.")
        assert submit(Submission(article, author, "Hm.")) != first

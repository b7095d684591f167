"""The first comments of somebody whom no moderator knows."""

import pytest

from accounts.models import User
from comments import services
from comments.states import State
from comments.transitions import Grounds
from moderation.checks.first_comments import first_comments
from tests.factories import bring_to, make_article, make_comment, make_user
from tests.moderation.checks.sending import approve, make_known, make_moderator, sent, sent_by_guest

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return make_article()


@pytest.fixture
def ada():
    return make_user()


def said(result):
    return result.verdict, result.reason, result.evidence


def held(approved):
    return "hold", "first_comments", {"approved": approved, "needed": 2}


KNOWN = ("pass", "", {"approved": 2, "needed": 2})


class TestApproved:
    @pytest.mark.parametrize("approved", [0, 1])
    def test_fewer_than_two_hold(self, article, ada, approved):
        make_known(ada, article, approved)
        assert said(first_comments(sent(ada, article))) == held(approved)

    @pytest.mark.parametrize("approved", [2, 3])
    def test_two_let_through(self, article, ada, approved):
        make_known(ada, make_article(), approved)
        assert said(first_comments(sent(ada, article))) == KNOWN

    def test_are_each_persons_own(self, article, ada):
        make_known(make_user(), article)
        assert said(first_comments(sent(ada, article))) == held(0)

    def test_are_not_what_no_moderator_looked_at(self, article, ada):
        for _ in range(3):
            make_comment(article, ada)
        assert said(first_comments(sent(ada, article))) == held(0)

    def test_are_not_what_the_system_approved(self, article, ada):
        for _ in range(2):
            comment = make_comment(article, ada)
            services.decide(comment, State.APPROVED, Grounds(), seen_version=comment.version)
        assert said(first_comments(sent(ada, article))) == held(0)

    @pytest.mark.parametrize("state", [State.REJECTED, State.WITHDRAWN, State.SPAM])
    def test_are_not_what_stands_no_more(self, article, ada, state):
        for text in ("One.", "Two."):
            bring_to(approve(make_comment(article, ada, text)), state)
        assert said(first_comments(sent(ada, article))) == held(0)

    def test_are_still_those_whose_edit_waits(self, article, ada):
        for text in ("One.", "Two."):
            bring_to(approve(make_comment(article, ada, text)), State.HELD_EDIT)
        assert said(first_comments(sent(ada, article))) == KNOWN

    def test_are_not_counted_twice_when_one_is_approved_twice(self, article, ada):
        comment = approve(make_comment(article, ada))
        approve(bring_to(comment, State.REJECTED))
        assert said(first_comments(sent(ada, article))) == held(1)


class TestAGuest:
    def test_is_known_by_the_address(self, article):
        assert said(first_comments(sent_by_guest(article))) == held(0)
        for text in ("One.", "Two."):
            approve(services.submit(sent_by_guest(article, text)))
        assert said(first_comments(sent_by_guest(article, email="Gast@example.org"))) == KNOWN
        assert said(first_comments(sent_by_guest(article, email="other@example.org"))) == held(0)

    def test_is_not_the_account_with_that_address(self, article):
        make_known(make_user(email="gast@example.org"), article)
        assert said(first_comments(sent_by_guest(article))) == held(0)

    def test_waits_for_proof_first_and_then_for_a_moderator(self, article, settings):
        settings.COMMENT_CHECKS = ["moderation.checks.first_comments.first_comments"]
        comment = services.submit(sent_by_guest(article, is_proven=False))
        assert (comment.state, comment.state_reason, comment.waiting_since) == ("held", "confirm_email", None)
        token = services.proving.guests.make_link(comment.guest, "prove", comment.pk)
        _guest, proven = services.prove(token)
        assert (proven.state, proven.state_reason) == ("held", "first_comments")
        assert proven.waiting_since is not None


class TestExempt:
    def test_is_who_moderates_the_article(self, article):
        for moderator in (make_moderator(), make_moderator(article)):
            assert said(first_comments(sent(moderator, article))) == ("pass", "", {"exempt": "moderator"})

    def test_is_an_administrator(self, article):
        admin = User.objects.create_superuser("root", "root@example.org", "password", name="Root")
        assert said(first_comments(sent(admin, article))) == ("pass", "", {"exempt": "moderator"})

    def test_is_not_who_moderates_another(self, article):
        assert said(first_comments(sent(make_moderator(make_article()), article))) == held(0)

    def test_is_an_author_of_the_article(self, article, ada):
        article.authors.add(ada)
        assert said(first_comments(sent(ada, article))) == ("pass", "", {"exempt": "author"})
        assert said(first_comments(sent(ada, make_article()))) == held(0)

"""All checks together, as a site runs them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from comments import services
from comments.checking import run_checks
from comments.errors import DiscussionClosed
from comments.models import CheckRun, Comment
from moderation.models import Sanction
from skycrumbs import settings as defaults
from skycrumbs.problems import TooManyRequests
from tests.asking import client_of
from tests.factories import make_article, make_comment, make_user
from tests.moderation.checks.sending import approve, make_known, make_moderator, sent, sent_by_guest

pytestmark = pytest.mark.django_db

NAMES = ["shape", "closed", "rate", "traps", "links", "repeats", "first_comments"]
LINK = "Buy at [bank.example](https://evil.example)."


@pytest.fixture(autouse=True)
def _checks(settings):
    settings.COMMENT_CHECKS = defaults.COMMENT_CHECKS


@pytest.fixture
def article():
    return make_article("birds")


def verdicts(comment):
    return list(comment.check_runs.last().results.values_list("check_name", "verdict", "reason"))


class TestANewPerson:
    def test_is_held_until_two_comments_are_approved(self, article):
        ada, reasons = make_user(), []
        for number in range(4):
            comment = services.submit(sent(ada, article, f"Thought {number}."))
            reasons.append((comment.state, comment.state_reason))
            if comment.state == "held":
                approve(comment)
        assert reasons == [("held", "first_comments"), ("held", "first_comments"), ("open", ""), ("open", "")]

    def test_is_told_by_the_api_why(self, article):
        response = client_of(make_user()).post("/api/v1/comments/", {"article": "birds", "text": "Yes."})
        assert response.status_code == 202
        assert (response.json()["state"], response.json()["reason"]) == ("held", "first_comments")


class TestEveryOne:
    def test_is_asked_and_kept_whatever_the_others_say(self, article):
        ada = make_user()
        make_comment(make_article(), ada, LINK)
        comment = services.submit(sent(ada, article, LINK))
        assert (comment.state, comment.state_reason) == ("held", "disguised_link")
        assert verdicts(comment) == [
            ("shape", "pass", ""),
            ("closed", "pass", ""),
            ("rate", "pass", ""),
            ("traps", "pass", ""),
            ("links", "hold", "disguised_link"),
            ("repeats", "hold", "repeat"),
            ("first_comments", "hold", "first_comments"),
        ]

    def test_leaves_evidence_without_the_text(self, article):
        services.submit(
            sent_by_guest(article, "Sesquipedalian [words](https://a.example/Floccinaucinihilipilification).")
        )
        kept = str(list(CheckRun.objects.get().results.values_list("evidence", flat=True)))
        assert "a.example" in kept
        assert "Sesqui" not in kept
        assert "Flocci" not in kept
        assert "gast@" not in kept

    def test_leaves_private_notes_but_for_how_many_there_are(self, article, settings):
        settings.COMMENT_LIMITS = [(1, 86_400)]
        ada = make_user()
        note = services.submit(sent(ada, article, LINK, kind="note", visibility="private"))
        assert (note.state, note.check_runs.count()) == ("open", 0)
        with pytest.raises(TooManyRequests):
            services.submit(sent(ada, article, LINK, kind="note", visibility="private"))

    def test_looks_at_edits(self, article):
        ada = make_known(make_user(), article)
        comment = services.submit(sent(ada, article, "Hm."))
        services.edit(comment, by=ada, text=LINK)
        comment.refresh_from_db()
        assert (comment.state, comment.state_reason) == ("held_edit", "disguised_link")
        assert [name for name, _verdict, _reason in verdicts(comment)] == NAMES


class TestRefusals:
    def test_are_told_in_the_order_of_the_checks(self, article, settings):
        ada, settings.COMMENT_LIMITS = make_user(), [(0, 60)]
        with pytest.raises(TooManyRequests):
            services.submit(sent(ada, article))
        Sanction.objects.create(person=ada, kind="suspend", message="No.", made_by=make_moderator())
        assert client_of(ada).post("/api/v1/comments/", {"article": "birds", "text": "Yes."}).status_code == 403
        article.is_open = False
        article.save()
        with pytest.raises(DiscussionClosed):
            services.submit(sent(ada, article))
        assert Comment.objects.count() == 0


class TestQueries:
    def count(self, person, article, text):
        # As the next request loads them: what they may is not known yet.
        author = User.objects.get(pk=person.pk)
        with CaptureQueriesContext(connection) as queries:
            run_checks(sent(author, article, text, network="192.0.2.1"))
        return len(queries)

    def test_stay_the_same_with_any_number_of_comments_and_the_longest_text(self, article, monkeypatch):
        # In one and the same window, however slow the machine is.
        monkeypatch.setattr("accounts.limits.time.time", lambda: 1_800_000_000.0)
        ada = make_known(make_user(), article)
        short, long = "Hm.", "[a](https://a.example) " * 217
        first = self.count(ada, article, short)
        before = self.count(ada, article, short)
        for number in range(20):
            approve(make_comment(article, ada, f"More {number}."))
            make_comment(make_article(), ada, long)
            make_comment(article, make_user(), long)
        after = self.count(ada, article, long)
        # Sanctions; a savepoint and two windows for the account and as many for the network; twins, two; what the
        # account may, two; whether it wrote the article; what was approved. Around each of the seven a savepoint,
        # since the test is a transaction.
        assert (before, after) == (1 + 2 + 2 + 2 + 2 + 2 + 1 + 1 + 7 * 2, 27)
        # Each window that is new looks for those before it.
        assert first == before + 4

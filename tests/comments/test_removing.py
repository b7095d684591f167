"""A withdrawal taken back, texts that are erased, and legal holds that keep them."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from articles.models import Article
from comments.errors import HoldRefused, OnLegalHold, RestoreClosed, StaleVersion, TransitionRefused
from comments.models import CheckResult, Comment, CommentRevision, Decision, LegalHold
from comments.querysets import NOBODY
from comments.services import (
    Submission,
    ask_release,
    correct,
    decide,
    erase,
    keep_as_it_is,
    place_hold,
    release_hold,
    restore,
    submit,
    withdraw,
)
from comments.states import State
from comments.transitions import Grounds, Role
from skycrumbs.problems import Forbidden
from tests.clock import MOMENT, later, stopped_at
from tests.comments.counting import counters, recount
from tests.factories import a_guest, bring_to, make_article, make_comment, make_moderator, make_user
from tests.racing import race

pytestmark = pytest.mark.django_db

CASE = {"case_ref": "17 C 3/26", "authority": "A court"}
# How a comment comes into each state with a reason of its own.
REASONS = {
    "held": "test",
    "open": "",
    "approved": "fine",
    "held_edit": "test",
    "rejected": "rule-3",
    "illegal": "law-86a",
    "spam": "adverts",
}


@pytest.fixture
def article():
    return make_article()


@pytest.fixture
def author():
    return make_user()


@pytest.fixture
def moderator():
    return make_moderator()


def again(comment):
    return Comment.objects.select_related("public_revision", "head_revision", "article").get(pk=comment.pk)


def judged(article, author, state):
    """A comment in `state`, for the reason above."""
    if state in ("held", "open", "held_edit"):
        return again(make_comment(article, author, "First.", state=State(state)))
    comment = make_comment(article, author, "First.")
    return again(decide(comment, State(state), Grounds(reason=REASONS[state]), seen_version=comment.version))


def acts(comment):
    rows = Decision.objects.filter(comment=comment).order_by("id")
    return [(row.act, row.actor, row.private_note) for row in rows]


def erased(comment, **fields):
    comment = again(comment)
    return erase(comment, Grounds(**fields), seen_version=comment.version)


class TestRestore:
    @pytest.mark.parametrize("state", list(REASONS))
    def test_gives_back_what_it_was_with_its_reason(self, article, author, state):
        before = judged(article, author, state)
        assert (before.state, before.state_reason) == (state, REASONS[state])
        withdraw(before, by=author)
        restore(again(before), by=author)
        now = again(before)
        assert (now.state, now.state_reason, now.version) == (state, REASONS[state], before.version + 2)
        assert (now.public_revision, now.head_revision) == (before.public_revision, before.head_revision)
        assert now.published_at == before.published_at
        assert (now.waiting_since is not None) is (state in ("held", "held_edit"))
        assert counters(article) == recount(article)
        decision = Decision.objects.filter(comment=now).last()
        assert (decision.was, decision.now, decision.role, decision.actor) == ("withdrawn", state, "author", author)

    def test_gives_back_a_private_note(self, article, author):
        note = make_comment(article, author, kind="note", visibility="private", state=State.WITHDRAWN)
        restore(note, by=author)
        assert (again(note).state, again(note).public_revision) == ("open", None)

    def test_can_be_done_again_and_again(self, article, author):
        comment = make_comment(article, author)
        for _ in range(3):
            withdraw(again(comment), by=author)
            restore(again(comment), by=author)
        assert (again(comment).state, again(comment).version) == ("open", 8)

    def test_is_done_by_a_guest(self, article):
        comment = make_comment(article, a_guest(), state=State.WITHDRAWN)
        restore(comment, by=comment.guest)
        assert again(comment).state == "open"

    def test_works_where_the_discussion_was_closed(self, article, author):
        comment = make_comment(article, author, state=State.WITHDRAWN)
        Article.objects.update(is_open=False)
        restore(again(comment), by=author)
        assert again(comment).state == "open"

    def test_ends_after_ten_minutes(self, article, author):
        comment = make_comment(article, author, state=State.WITHDRAWN)
        withdrawn_at = comment.decisions.last().at
        with stopped_at(withdrawn_at + timedelta(minutes=10)), pytest.raises(RestoreClosed) as caught:
            restore(comment, by=author)
        assert (caught.value.code, caught.value.status) == ("restore_closed", 409)
        assert again(comment).state == "withdrawn"
        with stopped_at(withdrawn_at + timedelta(minutes=10) - MOMENT):
            restore(comment, by=author)
        assert again(comment).state == "open"

    @pytest.mark.parametrize("state", [state for state in State if state != State.WITHDRAWN])
    def test_is_refused_in_every_other_state(self, article, author, state):
        with pytest.raises(RestoreClosed):
            restore(make_comment(article, author, state=state), by=author)

    def test_is_refused_once_a_moderator_judged_what_was_withdrawn(self, article, author):
        comment = make_comment(article, author, state=State.WITHDRAWN)
        decide(comment, State.ILLEGAL, Grounds(), seen_version=comment.version)
        with pytest.raises(RestoreClosed):
            restore(again(comment), by=author)

    def test_is_possible_while_a_moderator_looks_on(self, article, author, moderator):
        comment = make_comment(article, author, state=State.WITHDRAWN)
        place_hold(comment, by=moderator, **CASE)
        restore(again(comment), by=author)
        assert again(comment).state == "open"

    def test_is_refused_to_everybody_but_its_author(self, article, author, moderator):
        comment = make_comment(article, author, state=State.WITHDRAWN)
        for viewer in (moderator, make_user(is_superuser=True), make_comment(article, a_guest()).guest, NOBODY):
            with pytest.raises(Forbidden):
                restore(comment, by=viewer)
        assert again(comment).state == "withdrawn"

    def test_is_refused_when_it_is_not_the_version_seen(self, article, author):
        comment = make_comment(article, author, state=State.WITHDRAWN)
        with pytest.raises(StaleVersion), transaction.atomic():
            restore(comment, by=author, seen_version=comment.version - 1)

    @pytest.mark.django_db(transaction=True)
    def test_happens_once_when_it_is_asked_for_twice_at_once(self):
        author = make_user()
        comment = make_comment(make_article(), author, state=State.WITHDRAWN)
        results = race([lambda: restore(comment, by=author)] * 2)
        assert sorted(type(result).__name__ for result in results) == ["Comment", "RestoreClosed"]


class TestErase:
    def test_leaves_digest_and_length_of_every_text(self, article, author):
        comment = make_comment(article, author, "The f\N{LATIN SMALL LETTER I WITH DIAERESIS}rst \N{BIRD}.")
        with later(minutes=20):
            correct(comment, by=author, text="Not so.")
        bring_to(again(comment), State.REJECTED)
        now = again(erased(comment))
        assert (now.state, now.public_revision, now.waiting_since) == ("erased", None, None)
        rows = CommentRevision.objects.filter(comment=comment).order_by("number")
        first = "The f\u00efrst \U0001f426."
        assert list(rows.values_list("source", "html", "corrections", "erased_length", "erased_sha256")) == [
            ("", "", [], 12, hashlib.sha256(first.encode()).hexdigest()),
            ("", "", [], 20, hashlib.sha256(f"{first}\nNot so.".encode()).hexdigest()),
        ]

    def test_takes_the_name_of_a_guest(self, article):
        comment = make_comment(article, a_guest("Gus"), state=State.SPAM)
        erased(comment)
        assert again(comment).writer_name == "–"

    def test_leaves_of_what_checks_found_their_verdicts(self, article, author, settings):
        settings.COMMENT_CHECKS = ["tests.comments.test_checking.spam"]
        comment = submit(Submission(article, author, "Buy this."))
        erased(comment)
        found = CheckResult.objects.filter(run__comment=comment).values_list("verdict", "reason", "evidence")
        assert list(found) == [("spam", "adverts", {})]

    def test_keeps_the_decisions_and_who_erased(self, article, author, moderator):
        comment = judged(article, author, "rejected")
        erased(comment, by=moderator, role=Role.MODERATOR, reason="privacy")
        log = list(Decision.objects.filter(comment=comment).values_list("now", "reason", "actor"))
        assert log == [("open", "", None), ("rejected", "rule-3", None), ("erased", "privacy", moderator.pk)]

    def test_keeps_the_place_of_what_was_answered(self, article, author):
        comment = make_comment(article, author)
        reply = make_comment(article, make_user(), parent=comment)
        bring_to(again(comment), State.ERASED)
        assert [row.pk for row in Comment.objects.in_threads(NOBODY).in_thread_order()] == [comment.pk, reply.pk]
        assert counters(article) == recount(article)

    @pytest.mark.parametrize("state", ["held", "open", "approved", "held_edit", "illegal", "erased"])
    def test_refuses_what_was_not_removed_first(self, article, author, state):
        comment = make_comment(article, author, "First.", state=State(state))
        before = list(CommentRevision.objects.filter(comment=comment).values())
        with pytest.raises(TransitionRefused), transaction.atomic():
            erased(comment)
        assert list(CommentRevision.objects.filter(comment=comment).values()) == before

    @pytest.mark.parametrize("state", ["rejected", "spam", "withdrawn"])
    def test_takes_what_was_removed(self, article, author, state):
        comment = make_comment(article, author, state=State(state))
        assert erased(comment).state == "erased"

    def test_refuses_when_it_is_not_the_version_seen(self, article, author):
        comment = make_comment(article, author, state=State.REJECTED)
        with pytest.raises(StaleVersion):
            erase(comment, Grounds(), seen_version=comment.version - 1)

    def test_refuses_under_a_legal_hold_and_records_that(self, article, author, moderator):
        comment = make_comment(article, author, "First.", state=State.REJECTED)
        place_hold(comment, by=moderator, **CASE)
        with pytest.raises(OnLegalHold) as caught:
            erased(comment, by=moderator, role=Role.MODERATOR, reason="privacy")
        assert (caught.value.code, caught.value.status) == ("on_legal_hold", 409)
        assert (again(comment).state, again(comment).head_revision.source) == ("rejected", "First.")
        decision = Decision.objects.filter(comment=comment).last()
        assert (decision.act, decision.was, decision.now) == ("erase_refused", "rejected", "rejected")
        assert (decision.reason, decision.actor) == ("privacy", moderator)

    @pytest.mark.django_db(transaction=True)
    def test_never_passes_a_hold_that_is_placed_at_the_same_moment(self):
        comment, moderator = make_comment(make_article(), make_user(), state=State.REJECTED), make_moderator()
        results = race(
            [lambda: erase(comment, Grounds()), lambda: place_hold(comment, by=moderator, **CASE)],
        )
        kinds = sorted(type(result).__name__ for result in results)
        assert kinds in (["Comment", "HoldRefused"], ["LegalHold", "OnLegalHold"])
        assert (again(comment).state == "erased") is ("HoldRefused" in kinds)


class TestKeepAsItIs:
    def test_records_that_somebody_looked(self, article, author, moderator):
        comment = make_comment(article, author)
        grounds = Grounds(by=moderator, role=Role.MODERATOR, reason="fine", private_note="Harsh, but fair.")
        keep_as_it_is(comment, grounds, seen_version=comment.version)
        assert (again(comment).state, again(comment).version) == ("open", comment.version + 1)
        decision = Decision.objects.filter(comment=comment).last()
        assert (decision.act, decision.was, decision.now) == ("kept", "open", "open")
        assert (decision.actor, decision.private_note) == (moderator, "Harsh, but fair.")

    def test_is_refused_when_it_is_not_the_version_seen(self, article, author):
        comment = make_comment(article, author)
        with pytest.raises(StaleVersion):
            keep_as_it_is(comment, Grounds(), seen_version=comment.version - 1)


class TestLegalHold:
    @pytest.fixture
    def comment(self, article, author):
        return make_comment(article, author, state=State.REJECTED)

    def test_is_placed_by_one_and_released_by_two(self, comment, moderator):
        second = make_moderator()
        hold = place_hold(comment, by=moderator, **CASE)
        ask_release(hold, by=moderator)
        assert LegalHold.objects.standing().count() == 1
        with later(days=1) as moment:
            release_hold(hold, by=second)
        now = LegalHold.objects.get()
        assert (now.placed_by, now.release_asked_by, now.released_by) == (moderator, moderator, second)
        assert (now.released_at, LegalHold.objects.standing().count()) == (moment, 0)
        assert acts(comment)[-3:] == [
            ("hold", moderator, "17 C 3/26"),
            ("release_asked", moderator, "17 C 3/26"),
            ("release", second, "17 C 3/26"),
        ]
        assert erased(comment).state == "erased"

    def test_stops_neither_hiding_nor_publishing(self, comment, moderator):
        place_hold(comment, by=moderator, **CASE)
        for state in (State.APPROVED, State.ILLEGAL):
            now = again(comment)
            assert decide(now, state, Grounds(), seen_version=now.version).state == state

    def test_ends_when_its_time_is_over(self, comment, moderator):
        with later() as now:
            end = now + timedelta(days=30)
            place_hold(comment, by=moderator, ends_at=end, **CASE)
        with stopped_at(end - MOMENT), pytest.raises(OnLegalHold):
            erased(comment)
        with stopped_at(end):
            assert erased(comment).state == "erased"

    def test_can_follow_one_that_has_ended_or_was_released(self, comment, moderator):
        with later() as now:
            place_hold(comment, by=moderator, ends_at=now + timedelta(days=30), **CASE)
        with later(days=31):
            second = place_hold(again(comment), by=moderator, **CASE)
            ask_release(second, by=moderator)
            release_hold(second, by=make_moderator())
            place_hold(again(comment), by=moderator, **CASE)
            assert LegalHold.objects.standing().count() == 1

    def test_is_refused_where_one_stands(self, comment, moderator):
        place_hold(comment, by=moderator, **CASE)
        with pytest.raises(HoldRefused) as caught, transaction.atomic():
            place_hold(comment, by=make_moderator(), **CASE)
        assert (caught.value.code, caught.value.status) == ("hold_refused", 409)
        assert LegalHold.objects.count() == 1

    def test_is_refused_where_nothing_is_left(self, comment, moderator):
        erased(comment)
        with pytest.raises(HoldRefused), transaction.atomic():
            place_hold(comment, by=moderator, **CASE)

    def test_is_refused_when_its_end_is_past(self, comment, moderator):
        with later() as now, pytest.raises(HoldRefused), transaction.atomic():
            place_hold(comment, by=moderator, ends_at=now, **CASE)

    def test_is_refused_with_an_end_that_some_time_zones_cannot_tell(self, comment, moderator):
        latest = datetime(2999, 12, 31, 23, 59, tzinfo=UTC)
        with pytest.raises(HoldRefused, match="2999"), transaction.atomic():
            place_hold(comment, by=moderator, ends_at=latest + timedelta(minutes=1), **CASE)
        assert place_hold(comment, by=moderator, ends_at=latest, **CASE).ends_at == latest

    def test_is_not_released_by_one_alone(self, comment, moderator):
        hold = place_hold(comment, by=moderator, **CASE)
        with pytest.raises(HoldRefused, match="Somebody else"), transaction.atomic():
            release_hold(hold, by=make_moderator())
        ask_release(hold, by=moderator)
        for person, verb in ((moderator, release_hold), (make_moderator(), ask_release)):
            with pytest.raises(HoldRefused), transaction.atomic():
                verb(hold, by=person)
        assert LegalHold.objects.standing().count() == 1

    def test_is_not_released_twice(self, comment, moderator):
        hold = place_hold(comment, by=moderator, **CASE)
        ask_release(hold, by=moderator)
        release_hold(hold, by=make_moderator())
        for verb in (ask_release, release_hold):
            with pytest.raises(HoldRefused, match="is released"), transaction.atomic():
                verb(hold, by=make_moderator())

    @pytest.mark.django_db(transaction=True)
    def test_is_one_when_two_place_it_at_once(self):
        comment, moderators = make_comment(make_article(), make_user()), [make_moderator(), make_moderator()]
        results = race([lambda by=by: place_hold(comment, by=by, **CASE) for by in moderators])
        assert sorted(type(result).__name__ for result in results) == ["HoldRefused", "LegalHold"]

"""What guests write: seen by nobody until the address is proven, and gone if it never is."""

from datetime import timedelta

import pytest
from django.db import transaction

from accounts import guests
from accounts.guests import LinkExpired, LinkUnknown, LinkUsed, Purpose
from accounts.models import Guest, GuestLink
from articles.models import Article
from comments import policy
from comments.models import Anchor, AnchorMove, CheckRun, Comment, CommentRevision, Decision
from comments.querysets import NOBODY
from comments.services import (
    GuestName,
    Submission,
    correct,
    edit,
    prove,
    remove_unproven,
    restore,
    submit,
    withdraw,
)
from comments.states import State
from events.models import Event
from skycrumbs.problems import Forbidden, Invalid, Refusal
from tests.clock import MOMENT, later, stopped_at
from tests.comments.counting import counters, recount
from tests.factories import a_guest, bring_to, make_article, make_comment, make_moderator, make_user, passage, revise
from tests.racing import race

pytestmark = pytest.mark.django_db

GUS = GuestName("Gus", "gus@example.org")


@pytest.fixture
def article():
    return make_article()


@pytest.fixture
def waiting(article):
    """What a guest wrote and did not prove yet, on a passage."""
    return make_comment(article, GUS, quote="Small birds")


def again(comment):
    return Comment.objects.select_related("author", "guest", "article").get(pk=comment.pk)


def link_to(comment):
    return guests.make_link(comment.guest, Purpose.PROVE, comment.pk)


def kinds(comment):
    return list(Event.objects.filter(comment_id=comment.pk).order_by("id").values_list("type", flat=True))


def refusal(act):
    with pytest.raises(Refusal) as caught, transaction.atomic():
        act()
    return type(caught.value)


class TestSubmit:
    def test_holds_what_is_not_proven_and_tells_nobody(self, article, waiting):
        now = again(waiting)
        assert (now.state, now.state_reason, now.version) == ("held", "confirm_email", 1)
        assert (now.author, now.guest.email, now.guest_name, now.writer_name) == (
            None,
            "gus@example.org",
            "Gus",
            "Gus",
        )
        assert (now.public_revision, now.published_at, now.waiting_since) == (None, None, None)
        assert now.head_revision.author is None
        assert kinds(now) == ["guest.proof_asked"]
        assert not Decision.objects.filter(comment=now).exists()
        assert Article.objects.get(pk=article.pk).version == article.version
        assert counters(article) == recount(article)

    def test_shows_it_to_nobody(self, article, waiting):
        proven = guests.set_proven(again(waiting).guest)
        viewers = [NOBODY, make_user(), proven, make_moderator(), make_user(is_superuser=True)]
        for viewer in viewers:
            for rows in (Comment.objects.readable_by(viewer), Comment.objects.in_threads(viewer)):
                assert not rows.exists()
            assert not Comment.objects.moderated_by(viewer).exists()
            assert not Comment.objects.written_by(viewer).exists()
            assert policy.can_moderate(viewer, waiting) is False
        assert not Comment.objects.waiting().exists()
        assert not Comment.objects.once_public().exists()
        assert list(Comment.objects.unproven()) == [waiting]

    def test_lets_nobody_change_it(self, waiting):
        for viewer in (guests.set_proven(again(waiting).guest), make_user(is_superuser=True), NOBODY):
            for verb in (edit, correct):
                with pytest.raises(Forbidden):
                    verb(again(waiting), by=viewer, text="Mine.")
            for verb in (withdraw, restore):
                with pytest.raises(Forbidden):
                    verb(again(waiting), by=viewer)

    def test_keeps_what_the_checks_said_for_later(self, article, settings):
        settings.COMMENT_CHECKS = ["tests.factories.hold"]
        comment = submit(Submission(article, None, "Hm.", guest=GUS))
        assert (comment.state, comment.state_reason) == ("held", "confirm_email")
        assert CheckRun.objects.values_list("comment", "verdict", "reason").get() == (comment.pk, "hold", "test")

    def test_publishes_at_once_when_the_browser_proved_the_address(self, article):
        comment = again(submit(Submission(article, None, "Hm.", guest=a_guest("Gus"))))
        assert (comment.state, comment.is_public, comment.writer_name) == ("open", True, "Gus")
        assert counters(article)["article"] == 1

    def test_keeps_one_guest_and_a_name_for_each_comment(self, article):
        first = make_comment(article, GuestName("Gus", "gus@example.org"))
        second = make_comment(article, GuestName("G.", "GUS@example.org"), "Another.")
        assert first.guest == second.guest
        assert (first.writer_name, second.writer_name) == ("Gus", "G.")

    @pytest.mark.parametrize("kind", ["note", "highlight"])
    def test_refuses_a_private_note(self, article, kind):
        own = Submission(
            article, None, "Mine.", guest=GUS, kind=kind, visibility="private", selection=passage(article, "dawn")
        )
        with pytest.raises(Invalid) as caught:
            submit(own)
        assert [(error.field, error.code) for error in caught.value.errors] == [("visibility", "not_for_guests")]
        assert not Guest.objects.exists()

    def test_keeps_no_guest_of_what_is_refused(self, article):
        with pytest.raises(Invalid):
            submit(Submission(article, None, "", guest=GUS))
        assert not Guest.objects.exists()


class TestProve:
    def test_publishes_what_the_checks_let_through(self, article, waiting):
        with later(minutes=5) as moment:
            guest, comment = prove(link_to(waiting))
        now = again(waiting)
        assert (guest, comment) == (now.guest, now)
        assert (now.state, now.state_reason, now.published_at) == ("open", "", moment)
        assert Guest.objects.get().proven_at == moment
        assert kinds(now) == ["guest.proof_asked", "comment.published"]
        (decision,) = Decision.objects.filter(comment=now)
        assert (decision.was, decision.was_reason, decision.now) == ("held", "confirm_email", "open")
        assert (decision.role, decision.actor) == ("system", None)
        assert counters(article) == recount(article)
        assert counters(article)["article"] == 1
        assert list(Comment.objects.readable_by(NOBODY)) == [now]
        assert list(Comment.objects.written_by(guest)) == [now]

    @pytest.mark.parametrize(
        ("check", "state", "reason", "events"),
        [
            ("tests.factories.hold", "held", "test", ["comment.submitted"]),
            ("tests.comments.test_checking.spam", "spam", "adverts", []),
            ("tests.comments.test_checking.note", "open", "", ["comment.published"]),
        ],
    )
    def test_follows_the_verdict_of_the_checks_as_it_was(self, article, settings, check, state, reason, events):
        settings.COMMENT_CHECKS = [check]
        comment = submit(Submission(article, None, "Hm.", guest=GUS))
        settings.COMMENT_CHECKS = []
        prove(link_to(comment))
        now = again(comment)
        assert (now.state, now.state_reason) == (state, reason)
        assert (now.waiting_since is not None) is (state == "held")
        assert kinds(now) == ["guest.proof_asked", *events]
        assert list(Comment.objects.waiting()) == ([now] if state == "held" else [])

    def test_publishes_that_comment_alone(self, article, waiting):
        other = make_comment(article, GUS, "Another.")
        prove(link_to(waiting))
        assert (again(waiting).state, again(other).state, again(other).state_reason) == (
            "open",
            "held",
            "confirm_email",
        )
        assert policy.is_author(again(waiting).guest, again(other)) is False

    def test_is_refused_when_it_is_done_already(self, waiting):
        token = link_to(waiting)
        prove(token)
        assert refusal(lambda: prove(token)) is LinkUsed

    def test_is_refused_when_another_link_did_it(self, waiting):
        first, second = link_to(waiting), link_to(waiting)
        prove(first)
        bring_to(again(waiting), State.SPAM)
        assert refusal(lambda: prove(second)) is LinkUnknown
        assert again(waiting).state == "spam"

    def test_is_refused_when_the_time_is_over(self, waiting):
        token = link_to(waiting)
        with later(days=7, seconds=1):
            assert refusal(lambda: prove(token)) is LinkExpired
        assert again(waiting).state == "held"

    def test_is_refused_by_a_secret_for_something_else(self, waiting):
        guest = waiting.guest
        for token in ("", "nothing", *(guests.make_link(guest, p, waiting.pk) for p in ("manage", "session"))):
            assert refusal(lambda token=token: prove(token)) is LinkUnknown
        assert again(waiting).state == "held"
        assert Guest.objects.get().proven_at is None

    def test_is_refused_by_the_link_of_another_guest(self, article, waiting):
        other = make_comment(article, GuestName("Eve", "eve@example.org"))
        token = guests.make_link(other.guest, Purpose.PROVE, waiting.pk)
        assert refusal(lambda: prove(token)) is LinkUnknown
        assert again(waiting).state == "held"
        assert refusal(lambda: prove(guests.make_link(other.guest, Purpose.PROVE))) is LinkUnknown

    def test_leaves_the_link_unused_when_it_is_refused(self, waiting):
        token = link_to(waiting)
        Comment.objects.filter(pk=waiting.pk).update(state_reason="other")
        assert refusal(lambda: prove(token)) is LinkUnknown
        assert GuestLink.objects.get().used_at is None

    def test_keeps_the_passage_when_the_article_was_published_anew(self, article, waiting):
        current = revise(article, "Large birds wait. Small birds sing at dawn because the air is still.")
        prove(link_to(waiting))
        anchor = again(waiting).anchor
        text = current.current_revision.canonical_text
        assert text[anchor.now_start : anchor.now_end] == "Small birds"

    @pytest.mark.django_db(transaction=True)
    def test_happens_once_when_one_link_is_followed_twice_at_once(self):
        article = make_article()
        token = link_to(make_comment(article, GUS))
        results = race([lambda: prove(token)] * 2)
        assert sorted(type(result).__name__ for result in results) == ["LinkUsed", "tuple"]
        assert (Decision.objects.count(), counters(article)["article"]) == (1, 1)
        assert counters(article) == recount(article)

    @pytest.mark.django_db(transaction=True)
    def test_happens_once_when_two_links_are_followed_at_once(self):
        article = make_article()
        comment = make_comment(article, GUS)
        tokens = [link_to(comment), link_to(comment)]
        results = race([lambda token=token: prove(token) for token in tokens])
        assert sorted(type(result).__name__ for result in results) == ["LinkUnknown", "tuple"]
        assert (Decision.objects.count(), counters(article)["article"]) == (1, 1)


class TestRemoveUnproven:
    def test_leaves_no_trace_after_seven_days(self, article, waiting):
        link_to(waiting)
        before = Article.objects.values().get(pk=article.pk)
        with stopped_at(waiting.created_at + timedelta(days=7) - MOMENT):
            assert remove_unproven() == 0
        with stopped_at(waiting.created_at + timedelta(days=7)):
            assert remove_unproven() == 1
        models = (Comment, CommentRevision, Anchor, CheckRun, Guest, GuestLink, Decision)
        assert [model.objects.count() for model in models] == [0] * 7
        # An id in the log, of what is no longer there.
        assert kinds(waiting) == ["guest.proof_asked"]
        assert Article.objects.values().get(pk=article.pk) == before

    def test_removes_what_was_carried_to_another_revision(self, article, waiting):
        revise(article, "Small birds, once more.")
        assert AnchorMove.objects.count() == 1
        with later(days=8):
            assert remove_unproven() == 1
        assert (AnchorMove.objects.count(), Comment.objects.count()) == (0, 0)

    def test_keeps_a_guest_who_wrote_something_else(self, article, waiting):
        other = make_comment(article, GUS, "Another.")
        prove(link_to(other))
        with later(days=8):
            assert remove_unproven() == 1
        assert list(Comment.objects.all()) == [other]
        assert Guest.objects.get().email == "gus@example.org"

    def test_leaves_everything_else(self, article, waiting):
        made = [make_comment(article, make_user(), state=state) for state in State]
        proven = make_comment(article, a_guest(), state=State.HELD)
        with later(days=8):
            assert remove_unproven() == 1
        assert set(Comment.objects.all()) == {*made, proven}

    def test_leaves_the_places_of_other_replies(self, article):
        root = make_comment(article, make_user())
        first = make_comment(article, make_user(), parent=root)
        make_comment(article, GUS, parent=root)
        last = make_comment(article, make_user(), parent=root)
        with later(days=8):
            assert remove_unproven() == 1
        assert [again(reply).path for reply in (first, last)] == ["00000001", "00000003"]
        assert make_comment(article, make_user(), parent=root).path == "00000004"
        assert list(Comment.objects.in_thread_order())[:3] == [root, first, last]
        assert again(root).replies == 3
        assert counters(article) == recount(article)

    def test_removes_more_than_go_into_one_part(self, article, monkeypatch):
        monkeypatch.setattr("comments.services.forgetting.BATCH", 2)
        for number in range(5):
            make_comment(article, a_guest(is_proven=False), f"{number}")
        with later(days=8):
            assert remove_unproven() == 5
        assert (Comment.objects.count(), Guest.objects.count()) == (0, 0)

    @pytest.mark.django_db(transaction=True)
    def test_either_removes_or_leaves_what_is_proven_at_the_same_moment(self):
        comment = make_comment(make_article(), GUS)
        token = link_to(comment)
        with stopped_at(comment.created_at + timedelta(days=7)):
            GuestLink.objects.update(expires_at=comment.created_at + timedelta(days=8))
            proven, removed = race([lambda: prove(token), remove_unproven])
        if removed == 1:
            assert isinstance(proven, LinkUnknown)
            assert not Comment.objects.exists()
        else:
            assert (removed, again(comment).state) == (0, "open")

    @pytest.mark.django_db(transaction=True)
    def test_never_takes_the_guest_from_whoever_writes_at_the_same_moment(self):
        article = make_article()
        comment = make_comment(article, GUS)
        with stopped_at(comment.created_at + timedelta(days=7)):
            other = Submission(make_article(), None, "Another.", guest=GUS)
            written, removed = race([lambda: submit(other), remove_unproven])
        assert removed == 1
        assert again(written).guest.email == "gus@example.org"

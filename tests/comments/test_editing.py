"""Another text after a judgement, corrections below one that stays, and both at the end of their time."""

from datetime import timedelta

import pytest
from django.db import transaction

from articles.models import Article
from comments.errors import DiscussionClosed, EditClosed, StaleVersion, TransitionRefused
from comments.models import Comment, Decision
from comments.services import correct, decide, edit, refuse_edit, restore, withdraw
from comments.states import State
from comments.transitions import Grounds, Role
from events.models import Event
from skycrumbs.problems import Forbidden, Invalid
from tests.clock import MOMENT, later, stopped_at
from tests.comments.counting import counters, recount
from tests.factories import a_guest, bring_to, make_article, make_comment, make_moderator, make_user

pytestmark = pytest.mark.django_db

HOLD = ["tests.factories.hold"]


@pytest.fixture
def article():
    return make_article()


@pytest.fixture
def author():
    return make_user()


def again(comment):
    return Comment.objects.select_related("public_revision", "head_revision").get(pk=comment.pk)


def texts(comment):
    """What the public reads, and what is newest."""
    now = again(comment)
    return (now.public_revision and now.public_revision.source, now.head_revision.source)


def kinds(comment):
    return list(Event.objects.filter(comment_id=comment.pk).order_by("id").values_list("type", flat=True))


class TestEditInTime:
    def test_is_refused_after_fifteen_minutes_with_a_way_out(self, article, author):
        comment = make_comment(article, author, "First.")
        with stopped_at(comment.created_at + timedelta(minutes=15) - MOMENT):
            edit(comment, by=author, text="Second.")
        end = comment.created_at + timedelta(minutes=15)
        with stopped_at(end), pytest.raises(EditClosed, match="correction below it") as caught:
            edit(again(comment), by=author, text="Third.")
        assert (caught.value.code, caught.value.status) == ("edit_closed", 409)
        assert texts(comment) == ("Second.", "Second.")

    def test_is_refused_when_an_answer_came_while_it_was_written(self, article, author):
        comment = make_comment(article, author, "First.")
        make_comment(article, make_user(), parent=comment)
        with later(minutes=3), pytest.raises(EditClosed), transaction.atomic():
            edit(comment, by=author, text="Second.")
        assert texts(comment) == ("First.", "First.")

    def test_is_taken_after_an_answer_that_waits(self, article, author):
        comment = make_comment(article, author, "First.")
        make_comment(article, make_user(), parent=comment, state=State.HELD)
        with later(minutes=3):
            edit(comment, by=author, text="Second.")
        assert texts(comment) == ("Second.", "Second.")

    def test_is_forbidden_to_everybody_else_however_late(self, article, author):
        comment = make_comment(article, author)
        with later(minutes=20), pytest.raises(Forbidden):
            edit(comment, by=make_user(is_superuser=True), text="Mine.")

    def test_is_done_by_a_guest_who_proved_the_address(self, article):
        comment = make_comment(article, a_guest(), "First.")
        edited = edit(comment, by=comment.guest, text="Second.")
        assert (texts(comment), edited.head_revision.author) == (("Second.", "Second."), None)
        decision = Decision.objects.filter(comment=comment).last()
        assert (decision.role, decision.actor) == ("author", None)
        with pytest.raises(Forbidden):
            edit(comment, by=make_comment(article, a_guest()).guest, text="Mine.")


class TestEditOfAnApprovedText:
    def test_waits_while_the_approved_one_stays_public(self, article, author):
        comment = make_comment(article, author, "First.", state=State.APPROVED)
        version = Article.objects.get(pk=article.pk).version
        edited = edit(comment, by=author, text="Second.")
        assert (edited.state, edited.state_reason, texts(comment)) == ("held_edit", "edited", ("First.", "Second."))
        assert edited.waiting_since is not None
        assert Article.objects.get(pk=article.pk).version == version
        assert kinds(comment) == ["comment.published"]
        assert counters(article) == recount(article)

    def test_goes_on_waiting_when_it_is_written_once_more(self, article, author):
        comment = make_comment(article, author, "First.", state=State.APPROVED)
        edit(comment, by=author, text="Second.")
        assert edit(again(comment), by=author, text="Third.").state == "held_edit"
        assert texts(comment) == ("First.", "Third.")

    def test_waits_for_the_reason_of_a_check_where_there_is_one(self, article, author, settings):
        comment = make_comment(article, author, "First.", state=State.APPROVED)
        settings.COMMENT_CHECKS = HOLD
        assert edit(comment, by=author, text="Second.").state_reason == "test"
        settings.COMMENT_CHECKS = []
        # The first text is approved still, so that no other takes its place by itself.
        assert edit(again(comment), by=author, text="Third.").state_reason == "edited"
        assert texts(comment) == ("First.", "Third.")

    def test_is_public_at_once_when_a_moderator_of_the_article_wrote_it(self, article):
        moderator = make_moderator(article)
        comment = make_comment(article, moderator, "First.", state=State.APPROVED)
        assert edit(comment, by=moderator, text="Second.").state == "open"
        assert texts(comment) == ("Second.", "Second.")

    def test_waits_when_a_moderator_of_others_wrote_it(self, article):
        moderator = make_moderator(make_article())
        comment = make_comment(article, moderator, "First.", state=State.APPROVED)
        assert edit(comment, by=moderator, text="Second.").state == "held_edit"

    def test_waits_still_after_it_was_deleted_and_brought_back(self, article, author):
        comment = make_comment(article, author, "First.", state=State.APPROVED)
        edit(comment, by=author, text="Second.")
        withdraw(again(comment), by=author)
        restore(again(comment), by=author)
        assert edit(again(comment), by=author, text="Third.").state == "held_edit"
        assert texts(comment) == ("First.", "Third.")


class TestRefuseEdit:
    def test_approves_what_readers_see_and_keeps_the_other_text(self, article, author):
        comment = make_comment(article, author, "First.", state=State.HELD_EDIT)
        moderator = make_moderator()
        grounds = Grounds(by=moderator, role=Role.MODERATOR, note="The first was better.")
        refused = refuse_edit(comment, grounds, seen_version=comment.version)
        assert (refused.state, refused.state_reason, texts(comment)) == (
            "approved",
            "edit_refused",
            ("First.", "First."),
        )
        assert (again(comment).edited_at, again(comment).waiting_since) == (None, None)
        assert list(comment.revisions.order_by("number").values_list("source", flat=True)) == [
            "First.",
            "An edit that waits.",
        ]
        decision = Decision.objects.filter(comment=comment).last()
        assert (decision.actor, decision.note, decision.revision_number) == (moderator, "The first was better.", 1)

    def test_says_when_the_text_that_stays_was_edited_itself(self, article, author):
        comment = make_comment(article, author, "First.")
        second = edit(comment, by=author, text="Second.").head_revision
        waiting = bring_to(again(comment), State.HELD_EDIT)
        refuse_edit(waiting, Grounds(), seen_version=waiting.version)
        assert again(comment).edited_at == second.created_at

    def test_lets_the_author_write_on_with_the_next_number(self, article, author):
        comment = make_comment(article, author, "First.", state=State.HELD_EDIT)
        refuse_edit(comment, Grounds(), seen_version=comment.version)
        edit(again(comment), by=author, text="Third.")
        assert list(comment.revisions.order_by("number").values_list("number", "source"))[-1] == (3, "Third.")
        assert texts(comment) == ("First.", "Third.")

    @pytest.mark.parametrize("state", [state for state in State if state != State.HELD_EDIT])
    def test_refuses_where_no_edit_waits(self, article, author, state):
        comment = make_comment(article, author, state=state)
        before = Comment.objects.values().get(pk=comment.pk)
        with pytest.raises(TransitionRefused), transaction.atomic():
            refuse_edit(comment, Grounds(), seen_version=comment.version)
        assert Comment.objects.values().get(pk=comment.pk) == before

    def test_refuses_when_it_is_not_the_version_seen(self, article, author):
        comment = make_comment(article, author, "First.", state=State.HELD_EDIT)
        with pytest.raises(StaleVersion), transaction.atomic():
            refuse_edit(comment, Grounds(), seen_version=comment.version - 1)
        assert texts(comment) == ("First.", "An edit that waits.")


class TestResubmit:
    def test_holds_a_rejected_text_that_is_written_anew(self, article, author):
        comment = make_comment(article, author, "First.", state=State.REJECTED)
        edited = edit(comment, by=author, text="Second.")
        assert (edited.state, edited.state_reason, texts(comment)) == ("held", "resubmitted", (None, "Second."))
        assert edited.waiting_since is not None
        decision = Decision.objects.filter(comment=comment).last()
        assert (decision.was, decision.now, decision.role, decision.actor) == ("rejected", "held", "author", author)

    def test_is_possible_twice(self, article, author):
        comment = make_comment(article, author, state=State.REJECTED)
        for text in ("Second.", "Third."):
            edit(again(comment), by=author, text=text)
            bring_to(again(comment), State.REJECTED)
        with pytest.raises(Forbidden):
            edit(again(comment), by=author, text="Fourth.")
        assert texts(comment) == (None, "Third.")

    def test_is_possible_however_late(self, article, author):
        comment = make_comment(article, author, state=State.REJECTED)
        with later(days=30):
            assert edit(comment, by=author, text="Second.").state == "held"

    def test_is_held_whatever_the_checks_say(self, article, author, settings):
        comment = make_comment(article, author, state=State.REJECTED)
        settings.COMMENT_CHECKS = ["tests.comments.test_checking.spam"]
        assert edit(comment, by=author, text="Second.").state == "held"
        assert comment.check_runs.last().verdict == "spam"

    def test_changes_nothing_when_the_text_is_the_same(self, article, author):
        comment = make_comment(article, author, "First.", state=State.REJECTED)
        assert edit(comment, by=author, text="First.").state == "rejected"


class TestCorrect:
    def test_is_added_below_the_text_that_stays(self, article, author):
        comment = make_comment(article, author, "First.")
        with later(minutes=20) as first:
            correct(comment, by=author, text=" Not *so*. ")
        with later(minutes=25) as second:
            corrected = correct(again(comment), by=author, text="Nor so.")
        assert (corrected.state, corrected.edited_at, texts(comment)) == ("open", second, ("First.", "First."))
        assert again(comment).public_revision.corrections == [
            {"source": "Not *so*.", "html": '<p dir="auto">Not <em>so</em>.</p>\n', "at": first.isoformat()},
            {"source": "Nor so.", "html": '<p dir="auto">Nor so.</p>\n', "at": second.isoformat()},
        ]
        assert [len(revision.corrections) for revision in comment.revisions.order_by("number")] == [0, 1, 2]
        assert kinds(comment) == ["comment.published", "comment.edited", "comment.edited"]
        assert counters(article) == recount(article)

    def test_is_taken_below_an_answer_after_two_minutes(self, article, author):
        comment = make_comment(article, author)
        make_comment(article, make_user(), parent=comment)
        with later(minutes=3):
            correct(again(comment), by=author, text="Not so.")
        assert len(again(comment).public_revision.corrections) == 1

    def test_waits_below_a_text_that_stays_public_when_a_check_holds_it(self, article, author, settings):
        comment = make_comment(article, author)
        settings.COMMENT_CHECKS = HOLD
        with later(minutes=20):
            corrected = correct(comment, by=author, text="Not so.")
        assert (corrected.state, corrected.state_reason) == ("held_edit", "test")
        now = again(comment)
        assert (now.public_revision.corrections, len(now.head_revision.corrections)) == ([], 1)
        decide(now, State.APPROVED, Grounds(), seen_version=now.version)
        assert len(again(comment).public_revision.corrections) == 1

    def test_waits_when_the_text_was_approved(self, article, author):
        comment = make_comment(article, author, state=State.APPROVED)
        with later(minutes=20):
            assert correct(comment, by=author, text="Not so.").state_reason == "edited"

    def test_is_refused_while_the_text_can_be_replaced(self, article, author):
        with pytest.raises(Forbidden):
            correct(make_comment(article, author), by=author, text="Not so.")

    @pytest.mark.parametrize("state", ["held", "rejected", "illegal", "spam", "withdrawn", "erased"])
    def test_is_refused_where_no_text_stands_in_public(self, article, author, state):
        comment = make_comment(article, author, state=State(state))
        with later(minutes=20), pytest.raises(Forbidden):
            correct(comment, by=author, text="Not so.")

    def test_is_refused_to_everybody_but_its_author(self, article, author):
        comment = make_comment(article, author)
        for viewer in (make_user(is_superuser=True), make_comment(article, a_guest()).guest):
            with later(minutes=20), pytest.raises(Forbidden) as caught:
                correct(comment, by=viewer, text="Not so.")
            assert caught.value.status == 403

    def test_is_refused_of_a_highlight_and_of_a_private_note(self, article, author):
        mark = make_comment(article, author, "", kind="highlight", quote="dawn")
        note = make_comment(article, author, kind="note", visibility="private")
        for comment in (mark, note):
            with later(minutes=20), pytest.raises(Forbidden):
                correct(comment, by=author, text="Not so.")

    def test_is_refused_after_ten(self, article, author):
        comment = make_comment(article, author)
        with later(minutes=20):
            for number in range(10):
                correct(again(comment), by=author, text=f"{number}")
            with pytest.raises(Invalid) as caught:
                correct(again(comment), by=author, text="Once more.")
        assert [(error.field, error.code) for error in caught.value.errors] == [("correction", "too_many")]
        assert len(again(comment).head_revision.corrections) == 10

    @pytest.mark.parametrize(("text", "code"), [("", "blank"), ("x" * 5001, "too_long"), ("\0", "control_character")])
    def test_is_refused_when_its_text_cannot_stand(self, article, author, text, code):
        comment = make_comment(article, author)
        with later(minutes=20), pytest.raises(Invalid) as caught:
            correct(comment, by=author, text=text)
        assert [(error.field, error.code) for error in caught.value.errors] == [("correction", code)]

    def test_is_refused_when_the_discussion_is_closed_or_it_changed(self, article, author):
        comment = make_comment(article, author)
        with later(minutes=20):
            with pytest.raises(StaleVersion), transaction.atomic():
                correct(comment, by=author, text="Not so.", seen_version=1)
            Article.objects.update(is_open=False)
            with pytest.raises(DiscussionClosed), transaction.atomic():
                correct(comment, by=author, text="Not so.")
        assert again(comment).head_revision.corrections == []

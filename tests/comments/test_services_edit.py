"""Edit, withdraw, and the waking of the worker after a write."""

import pytest
from django.db import transaction

from articles import services as article_services
from articles.models import Article
from comments import services
from comments.errors import DiscussionClosed, StaleVersion, TransitionRefused
from comments.models import Anchor, Comment, Decision
from comments.services import Submission, edit, withdraw
from comments.states import State
from events.models import Event
from skycrumbs.problems import Forbidden, Invalid
from tests.comments.counting import counters, recount
from tests.factories import bring_to, make_article, make_comment, make_user
from tests.racing import in_other_thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return make_article()


@pytest.fixture
def author():
    return make_user()


def again(comment):
    return Comment.objects.get(pk=comment.pk)


def kinds(comment):
    return list(Event.objects.filter(comment_id=comment.pk).order_by("id").values_list("type", flat=True))


def refused_field(act):
    with pytest.raises(Invalid) as caught, transaction.atomic():
        act()
    (error,) = caught.value.errors
    return error.field, error.code


class TestEdit:
    def test_gives_it_a_new_text_and_keeps_the_old_one(self, article, author):
        comment = make_comment(article, author, "First.")
        edited = again(edit(comment, by=author, text=" Second. "))
        assert (edited.head_revision.source, edited.public_revision) == ("Second.", edited.head_revision)
        assert list(edited.revisions.order_by("number").values_list("number", "source")) == [
            (1, "First."),
            (2, "Second."),
        ]
        assert (edited.state, edited.version) == ("open", 3)
        assert edited.edited_at is not None
        assert edited.published_at == comment.published_at

    def test_moves_the_version_of_the_article_and_no_counter(self, article, author):
        comment = make_comment(article, author)
        before = Article.objects.get(pk=article.pk)
        edit(comment, by=author, text="Second.")
        now = Article.objects.get(pk=article.pk)
        assert (now.version, now.comment_count) == (before.version + 1, 1)
        assert counters(article) == recount(article)
        assert kinds(comment) == ["comment.published", "comment.edited"]

    @pytest.mark.parametrize("kind", ["private", "held"])
    def test_tells_nobody_when_no_reader_sees_the_change(self, article, author, kind):
        fields = {"kind": "note", "visibility": "private"} if kind == "private" else {"state": State.HELD}
        comment = make_comment(article, author, "First.", **fields)
        before = kinds(comment)
        edit(comment, by=author, text="Second.")
        assert again(comment).head_revision.source == "Second."
        assert kinds(comment) == before

    def test_changes_nothing_when_the_text_is_the_same(self, article, author):
        comment = make_comment(article, author, "First.")
        before = Comment.objects.filter(pk=comment.pk).values().get()
        edit(comment, by=author, text=" First.\n")
        assert Comment.objects.filter(pk=comment.pk).values().get() == before
        assert kinds(comment) == ["comment.published"]

    def test_keeps_the_old_text_public_when_the_new_one_is_held(self, article, author, settings):
        comment = make_comment(article, author, "First.", state=State.APPROVED)
        version = Article.objects.get(pk=article.pk).version
        settings.COMMENT_CHECKS = ["tests.factories.hold"]
        edited = again(edit(comment, by=author, text="Second."))
        assert (edited.state, edited.state_reason) == ("held_edit", "test")
        assert (edited.public_revision.source, edited.head_revision.source) == ("First.", "Second.")
        assert Article.objects.get(pk=article.pk).version == version
        assert counters(article) == recount(article)

    def test_keeps_the_last_good_text_over_several_held_edits(self, article, author, settings):
        comment = make_comment(article, author, "First.")
        settings.COMMENT_CHECKS = ["tests.factories.hold"]
        for text in ("Second.", "Third."):
            edit(again(comment), by=author, text=text)
        edited = again(comment)
        assert (edited.public_revision.source, edited.head_revision.source) == ("First.", "Third.")

    def test_goes_public_when_a_held_edit_is_edited_into_a_good_one(self, article, author):
        comment = make_comment(article, author, "First.", state=State.HELD_EDIT)
        edited = again(edit(comment, by=author, text="Third."))
        assert (edited.state, edited.public_revision.source) == ("open", "Third.")

    def test_stays_held_when_it_was_never_public(self, article, author):
        comment = make_comment(article, author, state=State.HELD)
        edited = again(edit(comment, by=author, text="Second."))
        assert (edited.state, edited.public_revision, edited.version) == ("held", None, 2)
        assert edited.head_revision.source == "Second."
        assert counters(article) == recount(article)

    def test_stays_private_when_it_is(self, article, author):
        note = make_comment(article, author, kind="note", visibility="private")
        edited = again(edit(note, by=author, text="Second."))
        assert (edited.public_revision, edited.head_revision.source) == (None, "Second.")

    def test_leaves_passage_and_section_where_they_are(self, article, author):
        comment = make_comment(article, author, quote="Large birds")
        before = Anchor.objects.filter(comment=comment).values().get()
        edited = again(edit(comment, by=author, text="Second."))
        assert Anchor.objects.filter(comment=comment).values().get() == before
        assert edited.section == comment.section

    @pytest.mark.parametrize(("text", "code"), [("", "blank"), ("x" * 5001, "too_long"), ("\0", "control_character")])
    def test_refuses_text_that_cannot_stand(self, article, author, text, code):
        comment = make_comment(article, author)
        assert refused_field(lambda: edit(comment, by=author, text=text)) == ("text", code)

    def test_refuses_everybody_but_its_author(self, article, author):
        comment = make_comment(article, author)
        with pytest.raises(Forbidden) as caught:
            edit(comment, by=make_user(is_superuser=True), text="Mine.")
        assert (caught.value.code, caught.value.status) == ("forbidden", 403)

    @pytest.mark.parametrize("state", ["illegal", "spam", "withdrawn", "erased"])
    def test_refuses_when_it_does_not_stand(self, article, author, state):
        comment = make_comment(article, author, state=State(state))
        with pytest.raises(Forbidden):
            edit(comment, by=author, text="Second.")

    def test_refuses_when_it_was_removed_after_it_was_read(self, article, author):
        comment = make_comment(article, author)
        bring_to(comment, State.ILLEGAL)
        stale = Comment.objects.get(pk=comment.pk)
        stale.state = State.OPEN
        with pytest.raises(Forbidden), transaction.atomic():
            edit(stale, by=author, text="Second.")

    def test_refuses_when_it_is_not_the_version_seen(self, article, author):
        comment = make_comment(article, author)
        edit(comment, by=author, text="Second.")
        with pytest.raises(StaleVersion) as caught, transaction.atomic():
            edit(comment, by=author, text="Third.", seen_version=2)
        assert caught.value.extra == {"version": 3}
        assert again(comment).head_revision.source == "Second."

    def test_refuses_when_the_discussion_is_closed(self, article, author):
        comment = make_comment(article, author)
        Article.objects.filter(pk=article.pk).update(is_open=False)
        with pytest.raises(DiscussionClosed), transaction.atomic():
            edit(again(comment), by=author, text="Second.")


class TestWithdraw:
    @pytest.mark.parametrize("state", ["held", "open", "approved", "held_edit", "rejected", "illegal", "spam"])
    def test_takes_it_out_of_public_view_from_every_state(self, article, author, state):
        comment = make_comment(article, author, state=State(state))
        withdraw(comment, by=author)
        now = again(comment)
        assert (now.state, now.public_revision) == ("withdrawn", None)
        assert counters(article) == recount(article)
        assert Decision.objects.filter(comment=comment).last().actor == author

    def test_works_when_the_discussion_is_closed_and_the_article_is_not_public(self, article, author):
        comment = make_comment(article, author)
        Article.objects.filter(pk=article.pk).update(is_open=False)
        article_services.unpublish(article, by=None)
        withdraw(again(comment), by=author)
        assert again(comment).state == "withdrawn"

    def test_keeps_the_replies_and_their_counts(self, article, author):
        root = make_comment(article, author)
        child = make_comment(article, make_user(), parent=root)
        withdraw(root, by=author)
        assert (again(root).replies, again(root).is_tombstone, again(child).is_public) == (1, True, True)
        assert counters(article) == recount(article)

    def test_refuses_everybody_but_its_author(self, article, author):
        with pytest.raises(Forbidden):
            withdraw(make_comment(article, author), by=make_user(is_superuser=True))

    def test_refuses_the_second_time(self, article, author):
        comment = make_comment(article, author)
        withdraw(comment, by=author)
        with pytest.raises(Forbidden):
            withdraw(again(comment), by=author)
        with pytest.raises((Forbidden, TransitionRefused)):
            withdraw(comment, by=author)
        assert Decision.objects.filter(comment=comment, now="withdrawn").count() == 1

    def test_refuses_when_it_is_not_the_version_seen(self, article, author):
        comment = make_comment(article, author)
        with pytest.raises(StaleVersion), transaction.atomic():
            withdraw(comment, by=author, seen_version=1)
        assert again(comment).state == "open"


@pytest.mark.django_db(transaction=True)
class TestWakingTheWorker:
    def test_keeps_the_comment_and_its_answer_when_the_queue_fails(self, article, author, monkeypatch):
        def fail():
            raise ConnectionError("no queue")

        monkeypatch.setattr("events.services.enqueue_numbering", fail)
        comment = services.submit(Submission(article, author, "Hm."))
        assert in_other_thread(lambda: Comment.objects.filter(pk=comment.pk).exists())

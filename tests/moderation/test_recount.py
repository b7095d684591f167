"""`manage.py recount`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, Section
from comments.models import Comment
from comments.paths import MAX_DEPTH
from comments.seeding import Plan, seed
from comments.services import vote
from moderation.models import Flag
from moderation.recounting import drifts_of, mend
from moderation.services import flag
from tests.factories import make_article, make_comment, make_guest_comment, make_user

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command("recount", *arguments, stdout=out)
    return out.getvalue().splitlines()


def wrong():
    """The lines of what is wrong; that it ends with code 1 is looked at too."""
    out = StringIO()
    with pytest.raises(CommandError) as ended:
        call_command("recount", stdout=out)
    assert ended.value.returncode == 1
    return out.getvalue().splitlines()


@pytest.fixture
def thread():
    """A root with a reply that has one itself, on the first section of an article."""
    article = make_article("birds")
    root = make_comment(article, make_user(), quote="Small birds")
    reply = make_comment(article, make_user(), parent=root)
    return root, reply, make_comment(article, make_user(), parent=reply)


class TestRecount:
    def test_finds_nothing_wrong_in_what_services_wrote(self, thread):
        make_comment(thread[0].article, make_user(), state="withdrawn")
        make_comment(thread[0].article, make_user(), state="held")
        make_guest_comment(thread[0].article, is_proven=False)
        flag(thread[1], by=make_user(), reason="spam")
        assert run() == ["Every counter is right."]

    def test_counts_votes(self, thread):
        vote(thread[0], by=make_user())
        assert run() == ["Every counter is right."]
        Comment.objects.filter(pk=thread[0].pk).update(votes=5)
        assert wrong()[0] == f"comment {thread[0].key}: votes is 5, counted 1"
        run("--mend")
        assert Comment.objects.get(pk=thread[0].pk).votes == 1

    def test_finds_nothing_wrong_in_a_seeded_discussion(self):
        list(seed(make_article(), Plan(comments=1200, people=20, depth=6)))
        assert run() == ["Every counter is right."]

    def test_counts_past_the_deepest_level_what_answers_directly(self):
        article, writer = make_article(), make_user()
        comment = make_comment(article, writer)
        for _level in range(MAX_DEPTH + 3):
            comment = make_comment(article, writer, parent=comment)
        assert run() == ["Every counter is right."]

    def test_says_where_and_what_is_wrong(self, thread):
        root, reply, last = thread
        Comment.objects.filter(pk=root.pk).update(replies=5)
        Comment.objects.filter(pk=last.pk).update(replies=1)
        Article.objects.update(comment_count=1)
        Section.objects.filter(pk=root.section_id).update(comment_count=0)
        assert wrong() == [
            "article birds: comment_count is 1, counted 3",
            "section birds#how-birds-sing: comment_count is 0, counted 3",
            f"comment {root.key}: replies is 5, counted 2",
            f"comment {last.key}: replies is 1, counted 0",
        ]
        assert Comment.objects.get(pk=root.pk).replies == 5

    def test_mends_what_is_wrong(self, thread):
        root, reply, last = thread
        version = Article.objects.get().version
        Comment.objects.filter(pk=root.pk).update(replies=5)
        Article.objects.update(comment_count=1)
        Section.objects.update(comment_count=7)
        assert run("--mend")[-1] == "5 put right."
        assert run() == ["Every counter is right."]
        assert Comment.objects.get(pk=root.pk).replies == 2
        assert Article.objects.get().comment_count == 3
        # Pages that were kept show the old figures.
        assert Article.objects.get().version == version + 1

    def test_leaves_what_is_right(self, thread):
        version = Article.objects.get().version
        assert run("--mend") == ["Every counter is right."]
        assert Article.objects.get().version == version

    def test_counts_open_reports(self, thread):
        root, reply, last = thread
        flag(root, by=make_user(), reason="spam")
        Comment.objects.filter(pk=root.pk).update(open_flags=3)
        flag(reply, by=make_user(), reason="spam")
        Flag.objects.filter(comment=reply).update(closed_at=timezone.now(), outcome="dismissed")
        assert wrong() == [
            f"comment {root.key}: open_flags is 3, counted 1",
            f"comment {reply.key}: open_flags is 1, counted 0",
        ]
        run("--mend")
        assert run() == ["Every counter is right."]
        assert list(Comment.objects.waiting()) == [root]

    def test_lets_wait_what_is_reported(self, thread):
        flag(thread[0], by=make_user(), reason="spam")
        Comment.objects.update(open_flags=0, waiting_since=None)
        run("--mend")
        waiting = Comment.objects.waiting().get()
        assert (waiting, waiting.open_flags, waiting.waiting_order) == (thread[0], 1, 1)

    def test_looks_at_what_waits(self, thread):
        held = make_comment(thread[0].article, make_user(), state="held")
        Comment.objects.filter(pk=held.pk).update(waiting_since=None)
        assert wrong() == [f"comment {held.key}: waiting_since is None, counted it waits"]
        run("--mend")
        assert Comment.objects.waiting().get() == held

    @pytest.mark.parametrize("look", [drifts_of, mend])
    def test_passes_over_a_draft_that_was_deleted_meanwhile(self, look):
        draft = make_article(is_published=False)
        Article.objects.filter(pk=draft.pk).delete()
        assert look(draft) == []

    def test_asks_as_many_queries_for_a_long_discussion(self):
        article = make_article()
        list(seed(article, Plan(comments=20, people=20)))
        with CaptureQueriesContext(
            connection,
        ) as few:
            run()
        list(seed(article, Plan(comments=200, people=20)))
        with CaptureQueriesContext(connection) as many:
            run()
        assert len(many) == len(few)

from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone

from articles.models import Article
from comments.models import Comment
from comments.querysets import NOBODY
from comments.states import State
from tests.factories import a_guest, bring_to, make_article, make_comment, make_moderator, make_user
from tests.plans import most_tables

pytestmark = pytest.mark.django_db

STATES = [state.value for state in State]
STATUSES = ["draft", "published", "unpublished"]
DISCUSSIONS = ["off", "sections", "full"]
SHOWN = [("published", "sections"), ("published", "full")]
VIEWERS = ["anonymous", "other", "author", "moderator"]

# Each public comment stands twice: alone, and with a public reply ("+") where it was ever public.
PUBLIC = {"open", "open+", "approved", "approved+", "held_edit", "held_edit+"}
REFUSED = {"rejected", "rejected+", "illegal", "illegal+", "spam", "spam+"}
PRIVATE = {
    "private held",
    "private open",
    "private approved",
    "private held_edit",
    "private rejected",
    "private illegal",
    "private spam",
}
OWN = PUBLIC | REFUSED | {"held"} | PRIVATE
MODERATED = PUBLIC | REFUSED | {"held", "withdrawn", "withdrawn+"}
TOMBSTONES = {"rejected+", "illegal+", "spam+", "withdrawn+", "erased+"}
GONE = REFUSED | {"withdrawn", "withdrawn+", "erased", "erased+"}


@pytest.fixture
def scene():
    """Every state in every visibility, by one author, on one article; names by public id."""
    article, author, replier = make_article(), make_user("Author"), make_user("Replier")
    names = {}
    for state in STATES:
        names[make_comment(article, author, state=State(state)).pk] = state
        note = make_comment(article, author, kind="note", visibility="private", state=State(state))
        names[note.pk] = f"private {state}"
    for state in STATES[1:]:
        comment = make_comment(article, author)
        names[make_comment(article, replier, parent=comment).pk] = "reply"
        names[bring_to(comment, State(state)).pk] = f"{state}+"
    viewers = {"anonymous": NOBODY, "other": make_user("Other"), "author": author, "moderator": make_moderator()}
    return article, viewers, names


def walk(scene, rows):
    """{(status, discussion, viewer): names of the comments, without the replies} for every combination."""
    article, viewers, names = scene
    seen = {}
    for status, discussion in product(STATUSES, DISCUSSIONS):
        Article.objects.filter(pk=article.pk).update(status=status, discussion=discussion)
        for viewer in VIEWERS:
            found = [names[pk] for pk in rows(viewers[viewer]).values_list("pk", flat=True)]
            without_replies = [name for name in found if name != "reply"]
            assert len(without_replies) == len(set(without_replies))
            seen[status, discussion, viewer] = set(without_replies)
    return seen


def expected(everywhere, where_shown):
    return {
        (status, discussion, viewer): everywhere.get(viewer, set())
        | (where_shown.get(viewer, set()) if (status, discussion) in SHOWN else set())
        for status, discussion, viewer in product(STATUSES, DISCUSSIONS, VIEWERS)
    }


def to_all(names):
    return dict.fromkeys(VIEWERS, names)


class TestReadableBy:
    def test_gives_public_ones_to_all_and_the_rest_to_author_and_moderators(self, scene):
        found = walk(scene, Comment.objects.readable_by)
        assert found == expected({"author": OWN, "moderator": MODERATED}, to_all(PUBLIC))

    def test_gives_replies_where_their_article_is_shown_only(self):
        article, by = make_article(), make_user()
        make_comment(article, by, parent=make_comment(article, by, kind="highlight", quote="dawn"))
        assert Comment.objects.readable_by(NOBODY).count() == 2
        Article.objects.update(discussion="off")
        assert Comment.objects.readable_by(NOBODY).count() == 0

    def test_gives_public_ones_when_the_discussion_is_closed(self):
        comment = make_comment(make_article(), make_user())
        Article.objects.update(is_open=False)
        assert list(Comment.objects.readable_by(NOBODY)) == [comment]

    def test_gives_a_moderators_own_private_notes_to_the_moderator(self):
        moderator = make_moderator()
        note = make_comment(make_article(), moderator, kind="note", visibility="private")
        assert list(Comment.objects.readable_by(moderator)) == [note]

    def test_loads_everything_a_page_names_in_queries_that_join_few_tables(self, django_assert_num_queries):
        article, by = make_article(), make_user()
        root = make_comment(article, by, quote="Small birds")
        make_comment(article, by, parent=root)
        make_comment(article, by, section=article.sections.get(key="lead"))
        found = Comment.objects.readable_by(NOBODY).with_page().in_thread_order()
        # Sections, parents, roots, and the revisions of passages, then and now.
        with django_assert_num_queries(6):
            rows = list(found)
            assert [(c.depth, c.parent and c.parent.key, c.section.key, c.has_anchor) for c in rows] == [
                (0, None, "how-birds-sing", True),
                (1, root.key, "how-birds-sing", False),
                (0, None, "lead", False),
            ]
            read = {(c.article.slug, c.author.name, c.public_revision.html, c.head_revision.number) for c in rows}
            assert read == {(article.slug, "Ada", '<p dir="auto">A thought.</p>\n', 1)}
            assert [(a.anchor.revision.number, a.anchor.now_revision.number) for a in rows[:1]] == [(1, 1)]
        assert most_tables(lambda: list(found.all())) == 6


class TestInThreads:
    def test_adds_removed_ones_that_public_replies_hang_on(self, scene):
        found = walk(scene, Comment.objects.in_threads)
        assert found == expected({"author": OWN, "moderator": MODERATED}, to_all(PUBLIC | TOMBSTONES))

    def test_lets_a_tombstone_go_when_its_last_public_reply_goes(self):
        article = make_article()
        root = make_comment(article, make_user())
        reply = make_comment(article, make_user(), parent=root)
        bring_to(root, State.WITHDRAWN)
        assert list(Comment.objects.in_threads(NOBODY).in_thread_order()) == [root, reply]
        bring_to(reply, State.WITHDRAWN)
        assert list(Comment.objects.in_threads(NOBODY)) == []

    def test_keeps_every_tombstone_above_a_public_reply(self):
        article = make_article()
        root = make_comment(article, make_user())
        child = make_comment(article, make_user(), parent=root)
        grandchild = make_comment(article, make_user(), parent=child)
        for comment in (root, child):
            bring_to(comment, State.WITHDRAWN)
        rows = Comment.objects.in_threads(NOBODY).in_thread_order()
        assert [(c.pk, c.is_tombstone) for c in rows] == [
            (root.pk, True),
            (child.pk, True),
            (grandchild.pk, False),
        ]


class TestOncePublic:
    def test_gives_what_anyone_could_read_once_and_no_more(self, scene):
        found = walk(scene, lambda _viewer: Comment.objects.once_public())
        assert found == expected({}, to_all(GONE))


class TestInThreadOrder:
    def test_goes_down_each_thread_before_the_next(self):
        article, by = make_article(), make_user()
        first, second = make_comment(article, by), make_comment(article, by)
        a = make_comment(article, by, parent=first)
        b = make_comment(article, by, parent=first)
        under_second = make_comment(article, by, parent=second)
        under_a = make_comment(article, by, parent=a)
        assert list(Comment.objects.in_thread_order()) == [first, a, under_a, b, second, under_second]

    def test_counts_ordinals_as_numbers_when_there_are_more_than_nine(self):
        article, by = make_article(), make_user()
        root = make_comment(article, by)
        replies = [make_comment(article, by, parent=root) for _ in range(11)]
        assert list(Comment.objects.in_thread_order()) == [root, *replies]


class TestWaiting:
    def test_gives_what_there_is_to_judge_and_no_more(self):
        article, author = make_article(), make_user()
        made = {state.value: make_comment(article, author, state=state) for state in State}
        make_comment(article, author, kind="note", visibility="private", state=State.HELD)
        make_comment(article, a_guest(is_proven=False))
        assert set(Comment.objects.waiting()) == {made["held"], made["held_edit"]}

    def test_gives_the_urgent_first_and_of_those_the_oldest(self):
        article, author, now = make_article(), make_user(), timezone.now()
        made = [make_comment(article, author, state=State.HELD) for _ in range(5)]
        for comment, order, days in zip(made, [2, 1, 2, 0, 1], [3, 1, 4, 0, 2], strict=True):
            rows = Comment.objects.filter(pk=comment.pk)
            rows.update(waiting_order=order, waiting_since=now - timedelta(days=days))
        assert list(Comment.objects.waiting()) == [made[3], made[4], made[1], made[2], made[0]]

    def test_breaks_a_tie_by_who_came_first(self):
        article, author, now = make_article(), make_user(), timezone.now()
        made = [make_comment(article, author, state=State.HELD) for _ in range(3)]
        Comment.objects.update(waiting_since=now)
        assert list(Comment.objects.waiting()) == made


class TestWrittenBy:
    def test_gives_everything_of_one_writer_and_nothing_of_others(self):
        article, author = make_article(), make_user()
        mine = [make_comment(article, author, state=state) for state in State]
        mine.append(make_comment(article, author, kind="note", visibility="private"))
        theirs = make_comment(article, a_guest())
        assert set(Comment.objects.written_by(author)) == set(mine)
        assert list(Comment.objects.written_by(theirs.guest)) == [theirs]
        assert not Comment.objects.written_by(NOBODY).exists()
        assert not Comment.objects.written_by(make_user(is_superuser=True)).exists()

    def test_gives_a_guest_what_is_held_and_removed(self):
        article, gus = make_article(), a_guest()
        made = [make_comment(article, gus, f"{state}", state=state) for state in State]
        guest = made[0].guest
        assert set(Comment.objects.written_by(guest)) == set(made)
        readable = set(Comment.objects.readable_by(guest).values_list("state", flat=True))
        assert readable == {"held", "open", "approved", "held_edit", "rejected", "illegal", "spam"}

"""A seeded discussion is what readers and moderators could have made themselves."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db.models import F
from django.utils import timezone

from accounts.models import Guest, User
from articles.models import Article
from comments.models import Anchor, Comment, CommentRevision, Decision, Vote
from comments.rendering import render_comment
from comments.seeding import NotSeeded, Plan, seed, writing
from comments.services.texts import fingerprint
from comments.states import State
from events.models import Event
from tests.factories import make_article, make_comment, make_user, revise

pytestmark = pytest.mark.django_db

SIZE = 300
PLAN = Plan(comments=SIZE, people=30)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    monkeypatch.setattr(writing, "BATCH", 200)


@pytest.fixture
def seeded():
    article = make_article()
    assert list(seed(article, PLAN)) == [200, 300]
    return article


def as_said(article):
    """What does not depend on when it was seeded."""
    rows = Comment.objects.filter(article=article).order_by("pk").select_related("head_revision", "anchor")
    return [
        (
            one.head_revision.source, one.head_revision.erased_length, one.path, one.depth, one.kind, one.visibility,
            one.state, one.author_id, one.guest_id, one.section and one.section.key,
            one.votes, one.has_anchor and (one.anchor.start, one.anchor.end),
        )
        for one in rows
    ]  # fmt: skip


class TestSeed:
    def test_says_the_same_for_the_same_seed(self, seeded):
        other = make_article()
        list(seed(other, PLAN))
        assert as_said(other) == as_said(seeded)

    def test_has_votes_that_are_counted_and_nobodys_own(self, seeded):
        given = Vote.objects.filter(article=seeded)
        assert given.count() == sum(Comment.objects.values_list("votes", flat=True)) > SIZE // 10
        assert not given.filter(comment__author=F("person")).exists()
        assert not given.exclude(comment__public_revision__isnull=False).exists()

    def test_says_something_else_for_another_seed(self, seeded):
        other = make_article()
        list(seed(other, Plan(comments=SIZE, people=30, seed=2)))
        assert as_said(other) != as_said(seeded)

    def test_has_all_states_from_nine_comments_on(self):
        article = make_article()
        list(seed(article, Plan(comments=9, anchored=0)))
        assert set(Comment.objects.values_list("state", flat=True)) == set(State)

    def test_writes_threads_as_deep_as_was_said_and_no_deeper(self, seeded):
        assert {one.depth for one in Comment.objects.all()} == {0, 1, 2, 3, 4}
        other = make_article()
        list(seed(other, Plan(comments=50, depth=0)))
        assert {one.depth for one in Comment.objects.filter(article=other)} == {0}

    def test_lets_nobody_reply_to_what_was_not_public_then(self, seeded):
        for reply in Comment.objects.exclude(parent=None).select_related("parent"):
            parent = reply.parent
            assert parent.published_at is not None
            if not parent.is_public:
                assert parent.decisions.order_by("pk")[1].at > reply.created_at

    def test_keeps_the_place_of_removed_comments_with_replies(self, seeded):
        assert any(one.is_tombstone for one in Comment.objects.all())

    def test_numbers_children_without_a_gap(self, seeded):
        for parent in Comment.objects.filter(child_ordinal__gt=0).prefetch_related("children"):
            paths = sorted(child.path for child in parent.children.all())
            assert paths == [f"{parent.path}{n:08}" for n in range(1, parent.child_ordinal + 1)]

    def test_has_accounts_and_guests_write(self, seeded):
        assert (User.objects.count(), Guest.objects.count()) == (21, 9)
        assert Comment.objects.filter(author=None).count() > 50
        assert Comment.objects.filter(guest=None).count() > 150

    def test_dates_them_in_order_over_the_last_60_days(self, seeded):
        comments = list(Comment.objects.order_by("pk"))
        assert all(a.created_at < b.created_at and a.public_id < b.public_id for a, b in pairwise(comments))
        assert comments[0].created_at < timezone.now() - timedelta(days=59)
        assert comments[-1].created_at > timezone.now() - timedelta(days=1)
        for one in comments:
            assert one.public_id.int >> 80 == int(one.created_at.timestamp() * 1000)

    def test_stores_the_html_that_the_source_renders_to(self, seeded):
        for text in CommentRevision.objects.filter(erased_length=None):
            assert text.html == render_comment(text.source)

    def test_stores_what_tells_repeats_but_not_of_private_ones(self, seeded):
        for text in CommentRevision.objects.filter(erased_length=None).select_related("comment"):
            expected = fingerprint(text.source) if text.comment.visibility == "public" else ""
            assert text.fingerprint == expected

    def test_leaves_of_an_erased_text_digest_and_length(self, seeded):
        for text in CommentRevision.objects.filter(comment__state="erased").select_related("comment"):
            assert (text.source, text.html, len(text.erased_sha256)) == ("", "", 64)
            assert text.comment.guest_name in ("", "–")

    def test_has_held_ones_wait_and_no_others(self, seeded):
        waiting = {one.state for one in Comment.objects.waiting()}
        assert waiting == {"held", "held_edit"}
        assert not Comment.objects.filter(state__in=waiting, waiting_since=None).exists()

    def test_shows_the_first_text_of_an_edit_that_waits(self, seeded):
        edited = Comment.objects.filter(state="held_edit").select_related("head_revision", "public_revision")
        assert {(one.public_revision.number, one.head_revision.number) for one in edited} == {(1, 2)}
        assert all(one.edited_at == one.waiting_since == one.head_revision.created_at for one in edited)

    @pytest.mark.parametrize(
        ("state", "steps"),
        [
            ("held", []),
            ("open", [("held", "open", "system")]),
            ("approved", [("held", "open", "system"), ("open", "approved", "moderator")]),
            ("held_edit", [("held", "open", "system"), ("open", "held_edit", "author")]),
            ("rejected", [("held", "open", "system"), ("open", "rejected", "moderator")]),
            ("illegal", [("held", "open", "system"), ("open", "illegal", "moderator")]),
            ("spam", [("held", "spam", "system")]),
            ("withdrawn", [("held", "open", "system"), ("open", "withdrawn", "author")]),
            ("erased", [
                ("held", "open", "system"), ("open", "rejected", "moderator"), ("rejected", "erased", "moderator"),
            ]),
        ],
    )  # fmt: skip
    def test_writes_the_decisions_that_led_there(self, seeded, state, steps):
        found = Comment.objects.filter(state=state)
        assert found
        for one in found:
            decisions = list(one.decisions.order_by("pk"))
            assert [(d.was, d.now, d.role) for d in decisions] == steps
            assert [d.version for d in decisions] == list(range(2, one.version + 1))
            assert (decisions[-1].reason if steps else "first_comments") == one.state_reason

    def test_lets_an_administrator_decide_where_there_is_one(self):
        admin = make_user(is_superuser=True)
        list(seed(make_article(), Plan(comments=9, anchored=0)))
        assert set(Decision.objects.filter(role="moderator").values_list("actor", flat=True)) == {admin.pk}

    def test_keeps_private_ones_to_accounts(self, seeded):
        private = Comment.objects.filter(visibility="private")
        assert {(one.state, one.guest_id, one.published_at) for one in private} == {("open", None, None)}
        assert {one.kind for one in private} <= {"note", "highlight"}

    def test_writes_no_event(self, seeded):
        before = Event.objects.count()
        list(seed(seeded, Plan(comments=20)))
        assert Event.objects.count() == before

    def test_moves_the_version_of_the_article(self, seeded):
        before = Article.objects.get(pk=seeded.pk).version
        list(seed(seeded, Plan(comments=20)))
        assert Article.objects.get(pk=seeded.pk).version == before + 1

    def test_adds_to_what_is_there(self, seeded):
        make_comment(seeded, make_user())
        list(seed(seeded, PLAN))
        assert (Comment.objects.count(), User.objects.count()) == (2 * SIZE + 1, 22)


class TestPassages:
    def test_are_words_of_the_text_within_a_section(self, seeded):
        text = seeded.current_revision.canonical_text
        sections = {t.section_id: t for t in seeded.current_revision.section_texts.all()}
        for anchor in Anchor.objects.select_related("comment"):
            section = sections[anchor.comment.section_id]
            assert anchor.exact == text[anchor.start : anchor.end]
            assert section.start <= anchor.start < anchor.end <= section.end
            assert (anchor.now_start, anchor.now_end) == (anchor.start, anchor.end)

    def test_overlap(self, seeded):
        spans = sorted(set(Anchor.objects.values_list("start", "end")))
        assert any(a[0] < b[0] < a[1] for a, b in pairwise(spans))

    def test_are_the_share_of_the_threads_that_was_said(self, seeded):
        roots = Comment.objects.filter(parent=None).count()
        assert abs(Anchor.objects.count() / roots - 0.5) < 0.1

    def test_are_none_when_none_were_said(self):
        list(seed(make_article(), Plan(comments=50, anchored=0)))
        assert not Anchor.objects.exists()


class TestRefusals:
    @pytest.mark.parametrize(
        ("numbers", "words"),
        [
            ({"comments": 0}, "--comments must be from 1 to 1000000."),
            ({"comments": 1_000_001}, "--comments must be from 1 to 1000000."),
            ({"depth": -1}, "--depth must be from 0 to 64."),
            ({"depth": 65}, "--depth must be from 0 to 64."),
            ({"anchored": -0.1}, "--anchored must be from 0 to 1."),
            ({"anchored": 1.1}, "--anchored must be from 0 to 1."),
            ({"anchored": float("nan")}, "--anchored must be from 0 to 1."),
            ({"people": 0}, "--people must be from 1 to 100000."),
        ],
    )
    def test_of_numbers_out_of_range_come_before_anything_is_written(self, numbers, words):
        with pytest.raises(NotSeeded, match=words):
            seed(make_article(), Plan(**{"comments": 10} | numbers))
        assert (Comment.objects.count(), User.objects.count()) == (0, 0)

    @pytest.mark.parametrize("fields", [{"is_published": False}, {"is_open": False}, {"discussion": "off"}])
    def test_of_an_article_that_takes_no_comments(self, fields):
        with pytest.raises(NotSeeded, match="takes no comments: publish it"):
            seed(make_article(**fields), PLAN)

    def test_of_passages_where_none_are_taken(self):
        article = make_article(discussion="sections")
        with pytest.raises(NotSeeded, match="use --anchored 0"):
            seed(article, PLAN)
        list(seed(article, Plan(comments=9, anchored=0)))

    def test_of_a_text_that_was_published_anew_meanwhile(self):
        article = make_article()
        seeding = seed(article, PLAN)
        assert next(seeding) == 200
        revise(article, "Another text.")
        with pytest.raises(NotSeeded, match="published anew"):
            next(seeding)
        assert Comment.objects.count() == 200

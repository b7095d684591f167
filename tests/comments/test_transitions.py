from uuid import UUID

import pytest
from django.db import transaction

from articles.models import Article
from comments import services
from comments.errors import StaleVersion, TransitionRefused
from comments.models import Comment, Decision
from comments.services.locking import lock_both
from comments.states import State
from comments.transitions import Grounds, Role, by_author, change_state
from events.models import Event
from tests.comments.counting import counters, recount
from tests.factories import a_guest, bring_to, make_article, make_comment, make_user

pytestmark = pytest.mark.django_db

# Written out from the table of transitions.
BY_AUTHOR = {
    "held": "withdrawn",
    "open": "open held_edit withdrawn",
    "approved": "open held_edit withdrawn",
    "held_edit": "open held_edit withdrawn",
    "rejected": "held withdrawn",
    "illegal": "withdrawn",
    "spam": "withdrawn",
    "withdrawn": "held open approved held_edit rejected illegal spam",
    "erased": "",
}
BY_MODERATION = {
    "held": "open approved rejected illegal spam",
    "open": "approved rejected illegal spam",
    "approved": "rejected illegal spam",
    "held_edit": "approved rejected illegal spam",
    "rejected": "approved erased",
    "illegal": "approved",
    "spam": "approved erased",
    "withdrawn": "rejected illegal spam erased",
    "erased": "",
}
TABLES = {"author": BY_AUTHOR, "moderator": BY_MODERATION, "system": BY_MODERATION}
ALLOWED = [(role, was, to) for role, table in TABLES.items() for was, row in table.items() for to in row.split()]
REFUSED = {
    (role, was): [to for to in table if to not in table[was].split()]
    for role, table in TABLES.items()
    for was in table
}
INTO_EACH = [
    ("author", "rejected", "held"),
    ("author", "withdrawn", "open"),
    ("moderator", "spam", "approved"),
    ("author", "open", "held_edit"),
    ("moderator", "held", "rejected"),
    ("moderator", "approved", "illegal"),
    ("moderator", "open", "spam"),
    ("author", "illegal", "withdrawn"),
    ("system", "withdrawn", "erased"),
]
PUBLIC = ["open", "approved", "held_edit"]
BATCH = UUID("0190a5c2-0000-7000-8000-000000000001")


@pytest.fixture
def article():
    return make_article()


@pytest.fixture
def author():
    return make_user()


@transaction.atomic
def change(comment, to, grounds):
    return change_state(lock_both(comment, None), State(to), grounds)


def decide(comment, to, grounds=None, **fields):
    """A decision of the system, or whoever `grounds` name, on the comment as it is now."""
    comment = Comment.objects.get(pk=comment.pk)
    fields = {"seen_version": comment.version} | fields
    return services.decide(comment, State(to), grounds or Grounds(), **fields)


def as_moderator(reason="rule-3", **fields):
    return Grounds(by=make_user("Mod"), role=Role.MODERATOR, reason=reason, **fields)


def grounds_of(role, comment, reason="rule-3"):
    if role == "author":
        return by_author(comment, reason)
    return as_moderator(reason) if role == "moderator" else Grounds(reason=reason)


def again(comment):
    return Comment.objects.select_related("public_revision", "head_revision").get(pk=comment.pk)


def log(comment):
    rows = Decision.objects.filter(comment=comment).order_by("id")
    return [(d.was, d.now, d.version) for d in rows]


def kinds(comment):
    rows = Event.objects.filter(comment_id=comment.pk).order_by("id")
    return list(rows.values_list("type", flat=True))


def stored(comment):
    return (Comment.objects.filter(pk=comment.pk).values().get(), log(comment), kinds(comment))


class TestChangeState:
    @pytest.mark.parametrize(("role", "was", "to"), ALLOWED)
    def test_walks_every_arrow_and_writes_one_decision(self, article, author, role, was, to):
        comment = make_comment(article, author, state=State(was))
        before, grounds = log(comment), grounds_of(role, comment)
        decision = change(comment, to, grounds)
        now = again(comment)
        assert (now.state, now.state_reason, now.version) == (to, "rule-3", comment.version + 1)
        assert log(comment) == [*before, (was, to, now.version)]
        assert decision == Decision.objects.filter(comment=comment).last()
        assert (decision.act, decision.role, decision.actor) == ("state", role, grounds.by)
        assert (decision.reason, decision.was_reason) == ("rule-3", comment.state_reason)
        assert (decision.article, decision.revision_number) == (article, now.head_revision.number)
        assert (now.public_revision is not None) is (to in PUBLIC)
        assert (now.waiting_since is not None) is (to in ["held", "held_edit"])
        assert counters(article) == recount(article)

    @pytest.mark.parametrize(("role", "was"), REFUSED)
    def test_refuses_every_other_and_changes_nothing(self, article, author, role, was, subtests):
        comment = make_comment(article, author, state=State(was))
        before, grounds = stored(comment), grounds_of(role, comment)
        for to in REFUSED[role, was]:
            with subtests.test(to=to):
                with pytest.raises(TransitionRefused) as caught:
                    change(comment, to, grounds)
                assert (caught.value.code, caught.value.status) == ("transition_refused", 409)
                assert stored(comment) == before

    @pytest.mark.parametrize(("role", "was", "to"), INTO_EACH)
    def test_never_makes_a_private_note_public(self, article, author, role, was, to):
        note = make_comment(article, author, kind="note", visibility="private", state=State(was))
        change(note, to, grounds_of(role, note))
        now = again(note)
        assert (now.state, now.public_revision, now.published_at) == (to, None, None)
        assert now.waiting_since is None
        assert counters(article)["article"] == 0

    def test_keeps_everything_that_was_said_of_it(self, article, author):
        comment, grounds = make_comment(article, author), as_moderator()
        first = change(comment, "rejected", grounds)
        grounds = as_moderator("mistake", note="Sorry.", private_note="Read in haste.", batch=BATCH, reverses=first)
        change(comment, "approved", grounds)
        decision = Decision.objects.filter(comment=comment).last()
        assert (decision.was, decision.was_reason, decision.now) == ("rejected", "rule-3", "approved")
        assert (decision.note, decision.private_note) == ("Sorry.", "Read in haste.")
        assert (decision.batch, decision.reverses) == (BATCH, first)

    def test_names_nobody_when_the_author_is_a_guest(self, article):
        comment = make_comment(article, a_guest())
        decision = change(comment, "withdrawn", by_author(comment))
        assert (decision.role, decision.actor) == ("author", None)


class TestDecide:
    def test_names_who_decided_in_the_events(self, article, author):
        comment, grounds = make_comment(article, author), as_moderator()
        decide(comment, "rejected", grounds)
        rows = Event.objects.filter(comment_id=comment.pk).order_by("id").values_list("type", "actor_id")
        assert list(rows) == [
            ("comment.published", author.pk),
            ("comment.unpublished", grounds.by.pk),
            ("comment.judged", grounds.by.pk),
        ]

    @pytest.mark.parametrize("seen", [0, 1, 3])
    def test_refuses_when_it_is_not_the_version_seen(self, article, author, seen):
        comment = make_comment(article, author)
        with pytest.raises(StaleVersion) as caught:
            decide(comment, "approved", seen_version=seen)
        assert (caught.value.code, caught.value.status) == ("stale_version", 409)
        assert caught.value.extra == {"version": 2}
        assert again(comment).state == "open"

    @pytest.mark.parametrize("was", ["rejected", "spam", "withdrawn"])
    def test_refuses_to_erase_past_the_legal_holds(self, article, author, was):
        comment = make_comment(article, author, state=State(was))
        before = stored(comment)
        with pytest.raises(TransitionRefused):
            decide(comment, "erased")
        assert stored(comment) == before


class TestWaitingSince:
    def test_stays_when_a_text_that_waits_is_written_anew(self, article, author):
        comment = make_comment(article, author, state=State.HELD_EDIT)
        change(comment, "held_edit", by_author(comment))
        assert again(comment).waiting_since == comment.waiting_since

    def test_stays_while_a_report_is_open(self, article, author):
        comment = make_comment(article, author, state=State.HELD)
        Comment.objects.filter(pk=comment.pk).update(open_flags=1, waiting_order=1)
        decide(comment, "approved")
        now = again(comment)
        assert (now.waiting_since, now.waiting_order) == (comment.waiting_since, 1)

    def test_leaves_no_rank_behind_when_nothing_waits(self, article, author):
        comment = make_comment(article, author, state=State.HELD)
        Comment.objects.filter(pk=comment.pk).update(waiting_order=0)
        decide(comment, "approved")
        now = again(comment)
        assert (now.waiting_since, now.waiting_order) == (None, 2)


class TestWhichTextIsPublic:
    def test_is_the_head_when_open_or_approved(self, article, author):
        comment = again(make_comment(article, author, "First."))
        assert comment.public_revision == comment.head_revision
        decide(comment, "approved")
        assert again(comment).public_revision.source == "First."

    def test_is_the_last_good_one_while_an_edit_is_held(self, article, author):
        comment = again(make_comment(article, author, "First.", state=State.HELD_EDIT))
        assert (comment.public_revision.source, comment.head_revision.source) == ("First.", "An edit that waits.")

    def test_is_the_new_one_when_the_held_edit_is_let_through(self, article, author):
        comment = make_comment(article, author, "First.", state=State.HELD_EDIT)
        decide(comment, "approved")
        assert again(comment).public_revision.source == "An edit that waits."

    def test_is_the_last_good_one_when_a_deletion_is_taken_back_while_its_edit_was_held(self, article, author):
        comment = make_comment(article, author, "First.", state=State.HELD_EDIT)
        services.withdraw(comment, by=author)
        services.restore(comment, by=author)
        assert again(comment).public_revision.source == "First."


class TestWhatReadersAreTold:
    def test_says_published_when_it_becomes_public_and_unpublished_when_it_goes(self, article, author):
        comment = make_comment(article, author, state=State.HELD)
        for to in ["approved", "rejected", "approved"]:
            decide(comment, to)
        services.withdraw(comment, by=author)
        assert kinds(comment) == [
            "comment.submitted",
            "comment.published",
            "comment.unpublished",
            "comment.published",
            "comment.unpublished",
        ]

    def test_says_nothing_when_the_public_text_stays(self, article, author):
        comment = make_comment(article, author)
        version = Article.objects.get(pk=article.pk).version
        decide(comment, "approved")
        assert kinds(comment) == ["comment.published"]
        assert Article.objects.get(pk=article.pk).version == version

    @pytest.mark.parametrize("to", ["rejected", "illegal", "spam", "withdrawn"])
    def test_moves_the_version_of_the_article_when_it_goes(self, article, author, to):
        comment = make_comment(article, author)
        version = Article.objects.get(pk=article.pk).version
        bring_to(comment, State(to))
        assert Article.objects.get(pk=article.pk).version == version + 1

    def test_keeps_the_date_of_its_first_publication(self, article, author):
        comment = again(make_comment(article, author))
        bring_to(comment, State.REJECTED)
        decide(comment, "approved")
        assert again(comment).published_at == comment.published_at

    def test_has_no_date_of_publication_when_it_was_never_public(self, article, author):
        assert bring_to(make_comment(article, author, state=State.HELD), State.SPAM).published_at is None


class TestCounters:
    """Two levels of replies on one section, each taken away and brought back in turn."""

    @pytest.fixture
    def thread(self, article, author):
        section = article.sections.get(key="how-birds-sing")
        root = make_comment(article, author, section=section)
        child = make_comment(article, author, parent=root)
        grandchild = make_comment(article, author, parent=child)
        return [root, child, grandchild, make_comment(article, author, parent=root)]

    @pytest.mark.parametrize("index", [0, 1, 2, 3])
    @pytest.mark.parametrize("away", ["rejected", "spam", "withdrawn"])
    def test_are_right_when_one_goes_and_comes_back(self, article, author, thread, index, away):
        bring_to(again(thread[index]), State(away))
        assert counters(article) == recount(article)
        assert counters(article)["article"] == 3
        if away == "withdrawn":
            services.restore(again(thread[index]), by=author)
        else:
            decide(thread[index], "approved")
        assert counters(article) == recount(article)
        assert counters(article)["article"] == 4

    def test_are_right_when_all_go_from_the_top_and_come_back_from_below(self, article, thread):
        for comment in thread:
            decide(comment, "rejected")
            assert counters(article) == recount(article)
        assert counters(article)["sections"]["how-birds-sing"] == 0
        for comment in reversed(thread):
            decide(comment, "approved")
            assert counters(article) == recount(article)
        assert [again(comment).replies for comment in thread] == [3, 1, 0, 0]
        assert counters(article)["sections"] == {"lead": 0, "how-birds-sing": 4, "where-they-nest": 0}

    def test_count_no_reply_that_is_held(self, article, author, thread):
        held = make_comment(article, author, parent=thread[1], state=State.HELD)
        assert [again(comment).replies for comment in thread] == [3, 1, 0, 0]
        decide(held, "approved")
        assert [again(comment).replies for comment in thread] == [4, 2, 0, 0]
        assert counters(article) == recount(article)

    def test_count_no_highlight_but_the_replies_to_it(self, article, author):
        mark = make_comment(article, author, "", kind="highlight", quote="Small birds")
        assert counters(article)["article"] == 0
        make_comment(article, author, parent=mark)
        assert counters(article) == recount(article)
        assert (counters(article)["article"], again(mark).replies) == (1, 1)
        decide(mark, "rejected")
        assert counters(article) == recount(article)

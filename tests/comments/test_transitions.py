import pytest
from django.db import transaction

from articles.models import Article
from comments import services
from comments.errors import StaleVersion, TransitionRefused
from comments.models import Comment, Decision
from comments.states import State
from events.models import Event
from tests.comments.counting import counters, recount
from tests.factories import bring_to, make_article, make_comment, make_user

pytestmark = pytest.mark.django_db

# Written out from the table of transitions.
ARROWS = {
    "held": "open approved rejected illegal spam withdrawn",
    "open": "open approved held_edit rejected illegal spam withdrawn",
    "approved": "open held_edit rejected illegal spam withdrawn",
    "held_edit": "open approved held_edit rejected illegal spam withdrawn",
    "rejected": "held approved withdrawn erased",
    "illegal": "approved withdrawn",
    "spam": "approved withdrawn erased",
    "withdrawn": "held open approved held_edit rejected illegal spam erased",
    "erased": "",
}
ALLOWED = [(was, to) for was, row in ARROWS.items() for to in row.split()]
REFUSED = [(was, to) for was in ARROWS for to in ARROWS if to not in ARROWS[was].split()]
INTO_EACH = [
    ("rejected", "held"),
    ("withdrawn", "open"),
    ("spam", "approved"),
    ("open", "held_edit"),
    ("held", "rejected"),
    ("approved", "illegal"),
    ("open", "spam"),
    ("illegal", "withdrawn"),
    ("withdrawn", "erased"),
]
PUBLIC = ["open", "approved", "held_edit"]


@pytest.fixture
def article():
    return make_article()


@pytest.fixture
def author():
    return make_user()


def decide(comment, to, **fields):
    comment = Comment.objects.get(pk=comment.pk)
    fields = {"by": None, "seen_version": comment.version} | fields
    return services.decide(comment, State(to), **fields)


def again(comment):
    return Comment.objects.select_related("public_revision", "head_revision").get(pk=comment.pk)


def log(comment):
    rows = Decision.objects.filter(comment=comment).order_by("id")
    return [(d.was, d.now, d.version) for d in rows]


def kinds(comment):
    rows = Event.objects.filter(comment_id=comment.pk).order_by("id")
    return list(rows.values_list("type", flat=True))


class TestDecide:
    def test_names_who_decided_in_the_event(self, article, author):
        comment, moderator = make_comment(article, author), make_user("Mo")
        decide(comment, State.REJECTED, by=moderator, seen_version=comment.version)
        rows = Event.objects.filter(comment_id=comment.pk).order_by("id").values_list("type", "actor_id")
        assert list(rows) == [("comment.published", author.pk), ("comment.unpublished", moderator.pk)]

    @pytest.mark.parametrize(("was", "to"), ALLOWED)
    def test_walks_every_arrow_and_writes_one_decision(self, article, author, was, to):
        comment, moderator = make_comment(article, author, state=State(was)), make_user("Mod")
        before = log(comment)
        decide(comment, to, by=moderator, reason="rule-3")
        now = again(comment)
        assert (now.state, now.state_reason, now.version) == (to, "rule-3", comment.version + 1)
        assert log(comment) == [*before, (was, to, now.version)]
        decision = Decision.objects.filter(comment=comment).last()
        assert (decision.actor, decision.reason, decision.article) == (moderator, "rule-3", article)
        assert decision.revision_number == now.head_revision.number
        assert (now.public_revision is not None) is (to in PUBLIC)
        assert counters(article) == recount(article)

    @pytest.mark.parametrize(("was", "to"), REFUSED)
    def test_refuses_every_other_and_changes_nothing(self, article, author, was, to):
        comment = make_comment(article, author, state=State(was))
        before = (Comment.objects.filter(pk=comment.pk).values().get(), log(comment), kinds(comment))
        with pytest.raises(TransitionRefused) as caught, transaction.atomic():
            decide(comment, to)
        assert (caught.value.code, caught.value.status) == ("transition_refused", 409)
        assert (Comment.objects.filter(pk=comment.pk).values().get(), log(comment), kinds(comment)) == before

    @pytest.mark.parametrize("seen", [0, 1, 3])
    def test_refuses_when_it_is_not_the_version_seen(self, article, author, seen):
        comment = make_comment(article, author)
        with pytest.raises(StaleVersion) as caught:
            decide(comment, "approved", seen_version=seen)
        assert (caught.value.code, caught.value.status) == ("stale_version", 409)
        assert caught.value.extra == {"version": 2}
        assert again(comment).state == "open"

    @pytest.mark.parametrize(("was", "to"), INTO_EACH)
    def test_never_makes_a_private_note_public(self, article, author, was, to):
        note = make_comment(article, author, kind="note", visibility="private", state=State(was))
        decide(note, to)
        now = again(note)
        assert (now.state, now.public_revision, now.published_at) == (to, None, None)
        assert counters(article)["article"] == 0


class TestWhichTextIsPublic:
    def test_is_the_head_when_open_or_approved(self, article, author):
        comment = again(make_comment(article, author, "First."))
        assert comment.public_revision == comment.head_revision
        decide(comment, "approved")
        assert again(comment).public_revision.source == "First."

    def test_is_the_last_good_one_while_an_edit_is_held(self, article, author):
        comment = again(make_comment(article, author, "First.", state=State.HELD_EDIT))
        assert (comment.public_revision.source, comment.head_revision.source) == ("First.", "An edit that waits.")

    @pytest.mark.parametrize("to", ["open", "approved"])
    def test_is_the_new_one_when_the_held_edit_is_let_through(self, article, author, to):
        comment = make_comment(article, author, "First.", state=State.HELD_EDIT)
        decide(comment, to)
        assert again(comment).public_revision.source == "An edit that waits."

    def test_is_the_last_good_one_when_a_deletion_is_taken_back_while_its_edit_was_held(self, article, author):
        comment = make_comment(article, author, "First.", state=State.HELD_EDIT)
        services.withdraw(comment, by=author)
        decide(comment, "held_edit")
        assert again(comment).public_revision.source == "First."


class TestWhatReadersAreTold:
    def test_says_published_when_it_becomes_public_and_unpublished_when_it_goes(self, article, author):
        comment = make_comment(article, author, state=State.HELD)
        for to in ["approved", "rejected", "approved", "withdrawn"]:
            decide(comment, to)
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
        decide(comment, to)
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
    def test_are_right_when_one_goes_and_comes_back(self, article, thread, index, away):
        decide(thread[index], away)
        assert counters(article) == recount(article)
        assert counters(article)["article"] == 3
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

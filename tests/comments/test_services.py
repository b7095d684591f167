"""Submit, edit, withdraw: what is stored, and every refusal."""

import pytest
from django.db import transaction

from articles.models import Article
from comments.checking import Result
from comments.errors import AnchorNotFound, DiscussionClosed
from comments.models import Anchor, AnchorMove, CheckRun, Comment, CommentRevision, Decision
from comments.placing import Selection
from comments.services import Submission, submit
from comments.states import State, Verdict
from events.models import Event
from skycrumbs.problems import Invalid
from tests.comments.counting import counters, recount
from tests.factories import bring_to, make_article, make_comment, make_user, passage, revise

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
    assert (caught.value.code, caught.value.status) == ("invalid", 400)
    (error,) = caught.value.errors
    return error.field, error.code


class TestSubmit:
    def test_stores_a_comment_on_the_article_that_is_public_at_once(self, article, author):
        comment = again(submit(Submission(article, author, " Cafe\u0301 *now*. ")))
        assert (comment.article, comment.author, comment.section, comment.parent) == (article, author, None, None)
        assert (comment.kind, comment.visibility, comment.state, comment.version) == ("comment", "public", "open", 2)
        assert (comment.root, comment.path, comment.depth, comment.replies) == (comment, "", 0, 0)
        assert comment.public_revision == comment.head_revision
        assert comment.head_revision.source == "Café *now*."
        assert comment.head_revision.html == '<p dir="auto">Café <em>now</em>.</p>\n'
        assert (comment.head_revision.number, comment.head_revision.author) == (1, author)
        assert comment.published_at is not None
        assert comment.edited_at is None
        assert not comment.has_anchor

    def test_moves_counters_version_and_log_with_it(self, article, author):
        section = article.sections.get(key="where-they-nest")
        comment = submit(Submission(article, author, "Here.", section=section))
        now = Article.objects.get(pk=article.pk)
        assert (now.comment_count, now.version) == (1, article.version + 1)
        assert counters(article) == recount(article)
        assert counters(article)["sections"] == {"lead": 0, "how-birds-sing": 0, "where-they-nest": 1}
        assert kinds(comment) == ["comment.published"]
        (decision,) = Decision.objects.filter(comment=comment)
        assert (decision.was, decision.now, decision.actor, decision.version) == ("held", "open", None, 2)

    def test_ties_it_to_a_passage_and_to_the_section_that_holds_it(self, article, author):
        comment = again(submit(Submission(article, author, "Why?", selection=passage(article, "Large birds"))))
        anchor = comment.anchor
        start = article.current_revision.canonical_text.index("Large birds")
        assert (anchor.exact, anchor.start, anchor.end) == ("Large birds", start, start + 11)
        assert (anchor.now_start, anchor.now_end, anchor.now_status) == (start, start + 11, "kept")
        assert (anchor.revision, anchor.now_revision) == (article.current_revision, article.current_revision)
        assert comment.section.key == "how-birds-sing"

    @pytest.mark.parametrize("kind", ["highlight", "note"])
    def test_keeps_what_is_private_from_counters_and_log(self, article, author, kind):
        selection = passage(article, "Large birds")
        own = Submission(article, author, "Mine.", kind=kind, visibility="private", selection=selection)
        comment = again(submit(own))
        assert (comment.state, comment.public_revision, comment.published_at) == ("open", None, None)
        assert Article.objects.get(pk=article.pk).version == article.version
        assert counters(article)["article"] == 0
        assert kinds(comment) == []

    def test_takes_a_highlight_without_text(self, article, author):
        mark = submit(Submission(article, author, "", kind="highlight", selection=passage(article, "dawn")))
        assert again(mark).head_revision.source == ""
        assert counters(article)["article"] == 0

    def test_takes_5000_code_points(self, article, author):
        assert again(submit(Submission(article, author, "😀" * 5000))).head_revision.source == "😀" * 5000

    def test_gives_public_ids_that_sort_as_made(self, article, author):
        made = [make_comment(article, author) for _ in range(3)]
        assert [c.public_id for c in made] == sorted(c.public_id for c in made)


class TestSubmitHeld:
    @pytest.fixture(autouse=True)
    def _checks(self, settings):
        settings.COMMENT_CHECKS = [
            "tests.comments.test_services.fine",
            "tests.comments.test_services.about_links",
            "tests.factories.hold",
        ]

    def test_holds_it_with_the_first_reason_and_runs_every_check(self, article, author):
        CHECKED.clear()
        comment = again(submit(Submission(article, author, "See https://a.example")))
        assert (comment.state, comment.state_reason, comment.version) == ("held", "links", 1)
        assert (comment.public_revision, comment.published_at) == (None, None)
        assert [submission.text for submission in CHECKED] == ["See https://a.example"] * 2

    def test_says_that_it_came_and_counts_nothing(self, article, author):
        comment = submit(Submission(article, author, "Hm."))
        assert kinds(comment) == ["comment.submitted"]
        assert counters(article) == recount(article)
        assert Article.objects.get(pk=article.pk).version == article.version

    def test_holds_a_reply_without_counting_it(self, article, author):
        root = make_comment(article, author)
        submit(Submission(article, author, "Hm.", parent=root))
        assert (again(root).replies, counters(article)["article"]) == (0, 1)


CHECKED = []


def fine(submission):
    CHECKED.append(submission)
    return Result()


def about_links(submission):
    CHECKED.append(submission)
    return Result(Verdict.HOLD, "links") if "https:" in submission.text else Result()


class TestSubmitRefusals:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("", "blank"),
            (" \n\t", "blank"),
            ("\N{ZERO WIDTH SPACE}", "blank"),
            ("x" * 5001, "too_long"),
            ("x" * 50_000, "too_long"),
            ("a\0b", "control_character"),
            ("a\N{RIGHT-TO-LEFT OVERRIDE}b", "control_character"),
            ("a\ud800b", "control_character"),
        ],
    )
    def test_refuses_text_that_cannot_stand(self, article, author, text, code):
        assert refused_field(lambda: submit(Submission(article, author, text))) == ("text", code)

    def test_refuses_invisible_text_on_a_highlight(self, article, author):
        mark = Submission(
            article, author, "\N{ZERO WIDTH SPACE}", kind="highlight", selection=passage(article, "dawn")
        )
        assert refused_field(lambda: submit(mark)) == ("text", "blank")

    def test_refuses_an_empty_note(self, article, author):
        assert refused_field(lambda: submit(Submission(article, author, "", kind="note"))) == ("text", "blank")

    def test_refuses_a_private_comment(self, article, author):
        hidden = Submission(article, author, "Mine.", visibility="private")
        assert refused_field(lambda: submit(hidden)) == ("visibility", "not_for_kind")

    def test_refuses_a_highlight_without_a_passage(self, article, author):
        assert refused_field(lambda: submit(Submission(article, author, "", kind="highlight"))) == (
            "anchor",
            "required",
        )

    @pytest.mark.parametrize("kind", ["note", "highlight"])
    def test_refuses_a_reply_that_is_no_comment(self, article, author, kind):
        root = make_comment(article, author)
        reply = Submission(article, author, "Re.", kind=kind, parent=root, selection=passage(article, "dawn"))
        assert refused_field(lambda: submit(reply)) == ("kind", "not_for_reply")

    def test_refuses_a_reply_with_a_passage(self, article, author):
        root = make_comment(article, author)
        reply = Submission(article, author, "Re.", parent=root, selection=passage(article, "dawn"))
        assert refused_field(lambda: submit(reply)) == ("anchor", "not_for_reply")

    def test_refuses_a_reply_in_another_section(self, article, author):
        root = make_comment(article, author, section=article.sections.get(key="lead"))
        reply = Submission(article, author, "Re.", parent=root, section=article.sections.get(key="how-birds-sing"))
        assert refused_field(lambda: submit(reply)) == ("section", "not_for_reply")

    def test_refuses_a_private_reply(self, article, author):
        root = make_comment(article, author)
        reply = Submission(article, author, "Re.", visibility="private", parent=root)
        assert refused_field(lambda: submit(reply)) == ("visibility", "not_for_kind")

    def test_refuses_a_parent_on_another_article(self, article, author):
        root = make_comment(make_article(), author)
        assert refused_field(lambda: submit(Submission(article, author, "Re.", parent=root))) == (
            "parent",
            "other_article",
        )

    @pytest.mark.parametrize("state", ["held", "rejected", "illegal", "spam", "withdrawn", "erased"])
    def test_refuses_a_parent_that_is_not_public(self, article, author, state):
        root = make_comment(article, author, state=State(state))
        assert refused_field(lambda: submit(Submission(article, author, "Re.", parent=root))) == (
            "parent",
            "not_public",
        )

    def test_refuses_a_private_note_as_a_parent(self, article, author):
        note = make_comment(article, author, kind="note", visibility="private")
        assert refused_field(lambda: submit(Submission(article, author, "Re.", parent=note))) == (
            "parent",
            "not_public",
        )

    def test_refuses_a_parent_that_went_after_it_was_read(self, article, author):
        root = make_comment(article, author)
        bring_to(root, State.WITHDRAWN)
        stale = Comment.objects.get(pk=root.pk)
        stale.public_revision = stale.head_revision
        assert refused_field(lambda: submit(Submission(article, author, "Re.", parent=stale))) == (
            "parent",
            "not_public",
        )

    def test_refuses_a_section_that_does_not_hold_the_passage(self, article, author):
        section = article.sections.get(key="where-they-nest")
        chosen = Selection("Small birds sing at dawn")
        act = lambda: submit(Submission(article, author, "Hm.", section=section, selection=chosen))  # noqa: E731
        assert refused_field(act) == ("section", "not_of_anchor")
        assert not Comment.objects.exists()

    def test_refuses_a_section_of_another_article(self, article, author):
        section = make_article().sections.get(key="lead")
        field, _code = refused_field(lambda: submit(Submission(article, author, "Hm.", section=section)))
        assert field == "section"

    def test_refuses_a_section_that_is_retired_while_the_text_is_read(self, article, author, settings, monkeypatch):
        section = article.sections.get(key="where-they-nest")
        retire = lambda source: (section.__class__.objects.update(is_retired=True), "")[1]  # noqa: E731
        monkeypatch.setattr(
            "comments.services.texts.render_comment", lambda source: retire(source) or f"<p>{source}</p>"
        )
        act = lambda: submit(Submission(article, author, "Hm.", section=section))  # noqa: E731
        assert refused_field(act) == ("section", "unknown")

    @pytest.mark.parametrize("text", ["[](http://x.example)", "> ", "- ", "```\n```", "\u00a0"])
    def test_refuses_what_shows_nothing(self, article, author, text):
        assert refused_field(lambda: submit(Submission(article, author, text))) == ("text", "blank")

    @pytest.mark.parametrize("text", ["&nbsp;", "&#8203;"])
    def test_takes_an_entity_which_shows_as_it_is_written(self, article, author, text):
        comment = again(submit(Submission(article, author, text)))
        assert comment.head_revision.html == f'<p dir="auto">{text.replace("&", "&amp;")}</p>\n'

    def test_refuses_a_section_that_is_retired(self, article, author):
        section = article.sections.get(key="where-they-nest")
        article = revise(article, "## How birds sing\n\nSmall birds sing.")
        section.refresh_from_db()
        field, _code = refused_field(lambda: submit(Submission(article, author, "Hm.", section=section)))
        assert field == "section"

    def test_refuses_a_passage_that_is_not_there(self, article, author):
        with pytest.raises(AnchorNotFound):
            submit(Submission(article, author, "Hm.", selection=Selection("nightingales")))

    def test_stores_and_counts_nothing_when_it_refuses(self, article, author):
        with pytest.raises(AnchorNotFound):
            submit(Submission(article, author, "Hm.", selection=Selection("nightingales")))
        refused_field(lambda: submit(Submission(article, author, "")))
        rows = [Comment, CommentRevision, Anchor, Decision, CheckRun]
        assert [model.objects.count() for model in rows] == [0, 0, 0, 0, 0]


class TestSubmitToAClosedDiscussion:
    @pytest.mark.parametrize(
        "fields", [{"is_open": False}, {"discussion": "off"}, {"status": "unpublished"}, {"status": "draft"}]
    )
    def test_refuses(self, article, author, fields):
        Article.objects.filter(pk=article.pk).update(**fields)
        closed = Article.objects.get(pk=article.pk)
        with pytest.raises(DiscussionClosed) as caught:
            submit(Submission(closed, author, "Hm."))
        assert (caught.value.code, caught.value.status) == ("discussion_closed", 409)

    @pytest.mark.parametrize("fields", [{"is_open": False}, {"discussion": "off"}, {"status": "unpublished"}])
    def test_refuses_when_it_was_closed_after_it_was_read(self, article, author, fields):
        Article.objects.filter(pk=article.pk).update(**fields)
        with pytest.raises(DiscussionClosed), transaction.atomic():
            submit(Submission(article, author, "Hm."))
        assert Comment.objects.count() == 0

    def test_refuses_a_passage_where_only_sections_are_discussed(self, author):
        article = make_article(discussion="sections")
        with pytest.raises(DiscussionClosed):
            submit(Submission(article, author, "Hm.", selection=passage(article, "dawn")))
        assert submit(Submission(article, author, "Hm.", section=article.sections.get(key="lead"))).pk

    def test_refuses_a_passage_when_passages_were_closed_after_it_was_read(self, article, author):
        Article.objects.filter(pk=article.pk).update(discussion="sections")
        with pytest.raises(DiscussionClosed), transaction.atomic():
            submit(Submission(article, author, "Hm.", selection=passage(article, "dawn")))


class TestSubmitWhileTheArticleChanges:
    """The article is published anew between the reading of the page and the lock."""

    SOURCE = "Skylarks rise before the sun.\n\n## Song\n\nA male sings for minutes without a single pause."

    def during_checks(self, settings, act):
        ACTS[:] = [act]
        settings.COMMENT_CHECKS = ["tests.comments.test_services.act_once"]

    def test_carries_the_passage_to_the_new_revision(self, settings, author):
        article = make_article(source=self.SOURCE)
        self.during_checks(settings, lambda: revise(article, f"News from the meadow.\n\n{self.SOURCE}"))
        comment = submit(Submission(article, author, "Hm.", selection=passage(article, "minutes without")))
        anchor = again(comment).anchor
        assert (anchor.revision.number, anchor.now_revision.number, anchor.exact) == (2, 2, "minutes without")
        assert anchor.revision.canonical_text[anchor.start : anchor.end] == "minutes without"

    def test_quotes_what_was_read_when_that_is_edited_meanwhile(self, settings, author):
        article = make_article(source=self.SOURCE)
        chosen = passage(article, "sings for minutes without")
        self.during_checks(settings, lambda: revise(article, self.SOURCE.replace("minutes", "hours")))
        anchor = again(submit(Submission(article, author, "Hm.", selection=chosen))).anchor
        words = anchor.now_revision.canonical_text[anchor.now_start : anchor.now_end]
        assert (anchor.exact, anchor.revision.number) == ("sings for minutes without", 1)
        assert (words, anchor.now_revision.number, anchor.now_status) == ("sings for hours without", 2, "changed")
        (move,) = AnchorMove.objects.all()
        assert (move.from_revision, move.to_revision) == (anchor.revision, anchor.now_revision)
        assert (move.from_start, move.to_start, move.status) == (anchor.start, anchor.now_start, "changed")
        assert move.score == anchor.score < 1.0

    def test_refuses_when_the_passage_is_gone(self, settings, author):
        article = make_article(source=self.SOURCE)
        self.during_checks(settings, lambda: revise(article, "All is new."))
        with pytest.raises(AnchorNotFound), transaction.atomic():
            submit(Submission(article, author, "Hm.", selection=passage(article, "minutes without")))
        assert Comment.objects.count() == 0


ACTS = []


def act_once(submission):
    if ACTS:
        ACTS.pop()()
    return Result()


class TestReply:
    def test_stands_below_its_parent_in_the_parents_section(self, article, author):
        root = make_comment(article, author, quote="Large birds")
        child = again(submit(Submission(article, author, "Re.", parent=root)))
        grandchild = again(submit(Submission(article, author, "Re re.", parent=child)))
        assert (child.parent, child.root, child.depth, child.path) == (root, root, 1, "00000001")
        assert (grandchild.parent, grandchild.root, grandchild.depth) == (child, root, 2)
        assert grandchild.path == "0000000100000001"
        assert {child.section.key, grandchild.section.key} == {"how-birds-sing"}
        assert not child.has_anchor

    def test_takes_the_parents_section_when_the_same_is_named(self, article, author):
        root = make_comment(article, author, quote="Large birds")
        reply = submit(Submission(article, author, "Re.", parent=root, section=root.section))
        assert reply.section == root.section

    def test_numbers_siblings_in_their_order(self, article, author):
        root = make_comment(article, author)
        assert [make_comment(article, author, parent=root).path for _ in range(3)] == [
            "00000001",
            "00000002",
            "00000003",
        ]

    def test_never_uses_a_place_again_when_a_sibling_went(self, article, author):
        root = make_comment(article, author)
        bring_to(make_comment(article, author, parent=root), State.ERASED)
        assert make_comment(article, author, parent=root).path == "00000002"

    def test_counts_for_everybody_above_it(self, article, author):
        root = make_comment(article, author)
        child = make_comment(article, author, parent=root)
        make_comment(article, author, parent=child)
        make_comment(article, author, parent=root)
        assert (again(root).replies, again(child).replies) == (3, 1)
        assert counters(article) == recount(article)

    def test_takes_replies_to_a_public_note_and_to_a_highlight(self, article, author):
        for kind in ("note", "highlight"):
            root = make_comment(article, author, kind=kind, quote="dawn")
            assert make_comment(article, author, parent=root).root == root


class TestDeepThread:
    """Depth is never a reason to refuse: from level 64 on replies stand side by side, with their true parents."""

    @pytest.fixture
    def chain(self, article, author):
        chain = [make_comment(article, author)]
        for _ in range(70):
            chain.append(make_comment(article, author, parent=chain[-1]))
        return [again(comment) for comment in chain]

    def test_stands_at_level_64_with_true_parents(self, article, author, chain):
        assert [c.depth for c in chain] == [*range(64), 64, 64, 64, 64, 64, 64, 64]
        assert [c.parent for c in chain] == [None, *chain[:-1]]
        assert {c.root for c in chain} == {chain[0]}
        stem = chain[63].path
        assert [c.path for c in chain[64:]] == [f"{stem}0000000{n}" for n in range(1, 8)]
        assert max(len(c.path) for c in chain) == 512
        assert list(Comment.objects.in_thread_order()) == chain
        assert counters(article) == recount(article)
        assert [c.replies for c in chain[60:]] == [10, 9, 8, 7, 1, 1, 1, 1, 1, 1, 0]
        # One in the deep goes and comes back; another hangs beside.
        bring_to(chain[66], State.REJECTED)
        make_comment(article, author, parent=chain[65])
        assert counters(article) == recount(article)
        bring_to(again(chain[66]), State.APPROVED)
        assert counters(article) == recount(article)

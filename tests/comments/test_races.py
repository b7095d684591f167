"""Several people at once on one discussion: what the database holds afterwards."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from articles import services as article_services
from articles.models import Article
from comments.errors import StaleVersion, TransitionRefused
from comments.models import Anchor, AnchorMove, Comment, Decision
from comments.services import Submission, decide, edit, submit, withdraw
from comments.states import State
from comments.transitions import Grounds, Role
from tests.asking import client_of, problem
from tests.comments.counting import counters, recount
from tests.factories import make_article, make_comment, make_user, passage, revise
from tests.racing import race, start_and_let_wait

pytestmark = pytest.mark.django_db(transaction=True)

SOURCE = "Skylarks rise before the sun does.\n\n## Song\n\nA male sings for minutes without a single pause."


@pytest.fixture
def article():
    return make_article(source=SOURCE)


def failures(results):
    return [result for result in results if isinstance(result, Exception)]


class TestReplies:
    def test_have_a_place_each_when_eight_answer_one_comment(self, article):
        root, people = make_comment(article, make_user()), [make_user() for _ in range(8)]
        results = race([lambda p=p: submit(Submission(article, p, "Re.", parent=root)) for p in people])
        assert failures(results) == []
        paths = Comment.objects.filter(parent=root).order_by("path").values_list("path", flat=True)
        assert list(paths) == [f"0000000{n}" for n in range(1, 9)]
        assert Comment.objects.get(pk=root.pk).replies == 8
        assert counters(article) == recount(article)

    def test_are_counted_when_others_go_at_the_same_moment(self, article):
        author = make_user()
        root = make_comment(article, author, section=article.sections.get(key="song"))
        replies = [make_comment(article, author, parent=root) for _ in range(4)]
        acts = [lambda c=c: withdraw(c, by=author) for c in replies]
        acts += [lambda: submit(Submission(article, author, "Re.", parent=root)) for _ in range(4)]
        assert failures(race(acts)) == []
        assert counters(article) == recount(article)
        assert counters(article)["article"] == 5

    def test_reach_level_64_side_by_side_when_several_answer_in_the_deep(self, article):
        author = make_user()
        deepest = make_comment(article, author)
        for _ in range(64):
            deepest = make_comment(article, author, parent=deepest)
        results = race([lambda: submit(Submission(article, author, "Re.", parent=deepest))] * 4)
        assert failures(results) == []
        level = Comment.objects.filter(depth=64).order_by("path").values_list("path", flat=True)
        assert [path[-8:] for path in level] == ["00000001", "00000002", "00000003", "00000004", "00000005"]
        assert counters(article) == recount(article)


class TestDoublePost:
    def test_is_one_comment_when_ten_come_at_once(self, article, settings):
        settings.DOUBLE_POST_SECONDS = 60
        author = make_user()
        results = race([lambda: submit(Submission(article, author, "Hm."))] * 10)
        assert failures(results) == []
        assert {comment.pk for comment in results} == {Comment.objects.get().pk}
        assert counters(article) == recount(article)
        assert counters(article)["article"] == 1


class TestIdempotencyKey:
    def post(self, api):
        sent = {"article": "larks", "text": "Hm."}
        return api.post("/api/v1/comments/", sent, headers={"Idempotency-Key": "a-key"})

    def test_makes_one_comment_when_eight_come_at_once(self):
        larks, author = make_article("larks", source=SOURCE), make_user()
        clients = [client_of(author) for _ in range(8)]
        results = race([lambda api=api: self.post(api) for api in clients])
        assert failures(results) == []
        made = [result for result in results if result.status_code == 201]
        assert {result["Location"] for result in made} == {f"http://testserver{self.address()}"}
        assert sorted("Idempotency-Replayed" in result for result in made) == [False] + [True] * (len(made) - 1)
        busy = [result for result in results if result.status_code != 201]
        assert [result.json()["code"] for result in busy] == ["idempotency_in_progress"] * len(busy)
        assert connection.vendor == "postgresql" or busy == []
        assert counters(larks)["article"] == 1
        again = self.post(clients[0])
        assert (again.status_code, again["Idempotency-Replayed"]) == (201, "true")

    def test_is_refused_or_waits_while_the_first_is_at_work(self):
        make_article("larks", source=SOURCE)
        author = make_user()
        first, second = client_of(author), client_of(author)
        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                assert self.post(first).status_code == 201
                waiting = start_and_let_wait(pool, lambda: self.post(second))
                # On PostgreSQL it is not waited for: the answer is there before the first is done.
                early = waiting.result(timeout=30) if connection.vendor == "postgresql" else None
            late = waiting.result(timeout=30)
        if early is not None:
            assert problem(early) == (409, "idempotency_in_progress", [])
            assert early["Retry-After"] == "1"
        else:
            assert (late.status_code, late["Idempotency-Replayed"]) == (201, "true")
        assert Comment.objects.count() == 1

    def address(self):
        return f"/api/v1/comments/{Comment.objects.get().key}/"


class TestDecisions:
    def test_are_one_when_two_moderators_judge_the_same_version(self, article):
        comment, moderators = make_comment(article, make_user()), [make_user(), make_user()]
        states = [State.APPROVED, State.REJECTED]
        acts = [
            lambda to=to, by=by: decide(comment, to, Grounds(by, Role.MODERATOR), seen_version=comment.version)
            for to, by in zip(states, moderators, strict=True)
        ]
        results = race(acts)
        assert [type(error) for error in failures(results)] == [StaleVersion]
        assert Decision.objects.filter(comment=comment).count() == 2
        assert counters(article) == recount(article)

    def test_are_one_when_an_author_deletes_twice(self, article):
        author = make_user()
        comment = make_comment(article, author)
        results = race([lambda: withdraw(comment, by=author)] * 2)
        assert [type(error) for error in failures(results)] == [TransitionRefused]
        assert counters(article)["article"] == 0

    def test_leave_a_whole_comment_when_it_is_edited_and_rejected_at_once(self, article):
        author = make_user()
        comment = make_comment(article, author)
        results = race(
            [
                lambda: edit(comment, by=author, text="Second."),
                lambda: decide(comment, State.REJECTED, Grounds(), seen_version=comment.version),
            ]
        )
        now = Comment.objects.get(pk=comment.pk)
        # An edit of what was just rejected is a text to judge anew; one that came first was not seen by who rejects.
        is_stale = [type(error) for error in failures(results)] == [StaleVersion]
        assert (now.state, now.is_public) == (("open", True) if is_stale else ("held", False))
        assert counters(article) == recount(article)


class TestPublishing:
    def test_carries_every_anchor_when_comments_arrive_at_the_same_moment(self, article):
        people = [make_user() for _ in range(5)]
        draft = revise(article, f"News from the meadow.\n\n{SOURCE}", is_published=False)
        acts = [
            lambda p=p: submit(Submission(article, p, "Hm.", selection=passage(article, "without a single pause")))
            for p in people
        ]
        results = race([*acts, lambda: article_services.publish(draft, by=None)])
        assert failures(results) == []
        current = Article.objects.select_related("current_revision").get(pk=article.pk).current_revision
        anchors = list(Anchor.objects.all())
        assert len(anchors) == 5
        assert {anchor.now_revision_id for anchor in anchors} == {current.pk}
        assert {current.canonical_text[a.now_start : a.now_end] for a in anchors} == {"without a single pause"}
        assert counters(article) == recount(article)
        assert counters(article)["sections"]["song"] == 5

    def test_carries_to_the_new_revision_what_waited_for_it(self, article):
        draft = revise(article, f"News from the meadow.\n\n{SOURCE}", is_published=False)
        late = Submission(article, make_user(), "Hm.", selection=passage(article, "without a single pause"))
        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                revision = article_services.publish(draft, by=None)
                submitting = start_and_let_wait(pool, lambda: submit(late))
            comment = submitting.result()
        assert (comment.anchor.revision, comment.anchor.now_revision) == (revision, revision)
        assert comment.section.key == "song"

    def test_leaves_the_edit_whole_that_waited_for_another(self, article):
        author = make_user()
        comment = make_comment(article, author)
        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                edit(comment, by=author, text="Second.")
                editing = start_and_let_wait(pool, lambda: edit(comment, by=author, text="Third."))
            editing.result()
        texts = comment.revisions.order_by("number").values_list("number", "source")
        assert list(texts) == [(1, "A thought."), (2, "Second."), (3, "Third.")]
        assert Comment.objects.get(pk=comment.pk).public_revision.source == "Third."


class TestAttaching:
    def test_is_done_once_when_two_editors_saw_the_same_place(self, article):
        comment = make_comment(article, make_user(), quote="without a single pause")
        editors = [client_of(make_user(is_superuser=True)) for _ in range(2)]
        address = f"/api/v1/comments/{comment.key}/anchor/"
        headers = {"If-Match": editors[0].get(address)["ETag"]}
        acts = [
            lambda editor=editor, words=words: editor.put(address, {"exact": words}, headers=headers)
            for editor, words in zip(editors, ["A male", "for minutes"], strict=True)
        ]
        assert sorted(answer.status_code for answer in race(acts)) == [200, 412]
        assert AnchorMove.objects.count() == 1

"""The checks: all are asked, the strictest decides, and what they found is kept."""

import logging

import pytest
from django.db import transaction

from comments.checking import Result, run_checks
from comments.models import CheckResult, CheckRun, Comment
from comments.services import Submission, correct, edit, submit
from comments.states import Verdict
from skycrumbs.problems import Forbidden, TooManyRequests
from tests.clock import later
from tests.factories import make_article, make_comment, make_user, passage

pytestmark = pytest.mark.django_db

HERE = "tests.comments.test_checking"
ASKED: list[str] = []


def let_through(submission):
    ASKED.append("let_through")
    return Result()


def note(submission):
    ASKED.append("note")
    return Result(Verdict.NOTE, "first_words", {"words": 1})


def hold(submission):
    ASKED.append("hold")
    return Result(Verdict.HOLD, "links", {"links": 3, "hosts": ["a.example"]})


def hold_too(submission):
    ASKED.append("hold_too")
    return Result(Verdict.HOLD, "new_here")


def spam(submission):
    ASKED.append("spam")
    return Result(Verdict.SPAM, "adverts", {"score": 9})


def break_down(submission):
    ASKED.append("break_down")
    raise ZeroDivisionError


def forbid(submission):
    ASKED.append("forbid")
    raise Forbidden("Not you.")


def delay(submission):
    ASKED.append("delay")
    raise TooManyRequests("Later.", retry_after=5)


@pytest.fixture(autouse=True)
def _asked():
    ASKED.clear()


@pytest.fixture
def article():
    return make_article()


@pytest.fixture
def author():
    return make_user()


@pytest.fixture
def checks(settings):
    def use(*names):
        settings.COMMENT_CHECKS = [f"{HERE}.{name}" for name in names]

    return use


def again(comment):
    return Comment.objects.get(pk=comment.pk)


class TestRunChecks:
    def test_asks_all_and_keeps_what_each_said_in_order(self, article, author, checks):
        checks("let_through", "spam", "hold", "note")
        outcome = run_checks(Submission(article, author, "Hm."))
        assert ASKED == ["let_through", "spam", "hold", "note"]
        assert list(outcome.results) == ["let_through", "spam", "hold", "note"]
        assert outcome.results["hold"].evidence == {"links": 3, "hosts": ["a.example"]}
        assert outcome.milliseconds >= 0

    @pytest.mark.parametrize(
        ("names", "verdict", "reason"),
        [
            ([], "pass", ""),
            (["let_through"], "pass", ""),
            (["let_through", "note"], "note", "first_words"),
            (["note", "hold", "hold_too"], "hold", "links"),
            (["hold_too", "hold"], "hold", "new_here"),
            (["hold", "spam", "note"], "spam", "adverts"),
        ],
    )
    def test_lets_the_strictest_decide_and_of_several_the_first(
        self, article, author, checks, names, verdict, reason
    ):
        checks(*names)
        deciding = run_checks(Submission(article, author, "Hm.")).deciding
        assert (deciding.verdict, deciding.reason) == (verdict, reason)

    def test_keeps_two_checks_of_one_name_apart(self, article, author, settings):
        settings.COMMENT_CHECKS = [f"{HERE}.hold", "tests.factories.hold"]
        outcome = run_checks(Submission(article, author, "Hm."))
        assert [(name, found.reason) for name, found in outcome.results.items()] == [
            ("hold", "links"),
            ("tests.factories.hold", "test"),
        ]

    def test_asks_all_though_one_refuses_and_raises_the_first_refusal(self, article, author, checks):
        checks("forbid", "delay", "hold")
        with pytest.raises(Forbidden, match="Not you"):
            run_checks(Submission(article, author, "Hm."))
        assert ASKED == ["forbid", "delay", "hold"]

    def test_holds_what_a_check_that_broke_did_not_look_at(self, article, author, checks, caplog):
        checks("break_down", "let_through")
        with caplog.at_level(logging.ERROR):
            outcome = run_checks(Submission(article, author, "Secret words."))
        assert ASKED == ["break_down", "let_through"]
        broken = outcome.results["break_down"]
        assert (broken.verdict, broken.reason) == ("hold", "check_failed")
        assert broken.evidence == {"error": "ZeroDivisionError"}
        assert f"The check {HERE}.break_down failed." in caplog.text
        assert "Secret words." not in caplog.text


class TestSubmit:
    @pytest.mark.parametrize(
        ("name", "state", "reason"),
        [
            ("let_through", "open", ""),
            ("note", "open", ""),
            ("hold", "held", "links"),
            ("break_down", "held", "check_failed"),
            ("spam", "spam", "adverts"),
        ],
    )
    def test_takes_the_text_where_the_verdict_says(self, article, author, checks, name, state, reason):
        checks(name)
        comment = again(submit(Submission(article, author, "Hm.")))
        assert (comment.state, comment.state_reason) == (state, reason)
        assert (comment.waiting_since is not None) is (state == "held")

    def test_keeps_everything_that_was_found(self, article, author, checks):
        checks("let_through", "hold", "note")
        comment = submit(Submission(article, author, "Hm."))
        run = CheckRun.objects.get()
        assert (run.comment, run.article, run.revision) == (comment, article, comment.head_revision)
        assert (run.trigger, run.verdict, run.reason) == ("new", "hold", "links")
        assert list(run.results.values_list("check_name", "verdict", "reason", "evidence")) == [
            ("let_through", "pass", "", {}),
            ("hold", "hold", "links", {"links": 3, "hosts": ["a.example"]}),
            ("note", "note", "first_words", {"words": 1}),
        ]

    def test_stores_nothing_of_what_is_refused(self, article, author, checks):
        checks("hold", "forbid")
        with pytest.raises(Forbidden):
            submit(Submission(article, author, "Hm."))
        assert [model.objects.count() for model in (Comment, CheckRun, CheckResult)] == [0, 0, 0]

    @pytest.mark.parametrize("kind", ["note", "highlight"])
    def test_asks_nobody_of_what_is_private(self, article, author, checks, kind):
        checks("spam", "forbid")
        selection = passage(article, "Small birds")
        own = submit(Submission(article, author, "Mine.", kind=kind, visibility="private", selection=selection))
        edit(own, by=author, text="Mine, too.")
        assert ASKED == []
        assert not CheckRun.objects.exists()
        assert again(own).state == "open"


class TestEdit:
    def test_is_checked_as_the_comment_it_will_be(self, article, author, settings):
        comment = make_comment(article, author, quote="Small birds")
        settings.COMMENT_CHECKS = [f"{HERE}.remember"]
        edit(comment, by=author, text="Second.", network="192.0.2.0/24")
        (seen,) = SEEN
        assert (seen.text, seen.author, seen.guest, seen.comment) == ("Second.", author, None, comment)
        assert (seen.network, seen.form, seen.section) == ("192.0.2.0/24", None, comment.section)

    def test_keeps_what_was_found_with_the_new_text(self, article, author, checks):
        comment = make_comment(article, author)
        checks("hold")
        edited = edit(comment, by=author, text="Second.")
        run = CheckRun.objects.order_by("id").last()
        assert (run.comment, run.revision, run.trigger, run.reason) == (
            comment,
            edited.head_revision,
            "edit",
            "links",
        )

    @pytest.mark.parametrize(
        ("name", "state", "reason"),
        [
            ("note", "open", ""),
            ("hold", "held_edit", "links"),
            ("break_down", "held_edit", "check_failed"),
            ("spam", "held_edit", "adverts"),
        ],
    )
    def test_never_takes_the_public_text_away(self, article, author, checks, name, state, reason):
        comment = make_comment(article, author, "First.")
        checks(name)
        edited = again(edit(comment, by=author, text="Second."))
        assert (edited.state, edited.state_reason) == (state, reason)
        assert edited.public_revision.source == ("Second." if state == "open" else "First.")

    def test_changes_nothing_when_it_is_refused(self, article, author, checks):
        comment = make_comment(article, author, "First.")
        checks("delay")
        with pytest.raises(TooManyRequests), transaction.atomic():
            edit(comment, by=author, text="Second.")
        with later(minutes=20), pytest.raises(TooManyRequests), transaction.atomic():
            correct(comment, by=author, text="Second.")
        assert (again(comment).version, comment.revisions.count()) == (2, 1)


SEEN = []


def remember(submission):
    SEEN[:] = [submission]
    return Result()

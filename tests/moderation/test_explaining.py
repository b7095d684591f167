"""“Why was this held?”"""

import pytest

from comments import services
from comments.checking import Outcome, Result, keep
from comments.models import CheckRun
from comments.states import State
from comments.transitions import Grounds, Role
from moderation import explaining
from skycrumbs import settings as defaults
from tests.factories import make_article, make_comment, make_user
from tests.moderation.checks.sending import make_moderator, sent

pytestmark = pytest.mark.django_db


def why(run):
    """What each check said, in the order they were asked."""
    return [explaining.explain(result) for result in run.results.all()]


def explain(name, verdict="pass", reason="", **evidence):
    """The sentence about one check's result."""
    comment = make_comment(make_article(), make_user())
    run = keep(Outcome({name: Result(verdict, reason, evidence)}, 1), comment, CheckRun.Trigger.NEW)
    (explanation,) = why(run)
    assert (explanation.check, explanation.verdict) == (name, verdict)
    return explanation.sentence


class TestShape:
    def test_tells_the_figures(self):
        figures = {"code_points": 312, "lines": 4, "capitals": 0.12, "marks_in_a_row": 0, "invisible": 3}
        assert explain("shape", **figures) == (
            "312 characters in 4 lines, 12 % of the letters capitals. Characters that show nothing: 3."
        )
        figures = {"code_points": 1, "lines": 1, "capitals": 0.0, "marks_in_a_row": 0, "invisible": 0}
        assert explain("shape", **figures) == "1 character in 1 line, 0 % of the letters capitals."


class TestClosed:
    def test_tells_what_is_laid_on_the_writer_and_until_when(self):
        assert explain("closed", kind=None) == "The discussion is open, and nothing is laid on the writer."
        held = explain("closed", "hold", "person_held", kind="hold", until=None)
        assert held == "Every text of this writer is held. This has no end set."
        suspended = explain("closed", "hold", "person_held", kind="suspend", until="2999-05-03T14:00:00+00:00")
        assert suspended == (
            "The writer is suspended from commenting, and proved the address only after writing this."
            " This ends on May 3, 2999, 2 p.m. (UTC)."
        )


class TestRate:
    def test_says_that_it_passed(self):
        assert explain("rate", counted=["comment:account"]) == "Within the limits."


class TestLinks:
    def test_tells_the_hosts(self):
        assert explain("links", links=0) == "No links."
        assert explain("links", links=1, hosts=["example.org"]) == "1 link: example.org."
        assert explain("links", links=2, hosts=["example.net", "example.org"]) == "2 links: example.net, example.org."

    def test_tells_what_is_too_many(self):
        assert explain("links", "hold", "links", links=3, hosts=["a.example"], most=2) == (
            "3 links: a.example. More than 2 are held."
        )

    def test_tells_who_is_new(self):
        assert explain("links", "hold", "links", links=1, hosts=["a.example"], approved=1, needed=2) == (
            "1 link: a.example. Any is held of a writer who is new here."
            " Moderators approved 1 comment of the writer so far; 2 are needed."
        )

    def test_tells_which_names_another_host(self):
        pairs = [["bank.example", "evil.example"]]
        assert explain("links", "hold", "disguised_link", links=1, hosts=["evil.example"], disguised=pairs) == (
            "1 link: evil.example. One reads as bank.example and leads to evil.example."
        )

    def test_tells_who_was_spared(self):
        assert explain("links", links=3, hosts=["a.example"], most=2, exempt="moderator") == (
            "3 links: a.example. More than 2 are held. Not held, because the writer moderates this article."
        )


class TestTraps:
    def test_names_them(self):
        assert explain("traps", form=False) == "Not a guest’s form."
        assert explain("traps", form=True, traps=[]) == "The form was filled in as people do."
        assert explain("traps", "spam", "traps", form=True, traps=["hidden_field", "young_token"]) == (
            "As programs do: the field that nobody sees was filled in; the form was sent within three seconds."
        )

    @pytest.mark.parametrize(
        ("trap", "words"),
        [
            ("no_token", "the form’s token was missing"),
            ("forged_token", "the form’s token is none of ours"),
            ("old_token", "the form was older than a day"),
            ("used_token", "the form was sent before"),
        ],
    )
    def test_has_words_for_each(self, trap, words):
        assert explain("traps", "hold", "trap", form=True, traps=[trap]) == f"As programs do: {words}."


class TestRepeats:
    def test_tells_how_often_by_whom_and_which(self):
        assert explain("repeats", own=0, people=1) == "No other comment says the same."
        assert explain("repeats", own=0, people=2) == "2 people posted it within one hour."
        assert explain("repeats", "hold", "repeat", own=1, people=1, twins=["AaII66nzc0a1v76ezvV5Rw"]) == (
            "The writer posted the same text in 1 other place in the last 24 hours."
            " The same text: AaII66nzc0a1v76ezvV5Rw."
        )
        assert explain("repeats", "hold", "repeat", own=2, people=3, twins=[]) == (
            "The writer posted the same text in 2 other places in the last 24 hours."
            " 3 people posted it within one hour."
        )

    def test_gives_the_keys_to_link_to(self):
        comment = make_comment(make_article(), make_user())
        found = Result("hold", "repeat", {"own": 1, "people": 1, "twins": ["AaII66nzc0a1v76ezvV5Rw"]})
        run = keep(Outcome({"shape": Result(), "repeats": found}, 1), comment, CheckRun.Trigger.NEW)
        assert [explanation.twins for explanation in why(run)] == [(), ("AaII66nzc0a1v76ezvV5Rw",)]


class TestFirstComments:
    def test_tells_how_many_were_approved(self):
        assert explain("first_comments", "hold", "first_comments", approved=0, needed=2) == (
            "Moderators approved 0 comments of the writer so far; 2 are needed."
        )
        assert explain("first_comments", approved=2, needed=2) == (
            "Moderators approved 2 comments of the writer or more."
        )

    def test_tells_who_was_spared(self):
        moderator = "Not held, because the writer moderates this article."
        assert explain("first_comments", exempt="moderator") == moderator
        assert explain("first_comments", exempt="author") == (
            "Not held, because the writer is an author of the article."
        )


class TestAnyCheck:
    def test_that_failed_says_so(self):
        failed = explain("links", "hold", "check_failed", error="ValueError")
        assert failed == "It failed (ValueError), so a moderator has to look."

    def test_of_the_operators_own_has_its_reason(self):
        assert explain("weather", "hold", "rain", millimetres=3) == "hold: rain"
        assert explain("weather") == "passed"

    def test_of_another_version_has_its_reason(self):
        assert explain("links", "hold", "links", found=3) == "hold: links"


class TestWhy:
    @pytest.fixture(autouse=True)
    def _checks(self, settings):
        settings.COMMENT_CHECKS = defaults.COMMENT_CHECKS

    def test_has_words_for_every_check(self):
        services.submit(sent(make_user(), make_article(), "Buy at [bank.example](https://evil.example)."))
        explanations = why(CheckRun.objects.get())
        assert [(explanation.check, explanation.verdict, explanation.sentence) for explanation in explanations] == [
            ("shape", "pass", "44 characters in 1 line, 3 % of the letters capitals."),
            ("closed", "pass", "The discussion is open, and nothing is laid on the writer."),
            ("rate", "pass", "Within the limits."),
            ("traps", "pass", "Not a guest’s form."),
            ("links", "hold", "1 link: evil.example. One reads as bank.example and leads to evil.example."),
            ("repeats", "pass", "No other comment says the same."),
            (
                "first_comments",
                "hold",
                "Moderators approved 0 comments of the writer so far; 2 are needed.",
            ),
        ]

    def test_asks_nothing_of_the_database(self, django_assert_num_queries):
        services.submit(sent(make_user(), make_article()))
        (run,) = CheckRun.objects.prefetch_related("results")
        with django_assert_num_queries(0):
            assert len(why(run)) == 7

    def test_says_when_the_evidence_was_erased(self):
        comment = services.submit(sent(make_user(), make_article(), "Buy at [bank.example](https://evil.example)."))
        for state in (State.REJECTED, State.ERASED):
            grounds = Grounds(by=make_moderator(), role=Role.MODERATOR)
            if state == State.ERASED:
                services.erase(comment, grounds)
            else:
                services.decide(comment, state, grounds, seen_version=comment.version)
        sentences = {explanation.sentence for explanation in why(CheckRun.objects.get())}
        assert sentences == {"What it saw was erased with the text."}

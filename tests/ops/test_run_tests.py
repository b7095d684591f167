import re
import sys
from threading import Barrier, Event

import pytest

from ops import run_tests
from ops.postgresql import NoCluster
from ops.run_tests import Failed, NotRun, Outcome, main, summary, take, take_two_at_a_time


def raising(error):
    def step():
        raise error

    return step


@pytest.fixture(autouse=True)
def _no_ci(monkeypatch):
    monkeypatch.delenv("CI", raising=False)


class TestTake:
    def outcome(self, step):
        outcome = take("lint", step)
        return outcome.word, outcome.reason, outcome.is_failure

    def test_passes_when_the_step_does(self):
        assert self.outcome(lambda: True) == ("passed", "", False)

    def test_fails_when_the_step_does(self):
        assert self.outcome(lambda: False) == ("FAILED", "", True)

    def test_is_not_run_when_something_is_missing(self):
        assert self.outcome(raising(NotRun("no node"))) == ("NOT RUN", "no node", False)

    def test_fails_on_ci_when_what_is_missing_could_be_had(self, monkeypatch):
        monkeypatch.setenv("CI", "true")
        step = raising(NotRun("no Chromium", avoidable=True))
        assert self.outcome(step) == ("NOT RUN", "no Chromium", True)

    def test_does_not_fail_on_ci_when_it_cannot_be_had(self, monkeypatch):
        monkeypatch.setenv("CI", "true")
        assert self.outcome(raising(NotRun("no node"))) == ("NOT RUN", "no node", False)

    def test_fails_when_the_cluster_does_not_start(self):
        assert self.outcome(raising(NoCluster("disk full"))) == ("FAILED", "disk full", True)

    def test_says_what_there_is_to_say_of_a_failure(self):
        assert self.outcome(raising(Failed("test_one"))) == ("FAILED", "test_one", True)


class TestRunPytest:
    @pytest.fixture
    def run_on(self, tmp_path, monkeypatch):
        """Run what is written as a test file, in a folder of its own, as `make test` runs the tests."""

        def run_on(source):
            (tmp_path / "pytest.ini").write_text("[pytest]\n")
            (tmp_path / "test_it.py").write_text(source)
            monkeypatch.chdir(tmp_path)
            monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
            # Loading the others takes seconds.
            monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
            monkeypatch.setenv("PYTEST_PLUGINS", "xdist.plugin")
            return run_tests.run_pytest("not browser")

        return run_on

    def test_passes_when_all_tests_do(self, run_on):
        assert run_on("def test_one(): pass")

    def test_names_what_failed_this_time(self, run_on):
        with pytest.raises(Failed, match=r"^test_it.py::test_two$"):
            run_on("def test_one(): pass\ndef test_two(): assert False")
        with pytest.raises(Failed, match=r"^test_it.py::test_one$"):
            run_on("def test_one(): assert False\ndef test_two(): pass")

    def test_names_no_more_than_can_be_read(self, run_on):
        with pytest.raises(Failed, match=r"(, test_it.py::test_it\[\d+\]){19}, and more$"):
            run_on("import pytest\n@pytest.mark.parametrize('n', range(21))\ndef test_it(n): assert False")


class TestTakeTwoAtATime:
    def test_runs_the_second_beside_the_first(self):
        both = Barrier(2, timeout=30)
        steps = dict.fromkeys(["lint", "types"], lambda: both.wait() >= 0)
        assert [one.word for one in take_two_at_a_time(steps)] == ["passed", "passed"]

    def test_shows_what_each_says_whole_and_in_order(self, capfd):
        said = Event()
        loud = [
            sys.executable,
            "-c",
            "import sys; print('to one'); print('to the other', file=sys.stderr); sys.exit(3)",
        ]

        def last():
            return said.wait(30) and not run_tests.run(loud)

        def first():
            run_tests.run([sys.executable, "-c", "print('sooner')"])
            said.set()
            return False

        outcomes = take_two_at_a_time({"lint": last, "types": first, "rest": raising(NotRun("no node"))})
        assert [(one.step, one.word) for one in outcomes] == [
            ("lint", "passed"), ("types", "FAILED"), ("rest", "NOT RUN"),
        ]  # fmt: skip
        lines = [line for line in capfd.readouterr().out.splitlines() if line and not line.startswith(("$", "--"))]
        assert [re.sub(r"\d+\.\d", "0", line) for line in lines] == [
            "to one",
            "to the other",
            "lint: passed, 0 s",
            "sooner",
            "types: FAILED, 0 s",
            "rest: NOT RUN, 0 s (no node)",
        ]


class TestSummary:
    def test_shouts_what_failed_and_what_was_not_run(self):
        outcomes = [
            Outcome("lint", "passed", 1.25),
            Outcome("types", "FAILED", 12.0, is_failure=True),
            Outcome("browser tests", "NOT RUN", 0.0, "no Chromium"),
        ]
        assert summary(outcomes).splitlines()[2:] == [
            "passed       1.2 s  lint",
            "FAILED      12.0 s  types",
            "NOT RUN      0.0 s  browser tests",
            "!!! NOT RUN: browser tests: no Chromium",
            "!!! FAILED: types",
        ]

    def test_says_so_when_everything_passed(self):
        assert summary([Outcome("lint", "passed", 1.0)]).splitlines()[-1] == "Everything ran and passed."


class TestMain:
    @pytest.fixture(autouse=True)
    def _keep_signals(self, monkeypatch):
        monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        monkeypatch.setattr(run_tests.signal, "signal", lambda number, handler: None)

    @pytest.fixture
    def steps(self, monkeypatch):
        """What there is to do, instead of all that: `steps(checks, tests)`."""

        def steps(checks, tests):
            monkeypatch.setattr(run_tests, "CHECKS", checks)
            monkeypatch.setattr(run_tests, "TESTS", tests)

        return steps

    def test_goes_on_after_a_failure_and_exits_with_one(self, steps, capfd):
        done = []
        steps({"lint": lambda: False}, {"types": lambda: not done.append("types")})
        assert main() == 1
        steps({"lint": lambda: True}, {"types": lambda: False, "rest": lambda: not done.append("rest")})
        assert main() == 1
        assert done == ["types", "rest"]

    def test_exits_with_zero_when_all_passed(self, steps):
        command = [sys.executable, "-c", "import os, sys; sys.exit(os.environ['DATABASE_URL'] != 'sqlite://')"]
        every = {"all": lambda: run_tests.run(command, DATABASE_URL="sqlite://")}
        steps(every, every)
        assert main() == 0

    def test_lets_python_keep_what_it_compiled(self, steps, monkeypatch):
        monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
        command = [sys.executable, "-c", "import sys; sys.exit(sys.dont_write_bytecode)"]
        steps({"all": lambda: run_tests.run(command)}, {})
        assert main() == 0

    def test_exits_with_130_when_interrupted(self, steps):
        interrupted = {"lint": raising(KeyboardInterrupt())}
        steps(interrupted, {})
        assert main() == 130
        steps({}, interrupted)
        assert main() == 130

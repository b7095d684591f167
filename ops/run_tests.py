"""Every check and every test: `make test`. What keeps one core busy runs two at a time, the rest one after another.

A step that fails does not stop the next. What could not run is said at the end, with its reason. Exits with 1
when a step failed, and on CI (CI=true) also when a step did not run though this machine could have run it.
"""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass
from glob import glob
from pathlib import Path

from ops.chromium import can_install_packages, find_chromium, install_chromium
from ops.postgresql import NoCluster, find_binaries, temporary_cluster

SETTINGS = "tests.settings"
OLDEST_NODE = (20, 19)
WIDTH = 100
MOST_NAMES = 20


class NotRun(Exception):
    """A step cannot run here. `avoidable`: this machine could have had what is missing."""

    def __init__(self, reason: str, *, avoidable: bool = False) -> None:
        super().__init__(reason)
        self.avoidable = avoidable


class Failed(Exception):
    """A step failed, and there is more to say of it than that."""


@dataclass(frozen=True)
class Outcome:
    step: str
    word: str
    seconds: float
    reason: str = ""
    is_failure: bool = False


def python(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]


# Where pytest notes, for this run alone, which tests failed.
CACHE = Path(".pytest_cache/make-test")
# Tests take from 1 ms to 20 s: a process that is done early takes over some of the other's.
PYTEST = python("pytest", "-n", "2", "--dist", "worksteal", "--cache-clear", "-o", f"cache_dir={CACHE}", "-m")


# Where what is said is kept until it is a step's turn to be read; None: it is shown at once.
_kept: ContextVar[io.StringIO | None] = ContextVar("_kept", default=None)


def say(*words: str) -> None:
    print(*words, file=_kept.get(), flush=True)


def run(command: Sequence[str], **environment: str) -> bool:
    """Run `command` with its output shown; True when it succeeded."""
    say("$", *(f"{name}={value}" for name, value in environment.items()), *command)
    kept, everything = _kept.get(), {**os.environ, **environment}
    if kept is None:
        return subprocess.run(command, env=everything, check=False).returncode == 0
    done = subprocess.run(
        command,
        env=everything,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    kept.write(done.stdout)
    return done.returncode == 0


def run_pytest(marker: str, *folders: str, **environment: str) -> bool:
    """Run the tests that `marker` chooses, of `folders` or of all; `Failed` names those that failed."""
    if run([*PYTEST, marker, *folders], **environment):
        return True
    names = failed_tests()
    raise Failed(", ".join([*names[:MOST_NAMES], *["and more"] * (len(names) > MOST_NAMES)]))


def failed_tests() -> list[str]:
    """Which tests the last run of pytest names as failed; none when it did not get so far."""
    noted = CACHE / "v" / "cache" / "lastfailed"
    return sorted(json.loads(noted.read_text())) if noted.exists() else []


def check_migrations() -> bool:
    command = python("django", "makemigrations", "--check", "--dry-run")
    return run(command, DJANGO_SETTINGS_MODULE=SETTINGS)


def check_imports() -> bool:
    return run([sys.executable, "-c", "from importlinter.cli import lint_imports_command as check; check()"])


def test_javascript() -> bool:
    node = shutil.which("node")
    if node is None:
        raise NotRun("node is not installed; the modules' tests need node 20.19 or newer")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if tuple(int(part) for part in version.lstrip("v").split(".")[:2]) < OLDEST_NODE:
        raise NotRun(f"node is {version}; the modules' tests need 20.19 or newer")
    return run([node, "--test", *sorted(glob("tests/js/*.test.js"))])


def test_on_sqlite() -> bool:
    return run_pytest("not browser", DATABASE_URL="sqlite://:memory:")


def test_on_postgresql() -> bool:
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return run_pytest("not browser", DATABASE_URL=given)
    binaries = find_binaries()
    if binaries is None:
        raise NotRun("no PostgreSQL here: install its server, or set TEST_DATABASE_URL")
    with temporary_cluster(binaries) as url:
        return run_pytest("not browser", DATABASE_URL=url)


def test_in_browser() -> bool:
    chromium = find_chromium()
    if chromium is None and can_install_packages():
        chromium = install_chromium()
    if chromium is None:
        raise NotRun("no Chromium here: install one, or name it in CHROMIUM", avoidable=can_install_packages())
    return run_pytest("browser", "tests/browser", DATABASE_URL="sqlite://:memory:", CHROMIUM=chromium)


Steps = Mapping[str, Callable[[], bool]]
CHECKS: Steps = {
    "format": lambda: run(python("ruff", "format", "--check", ".")),
    "lint": lambda: run(python("ruff", "check", ".")),
    "types": lambda: run(python("mypy")),
    "migrations": check_migrations,
    "imports": check_imports,
    "JavaScript": test_javascript,
    "API fuzzing": lambda: run(python("tests.fuzz_api")),
}
# Each of them keeps both cores busy.
TESTS: Steps = {
    "tests on SQLite": test_on_sqlite,
    "tests on PostgreSQL": test_on_postgresql,
    "browser tests": test_in_browser,
}


def take(name: str, step: Callable[[], bool]) -> Outcome:
    """Run one step and say how it went."""
    say(f"\n{f'-- {name} ':-<{WIDTH}}")
    start = time.monotonic()
    word, reason, is_failure = "passed", "", False
    try:
        if not step():
            word, is_failure = "FAILED", True
    except NotRun as error:
        word, reason = "NOT RUN", str(error)
        is_failure = error.avoidable and os.environ.get("CI") == "true"
    except (Failed, NoCluster) as error:
        word, reason, is_failure = "FAILED", str(error), True
    seconds = time.monotonic() - start
    say(f"{name}: {word}, {seconds:.1f} s" + (f" ({reason})" if reason else ""))
    return Outcome(name, word, seconds, reason, is_failure)


def take_two_at_a_time(steps: Steps) -> list[Outcome]:
    """As `take` for each; what one says is shown whole, in the order of `steps`."""
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(_take_quietly, name, step) for name, step in steps.items()]
        try:
            return [_shown(*future.result()) for future in waiting]
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _take_quietly(name: str, step: Callable[[], bool]) -> tuple[Outcome, str]:
    kept = io.StringIO()
    _kept.set(kept)
    return take(name, step), kept.getvalue()


def _shown(outcome: Outcome, said: str) -> Outcome:
    print(said, end="", flush=True)
    return outcome


def summary(outcomes: Sequence[Outcome]) -> str:
    """What to read at the end: a line for each step, then loudly what was not run."""
    lines = [f"\n{'=' * WIDTH}"]
    lines += [f"{one.word:<8} {one.seconds:7.1f} s  {one.step}" for one in outcomes]
    lines += [f"!!! NOT RUN: {one.step}: {one.reason}" for one in outcomes if one.word == "NOT RUN"]
    lines += [f"!!! FAILED: {one.step}" + f" ({one.reason})" * bool(one.reason) for one in outcomes if one.is_failure]
    if all(one.word == "passed" for one in outcomes):
        lines.append("Everything ran and passed.")
    return "\n".join(lines)


def main() -> int:
    # Where nothing compiled is kept, each of two dozen processes would compile the tests, or the project, anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # However the run is stopped, it tidies up: its temporary cluster must not stay.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        outcomes = [*take_two_at_a_time(CHECKS), *(take(name, step) for name, step in TESTS.items())]
    except KeyboardInterrupt:
        print("\nStopped before the end.", file=sys.stderr)
        return 130
    print(summary(outcomes))
    return int(any(one.is_failure for one in outcomes))


if __name__ == "__main__":
    sys.exit(main())

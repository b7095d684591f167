"""Running the checks of COMMENT_CHECKS: all of them, every time, with all that they found kept."""

import logging
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from comments.models import CheckResult, CheckRun, Comment
from comments.states import Verdict
from comments.submission import Submission
from skycrumbs.problems import Refusal

logger = logging.getLogger(__name__)

_STRICTNESS = list(Verdict)
# The reason where a check broke: a text is not let through because nobody looked at it.
FAILED = "check_failed"


@dataclass(frozen=True)
class Result:
    """What a check says. `evidence` is what it saw, in figures, hosts and ids: never the text itself."""

    verdict: Verdict = Verdict.PASS
    reason: str = ""
    evidence: dict[str, Any] = field(default_factory=dict)


# What it will not have at all a check refuses by raising a Refusal; then nothing is stored.
Check = Callable[[Submission], Result]


@dataclass(frozen=True)
class Outcome:
    """What all checks said, by name and in order; the strictest verdict, the first of several, is theirs together."""

    results: dict[str, Result]
    milliseconds: int

    @property
    def deciding(self) -> Result:
        return max(self.results.values(), key=lambda result: _STRICTNESS.index(result.verdict), default=Result())


def run_checks(submission: Submission) -> Outcome:
    """Ask every check, whatever the others said; raises the first Refusal once all have been asked."""
    start, refusals = time.monotonic(), list[Refusal]()
    results: dict[str, Result] = {}
    for path in settings.COMMENT_CHECKS:
        name = path.rpartition(".")[2]
        try:
            # Two of one name, of different modules, are two.
            results[path if name in results else name] = _ask(path, submission)
        except Refusal as refusal:
            refusals.append(refusal)
    if refusals:
        raise refusals[0]
    return Outcome(results, milliseconds=round(1000 * (time.monotonic() - start)))


def _ask(path: str, submission: Submission) -> Result:
    check: Check = import_string(path)
    try:
        with _savepoint():
            return check(submission)
    except Refusal:
        raise
    except Exception as error:  # the outer edge of code that operators may add
        logger.exception("The check %s failed.", path)
        return Result(Verdict.HOLD, FAILED, {"error": type(error).__name__})


def _savepoint() -> AbstractContextManager[Any]:
    """Keeps a transaction that is open usable when a check broke on the database; opens none."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()


def keep(outcome: Outcome, comment: Comment, trigger: CheckRun.Trigger) -> CheckRun:
    """Store what was found of the newest text of `comment`."""
    deciding = outcome.deciding
    run = CheckRun.objects.create(
        comment=comment,
        article_id=comment.article_id,
        revision=comment.text,
        trigger=trigger,
        verdict=deciding.verdict,
        reason=deciding.reason,
        milliseconds=outcome.milliseconds,
    )
    CheckResult.objects.bulk_create(_rows(run, outcome.results.items()))
    return run


def _rows(run: CheckRun, results: Iterable[tuple[str, Result]]) -> Iterable[CheckResult]:
    for name, found in results:
        yield CheckResult(
            run=run, check_name=name, verdict=found.verdict, reason=found.reason, evidence=found.evidence
        )

"""Whether the discussion is open, and open to this writer."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from comments import policy
from comments.checking import Result
from comments.states import Verdict
from comments.submission import Submission
from moderation.checks.writers import is_unproven, rows_of
from moderation.errors import Suspended
from moderation.models import Sanction

PERSON_HELD = "person_held"

_KEEPS_OUT = [Sanction.Kind.SUSPEND, Sanction.Kind.HOLD]


def closed(submission: Submission) -> Result:
    """Raises DiscussionClosed and Suspended; holds every text of one under a hold. One query.

    Who only names an address is told nothing of what is laid on it: the text waits for proof, and then for a
    moderator.
    """
    policy.check_open(submission.article, with_anchor=submission.selection is not None)
    standing = Sanction.objects.standing().filter(rows_of(submission, "person"), kind__in=_KEEPS_OUT)
    strictest = max(standing, key=_strictness, default=None)
    if strictest is None:
        return Result(evidence={"kind": None})
    if strictest.kind == Sanction.Kind.SUSPEND and not is_unproven(submission):
        raise _suspended(strictest)
    return Result(Verdict.HOLD, PERSON_HELD, {"kind": strictest.kind, "until": _until(strictest)})


def _strictness(sanction: Sanction) -> tuple[bool, bool, str, int]:
    """Suspensions before holds, those without an end before the longest that has one."""
    is_suspension = sanction.kind == Sanction.Kind.SUSPEND
    return (is_suspension, sanction.ends_at is None, _until(sanction) or "", sanction.pk)


def _until(sanction: Sanction) -> str | None:
    return sanction.ends_at.isoformat() if sanction.ends_at else None


def _suspended(sanction: Sanction) -> Suspended:
    if sanction.ends_at is None:
        words = _("You cannot comment here any more. The moderators wrote: %(message)s")
        return Suspended(words % {"message": sanction.message}, ends_at=None)
    words = _("You cannot comment here until %(end)s. The moderators wrote: %(message)s")
    told = {"end": in_words(sanction.ends_at), "message": sanction.message}
    return Suspended(words % told, ends_at=_until(sanction))


def in_words(moment: datetime) -> str:
    """Date, time and time zone, for people."""
    here = localtime(moment)
    return f"{date_format(here, 'DATETIME_FORMAT')} ({here.tzname()})"

"""How often somebody may send a text: by account, by address, by network."""

from django.conf import settings

from accounts.limits import Windows, address_key, take_all
from comments.checking import Result
from comments.submission import GuestName, Submission
from moderation.checks.writers import is_unproven


def rate(submission: Submission) -> Result:
    """Raises TooManyRequests past any limit; then none of them has counted it."""
    uses = _uses(submission)
    take_all(uses)
    # What was counted, never for whom.
    return Result(evidence={"counted": sorted(":".join(key.split(":")[:2]) for key in uses)})


def _uses(submission: Submission) -> dict[str, Windows]:
    uses: dict[str, Windows] = {}
    if submission.author is not None:
        uses[f"comment:account:{submission.author.pk}"] = settings.COMMENT_LIMITS
    if submission.network:
        uses[f"comment:network:{submission.network}"] = settings.NETWORK_LIMITS
    if submission.guest is not None:
        uses |= _uses_of_guest(submission, submission.guest)
    return uses


def _uses_of_guest(submission: Submission, guest: GuestName) -> dict[str, Windows]:
    key = address_key(guest.email)
    if not is_unproven(submission):
        return {f"comment:guest:{key}": settings.GUEST_LIMITS}
    # Counted apart: whoever only names an address must not use up what its owner may do. It costs them a mail, too.
    uses: dict[str, Windows] = {
        f"comment:claimed:{key}": settings.GUEST_LIMITS,
        f"mail:address:{key}": settings.MAIL_LIMITS,
    }
    if submission.network:
        uses[f"mail:network:{submission.network}"] = settings.MAIL_NETWORK_LIMITS
    return uses

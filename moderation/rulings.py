"""What a moderator can make of a comment, and for which reasons one is rejected. Pure: no rows."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from comments.states import BY_MODERATION, REMOVED_STATES, State


class Ruling(TextChoices):
    """A ruling ends the waiting: it answers every open flag too."""

    APPROVE = "approve", _("Approve")
    KEEP = "keep", _("Leave as it is")
    KEEP_OLD_TEXT = "keep_old_text", _("Keep the old text")
    REJECT = "reject", _("Reject")
    SPAM = "spam", _("Spam")
    ILLEGAL = "illegal", _("Illegal")


class RejectionReason(TextChoices):
    """Why a comment is rejected; what is spam or illegal has rulings of its own."""

    ABUSE = "abuse", _("Abuse or hatred")
    OFF_TOPIC = "off_topic", _("Not about the article")
    PERSONAL_DATA = "personal_data", _("Somebody’s personal data")
    DUPLICATE = "duplicate", _("Said already")
    OTHER = "other", _("Something else: say what to its author")


# Where the rulings lead that change the state; keeping an old text has a verb of its own.
LEADS_TO = {
    Ruling.APPROVE: State.APPROVED,
    Ruling.REJECT: State.REJECTED,
    Ruling.ILLEGAL: State.ILLEGAL,
    Ruling.SPAM: State.SPAM,
}
# With these whoever reported the comment was right.
AGAINST = frozenset({Ruling.REJECT, Ruling.ILLEGAL, Ruling.SPAM})


def offered(state: State, open_flags: int) -> list[Ruling]:
    """What can be made of a comment in `state`, in the order in which it is shown."""
    fits = {ruling for ruling, to in LEADS_TO.items() if to in BY_MODERATION[state]}
    if state == State.HELD_EDIT:
        fits.add(Ruling.KEEP_OLD_TEXT)
    if _can_be_kept(state, open_flags):
        fits.add(Ruling.KEEP)
    return [ruling for ruling in Ruling if ruling in fits]


def _can_be_kept(state: State, open_flags: int) -> bool:
    """A text that waits for leave to be read needs a yes or a no; anything else may stay."""
    if state in (State.OPEN, State.APPROVED):
        return True
    return open_flags > 0 and (state == State.WITHDRAWN or state in REMOVED_STATES)

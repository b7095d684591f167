"""The nine states of a comment and the arrows between them, and what checks say. Pure: no rows."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    HELD = "held", _("held for review")
    OPEN = "open", _("public, not reviewed")
    APPROVED = "approved", _("approved")
    HELD_EDIT = "held_edit", _("public, its edit held for review")
    REJECTED = "rejected", _("rejected")
    ILLEGAL = "illegal", _("restricted on legal ground")
    SPAM = "spam", _("spam")
    WITHDRAWN = "withdrawn", _("deleted by its author")
    ERASED = "erased", _("erased")


class Verdict(TextChoices):
    """What a check says of a text, mildest first. What it will not have at all it refuses with a Refusal."""

    PASS = "pass", _("passed")
    NOTE = "note", _("noted")
    HOLD = "hold", _("hold")
    SPAM = "spam", _("spam")


PUBLIC_STATES = frozenset({State.OPEN, State.APPROVED, State.HELD_EDIT})
# What its author no longer has either.
GONE_STATES = frozenset({State.WITHDRAWN, State.ERASED})
REMOVED_STATES = frozenset({State.REJECTED, State.ILLEGAL, State.SPAM})
# A moderator has a text to judge.
WAITING_STATES = frozenset({State.HELD, State.HELD_EDIT})

# The reason of a guest's comment whose address is not proven: nobody reads it, moderators neither.
UNPROVEN = "confirm_email"

Arrows = dict[State, frozenset[State]]

# What an author does: writing anew, taking back, and taking that back.
BY_AUTHOR: Arrows = {
    State.HELD: frozenset({State.WITHDRAWN}),
    State.OPEN: frozenset({State.OPEN, State.HELD_EDIT, State.WITHDRAWN}),
    State.APPROVED: frozenset({State.OPEN, State.HELD_EDIT, State.WITHDRAWN}),
    State.HELD_EDIT: frozenset({State.OPEN, State.HELD_EDIT, State.WITHDRAWN}),
    State.REJECTED: frozenset({State.HELD, State.WITHDRAWN}),
    State.ILLEGAL: frozenset({State.WITHDRAWN}),
    State.SPAM: frozenset({State.WITHDRAWN}),
    # Back to what it was, and to nothing else: `restore` knows which.
    State.WITHDRAWN: frozenset(set(State) - {State.WITHDRAWN, State.ERASED}),
    State.ERASED: frozenset(),
}
# What a moderator does, and the system in one's place. Nobody gives back what its author took away.
BY_MODERATION: Arrows = {
    State.HELD: REMOVED_STATES | {State.OPEN, State.APPROVED},
    State.OPEN: REMOVED_STATES | {State.APPROVED},
    State.APPROVED: REMOVED_STATES,
    State.HELD_EDIT: REMOVED_STATES | {State.APPROVED},
    State.REJECTED: frozenset({State.APPROVED, State.ERASED}),
    State.ILLEGAL: frozenset({State.APPROVED}),
    State.SPAM: frozenset({State.APPROVED, State.ERASED}),
    State.WITHDRAWN: REMOVED_STATES | {State.ERASED},
    State.ERASED: frozenset(),
}

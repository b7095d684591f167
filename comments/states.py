"""The nine states of a comment and the arrows between them. Pure: no rows."""

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


PUBLIC_STATES = frozenset({State.OPEN, State.APPROVED, State.HELD_EDIT})
# What its author no longer has either.
GONE_STATES = frozenset({State.WITHDRAWN, State.ERASED})

_REFUSED = {State.REJECTED, State.ILLEGAL, State.SPAM, State.WITHDRAWN}

TRANSITIONS: dict[State, frozenset[State]] = {
    State.HELD: frozenset({State.OPEN, State.APPROVED} | _REFUSED),
    State.OPEN: frozenset({State.OPEN, State.APPROVED, State.HELD_EDIT} | _REFUSED),
    State.APPROVED: frozenset({State.OPEN, State.HELD_EDIT} | _REFUSED),
    State.HELD_EDIT: frozenset({State.OPEN, State.APPROVED, State.HELD_EDIT} | _REFUSED),
    State.REJECTED: frozenset({State.HELD, State.APPROVED, State.WITHDRAWN, State.ERASED}),
    State.ILLEGAL: frozenset({State.APPROVED, State.WITHDRAWN}),
    State.SPAM: frozenset({State.APPROVED, State.WITHDRAWN, State.ERASED}),
    State.WITHDRAWN: frozenset(set(State) - {State.WITHDRAWN}),
    State.ERASED: frozenset(),
}

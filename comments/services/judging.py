"""What moderators, and the system in their place, do to a comment."""

from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from comments.errors import OnLegalHold, TransitionRefused
from comments.models import Comment, Decision
from comments.services.locking import lock_both
from comments.states import State
from comments.transitions import Grounds, change_state, note_act

EDIT_REFUSED = "edit_refused"


@transaction.atomic
def decide(comment: Comment, to: State, grounds: Grounds, *, seen_version: int) -> Comment:
    """Judge a comment as it was at `seen_version`, and record who, from what, and why.

    Raises StaleVersion if it changed since, TransitionRefused where the table has no arrow; both change nothing.
    The caller has checked who may. Erasing is refused: `erase` looks for legal holds first.
    """
    if to == State.ERASED:
        raise TransitionRefused(_("Erasing is a step of its own."))
    fresh = lock_both(comment, seen_version)
    change_state(fresh, to, grounds)
    return fresh


@transaction.atomic
def keep_as_it_is(comment: Comment, grounds: Grounds, *, seen_version: int) -> Comment:
    """Record that a moderator looked and left a comment as it is. Raises StaleVersion."""
    fresh = lock_both(comment, seen_version)
    note_act(fresh, Decision.Act.KEPT, grounds)
    return fresh


@transaction.atomic
def refuse_edit(comment: Comment, grounds: Grounds, *, seen_version: int) -> Comment:
    """Approve the text that readers see in the place of the edit that waits, which stays among the texts.

    Raises StaleVersion, and TransitionRefused where no edit waits.
    """
    fresh = lock_both(comment, seen_version)
    last_good = fresh.public_revision
    if fresh.state != State.HELD_EDIT or last_good is None:
        raise TransitionRefused(_("No edit of this comment waits."))
    fresh.head_revision = last_good
    fresh.edited_at = last_good.created_at if last_good.number > 1 else None
    fresh.save(update_fields=["head_revision", "edited_at"])
    change_state(fresh, State.APPROVED, replace(grounds, reason=EDIT_REFUSED))
    return fresh


def erase(comment: Comment, grounds: Grounds, *, seen_version: int | None = None) -> Comment:
    """Wipe every text of a removed comment; codes, figures and digests stay.

    Raises TransitionRefused for what was not removed first, StaleVersion, and OnLegalHold, which leaves a decision
    that says so and changes nothing else.
    """
    with transaction.atomic():
        fresh = lock_both(comment, seen_version)
        is_held = fresh.holds.standing().exists()
        if is_held:
            note_act(fresh, Decision.Act.ERASE_REFUSED, grounds)
        else:
            change_state(fresh, State.ERASED, grounds)
    if is_held:
        raise OnLegalHold(_("This comment is under a legal hold and cannot be erased."))
    return fresh

"""What an author takes back, and gives back again."""

from django.db import transaction
from django.utils.translation import gettext as _

from comments import policy
from comments.errors import RestoreClosed
from comments.models import Comment
from comments.scopes import Viewer
from comments.services.locking import lock_both
from comments.states import State
from comments.transitions import by_author, change_state
from skycrumbs.problems import Forbidden


@transaction.atomic
def withdraw(comment: Comment, *, by: Viewer, seen_version: int | None = None) -> Comment:
    """Delete one's own comment: text and name leave every surface; its place stays while replies hang on it."""
    if not policy.can_withdraw(by, comment):
        raise Forbidden(_("Only its author can delete a comment."))
    fresh = lock_both(comment, seen_version)
    change_state(fresh, State.WITHDRAWN, by_author(fresh))
    return fresh


@transaction.atomic
def restore(comment: Comment, *, by: Viewer, seen_version: int | None = None) -> Comment:
    """Take a withdrawal back, within ten minutes: the comment is what it was before, its reason with it.

    Raises Forbidden for everybody but its author, RestoreClosed when it is too late, StaleVersion.
    """
    if not policy.is_author(by, comment):
        raise Forbidden(_("Only its author can bring a comment back."))
    fresh = lock_both(comment, seen_version)
    withdrawal = policy.withdrawal_to_take_back(fresh)
    if withdrawal is None:
        raise RestoreClosed(_("This can no longer be undone."))
    change_state(fresh, State(withdrawal.was), by_author(fresh, withdrawal.was_reason))
    return fresh

"""What goes without a trace, in time: what no guest proved, and private notes that their authors withdrew."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts import guests
from comments.models import Anchor, AnchorMove, Comment, CommentRevision, Decision
from comments.policy import RESTORE_WINDOW
from comments.querysets import CommentQuerySet
from comments.services.locking import lock_if_still

UNPROVEN_FOR = timedelta(days=7)
BATCH = 500


def remove_unproven() -> int:
    """Delete what guests wrote seven days ago and nobody proved; gives how many. An id stays in the log of events."""
    overdue = Comment.objects.unproven().filter(created_at__lte=timezone.now() - UNPROVEN_FOR)
    return _remove_all(overdue.order_by("created_at"))


def remove_withdrawn_notes() -> int:
    """Delete the private notes and highlights that can no longer be restored; gives how many.

    Nobody but their authors ever read them, so nobody needs a digest. Decisions stay, which tell no word of them.
    """
    fresh = Decision.objects.filter(
        comment=OuterRef("pk"), act=Decision.Act.STATE, at__gt=timezone.now() - RESTORE_WINDOW
    )
    return _remove_all(Comment.objects.withdrawn_notes().exclude(Exists(fresh)).order_by("pk"))


def _remove_all(comments: CommentQuerySet) -> int:
    removed = 0
    while batch := list(comments.values_list("pk", flat=True)[:BATCH]):
        removed += sum(_remove(comments, pk) for pk in batch)
    return removed


@transaction.atomic
def _remove(comments: CommentQuerySet, pk: int) -> bool:
    """Delete a comment with its texts and its passage; whether it was still one of `comments`."""
    comment = lock_if_still(comments.filter(pk=pk))
    if comment is None:
        return False
    Comment.objects.filter(pk=pk).update(root=None, parent=None, path="", depth=0, head_revision=None)
    AnchorMove.objects.filter(anchor__comment=pk).delete()
    Anchor.objects.filter(comment=pk).delete()
    CommentRevision.objects.filter(comment=pk).delete()
    Comment.objects.filter(pk=pk).delete()
    if comment.guest is not None:
        guests.forget_if_unknown(comment.guest)
    return True

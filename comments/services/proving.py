"""A guest proves the address, and what they wrote takes its way; what nobody proves is removed."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts import guests
from accounts.models import Guest, GuestLink
from comments.models import Anchor, AnchorMove, Comment, CommentRevision
from comments.querysets import CommentQuerySet
from comments.services.locking import lock_article, lock_comment
from comments.services.submitting import follow
from comments.states import Verdict

UNPROVEN_FOR = timedelta(days=7)
BATCH = 500


@transaction.atomic
def prove(token: str) -> tuple[Guest, Comment]:
    """The guest of a mailed link, whose comment goes where the checks sent it when it was written.

    Other comments with that address stay as they are: somebody else may have written them. Raises the refusals of
    `guests.use_link`; a link of a comment that is no longer there, or was proven by another, is one that never was.
    """
    seen = guests.find_link(token, GuestLink.Purpose.PROVE)
    comment = _lock(Comment.objects.unproven().filter(pk=seen.comment_id or 0, guest=seen.guest))
    # After article and comment, as whoever removes the comment with its guest's links does.
    link = guests.use_link(token, GuestLink.Purpose.PROVE)
    if comment is None:
        raise guests.unknown_link()
    run = comment.check_runs.last()
    verdict, reason = (run.verdict, run.reason) if run else (Verdict.PASS, "")
    follow(comment, verdict, reason)
    return guests.set_proven(link.guest), comment


def remove_unproven() -> int:
    """Delete what guests wrote seven days ago and nobody proved; gives how many. An id stays in the log of events."""
    removed = 0
    while batch := list(_overdue().values_list("pk", flat=True)[:BATCH]):
        removed += sum(_remove(pk) for pk in batch)
    return removed


def _overdue() -> CommentQuerySet:
    return Comment.objects.unproven().filter(created_at__lte=timezone.now() - UNPROVEN_FOR).order_by("created_at")


@transaction.atomic
def _remove(pk: int) -> bool:
    """Whether it was still unproven, and is gone now."""
    comment = _lock(Comment.objects.unproven().filter(pk=pk))
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


def _lock(unproven: CommentQuerySet) -> Comment | None:
    """The one comment of `unproven` with its article and itself locked; None where it is not unproven any more."""
    found = unproven.values_list("pk", "article").first()
    if found is None:
        return None
    lock_article(found[1])
    return lock_comment(found[0], None) if unproven.exists() else None

"""A guest proves the address, and what they wrote takes its way."""

from django.db import transaction

from accounts import guests
from accounts.models import Guest, GuestLink
from comments.models import Comment
from comments.services.locking import lock_if_still
from comments.services.submitting import follow
from comments.states import Verdict


@transaction.atomic
def prove(token: str) -> tuple[Guest, Comment]:
    """The guest of a mailed link, whose comment goes where the checks sent it when it was written.

    Other comments with that address stay as they are: somebody else may have written them. Raises the refusals of
    `guests.use_link`; a link of a comment that is no longer there, or was proven by another, is one that never was.
    """
    seen = guests.find_link(token, GuestLink.Purpose.PROVE)
    comment = lock_if_still(Comment.objects.unproven().filter(pk=seen.comment_id or 0, guest=seen.guest))
    # After article and comment, as whoever removes the comment with its guest's links does.
    link = guests.use_link(token, GuestLink.Purpose.PROVE)
    if comment is None:
        raise guests.unknown_link()
    run = comment.check_runs.last()
    verdict, reason = (run.verdict, run.reason) if run else (Verdict.PASS, "")
    follow(comment, verdict, reason)
    return guests.set_proven(link.guest), comment

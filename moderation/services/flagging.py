"""What readers report."""

from django.conf import settings
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce, Least
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import limits
from accounts.models import User
from articles.canonical import sha256
from comments.models import Comment, CommentRevision, WaitingOrder
from comments.policy import is_author
from comments.services import lock_article
from comments.transitions import last_public_text
from events import services as events
from events.models import Type
from moderation.models import NOTE_MAX_LENGTH, Flag, Reason
from moderation.querysets import flaggable
from moderation.services.words import fit
from skycrumbs.blank import is_blank
from skycrumbs.problems import Forbidden, Invalid

# What may harm somebody outside while it stands is looked at first.
_URGENT = frozenset({Reason.ILLEGAL, Reason.PERSONAL_DATA})


def flag(comment: Comment, *, by: User, reason: Reason, note: str = "", network: str = "") -> tuple[Flag, bool]:
    """The open flag of `by` on `comment`, and whether it is new: one that is there stays as it was.

    It keeps the text that is public now or was until the comment was withdrawn, never one that waits, and the
    comment stands in the queue from now on. `network`: the sender's, as limits count it. Raises Invalid, Forbidden
    or TooManyRequests; then nothing is stored.
    """
    written = fit_note(note, reason)
    with transaction.atomic():
        # As every writer of the discussion does: what is public stays so until this is stored.
        lock_article(comment.article_id)
        fresh = check_can_flag(comment, by)
        there = open_flag(fresh, by)
        if there is not None:
            return there, False
        _take_limits(by, network)
        return _open(fresh, Flag(person=by, reason=reason, note=written)), True


def _take_limits(by: User, network: str) -> None:
    limits.take(f"flag:{by.pk}", settings.FLAG_LIMITS)
    if network:
        limits.take(f"flag:network:{network}", settings.FLAG_NETWORK_LIMITS)


def fit_note(note: str, reason: str) -> str:
    """The note as it is stored: NFC, at most 500 code points, and needed where the reason alone says nothing."""
    written = fit("note", note, max_length=NOTE_MAX_LENGTH)
    if not is_blank(written):
        return written
    if reason == Reason.OTHER:
        raise Invalid.field("note", "required", _("Say what is wrong with it."))
    return ""


def check_can_flag(comment: Comment, by: User) -> Comment:
    """`comment` as it is now; raises Forbidden for one's own and for what readers cannot see. One query."""
    if is_author(by, comment):
        raise Forbidden(_("You cannot report your own comment."))
    fresh = flaggable().select_related("public_revision").filter(pk=comment.pk).first()
    if fresh is None:
        raise Forbidden(_("Only what readers can see can be reported."))
    return fresh


def open_flag(comment: Comment, by: User) -> Flag | None:
    """What `by` reported of `comment` and no moderator has answered yet."""
    return Flag.objects.open().filter(comment=comment, person=by).first()


def _open(comment: Comment, new: Flag) -> Flag:
    revision = _reported_text(comment)
    new.comment, new.article_id, new.revision = comment, comment.article_id, revision
    new.sha256 = sha256(revision.source)
    new.save()
    _let_wait(comment, WaitingOrder.URGENT if new.reason in _URGENT else WaitingOrder.FLAGGED)
    # Ids alone: the note is for moderators.
    events.record(Type.COMMENT_FLAGGED, article_id=new.article_id, comment_id=comment.pk, actor_id=new.person_id)
    return new


def _let_wait(comment: Comment, order: WaitingOrder) -> None:
    """Count the flag. The version stays: to the comment's author there is no sign of a report."""
    Comment.objects.filter(pk=comment.pk).update(
        open_flags=F("open_flags") + 1,
        waiting_order=Least(F("waiting_order"), Value(order)),
        waiting_since=Coalesce(F("waiting_since"), Value(timezone.now())),
    )


def _reported_text(comment: Comment) -> CommentRevision:
    """What is public, or was before the comment was withdrawn."""
    if comment.public_revision is not None:
        return comment.public_revision
    last = last_public_text(comment)
    if last is None:
        raise LookupError(f"comment {comment.pk} never was public")
    return CommentRevision.objects.get(pk=last)

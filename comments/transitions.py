"""The one function that changes a comment's state."""

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles.models import Article, Section
from comments.errors import TransitionRefused
from comments.models import ORDINAL_DIGITS, Comment, Decision
from comments.states import TRANSITIONS, State
from events import services as events
from events.models import Type


def change_state(comment: Comment, to: State, *, by: User | None, reason: str = "") -> Decision:
    """Move `comment` to `to`: its public text, counters, the article's version, decision and event with it.

    The caller holds the locks of article and comment, in a transaction, and has checked who may. Raises
    TransitionRefused where the table has no arrow.
    """
    was = State(comment.state)
    if to not in TRANSITIONS[was]:
        raise TransitionRefused(_("A comment cannot go from “%(was)s” to “%(to)s”.") % {"was": was, "to": to})
    before = comment.public_revision_id
    comment.state, comment.state_reason = to, reason
    comment.version += 1
    comment.public_revision_id = _public_text(comment, to)
    if comment.is_public and comment.published_at is None:
        comment.published_at = timezone.now()
    comment.save(update_fields=["state", "state_reason", "version", "public_revision", "published_at"])
    if comment.public_revision_id != before:
        _tell_readers(comment, before, by)
    return _record_decision(comment, was, by, reason)


def _public_text(comment: Comment, to: State) -> int | None:
    """Which text the public reads in state `to`: the head, the last good one, or none."""
    if comment.visibility != Comment.Visibility.PUBLIC:
        return None
    if to in (State.OPEN, State.APPROVED):
        return comment.head_revision_id
    if to == State.HELD_EDIT:
        return comment.public_revision_id or last_public_text(comment)
    return None


def last_public_text(comment: Comment) -> int | None:
    """What stood in public before the comment was withdrawn, told by the decision that put it there."""
    shown = comment.decisions.filter(now__in=[State.OPEN, State.APPROVED]).order_by("-id")
    numbers = shown.values("revision_number")[:1]
    return comment.revisions.filter(number__in=numbers).values_list("pk", flat=True).first()


def _tell_readers(comment: Comment, before: int | None, by: User | None) -> None:
    """What a change of the public text moves: counters if it came or went, the article's version, the event."""
    came, went = before is None, comment.public_revision_id is None
    if came or went:
        _count(comment, 1 if came else -1)
    Article.objects.filter(pk=comment.article_id).update(version=F("version") + 1)
    kind = Type.COMMENT_EDITED
    if came or went:
        kind = Type.COMMENT_PUBLISHED if came else Type.COMMENT_UNPUBLISHED
    actor_id = by.pk if by else comment.author_id
    events.record(kind, article_id=comment.article_id, comment_id=comment.pk, actor_id=actor_id)


def _count(comment: Comment, step: int) -> None:
    Comment.objects.filter(pk__in=_standing_above(comment)).update(replies=F("replies") + step)
    if comment.is_counted:
        Article.objects.filter(pk=comment.article_id).update(comment_count=F("comment_count") + step)
        Section.objects.filter(comments=comment).update(comment_count=F("comment_count") + step)


def _standing_above(comment: Comment) -> set[int]:
    """Ids of the comments whose `replies` count this one: those above it in the thread, and its parent."""
    if comment.parent_id is None:
        return set()
    ends = range(0, len(comment.path), ORDINAL_DIGITS)
    above = Comment.objects.filter(root_id=comment.root_id, path__in=[comment.path[:end] for end in ends])
    return set(above.values_list("pk", flat=True)) | {comment.parent_id}


def _record_decision(comment: Comment, was: State, by: User | None, reason: str) -> Decision:
    return Decision.objects.create(
        comment=comment,
        article_id=comment.article_id,
        actor=by,
        revision_number=comment.text.number,
        was=was,
        now=comment.state,
        version=comment.version,
        reason=reason,
    )

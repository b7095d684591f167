"""The one function that changes a comment's state."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles.canonical import sha256
from articles.models import Article, Section
from comments import paths
from comments.errors import TransitionRefused
from comments.models import CheckResult, Comment, Decision, WaitingOrder
from comments.states import BY_AUTHOR, BY_MODERATION, UNPROVEN, WAITING_STATES, Arrows, State
from events import services as events
from events.models import Type

Role = Decision.Role


@dataclass(frozen=True)
class Grounds:
    """Who does something to a comment, and why. `by` is null for the system, and for a guest in the role of author.

    `reason` is a code; `note` is for the author to read, `private_note` for other moderators.
    """

    by: User | None = None
    role: Decision.Role = Role.SYSTEM
    reason: str = ""
    note: str = ""
    private_note: str = ""
    batch: UUID | None = None
    reverses: Decision | None = None

    @property
    def arrows(self) -> Arrows:
        return BY_AUTHOR if self.role == Role.AUTHOR else BY_MODERATION


def by_author(comment: Comment, reason: str = "") -> Grounds:
    return Grounds(by=comment.author, role=Role.AUTHOR, reason=reason)


def change_state(comment: Comment, to: State, grounds: Grounds) -> Decision:
    """Move `comment` to `to`: its public text, counters, the article's version, decision and events with it.

    The caller holds the locks of article and comment, in a transaction, and has checked who may. Raises
    TransitionRefused where the table has no arrow.
    """
    was, was_reason = State(comment.state), comment.state_reason
    if to not in grounds.arrows[was]:
        raise TransitionRefused(
            _("A comment cannot go from “%(was)s” to “%(to)s”.") % {"was": was.label, "to": to.label}
        )
    before = comment.public_revision_id
    comment.state, comment.state_reason = to, grounds.reason
    comment.public_revision_id = _public_text(comment, to)
    if comment.is_public and comment.published_at is None:
        comment.published_at = timezone.now()
    if to == State.ERASED:
        _wipe(comment)
    comment.version += 1
    set_waiting(comment)
    comment.save(
        update_fields=[
            "state", "state_reason", "version", "public_revision", "published_at", "waiting_since", "waiting_order",
            "guest_name",
        ]
    )  # fmt: skip
    if comment.public_revision_id != before:
        _tell_readers(comment, before, grounds)
    if grounds.role == Role.MODERATOR:
        _tell(Type.COMMENT_JUDGED, comment, grounds.by)
    return _record_decision(comment, Decision.Act.STATE, was, was_reason, grounds)


def note_act(comment: Comment, act: Decision.Act, grounds: Grounds) -> Decision:
    """Append what was done to a comment whose state stays. Locks and rights as for `change_state`."""
    comment.version += 1
    comment.save(update_fields=["version"])
    return _record_decision(comment, act, State(comment.state), comment.state_reason, grounds)


def set_waiting(comment: Comment) -> None:
    """Whether a moderator has anything to judge of it: a text that was held, or what readers report. Unsaved."""
    is_held = comment.state in WAITING_STATES and comment.state_reason != UNPROVEN
    if comment.visibility == Comment.Visibility.PUBLIC and (is_held or comment.open_flags):
        comment.waiting_since = comment.waiting_since or timezone.now()
    else:
        comment.waiting_since = None
    if not comment.open_flags:
        comment.waiting_order = WaitingOrder.HELD


def _public_text(comment: Comment, to: State) -> int | None:
    """Which text the public reads in state `to`: the head, the last good one, or none."""
    if comment.visibility != Comment.Visibility.PUBLIC:
        return None
    if to in (State.OPEN, State.APPROVED):
        return comment.head_revision_id
    if to == State.HELD_EDIT:
        return comment.public_revision_id or last_public_text(comment)
    return None


def _wipe(comment: Comment) -> None:
    """Leave of every text its digest and length, and of what checks found their verdicts alone."""
    for revision in comment.revisions.filter(erased_length=None):
        written = "\n".join([revision.source, *(correction["source"] for correction in revision.corrections)])
        revision.erased_sha256, revision.erased_length = sha256(written), len(written)
        # A fingerprint tells a short text to whoever guesses it.
        revision.source, revision.html, revision.corrections, revision.fingerprint = "", "", [], ""
        revision.save(
            update_fields=["source", "html", "corrections", "fingerprint", "erased_sha256", "erased_length"]
        )
    CheckResult.objects.filter(run__comment=comment).update(evidence={})
    # A guest's name is part of what they wrote; one of some kind the table of comments demands.
    comment.guest_name = comment.guest_name and "–"


def last_public_text(comment: Comment) -> int | None:
    """What stood in public before the comment was withdrawn, told by the decision that put it there."""
    numbers = last_publication(comment).values("revision_number")
    return comment.revisions.filter(number__in=numbers).values_list("pk", flat=True).first()


def last_publication(comment: Comment) -> QuerySet[Decision]:
    """The decision that made its newest public text public: one row or none."""
    return comment.decisions.filter(act=Decision.Act.STATE, now__in=[State.OPEN, State.APPROVED]).order_by("-id")[:1]


def _tell_readers(comment: Comment, before: int | None, grounds: Grounds) -> None:
    """What a change of the public text moves: counters if it came or went, the article's version, the event."""
    came, went = before is None, comment.public_revision_id is None
    step = int(came) - int(went)
    counted = step if comment.is_counted else 0
    article = Article.objects.filter(pk=comment.article_id)
    article.update(version=F("version") + 1, comment_count=F("comment_count") + counted)
    if counted and comment.section_id:
        Section.objects.filter(pk=comment.section_id).update(comment_count=F("comment_count") + counted)
    kind = Type.COMMENT_EDITED
    if step:
        Comment.objects.filter(pk__in=_standing_above(comment)).update(replies=F("replies") + step)
        kind = Type.COMMENT_PUBLISHED if came else Type.COMMENT_UNPUBLISHED
    _tell(kind, comment, grounds.by or comment.author)


def _tell(kind: Type, comment: Comment, actor: User | None) -> None:
    actor_id = actor.pk if actor else None
    events.record(kind, article_id=comment.article_id, comment_id=comment.pk, actor_id=actor_id)


def _standing_above(comment: Comment) -> set[int]:
    """Ids of the comments whose `replies` count this one: those above it in the thread, and its parent."""
    if comment.parent_id is None:
        return set()
    above = Comment.objects.filter(root_id=comment.root_id, path__in=paths.above(comment.path))
    return set(above.values_list("pk", flat=True)) | {comment.parent_id}


def _record_decision(comment: Comment, act: Decision.Act, was: State, was_reason: str, grounds: Grounds) -> Decision:
    return Decision.objects.create(
        comment=comment,
        article_id=comment.article_id,
        act=act,
        role=grounds.role,
        actor=grounds.by,
        revision_number=comment.text.number,
        was=was,
        was_reason=was_reason,
        now=comment.state,
        version=comment.version,
        reason=grounds.reason,
        note=grounds.note,
        private_note=grounds.private_note,
        batch=grounds.batch,
        reverses=grounds.reverses,
    )

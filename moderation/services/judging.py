"""What moderators make of comments: one by one, and many at once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from comments import services as comments
from comments.errors import OnLegalHold, StaleVersion, TransitionRefused
from comments.models import NOTE_MAX_LENGTH, Comment, Decision
from comments.policy import can_moderate
from comments.states import REMOVED_STATES, State
from comments.transitions import Grounds, change_state, note_act, set_waiting
from events import services as events
from moderation import policy
from moderation.models import Flag
from moderation.rulings import AGAINST, LEADS_TO, RejectionReason, Ruling, offered
from moderation.services.words import fit
from skycrumbs.blank import is_blank
from skycrumbs.ids import new_id
from skycrumbs.problems import Forbidden, Invalid, Refusal

MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Seen:
    """A comment as a moderator saw it: its id, its version, and how many open flags it had, if that was shown."""

    pk: int
    version: int
    flags: int | None = None

    @property
    def token(self) -> str:
        """Version and flags, for a form to carry."""
        return f"{self.version}" if self.flags is None else f"{self.version}.{self.flags}"

    @classmethod
    def read(cls, pk: int, token: str) -> "Seen | None":
        """What `token` says of the comment; None for what `token` never gave."""
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", token):
            return None
        version, _dot, flags = token.partition(".")
        return cls(pk, int(version), int(flags) if flags else None)


class Fate(Enum):
    DONE = "done"
    STALE = "stale"
    REFUSED = "refused"


@dataclass(frozen=True)
class Judged:
    """What became of one of many; `comment` as it is now, None for one the moderator may not know of."""

    seen: Seen
    fate: Fate
    comment: Comment | None
    detail: str = ""


def judge(
    comment: Comment,
    ruling: Ruling,
    *,
    by: User,
    seen_version: int,
    seen_flags: int | None = None,
    reason: str = "",
    note: str = "",
    private_note: str = "",
    batch: UUID | None = None,
    reverses: Decision | None = None,
) -> Comment:
    """Judge a comment as it was seen, and answer its open flags: upheld by what removes it, else dismissed.

    `reason` is of use for rejecting alone, which needs one. What is approved already is left as it is. Giving back
    what was removed reverses the decision that removed it. Raises Forbidden, Invalid, StaleVersion also where
    somebody reported it since, and TransitionRefused; then nothing is changed.
    """
    grounds = _grounds(by, ruling, reason, note, private_note)
    if not can_moderate(by, comment):
        raise Forbidden(_("Another moderator has to judge this comment."))
    with transaction.atomic():
        comments.lock_article(comment.article_id)
        fresh = comments.lock_comment(comment.pk, seen_version)
        ruling = _fitting(fresh, ruling)
        _check_flags_were_seen(fresh, seen_flags)
        grounds = replace(grounds, batch=batch, reverses=_reversed(fresh, ruling, reverses))
        _answer_flags(fresh, Flag.Outcome.UPHELD if ruling in AGAINST else Flag.Outcome.DISMISSED)
        return _carry_out(fresh, ruling, grounds)


def judge_many(
    seen: Sequence[Seen],
    ruling: Ruling,
    *,
    by: User,
    reason: str = "",
    note: str = "",
    private_note: str = "",
) -> list[Judged]:
    """Judge up to 500 comments alike, each for itself, and say what became of each; the decisions share a batch.

    Raises Invalid for a reason or note that fits none, or for too many; then none is judged.
    """
    if len(seen) > MOST_AT_ONCE:
        raise Invalid.field("ticked", "too_many", _("Judge at most %d comments at once.") % MOST_AT_ONCE)
    _grounds(by, ruling, reason, note, private_note)
    there = Comment.objects.moderated_by(by).select_related("article").defer("article__draft_source")
    known, batch = there.in_bulk([one.pk for one in seen]), new_id()

    def judge_one(one: Seen) -> Judged:
        comment = known.get(one.pk)
        if comment is None:
            return Judged(one, Fate.REFUSED, None, _("There is no such comment."))
        try:
            fresh = judge(
                comment,
                ruling,
                by=by,
                seen_version=one.version,
                seen_flags=one.flags,
                reason=reason,
                note=note,
                private_note=private_note,
                batch=batch,
            )
        except Refusal as refusal:
            fate = Fate.STALE if isinstance(refusal, StaleVersion) else Fate.REFUSED
            return Judged(one, fate, comment, refusal.detail)
        return Judged(one, Fate.DONE, fresh)

    with events.numbered_together():
        return [judge_one(one) for one in seen]


def erase(comment: Comment, *, by: User, seen_version: int, private_note: str = "") -> Comment:
    """Wipe the text of a removed comment for good. Raises what `comments.services.erase` raises, and Forbidden.

    What readers report is kept until somebody answers it.
    """
    if not policy.can_erase(by, comment):
        raise Forbidden(_("You may not erase this comment."))
    grounds = Grounds(
        by=by,
        role=Decision.Role.MODERATOR,
        private_note=fit("private_note", private_note, max_length=NOTE_MAX_LENGTH),
    )
    with transaction.atomic():
        comments.lock_article(comment.article_id)
        if comments.lock_comment(comment.pk, seen_version).open_flags:
            raise TransitionRefused(_("Answer what readers reported before you erase it."))
        try:
            return comments.erase(comment, grounds, seen_version=seen_version)
        except OnLegalHold as refusal:
            # That it was tried stays on record.
            kept = refusal
    raise kept


def _grounds(by: User, ruling: Ruling, reason: str, note: str, private_note: str) -> Grounds:
    """Who judges and why, made fit to store; raises Invalid."""
    fit_note = fit("note", note, max_length=NOTE_MAX_LENGTH)
    if ruling != Ruling.REJECT:
        reason = ""
    elif reason not in RejectionReason:
        raise Invalid.field("reason", "required", _("Choose a reason."))
    elif reason == RejectionReason.OTHER and is_blank(fit_note):
        raise Invalid.field("note", "required", _("Say to its author what is wrong with it."))
    return Grounds(
        by=by,
        role=Decision.Role.MODERATOR,
        reason=reason,
        note=fit_note,
        private_note=fit("private_note", private_note, max_length=NOTE_MAX_LENGTH),
    )


def _fitting(comment: Comment, ruling: Ruling) -> Ruling:
    """The ruling that is meant; raises TransitionRefused where none like it can be made of `comment`."""
    state = State(comment.state)
    if ruling == Ruling.APPROVE and state == State.APPROVED:
        return Ruling.KEEP
    if ruling not in offered(state, comment.open_flags):
        words = _("“%(ruling)s” cannot be chosen for a comment that is %(state)s.")
        raise TransitionRefused(words % {"ruling": ruling.label, "state": state.label})
    return ruling


def _check_flags_were_seen(comment: Comment, seen_flags: int | None) -> None:
    """Flags do not move the version, which its author is told; but nobody answers a report unread."""
    if seen_flags is not None and comment.open_flags > seen_flags:
        raise StaleVersion(_("The comment was reported since you read it."), version=comment.version)


def _reversed(comment: Comment, ruling: Ruling, named: Decision | None) -> Decision | None:
    """The decision that this one takes back, if any; raises Invalid for one on another comment."""
    if named is not None and named.comment_id != comment.pk:
        raise Invalid.field("reverses", "unknown", _("That decision is about another comment."))
    if named is None and ruling == Ruling.APPROVE and comment.state in REMOVED_STATES:
        return comment.decisions.filter(act=Decision.Act.STATE).last()
    return named


def _answer_flags(comment: Comment, outcome: Flag.Outcome) -> None:
    if not comment.open_flags:
        return
    Flag.objects.open().filter(comment=comment).update(closed_at=timezone.now(), outcome=outcome)
    comment.open_flags = 0
    set_waiting(comment)
    comment.save(update_fields=["open_flags", "waiting_since", "waiting_order"])


def _carry_out(comment: Comment, ruling: Ruling, grounds: Grounds) -> Comment:
    """On a comment that is locked, so that locks are not taken twice: many are judged at once."""
    if ruling == Ruling.KEEP_OLD_TEXT:
        return comments.refuse_edit(comment, grounds, seen_version=comment.version)
    if ruling == Ruling.KEEP:
        note_act(comment, Decision.Act.KEPT, grounds)
    else:
        change_state(comment, LEADS_TO[ruling], grounds)
    return comment

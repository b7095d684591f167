"""Legal holds: one person places one, two release it."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from comments.errors import HoldRefused
from comments.models import Comment, Decision, LegalHold
from comments.services.locking import lock_both
from comments.states import State
from comments.transitions import Grounds, note_act
from skycrumbs.ends import LATEST_YEAR, is_too_late

Act = Decision.Act


@transaction.atomic
def place_hold(
    comment: Comment, *, by: User, case_ref: str, authority: str, ends_at: datetime | None = None
) -> LegalHold:
    """Keep a comment from being erased. Raises HoldRefused where it is held or erased, or for an unfit end."""
    fresh = lock_both(comment, None)
    if fresh.holds.standing().exists():
        raise HoldRefused(_("This comment is under a legal hold already."))
    if fresh.state == State.ERASED:
        raise HoldRefused(_("Nothing is left of this comment to be kept."))
    if ends_at is not None and ends_at <= timezone.now():
        raise HoldRefused(_("This hold would have ended already."))
    if ends_at is not None and is_too_late(ends_at):
        raise HoldRefused(_("Choose an end up to the year %d, or none.") % LATEST_YEAR)
    note_act(fresh, Act.HOLD, _grounds(by, case_ref))
    return LegalHold.objects.create(
        comment=fresh, case_ref=case_ref, authority=authority, ends_at=ends_at, placed_by=by
    )


@transaction.atomic
def ask_release(hold: LegalHold, *, by: User) -> LegalHold:
    """The first of two people who release a hold. Raises HoldRefused if it is released or asked for already."""
    fresh = _locked(hold)
    if fresh.release_asked_by_id is not None:
        raise HoldRefused(_("Its release is asked for already."))
    fresh.release_asked_by = by
    fresh.save(update_fields=["release_asked_by"])
    note_act(fresh.comment, Act.RELEASE_ASKED, _grounds(by, fresh.case_ref))
    return fresh


@transaction.atomic
def release_hold(hold: LegalHold, *, by: User) -> LegalHold:
    """The second of two people who release a hold. Raises HoldRefused for the first, or where nobody asked."""
    fresh = _locked(hold)
    if fresh.release_asked_by_id in (None, by.pk):
        raise HoldRefused(_("Somebody else has to ask for the release first."))
    fresh.released_by, fresh.released_at = by, timezone.now()
    fresh.save(update_fields=["released_by", "released_at"])
    note_act(fresh.comment, Act.RELEASE, _grounds(by, fresh.case_ref))
    return fresh


def _locked(hold: LegalHold) -> LegalHold:
    comment = lock_both(hold.comment, None)
    fresh = LegalHold.objects.get(pk=hold.pk)
    fresh.comment = comment
    if fresh.released_at is not None:
        raise HoldRefused(_("This hold is released."))
    return fresh


def _grounds(by: User, case_ref: str) -> Grounds:
    return Grounds(by=by, role=Decision.Role.MODERATOR, private_note=case_ref)

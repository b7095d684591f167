"""What moderators lay on people, and take back."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Guest, User
from comments.models import Comment
from comments.policy import can_moderate, is_author
from comments.scopes import Viewer
from moderation.errors import SanctionRefused
from moderation.models import SANCTION_MESSAGE_MAX_LENGTH, Sanction
from moderation.policy import moderates_all
from moderation.services.words import fit
from skycrumbs.blank import is_blank
from skycrumbs.ends import LATEST_YEAR, is_too_late
from skycrumbs.problems import Forbidden, Invalid

Kind = Sanction.Kind


@transaction.atomic
def sanction(
    target: User | Guest,
    kind: Kind,
    *,
    message: str,
    by: User,
    ends_at: datetime | None = None,
    comment: Comment | None = None,
) -> Sanction:
    """Warn or suspend `target`, or hold what they write, with a message that they are shown.

    Without `ends_at` it lasts until it is lifted. `comment`: the one of theirs that gave cause. Sent twice within a
    minute it is laid once. Raises Forbidden or Invalid.
    """
    check_can_sanction(target, by)
    if comment is not None and not (is_author(target, comment) and can_moderate(by, comment)):
        raise Invalid.field("comment", "unknown", _("This is no comment of theirs."))
    new = Sanction(
        person=target if isinstance(target, User) else None,
        guest=target if isinstance(target, Guest) else None,
        kind=kind,
        message=_fit_message(message),
        comment=comment,
        made_by=by,
        ends_at=_fit_end(kind, ends_at),
    )
    # Two forms at once are looked at one after the other.
    type(target).objects.select_for_update(no_key=True).get(pk=target.pk)
    there = _sent_before(new)
    if there is None:
        new.save()
    return there or new


def _sent_before(new: Sanction) -> Sanction | None:
    """The same by the same moderator a moment ago, which stands: the button was pressed twice."""
    since = timezone.now() - timedelta(seconds=settings.DOUBLE_POST_SECONDS)
    names = ("person", "guest", "kind", "message", "comment", "made_by", "ends_at")
    alike = Sanction.objects.standing().filter(**{name: getattr(new, name) for name in names})
    return alike.filter(starts_at__gt=since).first()


@transaction.atomic
def lift(sanction: Sanction, *, by: User) -> Sanction:
    """End a sanction now. Raises Forbidden as for laying it on, and SanctionRefused where it is over already."""
    fresh = _locked(sanction)
    check_can_sanction(fresh.target, by)
    if not fresh.is_standing:
        raise SanctionRefused(_("This is over already."))
    fresh.lifted_by, fresh.lifted_at = by, timezone.now()
    fresh.save(update_fields=["lifted_by", "lifted_at"])
    return fresh


@transaction.atomic
def acknowledge(sanction: Sanction, *, by: Viewer) -> Sanction:
    """Note that whom a warning is for has read it; done again it changes nothing.

    Raises Forbidden for everybody else, SanctionRefused for what is no warning.
    """
    fresh = _locked(sanction)
    if by != fresh.target:
        raise Forbidden(_("This is for somebody else to read."))
    if fresh.kind != Kind.WARN:
        raise SanctionRefused(_("Only a warning asks to be read."))
    if fresh.acknowledged_at is None:
        fresh.acknowledged_at = timezone.now()
        fresh.save(update_fields=["acknowledged_at"])
    return fresh


def check_can_sanction(target: User | Guest, by: User) -> None:
    """Raises Forbidden, which says why `by` may lay nothing on `target`."""
    if not moderates_all(by):
        raise Forbidden(_("A sanction holds on the whole site: ask a moderator who is not limited to a part of it."))
    if target == by:
        raise Forbidden(_("Nobody judges themselves."))
    is_staff = isinstance(target, User) and (target.is_staff or target.is_superuser)
    if is_staff and not by.is_superuser:
        raise Forbidden(_("Only a superuser may do this to somebody of the staff."))


def _locked(sanction: Sanction) -> Sanction:
    rows = Sanction.objects.select_related("person", "guest").select_for_update(of=("self",))
    return rows.get(pk=sanction.pk)


def _fit_message(message: str) -> str:
    written = fit("message", message, max_length=SANCTION_MESSAGE_MAX_LENGTH)
    if is_blank(written):
        raise Invalid.field("message", "blank", _("Say why: they are shown this message."))
    return written


def _fit_end(kind: Kind, ends_at: datetime | None) -> datetime | None:
    if ends_at is None:
        return None
    if kind == Kind.WARN:
        raise Invalid.field("ends_at", "not_for_kind", _("A warning has no end."))
    if ends_at <= timezone.now():
        raise Invalid.field("ends_at", "past", _("Choose an end that is still to come."))
    if is_too_late(ends_at):
        raise Invalid.field("ends_at", "too_late", _("Choose an end up to the year %d, or none.") % LATEST_YEAR)
    return ends_at

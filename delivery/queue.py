"""Mail to moderators when something waits for them: how much, how urgent, since when, and no more."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Count, Max, Min, Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.models import User
from comments.models import Comment, WaitingOrder
from comments.scopes import MODERATE
from delivery.addresses import queue_link
from delivery.letters import NotSent, address_of, letter
from delivery.models import Delivery, Dropped, Kind
from delivery.noting import note
from moderation.waiting import capped_count, figure, queue_of

HOUR = timedelta(hours=1)
# Rights come from groups and from the account itself.
_RIGHTS = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class Past:
    """What a moderator was mailed so far: `told_at` what is sent, `noted_at` also what is not."""

    told_at: datetime | None = None
    noted_at: datetime | None = None
    version: int = 0
    pending: int = 0

    def allows(self, now: datetime) -> bool:
        """Whether the last one is an hour old."""
        latest = max((at for at in (self.told_at, self.noted_at) if at), default=None)
        return self.pending == 0 and (latest is None or latest <= now - HOUR)


NEVER = Past()


def remind() -> int:
    """Note a mail to every moderator for whom something began to wait since the last one, at most one in an hour.

    Gives how many. One query where nothing waits at all, and a few for each moderator whose last mail is older than
    what came last. Of several who do this at once each moderator is noted by one.
    """
    newest = Comment.objects.waiting().aggregate(newest=Max("waiting_since"))["newest"]
    if newest is None:
        return 0
    moderators = list(_moderators())
    pasts = _pasts(moderators)
    owed = [
        _owed(one, pasts.get(one.pk, NEVER)) for one in moderators if _is_due(one, pasts.get(one.pk, NEVER), newest)
    ]
    note(owed)
    return len(owed)


def _moderators() -> Iterable[User]:
    """Staff who may moderate something, can be reached and want to be."""
    people = User.objects.with_perm(MODERATE, backend=_RIGHTS).filter(is_staff=True, wants_queue_mail=True)
    return people.filter(emailaddress__primary=True, emailaddress__verified=True).order_by("pk")


def _pasts(moderators: Iterable[User]) -> dict[int, Past]:
    rows = Delivery.objects.filter(kind=Kind.QUEUE, user__in=moderators).values("user").order_by("user")
    figures = rows.annotate(
        told_at=Max("sent_at"),
        noted_at=Max("created_at"),
        last=Max("version"),
        pending=Count("pk", filter=Q(sent_at=None, dropped="")),
    )
    return {pk: Past(*past) for pk, *past in figures.values_list("user", "told_at", "noted_at", "last", "pending")}


def _is_due(moderator: User, past: Past, newest: datetime) -> bool:
    if not past.allows(timezone.now()):
        return False
    if past.told_at is None:
        return queue_of(moderator).exists()
    return past.told_at < newest and queue_of(moderator).filter(waiting_since__gt=past.told_at).exists()


def _owed(moderator: User, past: Past) -> Delivery:
    return Delivery(kind=Kind.QUEUE, user=moderator, version=past.version + 1)


def compose(delivery: Delivery) -> EmailMessage:
    """What waits for its reader now; raises NotSent where nothing does, or they should not be told."""
    moderator = delivery.user
    if moderator is None or not moderator.wants_queue_mail:
        raise NotSent(Dropped.UNSUBSCRIBED)
    waiting = queue_of(moderator)
    number = capped_count(waiting) if moderator.is_staff else 0
    if number == 0:
        raise NotSent(Dropped.NOTHING_WAITS)
    context = {
        "said": _said(number),
        "urgent": figure(capped_count(waiting.filter(waiting_order=WaitingOrder.URGENT))),
        "since": waiting.aggregate(since=Min("waiting_since"))["since"],
        "url": queue_link(),
        "site_name": settings.SITE_NAME,
    }
    text = render_to_string("delivery/queue.txt", context)
    return letter(address_of(moderator), f"queue.{moderator.pk}.{delivery.version}", subject=_said(number), text=text)


def _said(number: int) -> str:
    words = ngettext("%(number)s comment waits for a moderator", "%(number)s comments wait for a moderator", number)
    return words % {"number": figure(number)}

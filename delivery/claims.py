"""Mail to a guest who asked for a link to what they wrote."""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.guests import LASTS, make_link
from accounts.models import Guest, GuestLink
from comments.models import Comment
from comments.policy import is_unproven
from delivery.addresses import manage_link
from delivery.letters import NotSent, address_of, letter, one_line
from delivery.models import Delivery, Dropped, Kind
from delivery.noting import note
from events.models import Event, Type

MANAGE = GuestLink.Purpose.MANAGE


def consume(events: Sequence[Event]) -> None:
    """Note a mail for each time a guest asked; how often one may ask was counted then."""
    asked = [event for event in events if event.type == Type.GUEST_LINK_ASKED and event.comment_id]
    about = Comment.objects.filter(pk__in=[event.comment_id for event in asked], guest__isnull=False)
    guests = dict(about.values_list("pk", "guest"))
    note([_owed(event, guests[event.comment_id]) for event in asked if event.comment_id in guests])


def _owed(event: Event, guest_id: int) -> Delivery:
    return Delivery(kind=Kind.MANAGE, comment_id=event.comment_id, guest_id=guest_id, event_number=event.number)


def compose(delivery: Delivery) -> EmailMessage:
    """A new link; raises NotSent where there is nothing it could lead to, or its reader proved no address."""
    about = Comment.objects.select_related("article", "guest")
    comment = about.filter(pk=delivery.comment_id or 0, guest=delivery.guest_id or 0).first()
    if comment is None or comment.guest is None or comment.is_gone or is_unproven(comment):
        raise NotSent(Dropped.NOT_READABLE)
    return _letter(comment, comment.guest, delivery)


def _letter(comment: Comment, guest: Guest, delivery: Delivery) -> EmailMessage:
    to, title = address_of(guest), one_line(comment.article.title)
    context = {
        "title": title,
        "url": manage_link(make_link(guest, MANAGE, comment.pk)),
        "minutes": LASTS[MANAGE].seconds // 60,
        "site_name": settings.SITE_NAME,
    }
    return letter(
        to,
        f"manage.{comment.key}.{delivery.event_number}",
        subject=_("The link to your comment on “%(title)s”") % {"title": title},
        text=render_to_string("delivery/manage.txt", context),
    )

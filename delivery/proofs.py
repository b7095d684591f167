"""Mail to a guest who wrote and is to confirm that the address is theirs: all that one with no proof ever gets."""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.guests import LASTS, make_link
from accounts.models import Guest, GuestLink
from comments.models import Comment
from delivery.addresses import confirm_link
from delivery.letters import NotSent, letter, one_line, quoted
from delivery.models import Delivery, Dropped, Kind
from delivery.noting import note
from events.models import Event, Type

PROVE = GuestLink.Purpose.PROVE
# In code points. Whoever knows an address can have this mailed to it: enough to know one's own words by, and too
# little for a letter.
QUOTE_MAX_LENGTH = 300


def consume(events: Sequence[Event]) -> None:
    """Note a mail to the guest of each comment that waits for its proof."""
    happened = (event for event in events if event.type == Type.GUEST_PROOF_ASKED)
    submitted = {event.comment_id: event.number for event in happened if event.comment_id}
    unproven = Comment.objects.unproven().filter(pk__in=submitted, guest__isnull=False).order_by("pk")
    note([
        Delivery(kind=Kind.PROOF, comment_id=pk, guest_id=guest, event_number=submitted[pk])
        for pk, guest in unproven.values_list("pk", "guest")
    ])  # fmt: skip


@transaction.atomic
def compose(delivery: Delivery) -> EmailMessage:
    """The guest's own words and a new link; raises NotSent where the comment is proven or gone.

    Links of earlier tries stay good: the server may have taken a mail and failed to say so.
    """
    unproven = Comment.objects.unproven().select_related("article", "guest", "head_revision")
    asked = unproven.filter(pk=delivery.comment_id or 0, guest=delivery.guest_id or 0)
    # Whoever removes it, with its guest, waits until the link is stored.
    comment = asked.select_for_update(of=("self",)).first()
    if comment is None or comment.guest is None:
        raise NotSent(Dropped.NOT_UNPROVEN)
    return _letter(comment, comment.guest)


def _letter(comment: Comment, guest: Guest) -> EmailMessage:
    title = one_line(comment.article.title)
    context = {
        "title": title,
        "quote": quoted(_beginning(comment.text.source)),
        "url": confirm_link(make_link(guest, PROVE, comment.pk)),
        "days": LASTS[PROVE].days,
        "site_name": settings.SITE_NAME,
    }
    return letter(
        # Proven or not: this is how it is proven.
        guest.email,
        f"proof.{comment.key}",
        subject=_("Confirm your comment on “%(title)s”") % {"title": title},
        text=render_to_string("delivery/proof.txt", context),
    )


def _beginning(text: str) -> str:
    return text if len(text) <= QUOTE_MAX_LENGTH else f"{text[:QUOTE_MAX_LENGTH].rstrip()} …"

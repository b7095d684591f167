"""Mail to whom was answered."""

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import limits
from accounts.models import Guest, User
from comments.models import Comment, CommentRevision
from comments.querysets import NOBODY
from delivery.letters import NotSent, NotYet, address_of, letter, link, one_line, quoted
from delivery.models import Delivery, Dropped, Kind
from delivery.noting import note
from delivery.stopping import stop_link
from events.models import Event, Type
from skycrumbs.problems import TooManyRequests


def consume(events: Sequence[Event]) -> None:
    """Note a mail to the author of each comment that was answered in public, unless they answered themselves."""
    happened = (event for event in events if event.type == Type.COMMENT_PUBLISHED)
    published = {event.comment_id: event.number for event in happened if event.comment_id}
    replies = Comment.objects.filter(pk__in=published, parent__isnull=False)
    note([
        Delivery(kind=Kind.REPLY, comment_id=pk, user_id=user, guest_id=guest, event_number=published[pk])
        for pk, *by, user, guest in replies.values_list("pk", "author", "guest", "parent__author", "parent__guest")
        if by != [user, guest]
    ])  # fmt: skip
    _owe_again(published)


def _owe_again(published: Iterable[int]) -> None:
    """Whom it was kept from because it was taken down, and that is over, is told now: for the first time."""
    kept = Delivery.objects.filter(kind=Kind.REPLY, comment_id__in=published, dropped=Dropped.NOT_READABLE)
    kept.update(dropped="", attempts=0, next_try_at=timezone.now())


def compose(delivery: Delivery) -> EmailMessage:
    """The reply as anybody can read it now; raises NotSent where nobody can, or its reader should not be told, and
    NotYet where its reader was mailed too much of late.
    """
    reply = _readable(delivery.comment_id or 0)
    reader = delivery.reader
    if reply is None or reply.parent is None or reply.public_revision is None:
        raise NotSent(Dropped.NOT_READABLE)
    if reply.parent.is_gone:
        raise NotSent(Dropped.PARENT_GONE)
    if not reader.wants_reply_mail:
        raise NotSent(Dropped.UNSUBSCRIBED)
    message = _letter(reply, reply.public_revision, reader)
    if delivery.attempts <= 1:
        # Later tries were counted with the first.
        _count(reader)
    return message


def _count(reader: User | Guest) -> None:
    kind = "guest" if isinstance(reader, Guest) else "user"
    try:
        with transaction.atomic():
            limits.take(f"reply_mail:{kind}:{reader.pk}", settings.REPLY_MAIL_LIMITS)
    except TooManyRequests as refusal:
        raise NotYet(refusal.retry_after) from refusal


def _readable(pk: int) -> Comment | None:
    readable = Comment.objects.readable_by(NOBODY).select_related("article", "author", "parent", "public_revision")
    return readable.filter(pk=pk).first()


def _letter(reply: Comment, text: CommentRevision, reader: User | Guest) -> EmailMessage:
    who = {"name": one_line(reply.writer_name), "title": one_line(reply.article.title)}
    stop = stop_link(reader)
    context = who | {"quote": quoted(text.source), "url": link("pages:comment", reply.key), "stop_url": stop}
    return letter(
        address_of(reader),
        f"reply.{reply.key}",
        subject=_("%(name)s replied to you on “%(title)s”") % who,
        text=render_to_string("delivery/reply.txt", context | {"site_name": settings.SITE_NAME}),
        # One click in the mail program. (RFC 2369, section 3.2; RFC 8058, section 3.1)
        headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )

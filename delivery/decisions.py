"""Mail to whose comment a moderator judged."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import takewhile

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from accounts.models import Guest, User
from comments.models import Comment, Decision
from comments.services.judging import EDIT_REFUSED
from comments.states import State
from delivery.addresses import claim_link
from delivery.letters import NotSent, address_of, letter, link, one_line, quoted
from delivery.models import Delivery, Dropped, Kind
from delivery.noting import note
from events.models import Event, Type
from moderation.words import to_author

# What is undone sooner is never told.
UNDO = timedelta(seconds=10)

STATE = Decision.Act.STATE

SAID = {
    State.APPROVED: _("Your comment on “%(title)s” was approved"),
    State.REJECTED: _("Your comment on “%(title)s” was rejected"),
    State.ILLEGAL: _("Your comment on “%(title)s” was restricted on legal ground"),
}
SAID_OF_EDIT = _("Your edit of your comment on “%(title)s” was not taken; readers see the text from before")


def consume(events: Sequence[Event]) -> None:
    """Note a mail to the author of each comment that a moderator judged."""
    judged = {event.comment_id: event for event in events if event.type == Type.COMMENT_JUDGED}
    decisions = _decided(Decision.objects.filter(comment__in=judged)).select_related("comment").order_by("id")
    # Of each the last: what came before it holds no longer.
    last = {decision.comment_id: decision for decision in decisions}
    note([_owed(decision, judged[pk]) for pk, decision in last.items() if _may_be_told(decision)])


def _decided(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """What was said of comments. Erasing takes the words away and leaves what was decided as it is."""
    return decisions.filter(act=STATE).exclude(now=State.ERASED)


def _may_be_told(decision: Decision) -> bool:
    """Spam is removed in silence, and that a public comment was read and left is no news."""
    is_news = decision.now in SAID and not (decision.now == State.APPROVED and decision.was == State.OPEN)
    return is_news and _is_judgement(decision)


def _is_judgement(decision: Decision) -> bool:
    return decision.role == Decision.Role.MODERATOR


def _owed(decision: Decision, event: Event) -> Delivery:
    return Delivery(
        kind=Kind.DECISION,
        comment_id=decision.comment_id,
        user_id=decision.comment.author_id,
        guest_id=decision.comment.guest_id,
        version=decision.version,
        event_number=event.number,
        next_try_at=decision.at + UNDO,
    )


def compose(delivery: Delivery) -> EmailMessage:
    """What was decided and why; raises NotSent where it holds no longer, or is no news to the author."""
    comment = Comment.objects.select_related("article").filter(pk=delivery.comment_id or 0).first()
    decisions = list(_decided(comment.decisions.all()).order_by("-id")) if comment else []
    if comment is None or not decisions or decisions[0].version != delivery.version:
        raise NotSent(Dropped.DECISION_CHANGED)
    if not _is_news(decisions[0], _known(decisions, comment)):
        raise NotSent(Dropped.NOTHING_NEW)
    return _letter(decisions[0], comment, delivery.reader)


def _known(decisions: Sequence[Decision], comment: Comment) -> str:
    """The state its author last knew of: before those of the last judgements that they were told nothing of.

    `decisions` begin with the newest, a judgement of which they were not told.
    """
    told = Delivery.objects.filter(kind=Kind.DECISION, comment_id=comment.pk, sent_at__isnull=False)
    versions = set(told.values_list("version", flat=True))
    untold = takewhile(lambda one: _is_judgement(one) and one.version not in versions, decisions)
    return list(untold)[-1].was


def _is_news(decision: Decision, known: str) -> bool:
    if decision.now == State.APPROVED:
        return known not in (State.OPEN, State.APPROVED)
    return decision.now != known


def _letter(decision: Decision, comment: Comment, reader: User | Guest) -> EmailMessage:
    said = _said(decision) % {"title": one_line(comment.article.title)}
    is_guest = isinstance(reader, Guest)
    context = {
        "said": said,
        "reason": "" if decision.reason == EDIT_REFUSED else to_author(decision.reason),
        "note": quoted(decision.note),
        # What is hidden from readers is shown to an account that is signed in, and to a guest by a link alone.
        "url": claim_link(comment) if is_guest else link("pages:comment", comment.key),
        "is_guest": is_guest,
        "is_erased": comment.state == State.ERASED,
        "site_name": settings.SITE_NAME,
    }
    text = render_to_string("delivery/decision.txt", context)
    return letter(address_of(reader), f"decision.{comment.key}.{decision.version}", subject=said, text=text)


def _said(decision: Decision) -> str:
    return str(SAID_OF_EDIT if decision.reason == EDIT_REFUSED else SAID[State(decision.now)])

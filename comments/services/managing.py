"""The links that are mailed to guests: what they lead to, and how a guest comes by another one."""

from uuid import UUID

from django.db import transaction

from accounts import guests
from accounts.models import Guest, GuestLink
from comments import policy
from comments.models import Comment
from comments.querysets import CommentQuerySet
from comments.states import GONE_STATES
from events import services as events
from events.models import Type

Purpose = GuestLink.Purpose


def awaiting_proof(token: str) -> Comment:
    """What `prove` takes further; writes nothing. Raises as it does, and LinkUsed where another link was quicker."""
    comment = _of(guests.find_link(token, Purpose.PROVE))
    if not policy.is_unproven(comment):
        raise guests.used_link()
    return comment


def to_manage(token: str) -> Comment:
    """The comment that a mailed link is for; writes nothing. Raises LinkUnknown, LinkUsed or LinkExpired."""
    return _manageable(guests.find_link(token, Purpose.MANAGE))


@transaction.atomic
def manage(token: str) -> tuple[Guest, Comment]:
    """The guest of a mailed link and the comment it is for, with the link used up. Raises as `to_manage` does."""
    link = guests.use_link(token, Purpose.MANAGE)
    return link.guest, _manageable(link)


@transaction.atomic
def ask_to_manage(public_id: UUID, *, email: str, network: str) -> None:
    """Have a link mailed to who wrote the comment, if that was a guest with this address; nobody learns whether.

    Counted as a mail either way: raises TooManyRequests past its limits.
    """
    guests.count_mail(email, network)
    comments = Comment.objects.exclude(state__in=sorted(GONE_STATES)).select_related("guest")
    comment = comments.filter(public_id=public_id, guest__email=guests.normal(email)).first()
    if comment is not None and not policy.is_unproven(comment):
        events.record(Type.GUEST_LINK_ASKED, article_id=comment.article_id, comment_id=comment.pk)
    else:
        # That takes most of the time, and how fast the answer came would tell.
        events.wake()


def link_leads_to(token: str) -> Comment | None:
    """The comment of a mailed link that may have been used or have run out; None once the comment is gone."""
    return _all().filter(pk=guests.comment_id_of(token) or 0).first()


def _manageable(link: GuestLink) -> Comment:
    comment = _of(link)
    if comment.is_gone or policy.is_unproven(comment):
        raise guests.unknown_link()
    return comment


def _of(link: GuestLink) -> Comment:
    """The comment a link is for, if it is there and the guest's."""
    comment = _all().filter(pk=link.comment_id or 0, guest=link.guest).first()
    if comment is None:
        raise guests.unknown_link()
    return comment


def _all() -> CommentQuerySet:
    return Comment.objects.with_page_and_parent().select_related("guest")

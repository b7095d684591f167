"""Send what is due: each mail made of what is true at that moment, and none twice."""

import logging
from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused

from django.core.mail import EmailMessage
from django.db import DatabaseError, transaction
from django.utils import timezone

from delivery import claims, decisions, proofs, queue, replies
from delivery.letters import NotSent, NotYet
from delivery.models import Delivery, Dropped, Kind

MOST_AT_ONCE = 100
# How long one that is being sent is kept from others: far longer than a mail server is waited for.
LEASE = timedelta(minutes=15)
# After the first failure, the second and so on. After one more it is given up.
WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=24),
)

# Each gives the mail as it should be now, or raises NotSent or NotYet.
COMPOSERS: dict[str, Callable[[Delivery], EmailMessage]] = {
    Kind.REPLY: replies.compose,
    Kind.DECISION: decisions.compose,
    Kind.PROOF: proofs.compose,
    Kind.MANAGE: claims.compose,
    Kind.QUEUE: queue.compose,
}

logger = logging.getLogger(__name__)


class ServerFailed(Exception):
    """The mail server takes nothing, whatever the mail."""


def send_due() -> int:
    """Try what is due, at most MOST_AT_ONCE mails; gives how many were sent. Call it outside of transactions.

    Several processes may do so at once. None sends what another has taken; only one that dies between sending and
    noting that it sent leaves a mail that goes out once more, with the same Message-ID, when its lease is over.
    Where the server itself fails the rest is left as it is, due.
    """
    sent = 0
    for _ in range(MOST_AT_ONCE):
        delivery = _take()
        if delivery is None:
            break
        try:
            sent += _deliver(delivery)
        except ServerFailed:
            break
    return sent


@transaction.atomic
def _take() -> Delivery | None:
    """The next that is due, leased. The attempt is counted now: one that kills its process ends too."""
    now = timezone.now()
    delivery = Delivery.objects.due(now).select_for_update(skip_locked=True).first()
    if delivery is not None:
        delivery.attempts += 1
        delivery.next_try_at = now + LEASE
        delivery.save(update_fields=["attempts", "next_try_at"])
    return delivery


def _deliver(delivery: Delivery) -> bool:
    """Whether it was sent. Raises ServerFailed. No transaction is open while the mail server is talked to."""
    is_sent = False
    # What happens while the server is talked to is not in the mail.
    told_at = timezone.now()
    try:
        _compose(delivery).send()
        is_sent = True
    except NotSent as reason:
        _note(delivery, dropped=reason.code)
    except NotYet as wait:
        _let_wait(delivery, wait.seconds)
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001  whatever a way of sending raises: this one waits, the others go on
        _put_off(delivery, type(error).__name__)
        if _is_of_server(error):
            # Without what it comes from, whose words hold addresses.
            raise ServerFailed from None
    if is_sent:
        _note(delivery, sent_at=told_at, last_error="")
    return is_sent


def _compose(delivery: Delivery) -> EmailMessage:
    if delivery.attempts > len(WAITS) + 1:
        # The last attempt ended its process.
        raise NotSent(Dropped.FAILED)
    return COMPOSERS[delivery.kind](delivery)


def _let_wait(delivery: Delivery, seconds: int) -> None:
    """What waits for the same reader waits too, so that it keeps nobody else's from being sent."""
    then = timezone.now() + timedelta(seconds=seconds)
    alike = Delivery.objects.filter(kind=delivery.kind, user=delivery.user_id, guest=delivery.guest_id)
    alike.filter(sent_at=None, dropped="", next_try_at__lt=then).update(next_try_at=then)
    # It was no attempt.
    _note(delivery, attempts=delivery.attempts - 1, next_try_at=then)


def _note(delivery: Delivery, **fields: object) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(**fields)


def _put_off(delivery: Delivery, error: str) -> None:
    logger.warning(
        "Mail %s (%s) was not sent at attempt %s: %s", delivery.pk, delivery.kind, delivery.attempts, error
    )
    if delivery.attempts > len(WAITS):
        _note(delivery, dropped=Dropped.FAILED, last_error=error)
    else:
        _note(delivery, next_try_at=timezone.now() + WAITS[delivery.attempts - 1], last_error=error)


def _is_of_server(error: Exception) -> bool:
    """Whether another mail would have failed alike. (Every error of smtplib is an OSError.)"""
    return isinstance(error, OSError) and not isinstance(error, SMTPRecipientsRefused | SMTPDataError)

"""Note that somebody is to be told; the sending comes later."""

from collections.abc import Sequence

from django.db import transaction

from delivery.models import Delivery
from delivery.tasks import enqueue_sending


def note(deliveries: Sequence[Delivery]) -> None:
    """Store what is owed, in the caller's transaction, and wake the sender after it.

    What was noted before stays as it was, sent or not: a consumer may come with the same event twice.
    """
    if deliveries:
        Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
        transaction.on_commit(enqueue_sending, robust=True)

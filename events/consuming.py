"""Hands numbered events on to whoever follows from them, each consumer at its own pace."""

import logging
from collections.abc import Callable, Sequence
from typing import cast

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from events.models import Cursor, Event

BATCH = 500

# Is given events in the order of their numbers, inside the transaction that moves its cursor past them.
Consumer = Callable[[Sequence[Event]], None]

logger = logging.getLogger(__name__)


def run_consumers() -> int:
    """Give every consumer of EVENT_CONSUMERS the events it has not had, one consumer after the other; gives how
    many were handed over.

    Each gets every numbered event, in order and at least once, so it must not mind one twice. One that raises stops
    nobody else: it is logged, its cursor stays where it was, and the next call tries again.
    """
    return sum(_run(path) for path in settings.EVENT_CONSUMERS)


def _run(path: str) -> int:
    given = 0
    try:
        consumer: Consumer = import_string(path)
        while batch := _hand_over(consumer, path):
            given += batch
    except Exception:  # the edge of what one consumer may spoil
        logger.exception("The consumer %s failed; it is tried again from where it was.", path)
    return given


@transaction.atomic
def _hand_over(consumer: Consumer, name: str) -> int:
    """One batch past the cursor `name`, whose row is locked meanwhile; both go or neither. 0 when nothing is new."""
    cursor = Cursor.objects.select_for_update().get_or_create(name=name)[0]
    batch = list(Event.objects.after(cursor.number)[:BATCH])
    if not batch:
        return 0
    consumer(batch)
    cursor.number = cast(int, batch[-1].number)
    cursor.save(update_fields=["number"])
    return len(batch)

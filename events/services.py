"""Write events, and give committed ones their number."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import transaction

from events.models import Event, Sequencer, Type
from events.tasks import enqueue_numbering

BATCH = 1000

_is_told_later: ContextVar[bool] = ContextVar("is_told_later", default=False)


@contextmanager
def numbered_together() -> Iterator[None]:
    """Around many transactions in a row: the sequencer is woken once, after the last of them."""
    token = _is_told_later.set(True)
    try:
        yield
    finally:
        _is_told_later.reset(token)
        wake()


def wake() -> None:
    """Have the sequencer look once the caller's transaction has committed, whether or not it finds anything."""
    if enqueue_numbering not in (waiting[1] for waiting in transaction.get_connection().run_on_commit):
        # Robust: what is stored is stored, whether or not the queue can be told.
        transaction.on_commit(enqueue_numbering, robust=True)


def record(type: Type, *, article_id: int, comment_id: int | None = None, actor_id: int | None = None,
           **data: Any) -> Event:  # fmt: skip
    """Note what happened, in the caller's transaction; it is numbered once that has committed."""
    event = Event.objects.create(
        type=type, article_id=article_id, comment_id=comment_id, actor_id=actor_id, data=data
    )
    if not _is_told_later.get():
        wake()
    return event


def number_committed() -> int:
    """Number every event that is committed and has none; gives how many.

    Database ids are taken before commit, so a reader that follows them can pass an event which commits later,
    for ever. A number is given only to what can be seen, under the lock of one row, so numbers become visible
    in their order and none is skipped.
    """
    given = 0
    while batch := _number_batch():
        given += batch
    return given


@transaction.atomic
def _number_batch() -> int:
    sequencer = Sequencer.objects.select_for_update().get_or_create(pk=1)[0]
    waiting = list(Event.objects.filter(number=None).order_by("id")[:BATCH])
    for number, event in enumerate(waiting, sequencer.last + 1):
        event.number = number
    Event.objects.bulk_update(waiting, ["number"])
    sequencer.last += len(waiting)
    sequencer.save(update_fields=["last"])
    return len(waiting)

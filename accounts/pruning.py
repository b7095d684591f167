"""Rows that ran out are deleted some at a time, so that nobody waits long for a lock."""

from typing import Any

from django.db.models import QuerySet

BATCH = 1000


def delete_in_batches(rows: QuerySet[Any]) -> int:
    """Delete `rows`, each batch in a transaction of its own; gives how many there were."""
    model, deleted = rows.model._default_manager, 0
    while batch := model.filter(pk__in=rows.order_by("pk").values("pk")[:BATCH]).delete()[0]:
        deleted += batch
    return deleted

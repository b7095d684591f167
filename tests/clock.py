"""The clock, stopped. What a column takes as its default is not: rows are made at the real time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

from django.utils import timezone

MOMENT = timedelta(microseconds=1)


@contextmanager
def stopped_at(moment: datetime) -> Iterator[datetime]:
    with patch("django.utils.timezone.now", return_value=moment):
        yield moment


@contextmanager
def later(**ahead: int) -> Iterator[datetime]:
    """So much later than it is; the units are those of a timedelta."""
    with stopped_at(timezone.now() + timedelta(**ahead)) as moment:
        yield moment

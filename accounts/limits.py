"""How often somebody may do something: counted in the database, so it holds across workers and restarts."""

import time
from collections.abc import Sequence

from django.db import connection
from django.utils.translation import gettext as _

from accounts.models import LimitWindow
from skycrumbs.problems import TooManyRequests

# One statement on both databases: the row is counted up or made, and its count given back, in one step.
_COUNT = """
    INSERT INTO accounts_limitwindow (key, starts_at, seconds, count) VALUES (%s, %s, %s, 1)
    ON CONFLICT (key, starts_at, seconds) DO UPDATE SET count = accounts_limitwindow.count + 1
    RETURNING count
"""


def take(key: str, windows: Sequence[tuple[int, int]]) -> None:
    """Count one use of `key`, refused with TooManyRequests past any of the (how many, in how many seconds) given.

    Windows are fixed on the clock. Call it in the transaction of the act: what is refused is then not counted.
    """
    now = int(time.time())
    for most, seconds in windows:
        starts_at = now - now % seconds
        count = _count_up(key, starts_at, seconds)
        if count > most:
            raise TooManyRequests(
                _("That is too many at once. Wait a little, then send it again."),
                retry_after=starts_at + seconds - now,
            )


def _count_up(key: str, starts_at: int, seconds: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [key, starts_at, seconds])
        (count,) = cursor.fetchone()
    if count == 1:
        LimitWindow.objects.filter(key=key, seconds=seconds, starts_at__lt=starts_at).delete()
    return count

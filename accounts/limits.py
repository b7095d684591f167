"""How often somebody may do something: counted in the database, so it holds across workers and restarts."""

import time
import unicodedata
from collections.abc import Mapping, Sequence

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.models import LimitWindow
from accounts.pruning import delete_in_batches
from skycrumbs.problems import TooManyRequests

# (how many, in how many seconds), each held.
Windows = Sequence[tuple[int, int]]

KEPT_SECONDS = 86_400
# More than an address may have. (RFC 5321, section 4.5.3.1)
ADDRESS_MAX_LENGTH = 320

# One statement on both databases: the row is counted up or made, and its count given back, in one step.
_COUNT = """
    INSERT INTO accounts_limitwindow (key, starts_at, seconds, count) VALUES (%s, %s, %s, 1)
    ON CONFLICT (key, starts_at, seconds) DO UPDATE SET count = accounts_limitwindow.count + 1
    RETURNING count
"""


def take(key: str, windows: Windows) -> None:
    """Count one use of `key`, refused with TooManyRequests past any of the windows given.

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


@transaction.atomic
def take_all(uses: Mapping[str, Windows]) -> None:
    """Count one use of every key; where one of them is refused, of none."""
    # In one order for everybody: two who each hold the row that the other waits for would wait for ever.
    for key in sorted(uses):
        take(key, uses[key])


def address_key(email: str) -> str:
    """What stands for an address in a key: the same however it is written, and the address cannot be read from it."""
    # allauth before 0.51 counted each way to write an address for itself.
    # Cut first: normalising takes a time that grows with the square of what somebody sends.
    same = unicodedata.normalize("NFKC", email[:ADDRESS_MAX_LENGTH].strip()).casefold()
    return salted_hmac("accounts.limits.address", same, algorithm="sha256").hexdigest()


def prune() -> int:
    """Delete the windows that ended more than a day ago; gives how many there were.

    A key that is used again clears up after itself; this is for those that never come back.
    """
    return delete_in_batches(LimitWindow.objects.filter(starts_at__lt=int(time.time()) - KEPT_SECONDS - F("seconds")))


def _count_up(key: str, starts_at: int, seconds: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [key, starts_at, seconds])
        (count,) = cursor.fetchone()
    if count == 1:
        LimitWindow.objects.filter(key=key, seconds=seconds, starts_at__lt=starts_at).delete()
    return count


def is_first(key: str, *, starts_at: int, seconds: int) -> bool:
    """Count one use of `key` in a window of its own, not the clock's; whether nobody used it in there before."""
    return _count_up(key, starts_at, seconds) == 1


def is_first_in_window(key: str, seconds: int) -> bool:
    """Whether nobody used `key` yet in the clock's window of so many seconds; then it is used now.

    Looked at before it is counted: who asks each minute what is due once a day writes nothing.
    """
    now = int(timezone.now().timestamp())
    starts_at = now - now % seconds
    is_used = LimitWindow.objects.filter(key=key, starts_at=starts_at, seconds=seconds).exists()
    return not is_used and is_first(key, starts_at=starts_at, seconds=seconds)

"""Several limits that hold together, and the keys they count under."""

import unicodedata
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.crypto import salted_hmac

from accounts.limits import take

# (how many, in how many seconds), each held.
Windows = Sequence[tuple[int, int]]


@transaction.atomic
def take_all(uses: Mapping[str, Windows]) -> None:
    """Count one use of every key; where one of them is refused, of none."""
    # In one order for everybody: two who each hold the row that the other waits for would wait for ever.
    for key in sorted(uses):
        take(key, uses[key])


def address_key(email: str) -> str:
    """What stands for an address in a key: the same however it is written, and the address cannot be read from it."""
    same = unicodedata.normalize("NFKC", email.strip()).casefold()
    return salted_hmac("accounts.limits.address", same, algorithm="sha256").hexdigest()

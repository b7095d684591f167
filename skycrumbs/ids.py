"""Public ids: UUIDv7, shown as 22 URL-safe characters. And how the ids of rows are written, which the admin uses."""

import base64
import os
import time
import uuid

KEY_LENGTH = 22
# So many digits fit into 64 bits, whatever they are.
_ROW_ID_DIGITS = 18


def new_id() -> uuid.UUID:
    """A UUID whose order is the order of making, to the millisecond. (RFC 9562, section 5.7)"""
    return id_at(time.time_ns() // 1_000_000, os.urandom(10))


def id_at(milliseconds: int, random: bytes) -> uuid.UUID:
    """What `new_id` gives so many milliseconds after 1970 (UTC), of 10 random bytes."""
    value = int.from_bytes(milliseconds.to_bytes(6, "big") + random, "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


def to_key(value: uuid.UUID) -> str:
    """base64url without padding. (RFC 4648, section 5)"""
    return base64.urlsafe_b64encode(value.bytes).rstrip(b"=").decode("ascii")


def from_key(key: str) -> uuid.UUID | None:
    """The id behind a public key; None for anything that `to_key` does not give, so that a key has one spelling."""
    if len(key) != KEY_LENGTH or not key.isascii():
        return None
    try:
        value = uuid.UUID(bytes=base64.urlsafe_b64decode(key + "=="))
    except ValueError:
        return None
    return value if to_key(value) == key else None


def is_row_id(text: str) -> bool:
    """Whether it can be the id of a row: any database takes the number."""
    return text.isascii() and text.isdecimal() and len(text) <= _ROW_ID_DIGITS


class KeyConverter:
    """`<key:comment>` in a URL pattern gives a UUID; anything that is no key does not match."""

    regex = "[A-Za-z0-9_-]{22}"

    def to_python(self, value: str) -> uuid.UUID:
        found = from_key(value)
        if found is None:
            raise ValueError(value)
        return found

    def to_url(self, value: uuid.UUID | str) -> str:
        return value if isinstance(value, str) else to_key(value)

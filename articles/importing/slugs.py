"""Slugs from titles."""

import re
import unicodedata

# Letters that no decomposition makes ASCII, as they are commonly written without themselves.
_SPELT_OUT = str.maketrans(
    {"ß": "ss", "ẞ": "ss", "ø": "o", "Ø": "o", "æ": "ae", "Æ": "ae", "œ": "oe", "ł": "l", "đ": "d"}
)


def slug_of(title: str) -> str:
    """The slug of a title: lower-case ASCII words joined by single hyphens; "" where nothing is left of it."""
    letters = unicodedata.normalize("NFKD", title.translate(_SPELT_OUT)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[-_\s]+", "-", re.sub(r"[^\w\s-]", "", letters)).strip("-")

"""Slugs from titles."""

import re
import unicodedata


def slug_of(title: str) -> str:
    """The slug of a title, as Django's slugify makes it: lower-case ASCII words joined by hyphens."""
    letters = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", letters)).strip("-_")

"""What readers see as one character stays whole: emoji that are joined or coloured, flags, letters with marks.

The part of Unicode's rules that words of `tokens` can cut through. (UAX #29, section 3)
"""

import re
import unicodedata
from collections.abc import Iterable

from comments.anchoring.spans import Span

_JOINER = "\u200d"
_COLOURS = range(0x1F3FB, 0x1F400)
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")


def whole(text: str, span: Span) -> tuple[int, int]:
    """Start and end of `span`, widened so that neither is within what is read as one character."""
    start, end = span.start, span.end
    while start > 0 and _is_within(text, start):
        start -= 1
    while end < len(text) and _is_within(text, end):
        end += 1
    return start, end


def between(text: str, places: Iterable[int]) -> list[int]:
    """Those of `places` that are not within what is read as one character."""
    in_flags = {flag.start() + 1 for flag in _FLAG.finditer(text)}
    return [at for at in places if at in (0, len(text)) or not (at in in_flags or _is_joined(text, at))]


def _is_within(text: str, at: int) -> bool:
    """Whether the characters on both sides of `at` belong together."""
    return _is_joined(text, at) or _parts_a_flag(text, at)


def _is_joined(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    if before == _JOINER:
        return unicodedata.category(after) == "So"
    is_joined = after == _JOINER or ord(after) in _COLOURS or unicodedata.category(after) in ("Mn", "Mc", "Me")
    return is_joined and not before.isspace()


def _parts_a_flag(text: str, at: int) -> bool:
    """A flag is two letters: whether an odd number of them stands before `at`, and one after it."""
    if ord(text[at]) not in _FLAG_LETTERS:
        return False
    first = at
    while first > 0 and ord(text[first - 1]) in _FLAG_LETTERS:
        first -= 1
    return (at - first) % 2 == 1

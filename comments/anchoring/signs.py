"""Where sentences begin and end, by the signs that end them. Other scripts have signs of their own."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from comments.anchoring.alignment import Words
from comments.anchoring.tokens import Tokens

# Bounded, so that no long row of signs is read from each of them on.
_CLOSING = r"[\"'\u201c\u201d\u2018\u2019\u00ab\u00bb)\]]{0,8}"
# The sign that ends a sentence, with what closes quotes and brackets behind it. Full-width ones take no space.
_STOP = re.compile(rf"[.!?…؟।]{{1,8}}{_CLOSING}(?=\s|\Z)|[。！？]{{1,8}}[\u201d\u2019」』）]{{0,8}}")
# What stands before the first word of a sentence or a block; of the text before a word so many code points are read.
_BREAK = rf"(?:\n|[.!?…؟।]{_CLOSING}\s|[。！？][\u201d\u2019」』）]{{0,8}})\s*"
_BEGINNING = re.compile(_BREAK)
_BEFORE = re.compile(rf"(?:\A\s*|{_BREAK})\Z")
_LONGEST_BEFORE = 8
_ENDING = re.compile(rf"(?:[.!?…؟।]{_CLOSING}|[。！？][\u201d\u2019」』）]{{0,8}})\Z")


def begins_sentence(text: str, tokens: Tokens, at: int) -> bool:
    """Whether a sentence, or a block, begins with word `at`; so does what would follow the last one."""
    if at in (0, len(tokens)):
        return True
    start = tokens.starts[at]
    return _BEFORE.search(text, max(0, start - _LONGEST_BEFORE), start) is not None


def ends_sentence(text: str, end: int) -> bool:
    """Whether what ends at code point `end` ends with the sign of a sentence."""
    return _ENDING.search(text, max(0, end - _LONGEST_BEFORE), end) is not None


def beginnings(text: str, tokens: Tokens, ranges: Sequence[Words]) -> bytearray:
    """Marks the words of these ranges that a sentence or a block begins with, and what would follow each range."""
    marks = bytearray(len(tokens) + 1)
    for start, end in ranges:
        marks[start] = marks[end] = 1
        if start < end:
            for match in _BEGINNING.finditer(text, tokens.starts[start], tokens.ends[end - 1]):
                marks[bisect_left(tokens.starts, match.end())] = 1
    return marks


def stop(text: str, tokens: Tokens, at: int) -> int:
    """How many words the sign has that begins with word `at` and ends a sentence; 0 where none does."""
    found = _STOP.match(text, tokens.starts[at])
    if found is None:
        return 0
    length = 1
    while at + length < len(tokens) and tokens.starts[at + length] < found.end():
        length += 1
    return length

"""Where a passage begins and ends whose first or last words were replaced: with what replaced them, and with the
whole of the sentence or line that it began or ended with.
"""

from collections.abc import Callable

from comments.anchoring.alignment import NOWHERE, Alignment
from comments.anchoring.passages import Compared, Passage
from comments.anchoring.signs import begins_sentence, ends_sentence

# Where the next word is lost, so many new words up to the end of the line or sentence are taken in.
MOST_BEHIND = 3


def begin(compared: Compared, passage: Passage, found: int) -> int:
    """The code point where it begins, when `found` is the first word of it that is left."""
    old, new, to = compared.alignment.old, compared.alignment.new, compared.alignment.to
    at = to[found]
    if found == passage.first:
        return new.starts[at] + max(0, passage.span.start - old.starts[found])
    most = 2 * (found - passage.first) + 1
    if begins_sentence(compared.old, old, passage.first):
        first = _first_of_sentence(compared, at, most)
        if first is not None:
            return new.starts[first]
    outside = passage.first - 1
    beside = 0 if outside < 0 else to[outside] + 1
    is_known = outside < 0 or (to[outside] != NOWHERE and to[outside] < at)
    return new.starts[beside if is_known and at - beside <= most else at]


def _first_of_sentence(compared: Compared, at: int, most: int) -> int | None:
    """The first word of the sentence that new word `at` is in, where only new words stand before it in there, and no
    more than `most`; else None."""
    new, back = compared.alignment.new, compared.alignment.back
    for j in range(at, max(-1, at - most - 1), -1):
        if begins_sentence(compared.new, new, j):
            return j
        if back[j - 1] != NOWHERE:
            return None
    return None


def end(compared: Compared, passage: Passage, found: int) -> int:
    """The code point before which it ends, when `found` is the last word of it that is left."""
    old, new, to = compared.alignment.old, compared.alignment.new, compared.alignment.to
    at = to[found]
    if found == passage.last - 1:
        return new.ends[at] - max(0, old.ends[found] - passage.span.end)
    outside = passage.last
    most = 2 * (outside - 1 - found) + 1
    is_end = outside >= len(old)
    beside = len(new) - 1 if is_end else to[outside] - 1
    is_known = is_end or (to[outside] != NOWHERE and to[outside] > at)
    if is_known and beside - at <= most:
        return new.ends[beside]
    most = min(most, MOST_BEHIND)
    if ends_sentence(compared.old, old.ends[outside - 1]):
        return new.ends[_last_of(compared.alignment, at, most, lambda j: begins_sentence(compared.new, new, j))]
    return new.ends[_last_of(compared.alignment, at, most, new.is_start) if old.is_start(outside) else at]


def _last_of(alignment: Alignment, at: int, most: int, begins: Callable[[int], bool]) -> int:
    """The last word of the sentence or line that new word `at` is in, where only new words stand behind it in there,
    and no more than `most`; else `at`."""
    new, back = alignment.new, alignment.back
    for j in range(at, min(len(new), at + most + 1)):
        if begins(j + 1):
            return j
        if back[j + 1] != NOWHERE:
            break
    return at

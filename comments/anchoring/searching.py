"""Looks for a passage among the words that are new: what stood in the text before is not what a lost passage became.

Searches are counted, so that one carrying takes a bounded time; what exceeds that is not found.
"""

from collections.abc import Set
from dataclasses import dataclass

from rapidfuzz import fuzz

from comments.anchoring.alignment import NOWHERE, Alignment

# A search asks for this likeness (0 to 100), and to be this much ahead of the next best place.
FOUND, AHEAD = 90, 3
# And for so many code points: a longer quote that is so like something has runs of words in common with it,
# which were found before, and its search takes the cube of its length.
SHORTEST, LONGEST = 16, 200
# What is found is at least so long, of the passage's length; and stands in what is nearly as long.
LEAST_PART, LEAST_STRETCH = 0.7, 0.6
# How many searches, and how many code points in all, one carrying takes.
MOST_SEARCHES, MOST_SEARCHED = 2_000, 4_000_000


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What stands together and is new in this revision: code points [start, end), and its words."""

    start: int
    end: int
    words: frozenset[int]


class Search:
    """Ask in the order of the text: what is found depends on how much was searched before."""

    def __init__(self, new: str, alignment: Alignment) -> None:
        self._new, self._alignment = new, alignment
        self._stretches: list[_Stretch] | None = None
        self._searches_left, self._length_left = MOST_SEARCHES, MOST_SEARCHED

    def find(self, quote: str, words: Set[int]) -> tuple[float, int, int] | None:
        """Where something very like `quote` is new, and nothing else is nearly as like: how like it is, from 0 to 1,
        and code points of the new text, half-open. `words` are the words of the quote."""
        if not SHORTEST <= len(quote) <= LONGEST:
            return None
        found: list[tuple[float, int, int]] = []
        for stretch in self._new_stretches():
            length = stretch.end - stretch.start
            if length < LEAST_STRETCH * len(quote) or 2 * len(words & stretch.words) < len(words):
                continue
            if not self._searches_left or length > self._length_left:
                return None
            self._searches_left -= 1
            self._length_left -= length
            best = fuzz.partial_ratio_alignment(quote, self._new[stretch.start : stretch.end], score_cutoff=FOUND)
            if best is not None and best.dest_end - best.dest_start >= LEAST_PART * len(quote):
                found.append((best.score, stretch.start + best.dest_start, stretch.start + best.dest_end))
        found.sort()
        if not found or (len(found) > 1 and found[-1][0] - found[-2][0] < AHEAD):
            return None
        likeness, start, end = found[-1]
        return likeness / 100, start, end

    def _new_stretches(self) -> list[_Stretch]:
        """The stretches of words that are new; a single old word between two new ones does not part them."""
        if self._stretches is None:
            new, taken = self._alignment.new, [i != NOWHERE for i in self._alignment.back]
            self._stretches, j, stop = [], 0, len(new)
            while j < stop:
                if taken[j]:
                    j += 1
                    continue
                last = j
                while last + 1 < stop and not (taken[last + 1] and (last + 2 >= stop or taken[last + 2])):
                    last += 1
                words = frozenset(new.ids[j : last + 1])
                self._stretches.append(_Stretch(new.starts[j], new.ends[last], words))
                j = last + 1
        return self._stretches

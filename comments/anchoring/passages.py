"""Two texts that were compared, and a passage as words of the old one: what the steps that decide pass on."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from operator import sub

from comments.anchoring.alignment import NOWHERE, Alignment, Words
from comments.anchoring.spans import Span

# Words that went further apart than this are not one passage.
WIDEST_STEP = 30


@dataclass(frozen=True, slots=True)
class Passage:
    """The words [first, last) of the old text that a span covers, at least in part."""

    span: Span
    first: int
    last: int

    def __len__(self) -> int:
        return self.last - self.first


@dataclass(frozen=True, slots=True)
class Found:
    """Code points [start, end) of the new text that may be a passage.

    `score` runs from 0 to 1, `method` names the step. `words` are those of the passage's old words that led there;
    `support` is the share of the words around it that went where it did.
    """

    start: int
    end: int
    score: float
    method: str
    words: Sequence[int] = ()
    support: float = 1.0


@dataclass(frozen=True)
class Compared:
    """An old text, a new one, and which word of the one is which of the other."""

    old: str
    new: str
    alignment: Alignment

    def passage(self, span: Span) -> Passage:
        tokens = self.alignment.old
        return Passage(span, bisect_right(tokens.ends, span.start), bisect_left(tokens.starts, span.end))

    def quote(self, passage: Passage) -> str:
        return self.old[passage.span.start : passage.span.end]

    def weight(self, words: Sequence[int]) -> int:
        """How many code points these old words have, which are given in their order."""
        if words and words[-1] - words[0] == len(words) - 1:
            return self._before[words[-1] + 1] - self._before[words[0]]
        starts, ends = self.alignment.old.starts, self.alignment.old.ends
        return sum(map(ends.__getitem__, words)) - sum(map(starts.__getitem__, words))

    @cached_property
    def _before(self) -> list[int]:
        """How many code points of words stand before each old word."""
        tokens = self.alignment.old
        return list(accumulate(map(sub, tokens.ends, tokens.starts), initial=0))

    def stretches(self, passage: Passage) -> list[list[int]]:
        """Those of its words that were found, as stretches whose places ascend in small steps."""
        low, high = bisect_left(self._found, passage.first), bisect_left(self._found, passage.last)
        if low == high:
            return []
        breaks = self._breaks[bisect_right(self._breaks, low) : bisect_left(self._breaks, high)]
        return [self._found[start:end] for start, end in pairwise([low, *breaks, high])]

    @cached_property
    def _found(self) -> list[int]:
        """The old words that were found."""
        return [i for i, place in enumerate(self.alignment.to) if place != NOWHERE]

    @cached_property
    def _breaks(self) -> list[int]:
        """Which of those that were found stand before the one before them now, or far behind it."""
        places = map(self.alignment.to.__getitem__, self._found)
        return [at for at, (one, other) in enumerate(pairwise(places), 1) if not 0 < other - one <= WIDEST_STEP]

    def line_of(self, i: int) -> Words:
        """The words of the line that old word i is in."""
        blocks = self.alignment.old.blocks
        block = bisect_right(blocks, i) - 1
        return blocks[block], blocks[block + 1]

    def line_stands(self, i: int) -> bool:
        """Whether the line of old word i is a line of its own still, with the same words."""
        to, new = self.alignment.to, self.alignment.new
        first, last = self.line_of(i)
        stands = all(to[at] == to[first] + at - first for at in range(first, last))
        return stands and to[first] != NOWHERE and new.is_start(to[first]) and new.is_start(to[last - 1] + 1)

"""Two texts that were compared, and a passage as words of the old one: what the steps that decide pass on."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from comments.anchoring.alignment import NOWHERE, Alignment, Words
from comments.anchoring.spans import Span


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


@dataclass(frozen=True, slots=True)
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

    def weight(self, words: Collection[int]) -> int:
        """How many code points these old words have."""
        starts, ends = self.alignment.old.starts, self.alignment.old.ends
        return sum(map(ends.__getitem__, words)) - sum(map(starts.__getitem__, words))

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

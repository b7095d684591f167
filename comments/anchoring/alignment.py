"""Which word of the old text is which word of the new one: what the steps fill in, one after the other.

First what keeps the order of the text (`blocks`, `filling`, `together`), then what changed its place (`moves`), then
which sentence is which (`sentences`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from comments.anchoring.tokens import Tokens

# Beside no word: -1 would be, beside the first one.
NOWHERE = -2
# Old words times new words of all gaps of a text that are compared word by word.
MOST_CELLS_IN_ALL = 40_000_000

# A run of so many words is no chance, wherever it stands.
STRONG = 4

Words = tuple[int, int]  # from one word to before another


@dataclass(frozen=True, slots=True)
class Gap:
    """Old blocks [old_start, old_end) that stand where new blocks [new_start, new_end) stand now."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


@dataclass(slots=True)
class Alignment:
    """`to[i]` is the new word that old word i is, or NOWHERE; `back[j]` the old word that new word j is.

    `moved[i]` is set where word i stands elsewhere in the order of the text.
    """

    old: Tokens
    new: Tokens
    to: list[int] = field(init=False)
    back: list[int] = field(init=False)
    moved: bytearray = field(init=False)
    gaps: list[Gap] = field(init=False, default_factory=list)
    cells_left: int = MOST_CELLS_IN_ALL

    def __post_init__(self) -> None:
        self.to = [NOWHERE] * len(self.old)
        self.back = [NOWHERE] * len(self.new)
        self.moved = bytearray(len(self.old))

    def words_of(self, gap: Gap) -> tuple[Words, Words]:
        """The old words of its blocks, and the new ones."""
        old, new = self.old.blocks, self.new.blocks
        return (old[gap.old_start], old[gap.old_end]), (new[gap.new_start], new[gap.new_end])

    def pair(self, i: int, j: int, length: int = 1, *, is_moved: bool = False) -> None:
        """Old words i … i + length are the new words j … j + length."""
        self.to[i : i + length] = range(j, j + length)
        self.back[j : j + length] = range(i, i + length)
        if is_moved:
            self.moved[i : i + length] = b"\1" * length

    def unpair(self, i: int) -> None:
        self.back[self.to[i]] = self.to[i] = NOWHERE
        self.moved[i] = 0

    def free(self, old: Words, new: Words) -> None:
        """Takes back what of either was paired by chance."""
        for i in range(*old):
            if self.to[i] != NOWHERE:
                self.unpair(i)
        for j in range(*new):
            if self.back[j] != NOWHERE:
                self.unpair(self.back[j])

    def begins_line(self, i: int) -> bool:
        """Whether old word i begins a block, and the new word that it is does, too."""
        return self.old.is_start(i) and self.new.is_start(self.to[i])

    def pair_blocks(self, old_block: int, new_block: int, *, is_moved: bool = False) -> None:
        """Blocks of the same words."""
        start, end = self.old.blocks[old_block], self.old.blocks[old_block + 1]
        self.pair(start, self.new.blocks[new_block], end - start, is_moved=is_moved)


def runs(to: list[int], start: int, end: int) -> list[tuple[int, int]]:
    """The old words of [start, end) that were found, as runs that stand together in the new text, too."""
    found, i = [], start
    while i < end:
        first = i
        if to[i] != NOWHERE:
            while i + 1 < end and to[i + 1] == to[i] + 1:
                i += 1
            found.append((first, i + 1))
        i += 1
    return found


def strong(places: Sequence[int]) -> bytearray:
    """Marks what is paired in a run of at least STRONG words."""
    marks = bytearray(len(places))
    if len(places) - places.count(NOWHERE) < STRONG:
        return marks
    ends = [at for at, (one, other) in enumerate(pairwise(places), 1) if other != one + 1]
    for start, end in pairwise([0, *ends, len(places)]):
        if end - start >= STRONG:
            marks[start:end] = b"\1" * (end - start)
    return marks

"""Which word of the old text is which word of the new one.

From the certain to the likely: blocks that stand unchanged; then, between them, runs of words that occur once on
both sides; then the longest common subsequence of what is left, where that is small. Everything here keeps the order
of the text; what changed its place is for `moves`.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from comments.anchoring.tokens import Tokens

NOWHERE = -1
LONGEST_GRAM = 4
# Old words times new words of one gap, and of all gaps of a text: past that what is left counts as rewritten.
MOST_CELLS = 4_000_000
MOST_CELLS_IN_ALL = 40_000_000
# A run this long is no chance.
TELLING_RUN = 8

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

    def begins_line(self, i: int) -> bool:
        """Whether old word i begins a block, and the new word that it is does, too."""
        return self.old.is_start(i) and self.new.is_start(self.to[i])

    def pair_blocks(self, old_block: int, new_block: int, *, is_moved: bool = False) -> None:
        """Blocks of the same words."""
        start, end = self.old.blocks[old_block], self.old.blocks[old_block + 1]
        self.pair(start, self.new.blocks[new_block], end - start, is_moved=is_moved)


def align(old: Tokens, new: Tokens) -> Alignment:
    """What stayed in the order of the text."""
    alignment = Alignment(old, new)
    _align_blocks(alignment)
    for gap in alignment.gaps:
        olds, news = alignment.words_of(gap)
        if olds[0] < olds[1] and news[0] < news[1]:
            fill(alignment, olds, news)
            forget_chances(alignment, olds, news)
    bring_together(alignment)
    return alignment


def bring_together(alignment: Alignment) -> None:
    """Brings words in the gaps that were paired with their like back to the runs and blocks that they belong to."""
    old, new = alignment.old, alignment.new
    from_old, from_new = views(alignment, (old.is_start, new.is_start))
    for gap in alignment.gaps:
        if gap.old_start < gap.old_end and gap.new_start < gap.new_end:
            # A word of a block that is equal may pull one of the gap.
            near_old = max(0, old.blocks[gap.old_start] - 1), min(len(old), old.blocks[gap.old_end] + 1)
            near_new = max(0, new.blocks[gap.new_start] - 1), min(len(new), new.blocks[gap.new_end] + 1)
            _slide(alignment, *near_old)
            part(from_old, *near_old)
            part(from_new, *near_new)


def once_on_both_sides(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Where what occurs exactly once in each stands, in the order of `old`. (Bram Cohen's patience diff)"""
    old_counts, new_counts = Counter(old), Counter(new)
    places = {item: at for at, item in enumerate(new) if new_counts[item] == 1}
    return [(at, places[item]) for at, item in enumerate(old) if item in places and old_counts[item] == 1]


def in_order(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest subsequence whose second numbers ascend; the first ones do already."""
    ends: list[int] = []
    last: list[int] = []
    before = [-1] * len(pairs)
    for at, (_old, new) in enumerate(pairs):
        length = bisect_left(ends, new)
        before[at] = last[length - 1] if length else -1
        if length == len(ends):
            ends.append(new)
            last.append(at)
        else:
            ends[length], last[length] = new, at
    chain, at = [], last[-1] if last else -1
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]


def _align_blocks(alignment: Alignment) -> None:
    """Pairs equal blocks: at both ends, then those that stand once with their equal neighbours. Notes the gaps."""
    old = [alignment.old.block(number) for number in range(len(alignment.old.blocks) - 1)]
    new = [alignment.new.block(number) for number in range(len(alignment.new.blocks) - 1)]
    least = min(len(old), len(new))
    top = next((at for at in range(least) if old[at] != new[at]), least)
    tail = next((at for at in range(least - top) if old[-1 - at] != new[-1 - at]), least - top)
    old_end, new_end = len(old) - tail, len(new) - tail
    for at in range(top):
        alignment.pair_blocks(at, at)
    for at in range(tail):
        alignment.pair_blocks(old_end + at, new_end + at)
    i, j = top, top
    for old_at, new_at in in_order(once_on_both_sides(old[top:old_end], new[top:new_end])):
        left_i, left_j = old_at + top, new_at + top
        if left_i < i or left_j < j:
            continue
        right_i, right_j = left_i + 1, left_j + 1
        while left_i > i and left_j > j and old[left_i - 1] == new[left_j - 1]:
            left_i, left_j = left_i - 1, left_j - 1
        while right_i < old_end and right_j < new_end and old[right_i] == new[right_j]:
            right_i, right_j = right_i + 1, right_j + 1
        for at in range(right_i - left_i):
            alignment.pair_blocks(left_i + at, left_j + at)
        alignment.gaps.append(Gap(i, left_i, j, left_j))
        i, j = right_i, right_j
    alignment.gaps.append(Gap(i, old_end, j, new_end))


def fill(
    alignment: Alignment,
    old: tuple[int, int],
    new: tuple[int, int],
    gram: int = LONGEST_GRAM,
    *,
    is_moved: bool = False,
) -> None:
    """Pairs words of [old) with words of [new), none of which is paired yet, in order."""
    a, b = alignment.old.ids, alignment.new.ids
    (i, i_end), (j, j_end) = old, new
    while i < i_end and j < j_end and a[i] == b[j]:
        alignment.pair(i, j, is_moved=is_moved)
        i, j = i + 1, j + 1
    while i < i_end and j < j_end and a[i_end - 1] == b[j_end - 1]:
        i_end, j_end = i_end - 1, j_end - 1
        alignment.pair(i_end, j_end, is_moved=is_moved)
    if i == i_end or j == j_end:
        return
    for length in range(gram, 1, -1):
        chain = in_order(once_on_both_sides(_grams(a, i, i_end, length), _grams(b, j, j_end, length)))
        if chain:
            found = [(i + x, j + y) for x, y in chain]
            _fill_between(alignment, (i, i_end), (j, j_end), found, length=length, is_moved=is_moved)
            return
    cells = (i_end - i) * (j_end - j)
    if cells > min(MOST_CELLS, alignment.cells_left):
        return
    alignment.cells_left -= cells
    for op in LCSseq.opcodes(a[i:i_end], b[j:j_end]):
        if op.tag == "equal":
            alignment.pair(i + op.src_start, j + op.dest_start, op.src_end - op.src_start, is_moved=is_moved)


def _grams(ids: list[int], start: int, end: int, length: int) -> list[tuple[int, ...]]:
    """Every run of `length` words within [start, end)."""
    if end - start < length:
        return []
    return list(zip(*(ids[start + at : end - length + 1 + at] for at in range(length)), strict=True))


def _fill_between(
    alignment: Alignment,
    old: tuple[int, int],
    new: tuple[int, int],
    chain: Sequence[tuple[int, int]],
    *,
    length: int,
    is_moved: bool,
) -> None:
    """Pairs the runs that `chain` names, made as long as they are equal, and fills what is between them."""
    a, b = alignment.old.ids, alignment.new.ids
    (i, i_end), (j, j_end) = old, new
    for left_i, left_j in chain:
        if left_i < i or left_j < j:
            continue
        right_i, right_j = left_i + length, left_j + length
        while left_i > i and left_j > j and a[left_i - 1] == b[left_j - 1]:
            left_i, left_j = left_i - 1, left_j - 1
        while right_i < i_end and right_j < j_end and a[right_i] == b[right_j]:
            right_i, right_j = right_i + 1, right_j + 1
        fill(alignment, (i, left_i), (j, left_j), length - 1, is_moved=is_moved)
        alignment.pair(left_i, left_j, right_i - left_i, is_moved=is_moved)
        i, j = right_i, right_j
    fill(alignment, (i, i_end), (j, j_end), length - 1, is_moved=is_moved)


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


def forget_chances(alignment: Alignment, old: tuple[int, int], new: tuple[int, int]) -> None:
    """Takes back short runs that stand alone amid much that was rewritten: "of the" is in every text.

    That a line begins there, before and now, counts as a word. That one ends there does not: most end with a sign.
    """
    to, left = alignment.to, 0
    found = runs(to, *old)
    while left < len(found):
        start, end = found[left]
        before = (found[left - 1][1], to[found[left - 1][1] - 1] + 1) if left else (old[0], new[0])
        after = (found[left + 1][0], to[found[left + 1][0]]) if left + 1 < len(found) else (old[1], new[1])
        is_at_edge = (left == 0 and (start, to[start]) == (old[0], new[0])) or (
            left + 1 == len(found) and (end, to[end - 1] + 1) == (old[1], new[1])
        )
        length = end - start + alignment.begins_line(start)
        gaps = (start - before[0] + to[start] - before[1], after[0] - end + after[1] - to[end - 1] - 1)
        if length < TELLING_RUN and not is_at_edge and min(gaps) > 3 * length and sum(gaps) > 8 * length:
            for i in range(start, end):
                alignment.unpair(i)
            del found[left]
            # The gap before it has grown.
            left = max(0, left - 1)
        else:
            left += 1


def _slide(alignment: Alignment, start: int, end: int) -> None:
    """Brings a word that was paired with its like back to the run it stands beside in both texts."""
    to = alignment.to
    for _time in range(2):
        is_done = True
        for i in range(start + 1, end):
            # Most words stand in a run: asked here, not in a call for each.
            if to[i] != NOWHERE and to[i - 1] != to[i] - 1 and _pull(alignment, i, i - 1, -1):
                is_done = False
        for i in range(end - 2, start - 1, -1):
            if to[i] != NOWHERE and to[i + 1] != to[i] + 1 and _pull(alignment, i, i + 1, 1):
                is_done = False
        if is_done:
            return


# Whether a unit of a text, such as a block, begins with a word of it; so does what would follow the last word.
Begins = Callable[[int], int]


class View(NamedTuple):
    """An alignment as seen from one of its texts: the old one, or, `turned`, the new one."""

    alignment: Alignment
    turned: bool
    text: Tokens
    other: Tokens
    to: list[int]
    back: list[int]
    begins: Begins
    begins_there: Begins

    def move(self, i: int, j: int, length: int) -> None:
        """Words i … i + length, which are paired with others, are the other text's words j … j + length."""
        for at, there in zip(range(i, i + length), range(j, j + length), strict=True):
            was, now = (self.to[at], there) if self.turned else (at, at)
            is_moved = bool(self.alignment.moved[was])
            self.alignment.unpair(was)
            self.alignment.pair(now, at if self.turned else there, is_moved=is_moved)


def views(alignment: Alignment, begins: tuple[Begins, Begins]) -> tuple[View, View]:
    """It as seen from its old text, and from its new one; `begins` says so of the words of each."""
    old, new, to, back = alignment.old, alignment.new, alignment.to, alignment.back
    in_old, in_new = begins
    from_old = View(alignment, False, old, new, to, back, in_old, in_new)
    return from_old, View(alignment, True, new, old, back, to, in_new, in_old)


def part(view: View, start: int, end: int) -> None:
    """Where two words that stand together stand apart in the other text, and what is between them there begins as
    what follows does, or ends as what comes before: a unit's words stay together, and what is between is units."""
    to = view.to
    for i in range(start + 1, end):
        if to[i - 1] == NOWHERE or to[i] <= to[i - 1] + 1 or view.begins(i):
            continue
        before, after = to[i - 1], to[i]
        count = _alike(view, (i - 1, before), after - 1, -1)
        if view.begins(i - count) and view.begins_there(after - count):
            view.move(i - count, after - count, count)
            continue
        count = _alike(view, (i, after), before + 1, 1)
        if view.begins(i + count) and view.begins_there(before + 1 + count):
            view.move(i, before + 1, count)


def _alike(view: View, at: tuple[int, int], other: int, step: int) -> int:
    """How many words, as far as the unit goes, stand together from a word and what it is in the other text on, and
    are the free words of that from `other` on, too."""
    (i, j), j_other, count = at, other, 0
    while (
        0 <= i < len(view.text)
        and view.to[i] == j
        and 0 <= j_other < len(view.other)
        and view.back[j_other] == NOWHERE
        and view.text.ids[i] == view.other.ids[j_other]
    ):
        count += 1
        i, j, j_other = i + step, j + step, j_other + step
        if view.begins(i + 1 if step < 0 else i):
            break
    return count


def _pull(alignment: Alignment, i: int, other: int, step: int) -> bool:
    """Pairs word `other`, which stands beside word i, but not in its run, with the new word beside i's, if that is
    free."""
    j = alignment.to[i] + step
    if not 0 <= j < len(alignment.new):
        return False
    if alignment.back[j] != NOWHERE or alignment.old.ids[other] != alignment.new.ids[j]:
        return False
    if alignment.to[other] != NOWHERE:
        # It leaves the run it is in only if that is the shorter one, and from its end.
        if _length(alignment.to, other, step) > 1 or _length(alignment.to, other, step) >= _length(
            alignment.to, i, -step
        ):
            return False
        alignment.unpair(other)
    alignment.pair(other, j, is_moved=bool(alignment.moved[i]))
    return True


def _length(to: list[int], i: int, step: int) -> int:
    """How many words from word i on, in one direction, stand together in both texts; nine at most."""
    length = 1
    while (
        length <= TELLING_RUN and 0 <= i + length * step < len(to) and to[i + length * step] == to[i] + length * step
    ):
        length += 1
    return length

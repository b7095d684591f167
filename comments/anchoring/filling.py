"""Words of a gap, from the certain to the likely: runs that occur once on both sides, then the longest common
subsequence of what is left, where that is small. What is found by chance is taken back.
"""

from collections.abc import Sequence

from rapidfuzz.distance import LCSseq

from comments.anchoring.alignment import Alignment, Words, runs
from comments.anchoring.patience import in_order, once_on_both_sides

LONGEST_GRAM = 4
# Old words times new words of one gap; past that what is left counts as rewritten.
MOST_CELLS = 4_000_000
# A run this long is no chance.
TELLING_RUN = 8


def fill_gaps(alignment: Alignment) -> None:
    """Pairs words between the blocks that stand as they were."""
    for gap in alignment.gaps:
        old, new = alignment.words_of(gap)
        if old[0] < old[1] and new[0] < new[1]:
            _fill(alignment, old, new)
            _forget_chances(alignment, old, new)


def fill_anew(alignment: Alignment, old: Words, new: Words) -> None:
    """Pairs words of one range with those of another that it moved to; what was paired in either was so by chance."""
    alignment.free(old, new)
    _fill(alignment, old, new, is_moved=True)
    _forget_chances(alignment, old, new)


def _fill(
    alignment: Alignment,
    old: Words,
    new: Words,
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
    old: Words,
    new: Words,
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
        _fill(alignment, (i, left_i), (j, left_j), length - 1, is_moved=is_moved)
        alignment.pair(left_i, left_j, right_i - left_i, is_moved=is_moved)
        i, j = right_i, right_j
    _fill(alignment, (i, i_end), (j, j_end), length - 1, is_moved=is_moved)


def _forget_chances(alignment: Alignment, old: Words, new: Words) -> None:
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

"""Blocks that stand as they were: at both ends of the text, and those that stand once on both sides, with the equal
ones beside them. What is left are gaps.
"""

from comments.anchoring.alignment import Alignment, Gap
from comments.anchoring.patience import in_order, once_on_both_sides


def align_blocks(alignment: Alignment) -> None:
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

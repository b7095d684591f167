"""What stands once on both sides, in order: where two texts, or two stretches, are surely the same. (Bram Cohen's
patience diff)
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence


def once_on_both_sides(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Where what occurs exactly once in each stands, in the order of `old`."""
    once = _once(old) & _once(new)
    if not once:
        return []
    places = {item: at for at, item in enumerate(new) if item in once}
    return [(at, places[item]) for at, item in enumerate(old) if item in once]


def _once(items: Sequence[Hashable]) -> set[Hashable]:
    return {item for item, count in Counter(items).items() if count == 1}


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

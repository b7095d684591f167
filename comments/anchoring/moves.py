"""What stands elsewhere now: looked for among words that were lost, and words that are new, in this revision alone.

That is what makes it safe: a deleted sentence with a twin is not taken for the twin, which was there all along.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from itertools import chain, pairwise

from comments.anchoring.alignment import NOWHERE, STRONG, Alignment, Words, runs, strong
from comments.anchoring.filling import fill_anew
from comments.anchoring.patience import once_on_both_sides
from comments.anchoring.similar import free_ranges, likeness, link_similar
from comments.anchoring.tokens import Tokens

# A block of fewer words moves with its neighbours; or if it has so many code points, and no other block is like it.
LEAST_BLOCK, LEAST_LONE = 2, 4
SEED = 4
# A run of at least so many words and code points is the same passage wherever it stands.
LEAST_RUN, LEAST_LENGTH = 6, 16
# What stands between two runs that moved together is compared up to so many words on either side.
WIDEST_GAP = 60
ROUNDS = 2
# Of two blocks, none of whose words was found, the share of words they have in common.
SIMILAR = 0.6
# The same of two blocks beside what moved, where that is so many words.
BESIDE, LONG_RUN = 0.5, 12

Run = tuple[int, int, int]  # old word, new word, how many


def link_moves(alignment: Alignment) -> None:
    """Pairs what moved, whole blocks first."""
    _link_equal_blocks(alignment)
    for _round in range(ROUNDS):
        is_done = not _link_runs(alignment)
        moved = _moved_runs(alignment)
        for one, other in pairwise(moved):
            _fill_between(alignment, one, other)
        for run in moved:
            _fill_to_block_ends(alignment, run)
        if is_done:
            break
    _link_similar_blocks(alignment)
    _link_beside(alignment)


def _moved_runs(alignment: Alignment) -> list[Run]:
    """All that moved together so far, in the order of the old text."""
    blocks = alignment.old.blocks
    found = [run for gap in alignment.gaps for run in runs(alignment.to, blocks[gap.old_start], blocks[gap.old_end])]
    return [(i, alignment.to[i], end - i) for i, end in found if alignment.moved[i] and end - i >= LEAST_BLOCK]


def _free_blocks(alignment: Alignment) -> tuple[list[int], list[int]]:
    """Numbers of the old blocks that were lost, and of the new ones that are new: but for words found by chance."""
    gaps = alignment.gaps
    lost = [_free_in(alignment.old, alignment.to, gap.old_start, gap.old_end) for gap in gaps]
    fresh = [_free_in(alignment.new, alignment.back, gap.new_start, gap.new_end) for gap in gaps]
    return list(chain.from_iterable(lost)), list(chain.from_iterable(fresh))


def _free_in(tokens: Tokens, places: list[int], start: int, end: int) -> list[int]:
    """Those of the blocks [start, end) that hold no word of a longer run."""
    # A run may have begun before the gap, and go on behind it.
    first = max(0, tokens.blocks[start] - STRONG)
    marks = strong(places[first : tokens.blocks[end] + STRONG])
    return [
        at for at in range(start, end) if not any(marks[tokens.blocks[at] - first : tokens.blocks[at + 1] - first])
    ]


def _link_equal_blocks(alignment: Alignment) -> None:
    lost, fresh = _free_blocks(alignment)
    lone = _lone_words(alignment.old) & _lone_words(alignment.new)
    lost = [at for at in lost if _size(alignment.old, at) >= LEAST_BLOCK or alignment.old.block(at)[0] in lone]
    pairs = once_on_both_sides([alignment.old.block(at) for at in lost], [alignment.new.block(at) for at in fresh])
    for x, y in pairs:
        old, new = _block(alignment.old, lost[x]), _block(alignment.new, fresh[y])
        if alignment.to[old[0]] == new[0] and alignment.to[old[1] - 1] == new[1] - 1:
            # It is where it was.
            continue
        alignment.free(old, new)
        alignment.pair_blocks(lost[x], fresh[y], is_moved=True)
        for step in (-1, 1):
            _take_along(alignment, lost[x] + step, fresh[y] + step, step)


def _take_along(alignment: Alignment, at: int, there: int, step: int) -> None:
    """Pairs blocks beside one that moved with those beside it now, as far as they are equal: the cells of its row."""
    old, new = alignment.old, alignment.new
    while 0 <= at < len(old.blocks) - 1 and 0 <= there < len(new.blocks) - 1 and old.block(at) == new.block(there):
        if not _free_in(old, alignment.to, at, at + 1) or not _free_in(new, alignment.back, there, there + 1):
            return
        alignment.free(_block(old, at), _block(new, there))
        alignment.pair_blocks(at, there, is_moved=True)
        at, there = at + step, there + step


def _lone_words(tokens: Tokens) -> set[int]:
    """Words, no short ones, of which one block of the text consists, and no other."""
    alone = Counter(
        tokens.ids[start]
        for start, end in pairwise(tokens.blocks)
        if end - start == 1 and tokens.ends[start] - tokens.starts[start] >= LEAST_LONE
    )
    return {word for word, count in alone.items() if count == 1}


def _block(tokens: Tokens, number: int) -> tuple[int, int]:
    return tokens.blocks[number], tokens.blocks[number + 1]


def _size(tokens: Tokens, block: int) -> int:
    return tokens.blocks[block + 1] - tokens.blocks[block]


def _link_runs(alignment: Alignment) -> int:
    """Pairs runs that occur once among the lost words and once among the new ones, and are long enough: how many."""
    old, new = alignment.old, alignment.new
    ranges = [alignment.words_of(gap) for gap in alignment.gaps]
    lost = _seeds(alignment.to, [olds for olds, _news in ranges])
    fresh = _seeds(alignment.back, [news for _olds, news in ranges])
    grams = [[tuple(ids[at : at + SEED]) for at in seeds] for ids, seeds in ((old.ids, lost), (new.ids, fresh))]
    linked = 0
    for x, y in once_on_both_sides(*grams):
        run = _widest(alignment, lost[x], fresh[y])
        if run is not None:
            alignment.pair(*run, is_moved=True)
            linked += 1
    return linked


def _seeds(places: list[int], ranges: list[Words]) -> list[int]:
    """Where SEED free words stand together within the ranges."""
    found: list[int] = []
    for start, end in ranges:
        taken = [at for at, place in enumerate(places[start:end], start) if place != NOWHERE]
        for before, after in pairwise([start - 1, *taken, end]):
            found += range(before + 1, after - SEED + 1)
    return found


def _widest(alignment: Alignment, i: int, j: int) -> Run | None:
    """The run around a seed, as far as words are equal and free; None where that is too short, or paired by now."""
    old, new, to, back = alignment.old, alignment.new, alignment.to, alignment.back
    if to[i] != NOWHERE or back[j] != NOWHERE:
        return None
    first, start = i, j
    while (
        first and start and to[first - 1] == back[start - 1] == NOWHERE and old.ids[first - 1] == new.ids[start - 1]
    ):
        first, start = first - 1, start - 1
    while i < len(old) and j < len(new) and to[i] == back[j] == NOWHERE and old.ids[i] == new.ids[j]:
        i, j = i + 1, j + 1
    is_telling = i - first >= LEAST_RUN and old.ends[i - 1] - old.starts[first] >= LEAST_LENGTH
    return (first, start, i - first) if is_telling else None


def _fill_between(alignment: Alignment, one: Run, other: Run) -> None:
    """What was edited between two runs that moved together."""
    old, new = (one[0] + one[2], other[0]), (one[1] + one[2], other[1])
    _fill_small(alignment, old, new)


def _fill_to_block_ends(alignment: Alignment, run: Run) -> None:
    """What was edited in the blocks that a run which moved begins and ends in."""
    i, j, length = run
    old_start, _end = _block_around(alignment.old, i)
    new_start, _end = _block_around(alignment.new, j)
    # What is wider is not filled, so of a long block no more is looked at.
    old_start, new_start = max(old_start, i - WIDEST_GAP - STRONG), max(new_start, j - WIDEST_GAP - STRONG)
    before = _reach(strong(alignment.to[old_start:i])[::-1]), _reach(strong(alignment.back[new_start:j])[::-1])
    _fill_small(alignment, (i - before[0], i), (j - before[1], j))
    i, j = i + length, j + length
    _start, old_end = _block_around(alignment.old, i - 1)
    _start, new_end = _block_around(alignment.new, j - 1)
    old_end, new_end = min(old_end, i + WIDEST_GAP + STRONG), min(new_end, j + WIDEST_GAP + STRONG)
    after = _reach(strong(alignment.to[i:old_end])), _reach(strong(alignment.back[j:new_end]))
    _fill_small(alignment, (i, i + after[0]), (j, j + after[1]))


def _block_around(tokens: Tokens, at: int) -> tuple[int, int]:
    return _block(tokens, bisect_right(tokens.blocks, at) - 1)


def _reach(marks: bytearray) -> int:
    """How many words there are before the first that is in a longer run of its own."""
    first = marks.find(1)
    return len(marks) if first < 0 else first


def _fill_small(alignment: Alignment, old: tuple[int, int], new: tuple[int, int]) -> None:
    if not 0 < old[1] - old[0] <= WIDEST_GAP or not 0 < new[1] - new[0] <= WIDEST_GAP:
        return
    if not any(strong(alignment.to[slice(*old)])) and not any(strong(alignment.back[slice(*new)])):
        fill_anew(alignment, old, new)


def _link_similar_blocks(alignment: Alignment) -> None:
    """Pairs blocks that moved and were edited."""
    lost, fresh = _free_blocks(alignment)
    olds, news = [_block(alignment.old, at) for at in lost], [_block(alignment.new, at) for at in fresh]
    link_similar(alignment, olds, news, SIMILAR)


def _link_beside(alignment: Alignment) -> None:
    """Pairs a block that was edited, beside a long run that moved, with the one that is beside it now: a heading with
    its section."""
    for i, j, length in _moved_runs(alignment):
        if length >= LONG_RUN:
            _link_alike(alignment, _beside(alignment.old, i, -1), _beside(alignment.new, j, -1))
            _link_alike(alignment, _beside(alignment.old, i + length, 0), _beside(alignment.new, j + length, 0))


def _beside(tokens: Tokens, at: int, step: int) -> Words | None:
    """The words of the block that begins with word `at`, or, where `step` is -1, of the one before it; None where no
    block begins there."""
    number = bisect_left(tokens.blocks, at) + step
    is_there = tokens.is_start(at) and 0 <= number < len(tokens.blocks) - 1
    return _block(tokens, number) if is_there else None


def _link_alike(alignment: Alignment, old: Words | None, new: Words | None) -> None:
    """Pairs two blocks of most of which it is not known where they are, if half of their words are the same."""
    if old is None or new is None:
        return
    if not any(free_ranges([old], alignment.to)) or not any(free_ranges([new], alignment.back)):
        return
    if likeness(Counter(alignment.old.ids[slice(*old)]), Counter(alignment.new.ids[slice(*new)])) >= BESIDE:
        fill_anew(alignment, old, new)

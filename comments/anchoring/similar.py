"""What moved, or stands among new sentences, and was edited: found by the words that both have in common."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from comments.anchoring.alignment import NOWHERE, STRONG, Alignment, Words, strong
from comments.anchoring.filling import fill_anew

# How far ahead of the next best the likest is to be, in share of words.
AHEAD = 0.15
# A word in more ranges than this says little about which it is; so does one that both texts together have more often.
RARE = 4
# Where the words that both have in common are no rare ones: boilerplate, as lists and forms repeat it.
VERY_ALIKE = 0.8


def link_similar(alignment: Alignment, lost: Sequence[Words], fresh: Sequence[Words], least: float) -> None:
    """Pairs each of the old ranges of words with the new one that has most words in common with it: a share of
    `least`, a rare one among them, or one of VERY_ALIKE, and no other nearly so many. Of neither a longer run is
    found."""
    old, new = alignment.old.ids, alignment.new.ids
    holders: dict[int, list[int]] = defaultdict(list)
    words = [Counter(new[start:end]) for start, end in fresh]
    for at, counted in enumerate(words):
        for word in counted:
            holders[word].append(at)
    rare = {word: there for word, there in holders.items() if len(there) <= RARE}
    often = Counter(old) + Counter(new)
    for start, end in lost:
        if end - start < STRONG:
            continue
        mine = Counter(old[start:end])
        candidates = {other for word in mine for other in rare.get(word, ())}
        ranked = sorted((likeness(mine, words[other]), -other) for other in candidates)
        if not ranked or ranked[-1][0] < least or (len(ranked) > 1 and ranked[-1][0] - ranked[-2][0] < AHEAD):
            continue
        share, at = ranked[-1][0], -ranked[-1][1]
        if share < VERY_ALIKE and min(often[word] for word in mine & words[at]) > RARE:
            continue
        if not any(strong(alignment.back[slice(*fresh[at])])):
            fill_anew(alignment, (start, end), fresh[at])


def free_ranges(ranges: Iterable[Words], places: Sequence[int]) -> Iterator[Words]:
    """Those of which most words were not found, and no longer run."""
    for start, end in ranges:
        here = places[start:end]
        if 2 * here.count(NOWHERE) > end - start and not any(strong(here)):
            yield start, end


def likeness(one: Counter[int], other: Counter[int]) -> float:
    """Of all words of both, the share that is in both."""
    return 2 * (one & other).total() / (one.total() + other.total())

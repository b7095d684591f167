"""What replaced a passage whose words are lost: what stands between those that stood beside it, if it is like it."""

from bisect import bisect_left, bisect_right

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from comments.anchoring.alignment import NOWHERE, Words
from comments.anchoring.passages import Compared, Found, Passage
from comments.anchoring.searching import LEAST_PART

# How like it, from 0 to 1, what replaced a passage in place is to be; and where it is part of that.
REPLACED, REPLACED_PART = 0.6, 80
# The words they share, where it is part of that; one of few code points is not looked for there.
SHARED, SHORTEST = 0.3, 3
# What stands in its place is compared up to so many times its length.
LONGEST_PLACE = 40
# How many words beside a passage may be lost for its place to be known by the next one.
LOST_BESIDE = 3


def in_place(compared: Compared, passage: Passage) -> Found | None:
    """Its words are lost, but what stood around it is there, and what stands between is like it."""
    new = compared.alignment.new
    low, high = _between(compared, passage)
    if not NOWHERE < low < high or 2 * _others(compared, passage, low, high) > high - low:
        return None
    start, end = new.starts[low], new.ends[high - 1]
    quote = compared.quote(passage).lower()
    if end - start > LONGEST_PLACE * len(quote):
        return None
    there = compared.new[start:end].lower()
    likeness = Indel.normalized_similarity(quote, there)
    if likeness >= REPLACED:
        return Found(start, end, likeness, "in place")
    return _in_part(compared, passage, (quote, there), (low, high))


def _between(compared: Compared, passage: Passage) -> Words:
    """The new words [low, high) that stand where it stood; both NOWHERE where that is not known.

    Between words that stood beside it; or from such a word on to the end of the line, where it was at one.
    """
    old, new, to = compared.alignment.old, compared.alignment.new, compared.alignment.to
    left, right = passage.first - 1, passage.last
    while left >= 0 and to[left] == NOWHERE and passage.first - 1 - left < LOST_BESIDE:
        left -= 1
    while right < len(old) and to[right] == NOWHERE and right - passage.last < LOST_BESIDE:
        right += 1
    low = 0 if left < 0 else to[left] + 1
    high = len(new) if right >= len(old) else to[right]
    is_known = left < 0 or to[left] != NOWHERE, right >= len(old) or to[right] != NOWHERE
    at_border = old.is_start(passage.first), old.is_start(passage.last)
    if is_known == (False, True) and at_border == (True, False):
        low = new.blocks[bisect_left(new.blocks, high) - 1]
    elif is_known == (True, False) and at_border == (False, True):
        high = new.blocks[min(bisect_right(new.blocks, low), len(new.blocks) - 1)]
    elif is_known != (True, True):
        return NOWHERE, NOWHERE
    return (low, high) if high <= low + 3 * (right - left - 1) + 3 else (NOWHERE, NOWHERE)


def _others(compared: Compared, passage: Passage, low: int, high: int) -> int:
    """How many of the new words [low, high) were there before, outside the passage."""
    back = compared.alignment.back
    return sum(back[j] != NOWHERE and not passage.first <= back[j] < passage.last for j in range(low, high))


def _in_part(compared: Compared, passage: Passage, texts: tuple[str, str], place: Words) -> Found | None:
    """What replaced it holds something like it, and more."""
    (quote, there), (low, high) = texts, place
    old, new = compared.alignment.old, compared.alignment.new
    shared = set(old.ids[passage.first : passage.last]) & set(new.ids[low:high])
    if not len(there) > len(quote) > SHORTEST or len(shared) < SHARED * len(passage):
        return None
    found = fuzz.partial_ratio_alignment(quote, there, score_cutoff=REPLACED_PART)
    if found is None or found.dest_end - found.dest_start < LEAST_PART * len(quote):
        return None
    start = new.starts[low]
    if len(there) != new.ends[high - 1] - start:
        # Small letters are not always as many: the place in the raw text is not known.
        return None
    whole = new.whole_words(start + found.dest_start, start + found.dest_end)
    return whole and Found(*whole, found.score / 100, "in place")

"""Whether a person need not look at a place that was found: few words in a sentence that was written anew may be
other words.
"""

from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import accumulate

from comments.anchoring.alignment import NOWHERE, Words
from comments.anchoring.passages import Compared, Found, Passage

# How many words few are, and a short passage has; and the share of one that is to be found to tell it by itself.
FEW, SHORT, NEARLY_ALL = 2, 10, 0.8
# The share of the words directly around a passage that are to be there still; and what says which one a word or two
# are, whatever else was rewritten.
SUPPORT, HELD_CLOSELY = 0.34, 0.65
# Of the words around it in its block so many are to be around it still, or it may be another, or was written anew.
DOUBTFUL, REWRITTEN, FAMILIAR = 0.6, 0.75, 0.7
# Of the words of the block it is in now less than this was there before: the block is new.
FOREIGN = 0.5
# A whole block is to have kept so much of itself, or its neighbours.
OWN = 0.65
# Of a short passage amid much that is new so much besides punctuation is to be left.
TELLING = 0.6


class Certainty:
    """Asks of places in one new text; what many passages ask alike is counted once."""

    def __init__(self, compared: Compared) -> None:
        self._compared, self._alignment = compared, compared.alignment
        self._shares: dict[tuple[Words, Words], int] = {}

    def is_certain(self, passage: Passage, found: Found) -> bool:
        """Whether the place is the passage's beyond doubt."""
        if found.method == "search":
            return False
        length = len(passage)
        if length > SHORT and found.score == 1:
            return True
        if found.score >= NEARLY_ALL and len(self._letters(passage)) > SHORT:
            return True
        setting, background = self._setting(passage, found)
        if setting is None:
            return self._is_certain_block(passage, found, background)
        if length <= FEW and found.support < HELD_CLOSELY and setting < REWRITTEN and background < FAMILIAR:
            return False
        if found.method == "words" and background < FAMILIAR and self._telling(passage, found) < TELLING:
            return False
        if found.score == 1:
            is_held = found.support >= SUPPORT or setting >= DOUBTFUL or background >= FOREIGN
            return length <= FEW or is_held
        if found.support < SUPPORT and setting < DOUBTFUL and found.method == "words":
            return False
        return not (length <= SHORT and setting < FAMILIAR and background < FOREIGN)

    def _is_certain_block(self, passage: Passage, found: Found, background: float) -> bool:
        """The same of a whole block."""
        beside = self._beside(passage, found)
        if len(passage) == 1 and self._alignment.moved[passage.first] and not beside:
            # A heading may be another of the same name.
            return False
        return found.score >= OWN or beside == 2 or (beside == 1 and background >= FOREIGN)

    def _beside(self, passage: Passage, found: Found) -> int:
        """On how many of its two sides a place has the very word that stood there, or the same end of the text."""
        to, new = self._alignment.to, self._alignment.new
        left, right = bisect_right(new.ends, found.start) - 1, bisect_left(new.starts, found.end)
        is_before = to[passage.first - 1] == left >= 0 if passage.first else left < 0
        is_after = to[passage.last] == right if passage.last < len(to) else right == len(new)
        return is_before + is_after

    def _telling(self, passage: Passage, found: Found) -> float:
        """Of a short passage's words that are no mere punctuation, the share that was found; 1 of any other."""
        telling = self._letters(passage)
        if len(passage) > SHORT or not telling:
            return 1.0
        weight = self._compared.weight
        return weight([i for i in telling if i in found.words]) / weight(telling)

    def _letters(self, passage: Passage) -> list[int]:
        """Those words of a passage that are no mere punctuation."""
        old, starts = self._compared.old, self._alignment.old.starts
        return [i for i in range(passage.first, passage.last) if old[starts[i]].isalnum()]

    def _setting(self, passage: Passage, found: Found) -> tuple[float | None, float]:
        """Of the words around it in its block, the share that is around it still, None where there are none; and of
        all words of the block it is in now, the share that was there before."""
        old, new, to = self._alignment.old, self._alignment.new, self._alignment.to
        first = old.blocks[bisect_right(old.blocks, passage.first) - 1]
        last = old.blocks[bisect_left(old.blocks, passage.last)]
        low = new.blocks[bisect_right(new.blocks, bisect_right(new.ends, found.start)) - 1]
        high = new.blocks[bisect_left(new.blocks, bisect_left(new.starts, found.end))]
        around = last - first - len(passage)
        own = sum(low <= j < high for j in to[passage.first : passage.last])
        stayed = self._shared((first, last), (low, high)) - own
        known = self._known[high] - self._known[low]
        return (stayed / around if around else None), known / max(1, high - low)

    @cached_property
    def _known(self) -> list[int]:
        """How many of the new words before each were there before."""
        return list(accumulate((i != NOWHERE for i in self._alignment.back), initial=0))

    def _shared(self, old: Words, new: Words) -> int:
        """How many of these old words are among these new ones. Of long blocks many passages ask the same."""
        (start, end), (low, high) = old, new
        if (old, new) not in self._shares:
            if high - low < end - start:
                count = sum(start <= i < end for i in self._alignment.back[low:high])
            else:
                count = sum(low <= j < high for j in self._alignment.to[start:end])
            self._shares[old, new] = count
        return self._shares[old, new]

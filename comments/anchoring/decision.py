"""Where one passage is now: by its words that were found, else by what replaced it in place, else by a search among
the words that are new. What is too little to say so is an orphan; what is likely but not certain is for a person.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from comments.anchoring.alignment import NOWHERE, Alignment, Words, runs
from comments.anchoring.searching import LEAST_PART, Search
from comments.anchoring.sentences import begins_sentence, ends_sentence
from comments.anchoring.spans import Placement, Span, Status

ORPHAN = Placement(None, None, Status.ORPHANED, 0.0, "none")
# Of the code points of a passage so many are to be found again, ...
HALF = 0.5
# ... and of few words, or where much is lost, also so many of the words around it, which are looked at this far.
SHORT, SHORT_IF_WEAK, WEAK = 3, 10, 0.8
AROUND, SUPPORT = 5, 0.34
# Or it is in a run of so many, those beside it counted too; or so many of its own are found; or its line stands.
HELD_BY_RUN, HELD_BY_ITSELF = 4, 6
# Words that went further apart than this are not one passage.
WIDEST_STEP = 30
# But for what was put into it, between so many words of it at least.
LONG_SIDE, WIDEST_INSERTION = 8, 100
# Two words are neighbours in the same way while their distance changed by no more than this.
DRIFT = 6
# How like it, from 0 to 1, what replaced a passage in place is to be; and where it is part of that.
REPLACED, REPLACED_PART = 0.6, 80
# What stands in its place is compared up to so many times its length.
LONGEST_PLACE = 40
# When a person should look. Of the words around a passage in its block, and of the words of the block it is in now,
# these shares were there before, or were not; a whole block is to have kept so much of itself, or its neighbours.
FEW, DOUBTFUL, REWRITTEN, FAMILIAR, FOREIGN, OWN = 2, 0.6, 0.75, 0.7, 0.5, 0.65
# So many of the words directly around a word or two say which they are, whatever else was rewritten; and of a short
# passage amid much that is new so much besides punctuation is to be left.
HELD_CLOSELY, TELLING = 0.65, 0.6
# How many words beside a passage may be lost for its place to be known by the next one.
LOST_BESIDE = 3


@dataclass(frozen=True, slots=True)
class _Words:
    """The words [first, last) of the old text that a span covers, at least in part."""

    span: Span
    first: int
    last: int

    def __len__(self) -> int:
        return self.last - self.first


class Decider:
    """Decides where passages of `old` are in `new`. Ask in the order of the text: searches are counted."""

    def __init__(self, old: str, new: str, alignment: Alignment) -> None:
        self._old, self._new = old, new
        self._alignment = alignment
        self._search = Search(new, alignment)
        self._shares: dict[tuple[Words, Words], int] = {}

    def place(self, span: Span) -> Placement:
        tokens = self._alignment.old
        words = _Words(span, bisect_right(tokens.ends, span.start), bisect_left(tokens.starts, span.end))
        if len(words) <= 0 or not len(self._alignment.new):
            return ORPHAN
        return (
            self._untouched(words)
            or self._rearranged(words)
            or self._by_words(words)
            or self._in_place(words)
            or self._by_search(words)
            or ORPHAN
        )

    def _untouched(self, words: _Words) -> Placement | None:
        """Every word of it stands together as before."""
        to, (first, last) = self._alignment.to, (words.first, words.last)
        if to[first] == NOWHERE or to[last - 1] - to[first] != last - 1 - first:
            return None
        old, new = self._alignment.old, self._alignment.new
        start = new.starts[to[first]] + words.span.start - old.starts[first]
        end = new.ends[to[last - 1]] + words.span.end - old.ends[last - 1]
        if self._new[start:end] != self._old[words.span.start : words.span.end]:
            return None
        is_long = len(words) > SHORT_IF_WEAK or self._is_whole_block(words)
        support = 1.0 if is_long else self._support(words, to[first] - first)
        if len(words) <= SHORT and support < SUPPORT:
            # Looked at more closely among the passages that were edited.
            return None
        if is_long or (len(words) > FEW and support >= SUPPORT):
            status = Status.MOVED if self._alignment.moved[first] else Status.KEPT
            return Placement(start, end, status, 1.0, "words")
        return self._placed(words, (start, end), 1.0, "words", support)

    def _is_whole_block(self, words: _Words) -> bool:
        """Whether it is a block of its own, of some words, and stands as one still."""
        return (
            len(words) > FEW
            and self._line_of(words.first) == (words.first, words.last)
            and self._line_stands(words.first)
        )

    def _line_of(self, i: int) -> tuple[int, int]:
        """The words of the line that old word i is in."""
        blocks = self._alignment.old.blocks
        block = bisect_right(blocks, i) - 1
        return blocks[block], blocks[block + 1]

    def _line_stands(self, i: int) -> bool:
        """Whether the line of old word i is a line of its own still, with the same words."""
        to, new = self._alignment.to, self._alignment.new
        first, last = self._line_of(i)
        stands = all(to[at] == to[first] + at - first for at in range(first, last))
        return stands and to[first] != NOWHERE and new.is_start(to[first]) and new.is_start(to[last - 1] + 1)

    def _rearranged(self, words: _Words) -> Placement | None:
        """Nearly all of its words are found, and nothing else that was there before stands between them, but not all
        are in the order they were in: lines of it, or sentences, changed places."""
        to, back, new = self._alignment.to, self._alignment.back, self._alignment.new
        found = [i for i in range(words.first, words.last) if to[i] != NOWHERE]
        if len(words) <= SHORT_IF_WEAK or all(to[i] < to[j] for i, j in pairwise(found)):
            return None
        start, end = min(to[i] for i in found), max(to[i] for i in found) + 1
        share = self._weight(found) / self._weight(range(words.first, words.last))
        if share < WEAK or end - start - len(found) > WIDEST_STEP:
            return None
        if any(i != NOWHERE and not words.first <= i < words.last for i in back[start:end]):
            return None
        return self._placed(words, (new.starts[start], new.ends[end - 1]), share, "words")

    def _by_words(self, words: _Words) -> Placement | None:
        """Most of its words are found, close together and in order: from the first of them to the last."""
        found = self._heaviest(words)
        if not found:
            return None
        share = self._weight(found) / self._weight(range(words.first, words.last))
        if share < HALF:
            return None
        needs_support = len(words) <= SHORT or (share < WEAK and len(words) <= SHORT_IF_WEAK)
        support = self._support(words, self._alignment.to[found[0]] - found[0])
        is_held = support >= SUPPORT or self._run(found) >= HELD_BY_RUN or len(found) >= HELD_BY_ITSELF
        if needs_support and not is_held and not self._line_stands(found[0]):
            return None
        start = self._start(words, found[0])
        end = self._end(words, found[-1])
        return self._placed(words, (start, end), share, "words", support)

    def _heaviest(self, words: _Words) -> list[int]:
        """Of its words that were found, those of the longest stretch whose places ascend in small steps."""
        to, last = self._alignment.to, NOWHERE
        stretches: list[list[int]] = []
        for i in range(words.first, words.last):
            if to[i] == NOWHERE:
                continue
            if last == NOWHERE or not 0 < to[i] - last <= WIDEST_STEP:
                stretches.append([])
            stretches[-1].append(i)
            last = to[i]
        return max(self._around_insertions(stretches), key=self._weight, default=[])

    def _around_insertions(self, stretches: list[list[int]]) -> list[list[int]]:
        """Those stretches as one between which much was put in, in the order they were in: if both are long, or whole
        sentences were put in."""
        to = self._alignment.to
        joined: list[list[int]] = []
        for stretch in stretches:
            before = joined[-1] if joined else []
            is_near = before and 0 < to[stretch[0]] - to[before[-1]] <= WIDEST_INSERTION
            is_long = min(len(before), len(stretch)) >= LONG_SIDE
            if is_near and (is_long or self._are_sentences(to[before[-1]] + 1, to[stretch[0]])):
                joined[-1] = before + stretch
            else:
                joined.append(stretch)
        return joined

    def _are_sentences(self, start: int, end: int) -> bool:
        """Whether the new words [start, end) are whole sentences, and new in this revision."""
        new, back = self._alignment.new, self._alignment.back
        are_whole = begins_sentence(self._new, new, start) and begins_sentence(self._new, new, end)
        return are_whole and all(i == NOWHERE for i in back[start:end])

    def _weight(self, words: Iterable[int]) -> int:
        """How many code points these old words have."""
        starts, ends = self._alignment.old.starts, self._alignment.old.ends
        return sum(ends[i] - starts[i] for i in words)

    def _support(self, words: _Words, distance: int) -> float:
        """The share of the words around it that went as far as it did."""
        to = self._alignment.to
        low, high = max(0, words.first - AROUND), min(len(to), words.last + AROUND)
        if self._alignment.moved[words.first] or self._alignment.moved[words.last - 1]:
            # What moved left the neighbours of its block behind.
            blocks = self._alignment.old.blocks
            low = max(low, blocks[bisect_right(blocks, words.first) - 1])
            high = min(high, blocks[bisect_left(blocks, words.last)])
        around = [*range(low, words.first), *range(words.last, high)]
        if not around:
            return 1.0
        return sum(to[i] != NOWHERE and abs(to[i] - i - distance) <= DRIFT for i in around) / len(around)

    def _run(self, found: list[int]) -> int:
        """How many words, of it or beside it, stand in one run with words of it that were found, at most; that a line
        begins there counts as one."""
        low, high = max(0, found[0] - HELD_BY_RUN), min(len(self._alignment.to), found[-1] + 1 + HELD_BY_RUN)
        touching = [run for run in runs(self._alignment.to, low, high) if run[0] <= found[-1] and run[1] > found[0]]
        return max(end - start + self._alignment.begins_line(start) for start, end in touching)

    def _start(self, words: _Words, found: int) -> int:
        """Where it begins, when `found` is the first word of it that is left: with what replaced the words before."""
        to, old, new = self._alignment.to, self._alignment.old, self._alignment.new
        at = to[found]
        if found == words.first:
            return new.starts[at] + max(0, words.span.start - old.starts[found])
        most = 2 * (found - words.first) + 1
        if begins_sentence(self._old, old, words.first):
            begin = self._begin_of_sentence(at, most)
            if begin is not None:
                return new.starts[begin]
        outside = words.first - 1
        beside = 0 if outside < 0 else to[outside] + 1
        is_known = outside < 0 or (to[outside] != NOWHERE and to[outside] < at)
        return new.starts[beside if is_known and at - beside <= most else at]

    def _begin_of_sentence(self, at: int, most: int) -> int | None:
        """The first word of the sentence that new word `at` is in, where only new words stand before it in there, and
        no more than `most`; else None."""
        new, back = self._alignment.new, self._alignment.back
        for j in range(at, max(-1, at - most - 1), -1):
            if begins_sentence(self._new, new, j):
                return j
            if back[j - 1] != NOWHERE:
                return None
        return None

    def _end(self, words: _Words, found: int) -> int:
        """Where it ends, when `found` is the last word of it that is left."""
        to, old, new = self._alignment.to, self._alignment.old, self._alignment.new
        at = to[found]
        if found == words.last - 1:
            return new.ends[at] - max(0, old.ends[found] - words.span.end)
        outside = words.last
        most = 2 * (outside - 1 - found) + 1
        is_end = outside >= len(old)
        beside = len(new) - 1 if is_end else to[outside] - 1
        is_known = is_end or (to[outside] != NOWHERE and to[outside] > at)
        if is_known and beside - at <= most:
            return new.ends[beside]
        most = min(most, LOST_BESIDE)
        if ends_sentence(self._old, old.ends[outside - 1]):
            return new.ends[self._end_of(at, most, lambda j: begins_sentence(self._new, new, j))]
        return new.ends[self._end_of(at, most, new.is_start) if old.is_start(outside) else at]

    def _end_of(self, at: int, most: int, begins: Callable[[int], bool]) -> int:
        """The last word of the sentence or line that new word `at` is in, where only new words stand behind it in
        there, and no more than `most`; else `at`."""
        new, back = self._alignment.new, self._alignment.back
        for j in range(at, min(len(new), at + most + 1)):
            if begins(j + 1):
                return j
            if back[j + 1] != NOWHERE:
                break
        return at

    def _in_place(self, words: _Words) -> Placement | None:
        """Its words are lost, but what stood around it is there, and what stands between is like it."""
        new = self._alignment.new
        low, high = self._between(words)
        if not NOWHERE < low < high or 2 * self._others(words, low, high) > high - low:
            return None
        start, end = new.starts[low], new.ends[high - 1]
        quote = self._old[words.span.start : words.span.end].lower()
        if end - start > LONGEST_PLACE * len(quote):
            return None
        there = self._new[start:end].lower()
        likeness = Indel.normalized_similarity(quote, there)
        if likeness >= REPLACED:
            return self._placed(words, (start, end), likeness, "in place")
        return self._in_part(words, (quote, there), (low, high))

    def _between(self, words: _Words) -> tuple[int, int]:
        """The new words [low, high) that stand where it stood; both NOWHERE where that is not known.

        Between words that stood beside it; or from such a word on to the end of the line, where it was at one.
        """
        to, old, new = self._alignment.to, self._alignment.old, self._alignment.new
        left, right = words.first - 1, words.last
        while left >= 0 and to[left] == NOWHERE and words.first - 1 - left < LOST_BESIDE:
            left -= 1
        while right < len(old) and to[right] == NOWHERE and right - words.last < LOST_BESIDE:
            right += 1
        low = 0 if left < 0 else to[left] + 1
        high = len(new) if right >= len(old) else to[right]
        is_known = left < 0 or to[left] != NOWHERE, right >= len(old) or to[right] != NOWHERE
        at_border = old.is_start(words.first), old.is_start(words.last)
        if is_known == (False, True) and at_border == (True, False):
            low = new.blocks[bisect_left(new.blocks, high) - 1]
        elif is_known == (True, False) and at_border == (False, True):
            high = new.blocks[min(bisect_right(new.blocks, low), len(new.blocks) - 1)]
        elif is_known != (True, True):
            return NOWHERE, NOWHERE
        return (low, high) if high <= low + 3 * (right - left - 1) + 3 else (NOWHERE, NOWHERE)

    def _others(self, words: _Words, low: int, high: int) -> int:
        """How many of the new words [low, high) were there before, outside the passage."""
        back = self._alignment.back
        return sum(back[j] != NOWHERE and not words.first <= back[j] < words.last for j in range(low, high))

    def _in_part(self, words: _Words, texts: tuple[str, str], place: tuple[int, int]) -> Placement | None:
        """What replaced it holds something like it, and more."""
        (quote, there), (low, high) = texts, place
        old, new = self._alignment.old, self._alignment.new
        shared = set(old.ids[words.first : words.last]) & set(new.ids[low:high])
        if not len(there) > len(quote) > SHORT or len(shared) < 0.3 * len(words):
            return None
        found = fuzz.partial_ratio_alignment(quote, there, score_cutoff=REPLACED_PART)
        if found is None or found.dest_end - found.dest_start < LEAST_PART * len(quote):
            return None
        start = new.starts[low]
        if len(there) != new.ends[high - 1] - start:
            # Small letters are not always as many: the place in the raw text is not known.
            return None
        whole = new.whole_words(start + found.dest_start, start + found.dest_end)
        return whole and self._placed(words, whole, found.score / 100, "in place")

    def _by_search(self, words: _Words) -> Placement | None:
        """Something very like it is new in this revision, and it is not known where nearly all of its words are."""
        alignment = self._alignment
        if sum(j != NOWHERE for j in alignment.to[words.first : words.last]) > WEAK * len(words):
            return None
        quote = self._old[words.span.start : words.span.end]
        found = self._search.find(quote, set(alignment.old.ids[words.first : words.last]))
        if found is None:
            return None
        score, start, end = found
        whole = alignment.new.whole_words(start, end)
        return whole and self._placed(words, whole, score, "search")

    def _placed(
        self, words: _Words, place: tuple[int, int], score: float, method: str, support: float = 1.0
    ) -> Placement | None:
        start, end = place
        if not 0 <= start < end <= len(self._new):
            return None
        is_same = self._new[start:end] == self._old[words.span.start : words.span.end]
        if not self._is_certain(words, place, score, method, support):
            status = Status.UNCERTAIN
        elif not is_same:
            status = Status.CHANGED
        else:
            is_moved = 2 * sum(self._alignment.moved[words.first : words.last]) > len(words)
            status = Status.MOVED if is_moved else Status.KEPT
        return Placement(start, end, status, score, method)

    def _is_certain(self, words: _Words, place: tuple[int, int], score: float, method: str, support: float) -> bool:
        """Whether a person need not look. Few words in a sentence that was written anew may be other words."""
        if method == "search":
            return False
        if len(words) > SHORT_IF_WEAK and score == 1:
            return True
        if score >= WEAK and len(self._letters(words)) > SHORT_IF_WEAK:
            return True
        setting, background = self._setting(words, place)
        if setting is None:
            beside = self._beside(words, place)
            if len(words) == 1 and self._alignment.moved[words.first] and not beside:
                # A heading may be another of the same name.
                return False
            return score >= OWN or beside == 2 or (beside == 1 and background >= FOREIGN)
        if len(words) <= FEW and support < HELD_CLOSELY and setting < REWRITTEN and background < FAMILIAR:
            return False
        if method == "words" and background < FAMILIAR and self._telling(words) < TELLING:
            return False
        if score == 1:
            return len(words) <= FEW or support >= SUPPORT or setting >= DOUBTFUL or background >= FOREIGN
        if support < SUPPORT and setting < DOUBTFUL and method == "words":
            return False
        return not (len(words) <= SHORT_IF_WEAK and setting < FAMILIAR and background < FOREIGN)

    def _beside(self, words: _Words, place: tuple[int, int]) -> int:
        """On how many of its two sides a place has the very word that stood there, or the same end of the text."""
        to, new = self._alignment.to, self._alignment.new
        left, right = bisect_right(new.ends, place[0]) - 1, bisect_left(new.starts, place[1])
        is_before = to[words.first - 1] == left >= 0 if words.first else left < 0
        is_after = to[words.last] == right if words.last < len(to) else right == len(new)
        return is_before + is_after

    def _telling(self, words: _Words) -> float:
        """Of a short passage's words that are no mere punctuation, the share that was found; 1 of any other."""
        telling = self._letters(words)
        if len(words) > SHORT_IF_WEAK or not telling:
            return 1.0
        return self._weight(set(self._heaviest(words)).intersection(telling)) / self._weight(telling)

    def _letters(self, words: _Words) -> list[int]:
        """Those words of a passage that are no mere punctuation."""
        starts = self._alignment.old.starts
        return [i for i in range(words.first, words.last) if self._old[starts[i]].isalnum()]

    def _setting(self, words: _Words, place: tuple[int, int]) -> tuple[float | None, float]:
        """Of the words around it in its block, the share that is around it still, None where there are none; and of
        all words of the block it is in now, the share that was there before."""
        old, new, to = self._alignment.old, self._alignment.new, self._alignment.to
        first = old.blocks[bisect_right(old.blocks, words.first) - 1]
        last = old.blocks[bisect_left(old.blocks, words.last)]
        low = new.blocks[bisect_right(new.blocks, bisect_right(new.ends, place[0])) - 1]
        high = new.blocks[bisect_left(new.blocks, bisect_left(new.starts, place[1]))]
        around = last - first - len(words)
        stayed = self._shared((first, last), (low, high)) - sum(low <= j < high for j in to[words.first : words.last])
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

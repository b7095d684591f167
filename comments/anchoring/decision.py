"""Where one passage is now: by its words that were found, else by what replaced it in place, else by a search among
the words that are new. What is too little to say so is an orphan; what is likely but not certain is for a person.
"""

from bisect import bisect_left, bisect_right
from itertools import chain

from comments.anchoring.alignment import NOWHERE, runs
from comments.anchoring.certainty import FEW, HELD_CLOSELY, NEARLY_ALL, SHORT, SUPPORT, Certainty
from comments.anchoring.extent import begin, end
from comments.anchoring.passages import WIDEST_STEP, Compared, Found, Passage
from comments.anchoring.replacing import in_place
from comments.anchoring.searching import Search
from comments.anchoring.signs import begins_sentence
from comments.anchoring.spans import Placement, Span, Status

ORPHAN = Placement(None, None, Status.ORPHANED, 0.0, "none")
# Of the code points of a passage so many are to be found again, ...
HALF = 0.5
# ... and of so few words, or of a short one of which much is lost, also SUPPORT of so many words on either side.
SO_FEW, AROUND = 3, 5
# Or it is in a run of so many, those beside it counted too; or its line stands.
HELD_BY_RUN = 4
# Words that went far apart are no passage, but for what was put into it, between so many words of it at least.
LONG_SIDE, WIDEST_INSERTION = 8, 100
# Two words are neighbours in the same way while their distance changed by no more than this.
DRIFT = 6


class Decider:
    """Decides where passages of one text are in another. Ask in the order of the text: searches are counted."""

    def __init__(self, compared: Compared) -> None:
        self._compared, self._alignment = compared, compared.alignment
        self._search = Search(compared.new, compared.alignment)
        self._certainty = Certainty(compared)

    def place(self, span: Span) -> Placement:
        passage = self._compared.passage(span)
        if passage.first >= passage.last or not self._alignment.back:
            return ORPHAN
        return (
            self._untouched(passage)
            or self._placed(passage, self._rearranged(passage))
            or self._placed(passage, self._by_words(passage))
            or self._placed(passage, in_place(self._compared, passage))
            or self._placed(passage, self._by_search(passage))
            or ORPHAN
        )

    def _untouched(self, passage: Passage) -> Placement | None:
        """Every word of it stands together as before."""
        to, first, last, length = self._alignment.to, passage.first, passage.last, len(passage)
        if to[first] == NOWHERE or to[last - 1] - to[first] != length - 1:
            return None
        old, new = self._alignment.old, self._alignment.new
        start = new.starts[to[first]] + passage.span.start - old.starts[first]
        stop = new.ends[to[last - 1]] + passage.span.end - old.ends[last - 1]
        if self._compared.new[start:stop] != self._compared.quote(passage):
            return None
        is_long = length > SHORT or self._is_whole_block(passage)
        support = 1.0 if is_long else self._support(passage, to[first] - first)
        if length <= SO_FEW and support < SUPPORT:
            # Looked at more closely among the passages that were edited.
            return None
        is_held = support >= SUPPORT if length > FEW else support >= HELD_CLOSELY and not self._alignment.moved[first]
        if is_long or is_held:
            status = Status.MOVED if self._alignment.moved[first] else Status.KEPT
            return Placement(start, stop, status, 1.0, "words")
        return self._placed(passage, Found(start, stop, 1.0, "words", range(first, last), support))

    def _is_whole_block(self, passage: Passage) -> bool:
        """Whether it is a block of its own, of some words, and stands as one still."""
        if len(passage) <= FEW:
            return False
        is_block = self._compared.line_of(passage.first) == (passage.first, passage.last)
        return is_block and self._compared.line_stands(passage.first)

    def _rearranged(self, passage: Passage) -> Found | None:
        """Nearly all of its words are found, and nothing else that was there before stands between them, but not all
        are in the order they were in: lines of it, or sentences, changed places."""
        to, back, new = self._alignment.to, self._alignment.back, self._alignment.new
        stretches = self._compared.stretches(passage)
        if len(passage) <= SHORT or len(stretches) < 2:
            return None
        found = list(chain.from_iterable(stretches))
        places = [to[i] for i in found]
        if places == sorted(places):
            return None
        first, last = min(places), max(places)
        share = self._share(passage, found)
        if share < NEARLY_ALL or last + 1 - first - len(found) > WIDEST_STEP:
            return None
        if any(i != NOWHERE and not passage.first <= i < passage.last for i in back[first : last + 1]):
            return None
        return Found(new.starts[first], new.ends[last], share, "words", found)

    def _by_words(self, passage: Passage) -> Found | None:
        """Most of its words are found, close together and in order: from the first of them to the last."""
        found = self._heaviest(passage)
        if not found:
            return None
        share = self._share(passage, found)
        if share < HALF:
            return None
        needs_support = len(passage) <= SO_FEW or (share < NEARLY_ALL and len(passage) <= SHORT)
        support = self._support(passage, self._alignment.to[found[0]] - found[0])
        is_held = support >= SUPPORT or self._run(found) >= HELD_BY_RUN
        if needs_support and not is_held and not self._compared.line_stands(found[0]):
            return None
        start = begin(self._compared, passage, found[0])
        stop = end(self._compared, passage, found[-1])
        return Found(start, stop, share, "words", found, support)

    def _share(self, passage: Passage, found: list[int]) -> float:
        """How much of the passage these words of it are, from 0 to 1."""
        weight = self._compared.weight
        return weight(found) / weight(range(passage.first, passage.last))

    def _heaviest(self, passage: Passage) -> list[int]:
        """Of its words that were found, those of the longest stretch whose places ascend in small steps."""
        stretches = self._around_insertions(self._compared.stretches(passage))
        return max(stretches, key=self._compared.weight, default=[])

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

    def _are_sentences(self, first: int, last: int) -> bool:
        """Whether the new words [first, last) are whole sentences, and new in this revision."""
        new, back, text = self._alignment.new, self._alignment.back, self._compared.new
        are_whole = begins_sentence(text, new, first) and begins_sentence(text, new, last)
        return are_whole and all(i == NOWHERE for i in back[first:last])

    def _support(self, passage: Passage, distance: int) -> float:
        """The share of the words around it that went as far as it did."""
        to, moved = self._alignment.to, self._alignment.moved
        low, high = max(0, passage.first - AROUND), min(len(to), passage.last + AROUND)
        if moved[passage.first] or moved[passage.last - 1]:
            # What moved left the neighbours of its block behind.
            blocks = self._alignment.old.blocks
            low = max(low, blocks[bisect_right(blocks, passage.first) - 1])
            high = min(high, blocks[bisect_left(blocks, passage.last)])
        if to[low:high] == [*range(low + distance, high + distance)]:
            # So it is of most, and quickly said.
            return 1.0
        around = [*range(low, passage.first), *range(passage.last, high)]
        if not around:
            return 1.0
        return sum(to[i] != NOWHERE and abs(to[i] - i - distance) <= DRIFT for i in around) / len(around)

    def _run(self, found: list[int]) -> int:
        """How many words, of it or beside it, stand in one run with words of it that were found, at most; that a line
        begins there counts as one."""
        low, high = max(0, found[0] - HELD_BY_RUN), min(len(self._alignment.to), found[-1] + 1 + HELD_BY_RUN)
        touching = [run for run in runs(self._alignment.to, low, high) if run[0] <= found[-1] and run[1] > found[0]]
        return max(stop - start + self._alignment.begins_line(start) for start, stop in touching)

    def _by_search(self, passage: Passage) -> Found | None:
        """Something very like it is new in this revision, and it is not known where nearly all of its words are."""
        alignment = self._alignment
        lost = alignment.to[passage.first : passage.last].count(NOWHERE)
        if len(passage) - lost > NEARLY_ALL * len(passage):
            return None
        words = set(alignment.old.ids[passage.first : passage.last])
        quote = self._compared.quote(passage)
        found = self._search.find(quote, words)
        # Of what stood more than once, a new one is as like to one as to another.
        if found is None or self._compared.old.count(quote) > 1:
            return None
        score, start, stop = found
        whole = alignment.new.whole_words(start, stop)
        return whole and Found(*whole, score, "search")

    def _placed(self, passage: Passage, found: Found | None) -> Placement | None:
        if found is None or not 0 <= found.start < found.end <= len(self._compared.new):
            return None
        is_same = self._compared.new[found.start : found.end] == self._compared.quote(passage)
        if not self._certainty.is_certain(passage, found):
            status = Status.UNCERTAIN
        elif not is_same:
            status = Status.CHANGED
        else:
            is_moved = 2 * sum(self._alignment.moved[passage.first : passage.last]) > len(passage)
            status = Status.MOVED if is_moved else Status.KEPT
        return Placement(found.start, found.end, status, found.score, found.method)

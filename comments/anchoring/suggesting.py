"""Where a passage that was lost may be now: a few places that resemble it, for a person to choose from.

Where several of its words stand close together is found in the plain text; only there is it read word by word. A
place is like a passage by the words that both have, in their order; a word tells the more the longer it is and the
rarer in the text. The words that stood around the passage lift a place, and never make one.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log2
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from comments.anchoring.clusters import whole
from comments.anchoring.quotes import CONTEXT_LENGTH, Context
from comments.anchoring.spans import Span
from comments.anchoring.tokens import Tokens, Vocabulary, tokenise

MOST = 3
# A place has so much of what the passage had, and is so like it with what it has besides; from 0 to 1.
LEAST, LIKE = 0.45, 0.55
# The words around a place make up for so much, at most, of what it lacks; they are looked for so much further away.
LIFT, AROUND = 0.4, 4
# A place is at most so much longer than the passage, and a few words more; in code points.
WIDER, FEW = 1.5, 32
# Of the words that tell the most so many are looked for, as long as they stand no more often in all; where so much of
# them stands together the text is read, so many places and code points of it. A longer quote is not looked for.
MOST_WORDS, MOST_HITS, ENOUGH = 48, 4_000, 0.3
MANY_LETTERS = 16
MOST_READ, MOST_CODE_POINTS, LONGEST_QUOTE = 12, 20_000, 5_000


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Code points [start, end) of the text, in whole words, and how like the passage it is, from 0 to 1."""

    start: int
    end: int
    score: float


class _Stretch(NamedTuple):
    """Code points [start, end) of the text, and what the words of the passage among them weigh."""

    weight: float
    start: int
    end: int


class _Ranked(NamedTuple):
    """A place in the order they are ranked in: its score and how much of what is around it was, both negative."""

    score: float
    support: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Passage:
    """Its words, what each tells, and those before and behind it. `rarity` is what a code point tells on average."""

    ids: list[int]
    tells: dict[int, float]
    weight: float
    rarity: float
    before: list[int]
    behind: list[int]
    # As they are looked for in the plain text: how often each stands in the passage, and what it tells.
    words: dict[str, tuple[int, float]]
    length: int


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the text that was read: its words, from code point `offset` on, and what each tells."""

    offset: int
    tokens: Tokens
    tells: list[float]


def suggest(text: str, exact: str, context: Context) -> list[Suggestion]:
    """Up to three places for the passage `exact` in `text`, the best first; none where nothing resembles it."""
    return Suggester(text).suggest(exact, context)


class Suggester:
    """A text to look for several passages in. No place reaches over the start of one of `sections`."""

    def __init__(self, text: str, sections: Sequence[Span] = ()) -> None:
        self._text = text
        self._plain = _small(text)
        self._borders = sorted({0, *(section.start for section in sections)})
        self._often: dict[str, int] = {}

    def suggest(self, exact: str, context: Context) -> list[Suggestion]:
        """Up to three places for the passage `exact`, the best first; none where nothing resembles it."""
        if len(exact) > LONGEST_QUOTE:
            return []
        vocabulary = Vocabulary()
        passage = self._passage(exact, context, vocabulary)
        if not passage.weight:
            return []
        places = [self._place(passage, stretch, vocabulary) for stretch in self._candidates(passage)]
        return _telling(sorted({place for place in places if place is not None}))

    def _passage(self, exact: str, context: Context, vocabulary: Vocabulary) -> _Passage:
        tokens = tokenise(exact, vocabulary)
        plain = _small(exact)
        words = Counter(plain[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True))
        if sum(len(word) == 1 for word in words) > MANY_LETTERS:
            # Cheaper at once, where every letter is a word.
            self._often |= Counter(self._plain)
        told = {word: self._tells(word) for word in words}
        tells = {
            number: told[plain[start:end]]
            for number, start, end in zip(tokens.ids, tokens.starts, tokens.ends, strict=True)
        }
        weight = sum(tells[number] for number in tokens.ids)
        best = sorted((word for word in words if told[word]), key=lambda word: (-told[word], word))[:MOST_WORDS]
        before, behind = (tokenise(around, vocabulary).ids for around in (context.prefix, context.suffix))
        looked_for = {word: (words[word], told[word]) for word in best}
        letters = sum(end - start for start, end in zip(tokens.starts, tokens.ends, strict=True)) or 1
        return _Passage(tokens.ids, tells, weight, weight / letters, before, behind, looked_for, len(exact))

    def _tells(self, word: str) -> float:
        """What a word tells: its length, less the more often it stands in the text; nothing for a mark."""
        return len(word) / (1 + log2(max(1, self._count(word))) / 2) if word[0].isalnum() else 0.0

    def _count(self, word: str) -> int:
        if word not in self._often:
            self._often[word] = self._plain.count(word)
        return self._often[word]

    def _candidates(self, passage: _Passage) -> list[_Stretch]:
        """Where enough of the passage's words stand, apart from one another."""
        enough = ENOUGH * sum(often * tells for often, tells in passage.words.values())
        stretches = [stretch for stretch in self._stretches(passage) if stretch.weight >= enough]
        stretches.sort(key=lambda one: (-round(one.weight, 6), one.end - one.start, one.start))
        most = min(MOST_READ, max(1, MOST_CODE_POINTS // int(WIDER * passage.length + 1)))
        chosen: list[_Stretch] = []
        for one in stretches:
            if all(one.end <= other.start or other.end <= one.start for other in chosen):
                chosen.append(one)
                if len(chosen) == most:
                    break
        return chosen

    def _stretches(self, passage: _Passage) -> Iterator[_Stretch]:
        """For each place of a word of the passage, the stretch that ends with it and has the most of the others."""
        hits = sorted(self._hits(passage))
        widest = int(WIDER * passage.length) + FEW
        seen: Counter[str] = Counter()
        weight, left = 0.0, 0
        for at, word in hits:
            seen[word] += 1
            weight += passage.words[word][1] if seen[word] <= passage.words[word][0] else 0.0
            lowest = max(at + len(word) - widest, self._borders[bisect_right(self._borders, at) - 1])
            while True:
                start, first = hits[left]
                is_spare = seen[first] > passage.words[first][0]
                if start >= lowest and not is_spare:
                    break
                weight -= 0.0 if is_spare else passage.words[first][1]
                seen[first] -= 1
                left += 1
            yield _Stretch(weight, hits[left][0], at + len(word))

    def _hits(self, passage: _Passage) -> Iterator[tuple[int, str]]:
        """Where the words of the passage stand in the text, as parts of longer words too."""
        left = MOST_HITS
        for word in passage.words:
            left -= self._count(word)
            at = self._plain.find(word) if left >= 0 else -1
            while at >= 0:
                yield at, word
                at = self._plain.find(word, at + len(word))

    def _place(self, passage: _Passage, stretch: _Stretch, vocabulary: Vocabulary) -> _Ranked | None:
        """What is most like the passage at a stretch of the text; None where that is too little."""
        part = self._read(passage, stretch, vocabulary)
        shared = _tightest(passage, part, _shared(passage, part, self._reach(passage, stretch, part)))
        if len(shared) < min(2, sum(passage.tells[number] > 0 for number in passage.ids)):
            return None
        first, last = shared[0], shared[-1]
        had = sum(part.tells[at] for at in shared)
        likeness = 2 * had / (passage.weight + sum(part.tells[first : last + 1]))
        support = _support(passage, part, first, last + 1)
        score = round(min(1.0, likeness + (1 - likeness) * LIFT * support), 4)
        if had < LEAST * passage.weight or score < LIKE:
            return None
        start, end = part.offset + part.tokens.starts[first], part.offset + part.tokens.ends[last]
        return _Ranked(-score, -round(support, 4), *whole(self._text, Span(start, end)))

    def _read(self, passage: _Passage, stretch: _Stretch, vocabulary: Vocabulary) -> _Part:
        """The stretch and what is around it, within its section, cut between words."""
        section = bisect_right(self._borders, stretch.start)
        ends = self._borders[section] if section < len(self._borders) else len(self._text)
        spare = min(passage.length, 200) + 2 * CONTEXT_LENGTH
        start = self._between_words(max(self._borders[section - 1], stretch.start - spare), -1)
        end = self._between_words(min(ends, stretch.end + spare), 1)
        tokens = tokenise(self._text[start:end], vocabulary)
        tells = [
            passage.tells.get(number, (last - first) * passage.rarity if self._text[start + first].isalnum() else 0.0)
            for number, first, last in zip(tokens.ids, tokens.starts, tokens.ends, strict=True)
        ]
        return _Part(start, tokens, tells)

    def _reach(self, passage: _Passage, stretch: _Stretch, part: _Part) -> slice:
        """The words of a part that its place may have: those of the stretch, and beside them what it is short of."""
        short = max(0, passage.length - (stretch.end - stretch.start))
        start, end = stretch.start - short - part.offset, stretch.end + short - part.offset
        return slice(bisect_right(part.tokens.ends, start), bisect_left(part.tokens.starts, end))

    def _between_words(self, at: int, step: int) -> int:
        """`at`, or the next place in the direction of `step` where no word is cut, if one is near."""
        for near in range(at, at + step * 2 * CONTEXT_LENGTH, step):
            if not 0 < near < len(self._text) or self._text[near - 1].isspace() or self._text[near].isspace():
                return min(max(near, 0), len(self._text))
        return at


def _small(text: str) -> str:
    """In small letters, each where it was."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(letter if len(letter.lower()) > 1 else letter.lower() for letter in text)


def _shared(passage: _Passage, part: _Part, reach: slice) -> list[int]:
    """Which words of a part, within reach, the passage has, in its order; marks left out."""
    blocks = LCSseq.opcodes(passage.ids, part.tokens.ids[reach])
    kept = (range(block.dest_start, block.dest_end) for block in blocks if block.tag == "equal")
    return [reach.start + at for block in kept for at in block if part.tells[reach.start + at]]


def _tightest(passage: _Passage, part: _Part, shared: list[int]) -> list[int]:
    """Of the words that are shared, without those at the ends that bring in more than they are worth."""
    if not shared:
        return shared
    tells, first, last = part.tells, 0, len(shared) - 1
    had = sum(tells[at] for at in shared)
    both = passage.weight + sum(tells[shared[0] : shared[-1] + 1])
    while first < last:
        without_first = sum(tells[shared[first] : shared[first + 1]])
        without_last = sum(tells[shared[last - 1] + 1 : shared[last] + 1])
        better, less, steps = max(
            ((had - tells[shared[first]]) / (both - without_first), without_first, (1, 0)),
            ((had - tells[shared[last]]) / (both - without_last), without_last, (0, 1)),
        )
        if better <= had / both:
            break
        had -= tells[shared[first if steps[0] else last]]
        both -= less
        first, last = first + steps[0], last - steps[1]
    return shared[first : last + 1]


def _support(passage: _Passage, part: _Part, first: int, last: int) -> float:
    """The share of the words around the passage that stand around the words [first, last), in their order."""
    known = len(passage.before) + len(passage.behind)
    if not known:
        return 0.0
    ids = part.tokens.ids
    before = ids[max(0, first - len(passage.before) - AROUND) : first]
    behind = ids[last : last + len(passage.behind) + AROUND]
    return (LCSseq.similarity(passage.before, before) + LCSseq.similarity(passage.behind, behind)) / known


def _telling(ranked: list[_Ranked]) -> list[Suggestion]:
    """The best, without those that are no more like the passage than the first not shown: they tell nothing."""
    best = ranked[:MOST]
    if len(ranked) > MOST:
        best = [place for place in best if place[:2] < ranked[MOST][:2]]
    return [Suggestion(place.start, place.end, -place.score) for place in best]

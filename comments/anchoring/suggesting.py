"""Where a passage that was lost may be now: a few places that resemble it, for a person to choose from.

Where several of its words stand close together is found in the plain text; only there is it read word by word. Words
are the same if they begin the same, whatever their order, and one tells the more the rarer it is in the text: "the"
next to nothing.

A score says how like the passage a place is, from 0 to 1: of what the words of both tell, the share that both have;
up to a fifth less where they stand in another order or in other forms; and the words that stood around the passage
make up for some of what is missing. It is 1 for the same words in the same order and no others. How few words it
rests on is not in the score: a place that shares little, in it and around it, is offered only where its score is 1.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import log2
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from comments.anchoring.clusters import whole
from comments.anchoring.quotes import CONTEXT_LENGTH, Context
from comments.anchoring.spans import Span
from comments.anchoring.tokens import Tokens, Vocabulary, tokenise

MOST = 3
# Words are the same if so many of their first letters are.
BEGINNING = 5
# Another order and other forms take away so much at most; the words around make up for so much of what is missing at
# most. Those are looked for so much further away.
ORDER, LIFT, AROUND = 0.2, 0.4, 4
# A line break that the passage had not weighs so much of it.
BREAK = 0.4
# A place has so much of what the passage had. Its score counts for half where what both share tells as much as the
# doubt; the words around, all of them, tell so much; and so much is to be left of it. A word that stands once is 1.
LEAST, DOUBT, NEIGHBOURS, LEFT = 0.3, 2, 4, 0.4
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
    """Its words in small letters, what each beginning tells, how often it has it; how those around it begin."""

    words: list[str]
    tells: dict[str, float]
    often: Counter[str]
    # What all of them tell, one on average, and a line break.
    weight: float
    average: float
    line_break: float
    before: list[str]
    behind: list[str]
    # Those that tell the most, which are looked for.
    telling: list[str]
    length: int


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the text that was read: its words in small letters, from code point `offset` on."""

    offset: int
    tokens: Tokens
    words: list[str]
    beginnings: list[str]
    tells: list[float]
    # What all words before each tell, and the line breaks before it.
    before: list[float]

    def weight(self, first: int, last: int) -> float:
        """What the words from the first to the last tell, with the line breaks among them."""
        return self.before[last] - self.before[first] + self.tells[last]


class _Likest(NamedTuple):
    """The words of a part, from the first to the last, how like the passage they are, and what both share."""

    likeness: float
    had: float
    first: int
    last: int


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
        self._vocabulary = Vocabulary()

    def suggest(self, exact: str, context: Context) -> list[Suggestion]:
        """Up to three places for the passage `exact`, the best first; none where nothing resembles it."""
        if len(exact) > LONGEST_QUOTE:
            return []
        passage = self._passage(exact, context)
        if not passage.weight:
            return []
        places = [self._place(passage, stretch) for stretch in self._candidates(passage)]
        return _telling(sorted({place for place in places if place is not None}))

    def _passage(self, exact: str, context: Context) -> _Passage:
        words = [word for word in self._words(exact) if word[0].isalnum()]
        often = Counter(word[:BEGINNING] for word in words)
        if sum(len(beginning) == 1 for beginning in often) > MANY_LETTERS:
            # Cheaper at once, where every letter is a word.
            self._often |= Counter(self._plain)
        tells = {beginning: self._tells(beginning) for beginning in often}
        weight = sum(tells[word[:BEGINNING]] for word in words)
        telling = sorted(tells, key=lambda beginning: (-tells[beginning], beginning))[:MOST_WORDS]
        return _Passage(
            words=words,
            tells=tells,
            often=often,
            weight=weight,
            average=weight / (len(words) or 1),
            line_break=0.0 if "\n" in exact else BREAK * weight,
            before=[word[:BEGINNING] for word in self._words(context.prefix)],
            behind=[word[:BEGINNING] for word in self._words(context.suffix)],
            telling=telling,
            length=len(exact),
        )

    def _words(self, text: str) -> list[str]:
        return _cut(_small(text), tokenise(text, self._vocabulary))

    def _tells(self, beginning: str) -> float:
        """What a word tells: 1 if it stands once in the text, the less the more often, nothing if everywhere."""
        return 1 - log2(max(1, self._count(beginning))) / log2(len(self._text) + 2)

    def _count(self, word: str) -> int:
        if word not in self._often:
            self._often[word] = self._plain.count(word)
        return self._often[word]

    def _candidates(self, passage: _Passage) -> list[_Stretch]:
        """Where enough of the passage's words stand, apart from one another."""
        enough = ENOUGH * sum(passage.often[word] * passage.tells[word] for word in passage.telling)
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
            weight += passage.tells[word] if seen[word] <= passage.often[word] else 0.0
            lowest = max(at + len(word) - widest, self._borders[bisect_right(self._borders, at) - 1])
            if passage.line_break:
                lowest = max(lowest, self._plain.rfind("\n", lowest, at) + 1)
            while True:
                start, first = hits[left]
                is_spare = seen[first] > passage.often[first]
                if start >= lowest and not is_spare:
                    break
                weight -= 0.0 if is_spare else passage.tells[first]
                seen[first] -= 1
                left += 1
            yield _Stretch(weight, hits[left][0], at + len(word))

    def _hits(self, passage: _Passage) -> Iterator[tuple[int, str]]:
        """Where the words of the passage stand in the text, as parts of longer words too."""
        left = MOST_HITS
        for word in passage.telling:
            left -= self._count(word)
            at = self._plain.find(word) if left >= 0 else -1
            while at >= 0:
                yield at, word
                at = self._plain.find(word, at + len(word))

    def _place(self, passage: _Passage, stretch: _Stretch) -> _Ranked | None:
        """What is most like the passage at a stretch of the text; None where that is too little."""
        part = self._read(passage, stretch)
        found = _likest(passage, part, self._reach(passage, stretch, part))
        if found is None or found.had < LEAST * passage.weight:
            return None
        stands = range(found.first, found.last + 1)
        shared = [part.words[at] for at in stands if part.beginnings[at] in passage.tells]
        if len({word[:BEGINNING] for word in shared}) < min(2, len(passage.tells)):
            return None
        in_order = LCSseq.similarity(passage.words, shared) / len(shared)
        likeness = round(found.likeness * (1 - ORDER * (1 - in_order)), 4)
        support = round(_support(passage, part, found.first, found.last + 1), 4)
        score = round(likeness + (1 - likeness) * LIFT * support, 4)
        told = found.had + NEIGHBOURS * support
        if score < 1 and score * told / (told + DOUBT) < LEFT:
            return None
        start, end = part.offset + part.tokens.starts[found.first], part.offset + part.tokens.ends[found.last]
        return _Ranked(-score, -support, *whole(self._text, Span(start, end)))

    def _read(self, passage: _Passage, stretch: _Stretch) -> _Part:
        """The stretch and what is around it, within its section, cut between words."""
        section = bisect_right(self._borders, stretch.start)
        ends = self._borders[section] if section < len(self._borders) else len(self._text)
        spare = min(passage.length, 200) + 2 * CONTEXT_LENGTH
        start = self._between_words(max(self._borders[section - 1], stretch.start - spare), -1)
        end = self._between_words(min(ends, stretch.end + spare), 1)
        tokens = tokenise(self._text[start:end], self._vocabulary)
        words = _cut(self._plain[start:end], tokens)
        beginnings = [word[:BEGINNING] for word in words]
        tells = [passage.tells.get(one, passage.average if one[0].isalnum() else 0.0) for one in beginnings]
        breaks = set(tokens.blocks[1:])
        steps = (told + (at in breaks) * passage.line_break for at, told in enumerate([0.0, *tells]))
        return _Part(start, tokens, words, beginnings, tells, list(accumulate(steps)))

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


def _cut(plain: str, tokens: Tokens) -> list[str]:
    """The words of a text as they stand in it."""
    return [plain[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)]


def _likest(passage: _Passage, part: _Part, reach: slice) -> _Likest | None:
    """Of the words of a part, within reach, the stretch most like the passage, whatever their order."""
    shared = [at for at in range(*reach.indices(len(part.beginnings))) if part.beginnings[at] in passage.tells]
    if not shared:
        return None
    best = _Likest(0.0, 0.0, shared[0], shared[-1])
    while True:
        backward = _from_edge(passage, part, [at for at in reversed(shared) if at <= best.last])
        found = _from_edge(passage, part, [at for at in shared if at >= backward.first])
        if found.likeness <= best.likeness:
            return best
        best = found


def _from_edge(passage: _Passage, part: _Part, shared: list[int]) -> _Likest:
    """Of stretches that begin, or end, with the first of the words shared, the one most like the passage."""
    seen: Counter[str] = Counter()
    best, had = _Likest(0.0, 0.0, 0, 0), 0.0
    for at in shared:
        beginning = part.beginnings[at]
        seen[beginning] += 1
        if seen[beginning] > passage.often[beginning]:
            continue
        had += part.tells[at]
        first, last = sorted((shared[0], at))
        likeness = 2 * had / (passage.weight + part.weight(first, last))
        if likeness > best.likeness:
            best = _Likest(likeness, had, first, last)
    return best


def _support(passage: _Passage, part: _Part, first: int, last: int) -> float:
    """The share of the words around the passage that stand around the words [first, last), in their order."""
    known = len(passage.before) + len(passage.behind)
    if not known:
        return 0.0
    ids = part.beginnings
    before = ids[max(0, first - len(passage.before) - AROUND) : first]
    behind = ids[last : last + len(passage.behind) + AROUND]
    return (LCSseq.similarity(passage.before, before) + LCSseq.similarity(passage.behind, behind)) / known


def _telling(ranked: list[_Ranked]) -> list[Suggestion]:
    """The best that do not overlap, less those no more like than the first not shown: they tell nothing."""
    apart: list[_Ranked] = []
    for place in ranked:
        if all(place.end <= other.start or other.end <= place.start for other in apart):
            apart.append(place)
    best = apart[:MOST]
    if len(apart) > MOST:
        best = [place for place in best if place[:2] < apart[MOST][:2]]
    return [Suggestion(place.start, place.end, -place.score) for place in best]

"""Real passages of a text to comment on: sentences, words in them, and two sentences together."""

import random
import re
from collections.abc import Iterator

from articles.models import Revision, SectionText
from comments.anchoring import Span
from comments.placing import Place

_SENTENCE = re.compile(r"[^\s.!?][^.!?\n]*[.!?]?")
_WORD = re.compile(r"\w+")
SHORTEST = 8


class Passages:
    """The passages of a revision. A few are chosen by many, as readers do, so they overlap."""

    def __init__(self, revision: Revision, chance: random.Random) -> None:
        self._revision = revision
        self._chance = chance
        self._sentences = list(_sentences(revision))
        chance.shuffle(self._sentences)

    def __bool__(self) -> bool:
        return bool(self._sentences)

    def choose(self) -> Place:
        """A sentence, a few words of it, or more than it."""
        at = int(len(self._sentences) * self._chance.random() ** 2)
        section_id, span, end_of_next = self._sentences[at]
        how = self._chance.random()
        if how < 0.4:
            span = self._words_in(span)
        elif how < 0.5:
            span = Span(span.start, end_of_next)
        return Place(self._revision, section_id, span)

    def _words_in(self, span: Span) -> Span:
        """One to six words in a row."""
        words = list(_WORD.finditer(self._revision.canonical_text, span.start, span.end))
        if not words:
            return span
        first = self._chance.randrange(len(words))
        last = min(first + self._chance.randrange(6), len(words) - 1)
        return Span(words[first].start(), words[last].end())


def _sentences(revision: Revision) -> Iterator[tuple[int, Span, int]]:
    """Section, place, and where the next sentence of the section ends, of each sentence that is long enough."""
    for text in SectionText.objects.filter(revision=revision).order_by("position"):
        found = [m.span() for m in _SENTENCE.finditer(revision.canonical_text, text.start, text.end)]
        long = [Span(start, end) for start, end in found if end - start >= SHORTEST]
        for span, after in zip(long, [*long[1:], *long[-1:]], strict=True):
            yield text.section_id, span, after.end

"""Whether an edit can have brought a lost passage back: only lines that it changed hold what was not there before."""

from collections import Counter
from functools import cached_property

from comments.anchoring.spans import Span
from comments.anchoring.tokens import Vocabulary

# A place shares so many of the words of a passage at least, each counted once.
LEAST = 0.5


class Arrivals:
    """The words of the lines that stand in `new` and did not stand in `old`."""

    def __init__(self, old: str, new: str) -> None:
        self._old, self._new = old, new
        self._vocabulary = Vocabulary()

    @cached_property
    def _words(self) -> set[int]:
        came = Counter(self._new.split("\n")) - Counter(self._old.split("\n"))
        return {word for line in came for word in self._vocabulary.line(line).ids}

    def may_hold(self, text: str, span: Span) -> bool:
        """Of the passage `span` of another text, which may begin and end within a word."""
        words = self._words_of(text, span)
        return len(words & self._words) >= LEAST * len(words)

    def _words_of(self, text: str, span: Span) -> set[int]:
        words: set[int] = set()
        offset = text.rfind("\n", 0, span.start) + 1
        for line in text[offset : text.find("\n", span.end) % (len(text) + 1)].split("\n"):
            found = self._vocabulary.line(line)
            ends = zip(found.ids, found.starts, found.ends, strict=True)
            words |= {word for word, start, end in ends if offset + start < span.end and offset + end > span.start}
            offset += len(line) + 1
        return words

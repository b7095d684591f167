"""Whether an edit can have brought a lost passage back: only lines that it changed hold what was not there before."""

from collections import Counter

from comments.anchoring.tokens import Vocabulary

# A place shares so many of the words of a passage at least, each counted once.
LEAST = 0.5


class Arrivals:
    """The words of the lines that stand in `new` and did not stand in `old`."""

    def __init__(self, old: str, new: str) -> None:
        self._vocabulary = Vocabulary()
        came = Counter(new.split("\n")) - Counter(old.split("\n"))
        self._words = {word for line in came for word in self._vocabulary.line(line).ids}

    def may_hold(self, passage: str) -> bool:
        words = {word for line in passage.split("\n") for word in self._vocabulary.line(line).ids}
        return len(words & self._words) >= LEAST * len(words)

"""Two texts beside each other: which lines differ, and which words in them. Pure: no rows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

# So many equal lines stand around a difference; more are counted, not shown.
CONTEXT_LINES = 2
# Past these a comparison takes seconds: lines then differ as a whole, texts are shown as one difference.
MAX_LINES = 4000
MAX_WORDS = 1000

_WORD = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True)
class Run:
    """Words of a line that are the same in both texts, or not."""

    text: str
    is_changed: bool = False


@dataclass(frozen=True)
class Row:
    """Two lines that face each other; no runs where a text has no such line.

    Where `skipped` is not 0, the row stands for that many equal lines.
    """

    old: tuple[Run, ...] = ()
    new: tuple[Run, ...] = ()
    is_changed: bool = False
    skipped: int = 0


def compare(old: str, new: str) -> list[Row]:
    """The lines of both texts, those that differ with a few around them; none if the texts are the same."""
    old_lines, new_lines = old.split("\n"), new.split("\n")
    if old == new:
        return []
    if max(len(old_lines), len(new_lines)) > MAX_LINES:
        return list(_changed(old_lines, new_lines))
    steps = SequenceMatcher(None, old_lines, new_lines).get_opcodes()
    return [
        row
        for tag, i1, i2, j1, j2 in steps
        for row in (
            _same(old_lines[i1:i2], is_first=i1 == j1 == 0, is_last=(i2, j2) == (len(old_lines), len(new_lines)))
            if tag == "equal"
            else _changed(old_lines[i1:i2], new_lines[j1:j2])
        )
    ]


def _same(lines: Sequence[str], *, is_first: bool, is_last: bool) -> Iterator[Row]:
    """Equal lines, without those that are far from any difference."""
    head = 0 if is_first else CONTEXT_LINES
    tail = 0 if is_last else CONTEXT_LINES
    skipped = len(lines) - head - tail
    if skipped <= 0:
        yield from map(_equal, lines)
        return
    yield from map(_equal, lines[:head])
    yield Row(skipped=skipped)
    yield from map(_equal, lines[len(lines) - tail :])


def _equal(line: str) -> Row:
    return Row((Run(line),), (Run(line),))


def _changed(old_lines: Sequence[str], new_lines: Sequence[str]) -> Iterator[Row]:
    for old, new in zip_longest(old_lines, new_lines):
        if old is None or new is None:
            yield Row(_whole(old), _whole(new), is_changed=True)
        else:
            yield Row(*_words(old, new), is_changed=True)


def _whole(line: str | None) -> tuple[Run, ...]:
    return () if line is None else (Run(line, is_changed=True),)


def _words(old: str, new: str) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """The runs of two lines that face each other."""
    a, b = _WORD.findall(old), _WORD.findall(new)
    if max(len(a), len(b)) > MAX_WORDS:
        return _whole(old), _whole(new)
    steps = SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    olds = (Run("".join(a[i1:i2]), tag != "equal") for tag, i1, i2, _j1, _j2 in steps if i1 < i2)
    news = (Run("".join(b[j1:j2]), tag != "equal") for tag, _i1, _i2, j1, j2 in steps if j1 < j2)
    return tuple(olds), tuple(news)

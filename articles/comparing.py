"""Two texts beside each other: which lines differ, and which words in them. Pure: no rows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

# So many equal lines stand around a difference; more are counted, not shown.
CONTEXT_LINES = 2
# Past these a comparison takes seconds: what differs in a line is then one difference, and every line is shown.
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


def compare(old: str, new: str, *, max_words: int = MAX_WORDS) -> list[Row]:
    """The lines of both texts, those that differ with a few around them; none if the texts are the same.

    Of a line more than `max_words` words that may differ are one difference. Give fewer for texts of people who
    may mean to waste time: it takes up to the cube of their number.
    """
    old_lines, new_lines = old.split("\n"), new.split("\n")
    if old == new:
        return []
    if max(len(old_lines), len(new_lines)) > MAX_LINES:
        return list(_changed(old_lines, new_lines, max_words))
    steps = SequenceMatcher(None, old_lines, new_lines).get_opcodes()
    return [
        row
        for tag, i1, i2, j1, j2 in steps
        for row in (
            _same(old_lines[i1:i2], is_first=i1 == j1 == 0, is_last=(i2, j2) == (len(old_lines), len(new_lines)))
            if tag == "equal"
            else _changed(old_lines[i1:i2], new_lines[j1:j2], max_words)
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


def _changed(old_lines: Sequence[str], new_lines: Sequence[str], max_words: int) -> Iterator[Row]:
    for old, new in zip_longest(old_lines, new_lines):
        if old is None or new is None:
            yield Row(_whole(old), _whole(new), is_changed=True)
        else:
            yield Row(*_words(old, new, max_words), is_changed=True)


def _whole(line: str | None) -> tuple[Run, ...]:
    return () if line is None else (Run(line, is_changed=True),)


def _words(old: str, new: str, max_words: int) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """The runs of two lines that face each other."""
    a, b = _WORD.findall(old), _WORD.findall(new)
    # What is alike at both ends is quickly told, and leaves little to compare.
    head = _alike(a, b)
    tail = _alike(a[head:][::-1], b[head:][::-1])
    olds, news = _runs(a[head : len(a) - tail], b[head : len(b) - tail], max_words)
    before, after = Run("".join(a[:head])), Run("".join(a[len(a) - tail :]))
    return _joined(before, olds, after), _joined(before, news, after)


def _alike(a: Sequence[str], b: Sequence[str]) -> int:
    """How many words are the same from the start on."""
    pairs = enumerate(zip(a, b, strict=False))
    return next((number for number, (one, other) in pairs if one != other), min(len(a), len(b)))


def _runs(a: Sequence[str], b: Sequence[str], max_words: int) -> tuple[list[Run], list[Run]]:
    if max(len(a), len(b)) > max_words:
        return [Run("".join(a), is_changed=True)], [Run("".join(b), is_changed=True)]
    steps = SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    olds = [Run("".join(a[i1:i2]), tag != "equal") for tag, i1, i2, _j1, _j2 in steps]
    news = [Run("".join(b[j1:j2]), tag != "equal") for tag, _i1, _i2, j1, j2 in steps]
    return olds, news


def _joined(before: Run, runs: Sequence[Run], after: Run) -> tuple[Run, ...]:
    return tuple(run for run in (before, *runs, after) if run.text)

"""Two texts beside each other: which lines differ, and which words in them. Pure: no rows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rapidfuzz.distance import LCSseq

from skycrumbs.writing import ALONE, MARKS

# So many equal lines stand around a difference; more are counted, not shown.
CONTEXT_LINES = 2
# Comparing takes the product of the numbers, some milliseconds for these. Past them what differs in a line is one
# difference, and every line is shown.
MAX_LINES = 4000
MAX_WORDS = 2000

_WORD = re.compile(rf"[{ALONE}][{MARKS}]*|[^\W{ALONE}]+(?:[{MARKS}]+[^\W{ALONE}]+)*[{MARKS}]*|\s+|[^\w\s][{MARKS}]*")
# The same where there are none of those characters, in a fraction of the time.
_ASCII_WORD = re.compile(r"\w+|\s+|[^\w\s]")


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
    """The lines of both texts, those that differ with a few around them; none if the texts are the same.

    Where a script has no spaces between words, each character is a word.
    """
    old_lines, new_lines = old.split("\n"), new.split("\n")
    if old == new:
        return []
    if max(len(old_lines), len(new_lines)) > MAX_LINES:
        return list(_changed(old_lines, new_lines))
    ends = len(old_lines), len(new_lines)
    return [
        row
        for is_same, i1, i2, j1, j2 in _stretches(old_lines, new_lines)
        for row in (
            _same(old_lines[i1:i2], is_first=i1 == j1 == 0, is_last=(i2, j2) == ends)
            if is_same
            else _changed(old_lines[i1:i2], new_lines[j1:j2])
        )
    ]


def _stretches(a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[bool, int, int, int, int]]:
    """By turns what is the same in both and what differs: which of these, [i1, i2) of `a`, and [j1, j2) of `b`."""
    i = j = 0
    for step in LCSseq.opcodes(a, b):
        if step.tag == "equal":
            if (i, j) != (step.src_start, step.dest_start):
                yield False, i, step.src_start, j, step.dest_start
            i, j = step.src_end, step.dest_end
            yield True, step.src_start, i, step.dest_start, j
    if (i, j) != (len(a), len(b)):
        yield False, i, len(a), j, len(b)


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
    a, b = _pieces(old), _pieces(new)
    # What is alike at both ends is quickly told, and leaves little to compare.
    head = _alike(a, b)
    tail = _alike(a[head:][::-1], b[head:][::-1])
    olds, news = _runs(a[head : len(a) - tail], b[head : len(b) - tail])
    before, after = Run("".join(a[:head])), Run("".join(a[len(a) - tail :]))
    return _joined(before, olds, after), _joined(before, news, after)


def _pieces(line: str) -> list[str]:
    """Words, and what is between them."""
    return (_ASCII_WORD if line.isascii() else _WORD).findall(line)


def _alike(a: Sequence[str], b: Sequence[str]) -> int:
    """How many words are the same from the start on."""
    pairs = enumerate(zip(a, b, strict=False))
    return next((number for number, (one, other) in pairs if one != other), min(len(a), len(b)))


def _runs(a: Sequence[str], b: Sequence[str]) -> tuple[list[Run], list[Run]]:
    if max(len(a), len(b)) > MAX_WORDS:
        return [Run("".join(a), is_changed=True)], [Run("".join(b), is_changed=True)]
    olds, news = [], []
    for is_same, i1, i2, j1, j2 in _stretches(a, b):
        olds.append(Run("".join(a[i1:i2]), not is_same))
        news.append(Run("".join(b[j1:j2]), not is_same))
    return olds, news


def _joined(before: Run, runs: Sequence[Run], after: Run) -> tuple[Run, ...]:
    return tuple(run for run in (before, *runs, after) if run.text)

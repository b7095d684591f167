"""A text as words: what alignment compares, and where each stands in the text as it is written.

Two words are the same if their folded keys are: a typographic quote for a straight one, another way to write an
accent, a capital at the start of a sentence make no other word. Offsets are always those of the raw text.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from skycrumbs.writing import ALONE, MARKS, characters

_APOSTROPHES = "'\u2019"
# Folded beyond what NFKC does.
_PLAIN = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"')
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
)


_FORMATS = re.compile(f"[{characters('Cf')}]")
_TOKEN = re.compile(
    rf"[{ALONE}][{MARKS}]*"
    rf"|[^\W_{ALONE}]+(?:[{_APOSTROPHES}{MARKS}]+[^\W_{ALONE}]+)*[{MARKS}]*"
    rf"|[^\w\s{MARKS}][{MARKS}]*"
    r"|_+"
)
# The same where there are none of those characters, in half the time.
_ASCII_TOKEN = re.compile(r"[^\W_]+(?:'+[^\W_]+)*|[^\w\s]|_+")


class _Line(NamedTuple):
    """Numbers of its words, and where each starts and ends in it."""

    ids: list[int]
    starts: list[int]
    ends: list[int]


class Vocabulary(dict[str, int]):
    """Numbers for words, the same for words with the same key."""

    def __init__(self) -> None:
        super().__init__()
        self._keys: dict[str, int] = {}
        self._lines: dict[str, _Line] = {}

    def line(self, line: str) -> "_Line":
        """The words of one line."""
        words = self._lines.get(line)
        if words is None:
            found = list(_words(line))
            words = _Line(
                [self[match.group()] for match in found],
                [match.start() for match in found],
                [match.end() for match in found],
            )
            self._lines[line] = words
        return words

    def __missing__(self, word: str) -> int:
        number = self[word] = self._keys.setdefault(fold(word), len(self._keys))
        return number


def spans_of_words(text: str) -> list[tuple[int, int]]:
    """Where the words of `text` stand, in order."""
    return [match.span() for match in _words(text)]


def _words(text: str) -> Iterator[re.Match[str]]:
    return (_ASCII_TOKEN if text.isascii() else _TOKEN).finditer(text)


def fold(word: str) -> str:
    """What a word is compared by."""
    if word.isascii():
        return word.lower()
    return _FORMATS.sub("", unicodedata.normalize("NFKC", word).casefold()).translate(_PLAIN)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of a text. `blocks[n]` is the first word of block (line) n; one more entry ends the last block.

    `starts` and `ends` are code points of the text, half-open. Blocks without words are left out.
    """

    ids: list[int]
    starts: list[int]
    ends: list[int]
    blocks: list[int]

    def __len__(self) -> int:
        return len(self.ids)

    def is_start(self, at: int) -> bool:
        """Whether a block begins with word `at`; so does what would follow the last one."""
        return self.blocks[bisect_left(self.blocks, at)] == at

    def whole_words(self, start: int, end: int) -> tuple[int, int] | None:
        """Code points [start, end) widened to whole words; None where there are none."""
        first, last = bisect_right(self.ends, start), bisect_left(self.starts, end) - 1
        return (self.starts[first], self.ends[last]) if 0 <= first <= last < len(self) else None

    def block(self, number: int) -> tuple[int, ...]:
        """The words of a block."""
        return tuple(self.ids[self.blocks[number] : self.blocks[number + 1]])


def tokenise(text: str, vocabulary: Vocabulary) -> Tokens:
    """The words of `text`, numbered by `vocabulary`. A line that was met before costs little."""
    ids: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    blocks, offset = [0], 0
    for line in text.split("\n"):
        words = vocabulary.line(line)
        if words.ids:
            ids += words.ids
            starts += [offset + start for start in words.starts]
            ends += [offset + end for end in words.ends]
            blocks.append(len(ids))
        offset += len(line) + 1
    return Tokens(ids, starts, ends, blocks)

"""Canonical text: the one plain string of an article's HTML that every offset counts in.

Offsets are Unicode code points, half-open. `static/skycrumbs/walk.js` reads the same string
from a browser's DOM; `tests/vectors/canonical.json` holds both to it.

The rules: text nodes in order. Runs of space, tab, LF, CR and FF become one space, and none at the
start or end of a line; a no-break space stays. A border of a block element and a `<br>` end the
line: one LF, never two for one gap, none before the first or after the last text. Inside `<pre>`
text stands as it is; a LF at its end is the line end of the border after it. What is inside
`data-canon="skip"` is left out.
"""

import hashlib
import re
from html.parser import HTMLParser
from math import ceil
from typing import NamedTuple

from skycrumbs.writing import ALONE

_BLOCK_NAMES = (
    "address article aside blockquote caption dd details dialog div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol p pre search section"
    " summary table tbody td tfoot th thead tr ul"
)
BLOCK_ELEMENTS = frozenset(_BLOCK_NAMES.split())
# HTML Standard, "Void elements": they have no end tag.
VOID_ELEMENTS = frozenset("area base br col embed hr img input link meta source track wbr".split())  # noqa: SIM905

# Not \s: Python and JavaScript disagree on it, and both count the no-break space.
_WHITE_SPACE = re.compile(r"[ \t\n\r\f]+")
_LINE_END = re.compile(r"\r\n?|\n")
_BORDER, _NEWLINE = "border", "newline"
# Hangul is written with spaces.
_UNSPACED = re.compile(rf"(?![\uac00-\ud7af])[{ALONE}]")


class Block(NamedTuple):
    """A stretch of text between two block borders, such as a paragraph or a table cell."""

    # Code points in canonical_text(html), half-open.
    start: int
    end: int
    # The innermost block element around it; "" where there is none.
    tag: str
    # Index in the HTML string just before the tag that ends the block.
    at: int


def canonical_text(html: str) -> str:
    """The canonical text of sanitised, well-formed HTML."""
    return _Walk(html).text


def blocks(html: str) -> list[Block]:
    """The blocks of sanitised, well-formed HTML that have something to read in them, in order."""
    walk = _Walk(html)
    text = walk.text
    return [block for block in walk.blocks if text[block.start : block.end].strip()]


def sha256(text: str) -> str:
    """The SHA-256 of `text` in UTF-8, in hexadecimal; a browser computes the same from its DOM."""
    return hashlib.sha256(text.encode()).hexdigest()


def word_count(text: str) -> int:
    """How many words `text` has: what white space separates and holds a letter or a digit.

    Where none is put between words, two characters count as one.
    """
    unspaced = len(_UNSPACED.findall(text))
    spaced = _UNSPACED.sub(" ", text) if unspaced else text
    return sum(any(map(str.isalnum, token)) for token in spaced.split()) + ceil(unspaced / 2)


class _Walk(HTMLParser):
    """Reads the HTML once and holds its text and its blocks."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._parts: list[str] = []
        self._length = 0
        self._open: list[str] = []
        self._skipped_depth = 0
        self._is_after_pre = False
        self._has_space = False
        self._line_end = ""
        self._block_start: int | None = None
        self._line_starts = [0, *(match.end() for match in _LINE_END.finditer(html))]
        # An HTML parser turns CR LF and CR into LF before it looks at anything (HTML Standard,
        # "Preprocessing the input stream"); html.parser does not. Lines keep their numbers.
        self.feed(_LINE_END.sub("\n", html))
        self.close()
        self._end_block(len(html))

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_after_pre = tag == "pre"
        if self._skipped_depth or ("data-canon", "skip") in attrs:
            self._skipped_depth += tag not in VOID_ELEMENTS
        elif tag == "br":
            self._end_line()
        elif tag in BLOCK_ELEMENTS:
            self._end_block(self._index())
            if tag not in VOID_ELEMENTS:
                self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # HTML knows no self-closing elements: the slash says nothing.
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._is_after_pre = False
        if tag in VOID_ELEMENTS:
            return
        if self._skipped_depth:
            self._skipped_depth -= 1
        elif tag in self._open:
            self._end_block(self._index())
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._is_after_pre:
            # HTML Standard, "in body", start tag "pre": a LF directly after it is not content.
            data = data.removeprefix("\n")
            self._is_after_pre = False
        if self._skipped_depth or not data:
            return
        if "pre" in self._open:
            self._add_verbatim(data)
        else:
            self._add_folded(data)

    def _index(self) -> int:
        """The index of the tag at hand in the HTML as it was given."""
        line, column = self.getpos()
        return self._line_starts[line - 1] + column

    def _add_folded(self, data: str) -> None:
        folded = _WHITE_SPACE.sub(" ", data)
        words = folded.strip(" ")
        self._has_space = self._has_space or folded.startswith(" ")
        if not words:
            return
        is_in_line = not self._line_end and self._length > 0
        lead = " " if self._has_space and is_in_line else ""
        self._write(lead + words)
        self._has_space = folded.endswith(" ")

    def _add_verbatim(self, data: str) -> None:
        line, is_ended, _ = data.rpartition("\n") if data.endswith("\n") else (data, "", "")
        self._write(line)
        if is_ended:
            self._line_end = _NEWLINE

    def _write(self, words: str) -> None:
        """Add text, with the line end that stood before it."""
        if self._line_end == _NEWLINE or (self._line_end and self._length):
            self._put("\n")
        self._line_end = ""
        if self._block_start is None:
            self._block_start = self._length
        self._put(words)

    def _put(self, piece: str) -> None:
        self._parts.append(piece)
        self._length += len(piece)

    def _end_line(self) -> None:
        self._line_end = self._line_end or _BORDER

    def _end_block(self, at: int) -> None:
        if self._block_start is not None:
            tag = self._open[-1] if self._open else ""
            self.blocks.append(Block(self._block_start, self._length, tag, at))
            self._block_start = None
        self._end_line()

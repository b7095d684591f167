"""The text dump of a page: what a browser's "save as text" leaves of an article.

Its layout: site name (often twice, run together), category, title, "May 9, 2026·7 min read", the title
again once or twice, the body, and the words of the comment area. Blank lines stand between blocks.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from articles.importing.escaping import escape_line_start
from articles.importing.files import ImportedArticle, ImportRefused
from articles.importing.inline import Linker, as_markdown

_MONTH_NAMES = "January February March April May June July August September October November December"
_MONTHS = _MONTH_NAMES.split()
# The date stands near the top: nobody's article has this many lines before it.
_MAX_HEAD_LINES = 8
_DATE_LINE = re.compile(r"([A-Z][a-z]+) (\d{1,2}), (\d{4})\s*·\s*\d+ min read")
_BULLET = re.compile(r"[•‣◦▪]\s+")
_COMMENT_AREA = ("Comments", "Loading comments...", "Loading comments…", "Leave a comment")
_HEADING_MAX_LENGTH = 100
_END_PUNCTUATION = tuple(".,;:!?…。！？؟")
_CLOSING = "\"'”’»)]"


@dataclass(frozen=True)
class _Head:
    """What stands above the body, and the notes on it."""

    title: str
    category: str
    published_on: date
    notes: tuple[str, ...]


def is_dump(text: str) -> bool:
    """Whether `text` has a dump's line of date and reading time near its top."""
    return _date_index(_lines(text)) is not None


def read_dump(text: str, links: Mapping[str, str]) -> ImportedArticle:
    """The article in a dump; `links` maps titles that stand in it to addresses. Raises ImportRefused."""
    lines = _lines(text)
    at = _date_index(lines) or 0
    head = _head([line for line in lines[:at] if line], lines[at])
    blocks = _blocks(lines[at + 1 :])
    body, repeats = _without_title(blocks, head.title)
    body, area = _without_comment_area(body)
    linker = Linker(links)
    source = _markdown(body, linker)
    if not source:
        raise ImportRefused("The article has no body.", "no_body")
    linker.refuse_unused()
    notes = (*head.notes, *_left_out(repeats, area), *linker.notes)
    return ImportedArticle(head.title, head.category, head.published_on, "", "", "", source, notes)


def _lines(text: str) -> list[str]:
    return [line.strip(" \t") for line in text.split("\n")]


def _date_index(lines: Sequence[str]) -> int | None:
    """Where the line of date and reading time stands; None where it is not near the top."""
    filled = [at for at, line in enumerate(lines) if line]
    return next((at for at in filled[:_MAX_HEAD_LINES] if _DATE_LINE.fullmatch(lines[at])), None)


def _head(lines: Sequence[str], date_line: str) -> _Head:
    """The lines above the date, read from the nearest up: title, category, site name."""
    *above, title = lines or [""]
    if not title:
        raise ImportRefused("No title stands above the date.", "no_title")
    site = above.pop(0) if above and _is_doubled(above[0]) else ""
    category = above.pop() if above else ""
    notes = [f"Left out the site name “{site[: len(site) // 2]}”."] if site else []
    notes += [f"Left out the line “{line}”." for line in above]
    return _Head(title, category, _date(date_line), tuple(notes))


def _is_doubled(line: str) -> bool:
    half = len(line) // 2
    return line[:half] == line[half:]


def _date(line: str) -> date:
    match = _DATE_LINE.fullmatch(line)
    month, day, year = match.groups() if match else ("", "", "")
    try:
        return date(int(year), _MONTHS.index(month) + 1, int(day))
    except ValueError as error:
        raise ImportRefused(f"“{line}” holds no date of the calendar.", "bad_date") from error


def _blocks(lines: Sequence[str]) -> list[list[str]]:
    """Runs of lines between blank lines."""
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line:
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def _without_title(blocks: Sequence[list[str]], title: str) -> tuple[Sequence[list[str]], int]:
    """The blocks without the title's repetitions at their start, and how many those were."""
    repeats = next((at for at, block in enumerate(blocks) if block != [title]), len(blocks))
    return blocks[repeats:], repeats


def _without_comment_area(blocks: Sequence[list[str]]) -> tuple[Sequence[list[str]], bool]:
    """The blocks without the words of an empty comment area at their end, and whether there were any."""
    end = len(blocks)
    while end and all(line in _COMMENT_AREA for line in blocks[end - 1]):
        end -= 1
    return blocks[:end], end < len(blocks)


def _left_out(repeats: int, has_area: bool) -> list[str]:
    title = [f"Left out the title where it stood again ({repeats} times)."] if repeats else []
    area = ["Left out the words of the comment area."] if has_area else []
    return title + area


def _markdown(blocks: Sequence[list[str]], linker: Linker) -> str:
    followed = [*blocks[1:], None] if blocks else []
    return "\n\n".join(
        _heading(block[0], linker) if _is_heading(block, after) else _block(block, linker)
        for block, after in zip(blocks, followed, strict=True)
    )


def _is_heading(block: Sequence[str], after: Sequence[str] | None) -> bool:
    """A short line that stands alone, ends without punctuation and has something under it."""
    line = block[0]
    is_short = len(block) == 1 and len(line) <= _HEADING_MAX_LENGTH
    return (
        after is not None
        and is_short
        and not line.rstrip(_CLOSING).endswith(_END_PUNCTUATION)
        and not _BULLET.match(line)
    )


def _heading(line: str, linker: Linker) -> str:
    return f"## {as_markdown(line, links=linker.links_in(line), has_label=False)}"


def _block(lines: Sequence[str], linker: Linker) -> str:
    """A paragraph or a list; in a list, a line without a bullet goes on with the item above."""
    return "\n".join(_line(line, at, linker) for at, line in enumerate(lines))


def _line(line: str, at: int, linker: Linker) -> str:
    bullet = _BULLET.match(line)
    words = line[bullet.end() :] if bullet else line
    markdown = as_markdown(words, links=linker.links_in(words), has_label=bool(bullet) or at == 0)
    return f"- {escape_line_start(markdown)}" if bullet else escape_line_start(markdown)

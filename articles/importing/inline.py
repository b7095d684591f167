"""A line of plain text as Markdown, with its run-in label in bold and its cross-links made real."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from articles.importing.escaping import escape_inline
from articles.importing.files import ImportRefused
from articles.importing.slugs import slug_of

# "Specification: Describing what …": up to eight words, then a capital or a digit after the colon.
_LABEL = re.compile(r"([^\W_][^\s:.!?]*(?: [^\s:.!?]+){0,7}:) (?=[\"“‘']?(\w))")
_LABEL_MAX_LENGTH = 80
# "… see AI Regulation in 2026: What New Laws Mean for Your Business."
# The limit keeps a line of nothing but "see" from being read anew at every word.
_SEE_TITLE = re.compile(r"\bsee ((?:[^\s.]+ ){3,24}[^\s.]+)\.$", re.IGNORECASE)
_SMALL_WORDS = {"a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"}
_CAPITAL = re.compile(r"[\"'“‘(]*[A-Z0-9]")
# An address that Markdown takes as it is between angle brackets: of this site, or http(s).
_ADDRESS = re.compile(r"(?:https?://|/(?!/))[^\s<>\\]*", re.IGNORECASE)


class Link(NamedTuple):
    """A stretch [start, end) of a line, in code points, and the address it links to."""

    start: int
    end: int
    url: str


class Linker:
    """Finds the cross-links of a text: each given title once, where it stands first, and "see TITLE."."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        for url in urls.values():
            if not _ADDRESS.fullmatch(url):
                raise ImportRefused(f"“{url}” is no address to link to.", "bad_link")
        self._urls = urls
        self._unused = dict(urls)
        self.notes: list[str] = []

    def links_in(self, line: str) -> list[Link]:
        """The links of a line, in order, none over another."""
        found = sorted((*self._given(line), *self._guessed(line)))
        links: list[Link] = []
        for link in found:
            if not links or links[-1].end <= link.start:
                links.append(link)
                self._note(link, line)
        return links

    def refuse_unused(self) -> None:
        """Raise ImportRefused if a given title stood nowhere."""
        if self._unused:
            titles = ", ".join(f"“{title}”" for title in self._unused)
            raise ImportRefused(f"{titles} does not stand in the text, so it cannot be linked.", "link_not_found")

    def _given(self, line: str) -> list[Link]:
        starts = {title: line.find(title) for title in self._unused if title}
        return [Link(at, at + len(title), self._urls[title]) for title, at in starts.items() if at >= 0]

    def _guessed(self, line: str) -> list[Link]:
        match = _SEE_TITLE.search(line)
        if not match or match[1] in self._urls or not _is_title_case(match[1]) or not slug_of(match[1]):
            return []
        return [Link(*match.span(1), f"/articles/{slug_of(match[1])}/")]

    def _note(self, link: Link, line: str) -> None:
        title = line[link.start : link.end]
        how = "" if self._unused.pop(title, None) else " (guessed from “see …”)"
        self.notes.append(f"Linked “{title}” to {link.url}{how}.")


def as_markdown(line: str, *, links: Sequence[Link], has_label: bool) -> str:
    """`line` as Markdown whose text is `line` again; its label, if it may have one, in bold."""
    label_end = _label_end(line) if has_label else 0
    if links and links[0].start < label_end:
        label_end = 0
    label = f"**{escape_inline(line[:label_end])}**" if label_end else ""
    return label + _linked(line, label_end, links)


def _linked(line: str, at: int, links: Sequence[Link]) -> str:
    """The rest of a line from `at` on, with its links."""
    pieces = []
    for link in links:
        pieces.append(escape_inline(line[at : link.start]))
        pieces.append(f"[{escape_inline(line[link.start : link.end])}](<{link.url}>)")
        at = link.end
    return "".join([*pieces, escape_inline(line[at:])])


def _label_end(line: str) -> int:
    """Where the run-in label at the start of a line ends, after its colon; 0 where there is none."""
    match = _LABEL.match(line)
    if not match or match.end(1) > _LABEL_MAX_LENGTH:
        return 0
    return match.end(1) if match[2].isupper() or match[2].isdigit() else 0


def _is_title_case(words: str) -> bool:
    """Each word has a capital or a digit first, but for the small ones after the first."""
    first, *others = words.split()
    return all(_CAPITAL.match(word) for word in [first, *(word for word in others if word not in _SMALL_WORDS)])

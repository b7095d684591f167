"""An article's Markdown made into sanitised HTML, cut into sections, with its canonical text.

The sanitiser is the last to touch the HTML of each section, so that nothing it did not see is kept.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from articles.canonical import canonical_text
from skycrumbs.blank import is_blank

HEADINGS = ("h2", "h3", "h4", "h5", "h6")
TABLE_PARTS = ("table", "thead", "tbody", "tr", "th", "td")
TEXT_ELEMENTS = ("a", "blockquote", "br", "code", "em", "hr", "li", "ol", "p", "pre", "s", "strong", "ul")
# Some 1 MB for a text of 200 000 code points, in every process.
MOST_KEPT = 2
# Elements whose direction follows their own first strong letter, whatever the page's language is.
OWN_DIRECTION = ("p", "li", "blockquote", "th", "td", *HEADINGS)

_SANITISER = nh3.Cleaner(
    tags={*TEXT_ELEMENTS, *TABLE_PARTS, *HEADINGS},
    clean_content_tags={"script", "style"},
    # Without "*", nh3 allows attributes of its own on every element.
    attributes={"*": set(), "a": {"href", "title"}, "ol": {"start"}},
    set_tag_attribute_values={name: {"dir": "auto"} for name in OWN_DIRECTION},
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener",
)
# A scheme that may be linked, or none: a relative reference (RFC 3986, section 4.2).
_LINKED_URL = re.compile(r"https?:|mailto:|[^:/?#]*([/?#]|$)", re.IGNORECASE)
_ARTICLE_PATH = re.compile(r"/articles/([\w-]+)/?(?:[?#].*)?")


@dataclass(frozen=True)
class RenderedSection:
    """A headed part of an article, or its lead."""

    # The heading's canonical text and level (2 to 6); None and 0 for the lead.
    heading: str | None
    level: int
    # With the heading element.
    html: str
    # Code points in Rendered.text, half-open; the heading is part of it.
    start: int
    end: int


@dataclass(frozen=True)
class Rendered:
    """A rendered article: its sections, and the one text their offsets count in."""

    sections: tuple[RenderedSection, ...]
    # The sections' canonical texts, joined by one newline.
    text: str
    # Slugs of the articles it links to, in order, each once; and the text of the first link to each.
    links: tuple[str, ...]
    link_labels: Mapping[str, str]


@dataclass(frozen=True)
class _Part:
    """A section before its place in the whole text is known."""

    heading: str | None
    level: int
    html: str
    text: str


@lru_cache(maxsize=MOST_KEPT)
def render(source: str) -> Rendered:
    """The HTML and text of an article written in Markdown (CommonMark, tables, strikethrough).

    A part without any text (nothing but a rule before the first heading) is left out. What was made last is kept: an
    editor looks at a draft several times, and then publishes it.
    """
    tokens = _MARKDOWN.parse(unicodedata.normalize("NFC", source))
    for token in tokens:
        # The page's only h1 is the article's title.
        token.tag = "h2" if token.tag == "h1" else token.tag
    parts = [part for part in map(_part, _cut(tokens)) if part.text]
    labels = _link_labels(tokens)
    text = "\n".join(part.text for part in parts)
    return Rendered(tuple(_placed(parts)), text, tuple(labels), labels)


def assemble(parts: Iterable[tuple[str, str]]) -> str:
    """A whole article's HTML from its sections' (key, HTML) pairs; the key is the element's id."""
    return "\n".join(f'<section id="{escape(key)}" class="section">\n{html}</section>' for key, html in parts)


class _Markdown(MarkdownIt):
    """CommonMark with tables and strikethrough, without images and raw HTML."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False})
        self.enable(["table", "strikethrough"])
        self.disable(["image", "html_block", "html_inline"])

    def validateLink(self, url: str) -> bool:
        """Whether `url` may be linked; what may not be stays in the text as it was written."""
        return bool(_LINKED_URL.match(url))


_MARKDOWN = _Markdown()


def _cut(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Cut before every top-level heading that can be seen; what stands before the first is the lead."""
    start = 0
    for at, token in enumerate(tokens):
        if token.type == "heading_open" and token.level == 0 and not is_blank(_heading(tokens[at:])):
            yield tokens[start:at]
            start = at
    yield tokens[start:]


def _part(tokens: Sequence[Token]) -> _Part:
    html = _html(tokens)
    first = tokens[0] if tokens else None
    text = canonical_text(html)
    if first and first.type == "heading_open" and not is_blank(heading := _heading(tokens)):
        return _Part(heading, int(first.tag[1:]), html, text)
    return _Part(None, 0, html, text)


def _heading(tokens: Sequence[Token]) -> str:
    """The text of the heading that `tokens` begin with: open, inline, close."""
    return canonical_text(_html(tokens[:3]))


def _html(tokens: Sequence[Token]) -> str:
    return _SANITISER.clean(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))


def _placed(parts: Iterable[_Part]) -> Iterator[RenderedSection]:
    start = 0
    for part in parts:
        end = start + len(part.text)
        yield RenderedSection(part.heading, part.level, part.html, start, end)
        start = end + len("\n")


def _link_labels(tokens: Iterable[Token]) -> dict[str, str]:
    """The slugs of linked articles, each with the text of the first link to it."""
    labels: dict[str, str] = {}
    for token in tokens:
        inline = token.children or []
        for at, child in enumerate(inline):
            slug = _article_slug(child)
            if slug:
                labels.setdefault(slug, _label(inline[at + 1 :]))
    return labels


def _article_slug(token: Token) -> str:
    """The slug a link's address names; "" where `token` is no link to an article of this site."""
    if token.type != "link_open":
        return ""
    match = _ARTICLE_PATH.fullmatch(unquote(str(token.attrs["href"])))
    return match[1] if match else ""


def _label(tokens: Sequence[Token]) -> str:
    """The text of a link whose tokens begin after its opening one."""
    end = next(at for at, token in enumerate(tokens) if token.type == "link_close")
    return canonical_text(_html(tokens[:end]))

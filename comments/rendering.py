"""A comment's Markdown made into sanitised HTML.

Comments have a subset of CommonMark: emphasis, strikethrough, links, quotes, lists, inline and fenced
code, paragraphs; every line end is a line break. All else stays in the text as it was written, entities too:
what they would stand for has not been looked at.
"""

import re
import unicodedata
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

_SANITISER = nh3.Cleaner(
    tags={"a", "blockquote", "br", "code", "em", "li", "ol", "p", "pre", "s", "strong", "ul"},
    clean_content_tags={"script", "style"},
    # Without "*", nh3 allows attributes of its own on every element.
    attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
    set_tag_attribute_values={name: {"dir": "auto"} for name in ("p", "li", "blockquote")},
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    # What readers leave gets no weight in search (ugc), and no hold on this window.
    link_rel="nofollow ugc noopener",
)
_LINKED_URL = re.compile(r"https?:|mailto:", re.IGNORECASE)


# What is written is rendered to see whether it shows anything, to judge it and to store it: one and the same.
@lru_cache(maxsize=16)
def render_comment(source: str) -> str:
    """The sanitised HTML of a comment; links are absolute http, https or mailto ones."""
    return _SANITISER.clean(_MARKDOWN.render(unicodedata.normalize("NFC", source)))


class _Markdown(MarkdownIt):
    """CommonMark's inline marks, lists, quotes and fences, and strikethrough."""

    def __init__(self) -> None:
        super().__init__("zero", {"html": False, "breaks": True, "maxNesting": 20})
        self.enable(["blockquote", "fence", "list"])
        self.enable(["autolink", "backticks", "emphasis", "escape", "link", "newline"])
        self.enable(["strikethrough", "balance_pairs", "fragments_join"])

    def validateLink(self, url: str) -> bool:
        """Whether `url` may be linked; what may not be stays in the text as it was written."""
        return bool(_LINKED_URL.match(url))


_MARKDOWN = _Markdown()

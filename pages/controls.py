"""The signs beside blocks, which lead to the form for a comment on that passage or section."""

from collections.abc import Iterator
from typing import cast

from django.utils.html import format_html

from articles.canonical import blocks
from articles.models import Article, Revision, SectionText
from comments import policy
from comments.placing import EXACT_MAX_LENGTH
from pages.addresses import compose_path

# Ids of the hidden labels of the article page.
PASSAGE_LABEL = "on-block-label"
SECTION_LABEL = "on_section_label"


def with_controls(article: Article, text: SectionText) -> str:
    """The section's HTML with a sign in its heading, and in every block where passages may be commented on.

    The canonical text is that of `text.html`: signs hold no text and are left out of the walk. No query.
    """
    html, pieces, done = text.html, [], 0
    for at, control in _controls(article, text):
        pieces += [html[done:at], control]
        done = at
    return "".join([*pieces, html[done:]])


def _controls(article: Article, text: SectionText) -> Iterator[tuple[int, str]]:
    """(index in the HTML, sign) in order. Where a lead is not cut into passages, its first block has its sign."""
    if not policy.takes_comments(article):
        return
    revision = cast(Revision, article.current_revision)
    has_passages = policy.takes_anchors(article)
    for number, block in enumerate(blocks(text.html)):
        if number == 0 and (text.level or not has_passages):
            yield block.at, _control(compose_path(article, section=text.section.key), SECTION_LABEL)
        elif has_passages and block.end - block.start <= EXACT_MAX_LENGTH:
            # A block's offsets count in its section, an address's in the revision.
            start, end = text.start + block.start, text.start + block.end
            href = compose_path(article, revision=revision.number, start=start, end=end)
            yield block.at, _control(href, PASSAGE_LABEL)


def _control(href: str, label: str) -> str:
    return format_html('<a class="on-block" data-canon="skip" href="{}" aria-labelledby="{}"></a>', href, label)

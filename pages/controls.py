"""The signs beside blocks: to what was said there, else to the form for a comment on that passage or section."""

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple, cast

from django.utils.html import format_html

from articles.canonical import blocks
from articles.models import Article, Revision, SectionText
from comments import policy
from comments.placing import EXACT_MAX_LENGTH
from pages.addresses import compose_path

# Ids of the hidden labels of the article page.
PASSAGE_LABEL = "on-block-label"
SECTION_LABEL = "on_section_label"
SAID_LABEL = "said_label"


class Discussed(NamedTuple):
    """A passage that was commented on: code points [start, end) of the revision's text; where that can be read."""

    start: int
    end: int
    url: str


def with_controls(article: Article, text: SectionText, discussed: Sequence[Discussed] = ()) -> str:
    """The section's HTML with a sign in its heading, and in every block where passages may be commented on, or were.

    The canonical text is that of `text.html`: signs hold no text and are left out of the walk. No query.
    """
    html, pieces, done = text.html, [], 0
    for at, control in _controls(article, text, discussed):
        pieces += [html[done:at], control]
        done = at
    return "".join([*pieces, html[done:]])


def _controls(article: Article, text: SectionText, discussed: Sequence[Discussed]) -> Iterator[tuple[int, str]]:
    """(index in the HTML, sign) in order."""
    here = deque(discussed)
    for number, block in enumerate(blocks(text.html)):
        # A block's offsets count in its section, those of passages and addresses in the revision.
        start, end = text.start + block.start, text.start + block.end
        said_url = _said(here, start, end)
        form_url, label = _form(article, text, number, start, end)
        if said_url:
            yield block.at, _control(said_url, SAID_LABEL, form_url)
        elif form_url:
            yield block.at, _control(form_url, label)


def _said(ahead: deque[Discussed], start: int, end: int) -> str:
    """Where the first passage that overlaps the block can be read, "" where none does.

    Blocks and passages come in their order: what ends further up is dropped for good, what begins further down not
    looked at.
    """
    while ahead and ahead[0].end <= start:
        ahead.popleft()
    begun = takewhile(lambda one: one.start < end, ahead)
    return next((one.url for one in begun if start < one.end), "")


def _form(article: Article, text: SectionText, number: int, start: int, end: int) -> tuple[str, str]:
    """Where a comment on the block is written, "" where none is taken, and the label of that.

    Where a lead is not cut into passages, its first block stands for the section.
    """
    if not policy.takes_comments(article):
        return "", ""
    if number == 0 and (text.level or not policy.takes_anchors(article)):
        return compose_path(article, section=text.section.key), SECTION_LABEL
    return passage_form(article, cast(Revision, article.current_revision), start, end), PASSAGE_LABEL


def passage_form(article: Article, revision: Revision, start: int, end: int) -> str:
    """Where a comment on code points [start, end) of the revision's text is written, "" where none is taken."""
    if not policy.takes_anchors(article) or end - start > EXACT_MAX_LENGTH:
        return ""
    return compose_path(article, revision=revision.number, start=start, end=end)


def _control(url: str, label: str, form_url: str = "") -> str:
    """`form_url`: where the sign leads on from what was said, for scripts."""
    form = format_html(' data-form="{}"', form_url) if form_url else ""
    return format_html(_SIGN, url, label, form)


_SIGN = '<a class="on-block" data-canon="skip" href="{}" aria-labelledby="{}"{}></a>'

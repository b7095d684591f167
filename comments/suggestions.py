"""Where passages that are lost or uncertain may be in the article as it stands, to choose from."""

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from articles.by_hand import find
from articles.models import Article, Revision, SectionText
from comments.anchoring import Context, Span, context_of
from comments.anchoring.spans import LOST
from comments.anchoring.suggesting import Suggester, Suggestion
from comments.models import Anchor
from comments.placing import Selection


@dataclass(frozen=True)
class Offer:
    """A passage of one revision, code points [start, end), with what stands around it and how like it is, 0 to 1."""

    revision: int
    start: int
    end: int
    text: str
    context: Context
    score: float
    # Where an uncertain passage is shown already, to be confirmed.
    is_placed: bool = False

    @property
    def fields(self) -> dict[str, Any]:
        """What a form sends to choose it."""
        return {"exact": self.text, "revision": self.revision, "start": self.start, "end": self.end}

    @property
    def name(self) -> str:
        """What a button sends to choose it; `named` reads it."""
        return f"{self.revision}-{self.start}-{self.end}"

    @property
    def percent(self) -> int:
        return int(100 * self.score)


def offers_for(anchors: Collection[Anchor]) -> dict[int, list[Offer]]:
    """By id of the anchor, the place that an uncertain one has, and up to three others, the best first.

    Nothing for certain ones. Two queries, or none; each anchor's `article` is to be loaded.
    """
    by_revision: dict[int, list[Anchor]] = defaultdict(list)
    for anchor in anchors:
        if anchor.now_status in LOST and anchor.article.current_revision_id:
            by_revision[anchor.article.current_revision_id].append(anchor)
    if not by_revision:
        return {}
    sections: dict[int, list[Span]] = defaultdict(list)
    rows = SectionText.objects.filter(revision__in=list(by_revision)).order_by("revision", "start")
    for revision_id, start, end in rows.values_list("revision_id", "start", "end"):
        sections[revision_id].append(Span(start, end))
    offers: dict[int, list[Offer]] = {}
    for revision in Revision.objects.filter(pk__in=list(by_revision)).only("number", "canonical_text"):
        suggester = Suggester(revision.canonical_text, sections[revision.pk])
        offers |= {anchor.pk: _offers(anchor, revision, suggester) for anchor in by_revision[revision.pk]}
    return offers


def _offers(anchor: Anchor, revision: Revision, suggester: Suggester) -> list[Offer]:
    now = anchor.now if anchor.now_revision_id == revision.pk else None
    found = suggester.suggest(anchor.exact, Context(anchor.prefix, anchor.suffix))
    others = [one for one in found if now is None or not _is_same(revision.canonical_text, one, now)]
    placed = [_offer(revision, now, anchor.score, is_placed=True)] if now else []
    return placed + [_offer(revision, Span(one.start, one.end), one.score) for one in others]


def _is_same(text: str, found: Suggestion, place: Span) -> bool:
    """Whether both hold the same words, whatever signs stand at their ends."""
    ends = ((found.start, place.start), (found.end, place.end))
    return not any(map(str.isalnum, "".join(text[min(pair) : max(pair)] for pair in ends)))


def _offer(revision: Revision, span: Span, score: float, *, is_placed: bool = False) -> Offer:
    text = revision.canonical_text
    words, context = text[span.start : span.end], context_of(text, span)
    return Offer(revision.number, span.start, span.end, words, context, score, is_placed)


def places_of(revision: Revision, words: str) -> list[Offer]:
    """Where the words stand, in order, whatever white space is between them; at most `MOST_PLACES` and one more."""
    return [_offer(revision, Span(*place), 1.0) for place in find(revision.canonical_text, words)]


def named(article: Article, name: str) -> Selection | None:
    """The place of an offer by its name; None for what is no such name. One query."""
    found = re.fullmatch(r"([0-9]{1,9})-([0-9]{1,9})-([0-9]{1,9})", name, re.ASCII)
    if found is None:
        return None
    number, start, end = map(int, found.groups())
    texts = article.revisions.filter(number=number).values_list("canonical_text", flat=True)
    return Selection((texts.first() or "")[start:end], start=start, end=end, revision=number)

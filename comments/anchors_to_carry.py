"""The anchors of an article as a carry needs them, read in two queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from articles.models import Revision
from articles.steps import Passage
from comments.anchoring import Span
from comments.models import Anchor


@dataclass(eq=False, slots=True)
class AnchorToCarry:
    """An anchor, and what of its comment decides where that is shown.

    No model: there are ten thousand at a time, and making models of them took longer than comparing the texts.
    Spans are code points, half-open: `written_on` in the text of `revision`; `now` in that of `now_revision_id`, None
    for an orphan.
    """

    pk: int
    comment_id: int
    section_id: int | None
    is_public: bool
    revision: Revision
    written_on: Span
    now_revision_id: int
    now: Span | None
    now_status: str
    method: str

    @property
    def passage(self) -> Passage:
        """By which an editor says where it goes."""
        if self.now is None:
            return Passage(self.written_on.start, self.written_on.end, self.revision.number)
        return Passage(self.now.start, self.now.end)

    @property
    def written(self) -> str:
        """The words it was written on: of the text, which is at hand, where the quote is not."""
        return self.revision.canonical_text[self.written_on.start : self.written_on.end]


_COLUMNS = (
    "pk", "comment_id", "comment__section", "comment__public_revision", "revision_id", "start", "end",
    "now_revision_id", "now_start", "now_end", "now_status", "method",
)  # fmt: skip


def anchors_to_carry(article_id: int, *, not_on: int | None = None) -> list[AnchorToCarry]:
    """All of this article, of every state and visibility, less those that are on the revision `not_on` names.

    One copy of each old text, however many anchors were made on it.
    """
    anchors = Anchor.objects.filter(article=article_id)
    if not_on is not None:
        anchors = anchors.exclude(now_revision=not_on)
    rows = list(anchors.values_list(*_COLUMNS))
    revisions = Revision.objects.only("article_id", "number", "canonical_text").in_bulk({row[4] for row in rows})
    return [_made(row, revisions) for row in rows]


def _made(row: tuple[Any, ...], revisions: Mapping[int, Revision]) -> AnchorToCarry:
    pk, comment_id, section_id, public_id, revision_id, start, end, now_id, now_start, now_end, *known = row
    now = None if now_start is None else Span(now_start, now_end)
    written_on, is_public = Span(start, end), public_id is not None
    return AnchorToCarry(
        pk, comment_id, section_id, is_public, revisions[revision_id], written_on, now_id, now, *known
    )

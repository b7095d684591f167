"""A passage as it was when it was commented on, and as it is now."""

from dataclasses import dataclass

from articles.models import Revision
from comments.anchoring import Context, Span, Status, context_of
from comments.anchoring.difference import Change, Piece, difference
from comments.models import Anchor, Comment


@dataclass(frozen=True)
class Quoted:
    """A passage in one revision's text: code points [start, end), half-open."""

    revision: Revision
    start: int
    end: int
    text: str
    context: Context


@dataclass(frozen=True)
class ThenAndNow:
    """`now` is None where the passage is gone; `pieces` then say that all of it was deleted."""

    status: Status
    then: Quoted
    now: Quoted | None
    pieces: list[Piece]


def then_and_now(comment: Comment) -> ThenAndNow | None:
    """None for a comment on no passage. One query."""
    anchor = Anchor.objects.filter(comment=comment).select_related("revision", "now_revision").first()
    if anchor is None:
        return None
    context = Context(anchor.prefix, anchor.suffix)
    then = Quoted(anchor.revision, anchor.start, anchor.end, anchor.exact, context)
    now = _quoted(anchor.now_revision, anchor.now) if anchor.now else None
    pieces = difference(then.text, now.text) if now else [Piece(Change.DELETED, then.text)]
    return ThenAndNow(Status(anchor.now_status), then, now, pieces)


def _quoted(revision: Revision, span: Span) -> Quoted:
    text = revision.canonical_text
    return Quoted(revision, span.start, span.end, text[span.start : span.end], context_of(text, span))

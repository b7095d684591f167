"""Carry passages from one revision's text to the next one's.

A wrong place is the worst error: it puts a reader's words on a sentence they were not about. So a passage is
placed only where its very words stand and its neighbours or its uniqueness vouch for them; otherwise it is an
orphan, which is shown at its section and is honest.
"""

from collections.abc import Sequence

from comments.anchoring.quotes import agreement, context_of, occurrences
from comments.anchoring.spans import Placement, Span, Status

# A passage this long that stands once in both texts is the same passage wherever it went; shorter ones recur by
# chance ("the model").
TELLING_LENGTH = 16
# One whole side of the context, or as much of both, vouches for a place.
VOUCHING_LENGTH = 24

ORPHAN = Placement(None, None, Status.ORPHANED, 0.0, "none")


def carry(old: str, new: str, spans: Sequence[Span]) -> list[Placement]:
    """Where each span of `old` is in `new`, in the order given.

    Deterministic, and each answer independent of the other spans. Raises ValueError for a span that is empty or
    not inside `old`.
    """
    for span in spans:
        if not 0 <= span.start < span.end <= len(old):
            raise ValueError(f"[{span.start}, {span.end}) is not a passage of a text of {len(old)} code points")
    if old == new:
        return [Placement(span.start, span.end, Status.KEPT, 1.0, "same text") for span in spans]
    return [_place(old, new, span) for span in spans]


def _place(old: str, new: str, span: Span) -> Placement:
    exact = old[span.start : span.end]
    starts = occurrences(new, exact)
    if not starts:
        return ORPHAN
    twins = [at for at in occurrences(old, exact) if at != span.start]
    ranked = sorted((_vouched(old, new, span, at), at) for at in starts)
    best, start = ranked[-1]
    # What its nearest twin in the old text already shared with its context says nothing for a place in the new one.
    rivals = [score for score, _at in ranked[:-1]] + [_vouched(old, old, span, at) for at in twins]
    # Its whole context needs to beat a rival; part of it, to beat it twice over.
    rival = max(rivals, default=0) * (1 if best == _whole(old, span) else 2)
    if best >= _enough(old, span) and rival < best:
        return Placement(start, start + len(exact), Status.KEPT, 1.0, "quote and context")
    if twins and best >= _enough(old, span):
        return _by_rank(old, new, span, starts)
    if len(starts) == 1 and len(exact) >= TELLING_LENGTH and not twins:
        return Placement(start, start + len(exact), Status.MOVED, 1.0, "only place")
    return ORPHAN


def _vouched(old: str, new: str, span: Span, at: int) -> int:
    """How much of the context of `span` in `old` stands around `at` in `new`, in code points."""
    return agreement(new, Span(at, at + span.end - span.start), context_of(old, span))


def _whole(old: str, span: Span) -> int:
    context = context_of(old, span)
    return len(context.prefix) + len(context.suffix)


def _enough(old: str, span: Span) -> int:
    """How much context vouches for a place: 24 code points, or all there is near the ends of a text, but some."""
    return max(1, min(VOUCHING_LENGTH, _whole(old, span)))


def _by_rank(old: str, new: str, span: Span, starts: list[int]) -> Placement:
    """Where words and neighbours are repeated alike, the third of three is still the third of three."""
    before = occurrences(old, old[span.start : span.end])
    if len(before) != len(starts) or span.start not in before:
        return ORPHAN
    start = starts[before.index(span.start)]
    if _vouched(old, new, span, start) < VOUCHING_LENGTH:
        return ORPHAN
    return Placement(start, start + span.end - span.start, Status.KEPT, 1.0, "quote, context and rank")

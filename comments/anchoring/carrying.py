"""Carry passages from one revision's text to the next one's.

A wrong place is the worst error: it puts a reader's words on a sentence they were not about. So a passage is
placed only where its very words stand and its neighbours or its uniqueness vouch for them; otherwise it is an
orphan, which is shown at its section and is honest.
"""

from collections.abc import Sequence

from comments.anchoring.quotes import CONTEXT_LENGTH, MAX_OCCURRENCES, agreement, context_of, occurrences
from comments.anchoring.spans import Placement, Span, Status

# A passage this long that stands once in both texts is the same passage wherever it went; shorter ones recur by
# chance ("the model").
TELLING_LENGTH = 16
# One whole side of the context, or as much of both, vouches for a place.
VOUCHING_LENGTH = 24
# Shorter words ("the") say nothing at the edge of a text.
SPEAKING_LENGTH = 8

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
    # Past the most that are counted, no rank among them is known.
    if not 0 < len(starts) <= MAX_OCCURRENCES:
        return ORPHAN
    twins = [at for at in occurrences(old, exact) if at != span.start]
    if not twins and len(starts) == 1:
        return _only_place(old, new, span, starts[0])
    return _among_several(old, new, span, (starts, twins))


def _only_place(old: str, new: str, span: Span, start: int) -> Placement:
    """Words that stand once in both texts, and something more that says they are the same ones."""
    end = start + span.end - span.start
    is_by_neighbours = _vouched(old, new, span, start) >= VOUCHING_LENGTH or _has_a_side(old, new, span, start)
    if is_by_neighbours or _has_a_line_beside(old, new, span, start):
        return Placement(start, end, Status.KEPT, 1.0, "quote and context")
    if end - start >= TELLING_LENGTH or _is_line(old, span) and _is_line(new, Span(start, end)):
        return Placement(start, end, Status.MOVED, 1.0, "only place")
    return ORPHAN


def _among_several(old: str, new: str, span: Span, places: tuple[list[int], list[int]]) -> Placement:
    """The place that the context names clearly; `places`: all of the new text, the others of the old one."""
    starts, twins = places
    ranked = sorted((_vouched(old, new, span, at), at) for at in starts)
    best, start = ranked[-1]
    # What its nearest twin in the old text already shared with its context says nothing for a place in the new one.
    rivals = [score for score, _at in ranked[:-1]] + [_vouched(old, old, span, at) for at in twins]
    # Its whole context needs to beat a rival; part of it, to beat it twice over.
    rival = max(rivals, default=0) * (1 if best == _whole(old, span) else 2)
    if best >= _enough(old, span) and rival < best:
        return Placement(start, start + span.end - span.start, Status.KEPT, 1.0, "quote and context")
    return _by_rank(old, new, span, starts) if twins and best >= _enough(old, span) else ORPHAN


def _vouched(old: str, new: str, span: Span, at: int) -> int:
    """How much of the context of `span` in `old` stands around `at` in `new`, in code points."""
    return agreement(new, Span(at, at + span.end - span.start), context_of(old, span))


def _has_a_side(old: str, new: str, span: Span, start: int) -> bool:
    """All that stood before it, or all that stood after it, still does.

    Where nothing stood there (the text began or ended), nothing may stand there now, and the words must be long
    enough to say something; a passage that was the whole text has no other witness than its words.
    """
    context, now = context_of(old, span), Span(start, start + span.end - span.start)
    before = new[max(0, now.start - CONTEXT_LENGTH) : now.start]
    after = new[now.end : now.end + CONTEXT_LENGTH]
    if not context.prefix and not context.suffix:
        return (before == "" or after == "") and not before[-1:].isalnum() and not after[:1].isalnum()
    said = span.end - span.start >= SPEAKING_LENGTH
    is_led = before.endswith(context.prefix) if context.prefix else said and before == ""
    return is_led or (after.startswith(context.suffix) if context.suffix else said and after == "")


def _has_a_line_beside(old: str, new: str, span: Span, start: int) -> bool:
    """The block before its block, or the one after it, is the same in both texts: its own was edited around it."""
    was, now = _lines_beside(old, span.start), _lines_beside(new, start)
    return any(one == other != "" for one, other in zip(was, now, strict=True)) and (
        span.end - span.start >= SPEAKING_LENGTH
    )


def _lines_beside(text: str, at: int) -> tuple[str, str]:
    start, end = text.rfind("\n", 0, at), text.find("\n", at)
    before = text[text.rfind("\n", 0, start) + 1 : start] if start > 0 else ""
    if end < 0:
        return before, ""
    stop = text.find("\n", end + 1)
    return before, text[end + 1 : stop if stop >= 0 else len(text)]


def _is_line(text: str, span: Span) -> bool:
    """A whole block: nothing else stands on its line."""
    is_begun = span.start == 0 or text[span.start - 1] == "\n"
    return is_begun and (span.end == len(text) or text[span.end] == "\n")


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

"""Carry passages from one revision's text to the next one's.

A wrong place is the worst error: it puts a reader's words on a sentence they were not about. So both texts, which the
server has, are compared once, word by word; each passage goes where its words went; and where too little of it is
left, it is an orphan, which is shown at its section and is honest.
"""

from collections.abc import Sequence
from functools import lru_cache

from comments.anchoring.alignment import Alignment
from comments.anchoring.blocks import align_blocks
from comments.anchoring.decision import Decider
from comments.anchoring.filling import fill_gaps
from comments.anchoring.moves import link_moves
from comments.anchoring.passages import Compared
from comments.anchoring.sentences import Sentences, keep_sentences, link_sentences
from comments.anchoring.spans import Placement, Span, Status
from comments.anchoring.together import bring_together
from comments.anchoring.tokens import Vocabulary, tokenise

# Some 9 MB for a pair of 200 000 code points, in every process.
MOST_KEPT = 2


def carry(old: str, new: str, spans: Sequence[Span]) -> list[Placement]:
    """Where each span of `old` is in `new`, in the order given; offsets are code points, half-open.

    Deterministic: budgets are counted, no clock decides, and the order of the spans changes nothing. Raises
    ValueError for a span that is empty or not inside `old`.
    """
    for span in spans:
        _check(span, old)
    if old == new:
        return [_same(span) for span in spans]
    decider = Decider(_compared(old, new))
    # Searches are counted: in one order, and once for passages that are the same.
    placed = {span: decider.place(span) for span in sorted(set(spans))}
    return [placed[span] for span in spans]


def carry_alone(old: str, new: str, span: Span) -> Placement:
    """As `carry`, a passage that comes by itself: what was compared for the last ones is kept.

    Comparing takes nearly all of the time, and readers come to the same two texts one by one, as often as they like.
    """
    _check(span, old)
    if old == new:
        return _same(span)
    return Decider(_kept(old, new)).place(span)


def _check(span: Span, old: str) -> None:
    if not 0 <= span.start < span.end <= len(old):
        raise ValueError(f"[{span.start}, {span.end}) is not a passage of a text of {len(old)} code points")


def _same(span: Span) -> Placement:
    return Placement(span.start, span.end, Status.KEPT, 1.0, "same text")


def _compared(old: str, new: str) -> Compared:
    vocabulary = Vocabulary()
    alignment = Alignment(tokenise(old, vocabulary), tokenise(new, vocabulary))
    align_blocks(alignment)
    fill_gaps(alignment)
    bring_together(alignment)
    link_moves(alignment)
    sentences = Sentences(alignment, old, new)
    link_sentences(alignment, sentences)
    if any(alignment.moved):
        bring_together(alignment)
    keep_sentences(alignment, sentences)
    return Compared(old, new, alignment)


_kept = lru_cache(maxsize=MOST_KEPT)(_compared)

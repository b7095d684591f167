"""What was taken out of a passage and what was put in, word by word, for people to read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from rapidfuzz.distance import LCSseq

from comments.anchoring.clusters import between
from comments.anchoring.tokens import spans_of_words

# Old pieces times new ones, some 15 ms; past that a passage is shown as replaced whole.
MOST_CELLS = 25_000_000


class Change(StrEnum):
    EQUAL = "equal"
    DELETED = "deleted"
    INSERTED = "inserted"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that stands in both, in the old one alone, or in the new one alone."""

    change: Change
    text: str


def difference(old: str, new: str) -> list[Piece]:
    """The pieces in order: those that are not inserted make `old`, those that are not deleted make `new`.

    A deletion stands before the insertion that took its place. Words are compared as they are written.
    """
    before, after = _pieces(old), _pieces(new)
    if len(before) * len(after) > MOST_CELLS:
        return list(_joined([(Change.DELETED, old), (Change.INSERTED, new)]))
    found: list[tuple[Change, str]] = []
    for op in LCSseq.opcodes(before, after):
        if op.tag == "equal":
            found.append((Change.EQUAL, "".join(before[op.src_start : op.src_end])))
        else:
            found.append((Change.DELETED, "".join(before[op.src_start : op.src_end])))
            found.append((Change.INSERTED, "".join(after[op.dest_start : op.dest_end])))
    return list(_joined(_with_spaces(found)))


def _pieces(text: str) -> list[str]:
    """Words as they are told apart for carrying, and what is between them; half an emoji or accent is none."""
    cuts = {at for span in spans_of_words(text) for at in span} | {0, len(text)}
    return [text[start:end] for start, end in pairwise(between(text, sorted(cuts)))]


def _with_spaces(pieces: Iterable[tuple[Change, str]]) -> Iterator[tuple[Change, str]]:
    """A space alone between two changes belongs to both, or every word of a new sentence would stand apart."""
    known = list(pieces)
    for at, (change, text) in enumerate(known):
        is_between = 0 < at < len(known) - 1 and change == Change.EQUAL and text.isspace()
        if is_between:
            yield Change.DELETED, text
            yield Change.INSERTED, text
        else:
            yield change, text


def _joined(pieces: Iterable[tuple[Change, str]]) -> Iterator[Piece]:
    """Without empty pieces; of changes that stand together, all that was deleted before all that was inserted."""
    deleted, inserted = "", ""
    for change, text in [*pieces, (Change.EQUAL, "")]:
        if change == Change.DELETED:
            deleted += text
        elif change == Change.INSERTED:
            inserted += text
        else:
            if deleted:
                yield Piece(Change.DELETED, deleted)
            if inserted:
                yield Piece(Change.INSERTED, inserted)
            if deleted or inserted:
                deleted, inserted = "", ""
            if text:
                yield Piece(change, text)

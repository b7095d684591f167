"""The words of anchoring."""

from enum import StrEnum
from typing import NamedTuple


class Status(StrEnum):
    """How a passage fared between two revisions."""

    KEPT = "kept"  # the same text among the same neighbours
    CHANGED = "changed"  # its words were edited
    MOVED = "moved"  # the same text, elsewhere
    UNCERTAIN = "uncertain"  # a place, to be confirmed by a person
    ORPHANED = "orphaned"  # gone


# A person is to look where these are.
LOST = (Status.ORPHANED, Status.UNCERTAIN)


class Span(NamedTuple):
    """A passage: code points [start, end) of a canonical text."""

    start: int
    end: int


class Placement(NamedTuple):
    """Where a span of the old text is in the new one: [start, end), both None for an orphan.

    `score` runs from 0 (nothing left of it) to 1 (as it was); `method` names the step that found it.
    """

    start: int | None
    end: int | None
    status: Status
    score: float
    method: str

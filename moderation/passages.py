"""The passage a comment is on, within its paragraphs, as a moderator is shown it: a window, never the whole text."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import Greatest, JSONObject, Least, Substr

from comments.models import Anchor

# Code points of the text before and behind a passage, and the most that is read of passage and surroundings.
AROUND = 500
MOST = 4000
CUT = "…"

# What was read of an anchor, see `passage_of_thread`.
Found = dict[str, Any]


def passage_of_thread() -> Subquery:
    """For an annotation of comments: where the passage of their thread is, and the text around it; else null.

    One column by one subquery, because PostgreSQL takes long to plan three tables more.
    """
    starts = Greatest(F("start") - AROUND, Value(0))
    window = Substr("revision__canonical_text", starts + 1, Least(F("end") + AROUND - starts, Value(MOST)))
    anchors = Anchor.objects.filter(comment=OuterRef("root"))
    found = JSONObject(start="start", end="end", status="now_status", revision="revision__number", window=window)
    return Subquery(anchors.values(found=found)[:1])


@dataclass(frozen=True)
class Paragraph:
    """One line of canonical text, of which `marked` is part of the passage."""

    before: str
    marked: str
    behind: str


@dataclass(frozen=True)
class Passage:
    """`revision` is the number of the text it was chosen on; `status` how it fared since."""

    paragraphs: list[Paragraph]
    revision: int
    status: str


def passage_of(found: Found | None) -> Passage | None:
    """The passage that `passage_of_thread` found; None where the thread is on none."""
    return Passage(list(_paragraphs(found)), found["revision"], found["status"]) if found else None


def _paragraphs(found: Found) -> Iterator[Paragraph]:
    window, starts = found["window"], max(found["start"] - AROUND, 0)
    at, end = found["start"] - starts, found["end"] - starts
    lines = window[at:end].split("\n")
    if end > len(window):
        lines[-1] += CUT
    lead, tail = _lead(window[:at], is_cut=starts > 0), _tail(window[end:], is_cut=len(window[end:]) >= AROUND)
    for number, line in enumerate(lines):
        is_first, is_last = number == 0, number == len(lines) - 1
        yield Paragraph(lead if is_first else "", line, tail if is_last else "")


def _lead(before: str, *, is_cut: bool) -> str:
    """What stands before the passage in its paragraph."""
    rest, line_end, own = before.rpartition("\n")
    return own if line_end or not is_cut else CUT + own


def _tail(behind: str, *, is_cut: bool) -> str:
    own, line_end, _rest = behind.partition("\n")
    return own if line_end or not is_cut else own + CUT

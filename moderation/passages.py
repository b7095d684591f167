"""The passage a comment is on, within its paragraphs, as a moderator is shown it: a window, never the whole text."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import F, Value
from django.db.models.functions import Greatest, Least, Substr

from comments.models import Anchor, Comment

# Code points of the text before and behind a passage, and the most that is read of passage and surroundings.
AROUND = 500
MOST = 4000
CUT = "…"

_STARTS = Greatest(F("root__anchor__start") - AROUND, Value(0))
# The text of the revision that the thread's passage was chosen on, from AROUND before it to AROUND behind it.
WINDOW = Substr(
    "root__anchor__revision__canonical_text",
    _STARTS + 1,
    Least(F("root__anchor__end") + AROUND - _STARTS, Value(MOST)),
)


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


def passage_of(comment: Comment, window: str, revision: int) -> Passage | None:
    """The passage of the thread that `comment` is in, cut out of `window`; None where it is on none."""
    root = comment.root or comment
    if not root.has_anchor:
        return None
    return Passage(list(_paragraphs(root.anchor, window)), revision, root.anchor.now_status)


def _paragraphs(anchor: Anchor, window: str) -> Iterator[Paragraph]:
    starts = max(anchor.start - AROUND, 0)
    at, end = anchor.start - starts, anchor.end - starts
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

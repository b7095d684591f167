"""Words that were paired with their like, brought back to the runs, lines and sentences that they belong to."""

from collections.abc import Callable
from typing import NamedTuple

from comments.anchoring.alignment import NOWHERE, Alignment
from comments.anchoring.tokens import Tokens

# Of two runs longer than this neither is the longer one.
LONGEST_TOLD = 8

# Whether a unit of a text, such as a block, begins with a word of it; so does what would follow the last word.
Begins = Callable[[int], int]


def bring_together(alignment: Alignment) -> None:
    """Brings words in the gaps that were paired with their like back to the runs and blocks that they belong to."""
    old, new = alignment.old, alignment.new
    from_old, from_new = views(alignment, (old.is_start, new.is_start))
    for gap in alignment.gaps:
        if gap.old_start < gap.old_end and gap.new_start < gap.new_end:
            # A word of a block that is equal may pull one of the gap.
            near_old = max(0, old.blocks[gap.old_start] - 1), min(len(old), old.blocks[gap.old_end] + 1)
            near_new = max(0, new.blocks[gap.new_start] - 1), min(len(new), new.blocks[gap.new_end] + 1)
            _slide(alignment, *near_old)
            part(from_old, *near_old)
            part(from_new, *near_new)


def _slide(alignment: Alignment, start: int, end: int) -> None:
    """Brings a word that was paired with its like back to the run it stands beside in both texts."""
    to = alignment.to
    for _time in range(2):
        is_done = True
        for i in range(start + 1, end):
            # Most words stand in a run: asked here, not in a call for each.
            if to[i] != NOWHERE and to[i - 1] != to[i] - 1 and _pull(alignment, i, i - 1, -1):
                is_done = False
        for i in range(end - 2, start - 1, -1):
            if to[i] != NOWHERE and to[i + 1] != to[i] + 1 and _pull(alignment, i, i + 1, 1):
                is_done = False
        if is_done:
            return


class View(NamedTuple):
    """An alignment as seen from one of its texts: the old one, or, `turned`, the new one."""

    alignment: Alignment
    turned: bool
    text: Tokens
    other: Tokens
    to: list[int]
    back: list[int]
    begins: Begins
    begins_there: Begins

    def move(self, i: int, j: int, length: int) -> None:
        """Words i … i + length, which are paired with others, are the other text's words j … j + length."""
        for at, there in zip(range(i, i + length), range(j, j + length), strict=True):
            was, now = (self.to[at], there) if self.turned else (at, at)
            is_moved = bool(self.alignment.moved[was])
            self.alignment.unpair(was)
            self.alignment.pair(now, at if self.turned else there, is_moved=is_moved)


def views(alignment: Alignment, begins: tuple[Begins, Begins]) -> tuple[View, View]:
    """It as seen from its old text, and from its new one; `begins` says so of the words of each."""
    old, new, to, back = alignment.old, alignment.new, alignment.to, alignment.back
    in_old, in_new = begins
    from_old = View(alignment, False, old, new, to, back, in_old, in_new)
    return from_old, View(alignment, True, new, old, back, to, in_new, in_old)


def part(view: View, start: int, end: int) -> None:
    """Where two words that stand together stand apart in the other text, and what is between them there begins as
    what follows does, or ends as what comes before: a unit's words stay together, and what is between is units."""
    to = view.to
    for i in range(start + 1, end):
        if to[i - 1] == NOWHERE or to[i] <= to[i - 1] + 1 or view.begins(i):
            continue
        before, after = to[i - 1], to[i]
        count = _alike(view, (i - 1, before), after - 1, -1)
        if view.begins(i - count) and view.begins_there(after - count):
            view.move(i - count, after - count, count)
            continue
        count = _alike(view, (i, after), before + 1, 1)
        if view.begins(i + count) and view.begins_there(before + 1 + count):
            view.move(i, before + 1, count)


def _alike(view: View, at: tuple[int, int], other: int, step: int) -> int:
    """How many words, as far as the unit goes, stand together from a word and what it is in the other text on, and
    are the free words of that from `other` on, too."""
    (i, j), j_other, count = at, other, 0
    while (
        0 <= i < len(view.text)
        and view.to[i] == j
        and 0 <= j_other < len(view.other)
        and view.back[j_other] == NOWHERE
        and view.text.ids[i] == view.other.ids[j_other]
    ):
        count += 1
        i, j, j_other = i + step, j + step, j_other + step
        if view.begins(i + 1 if step < 0 else i):
            break
    return count


def _pull(alignment: Alignment, i: int, other: int, step: int) -> bool:
    """Pairs word `other`, which stands beside word i, but not in its run, with the new word beside i's, if that is
    free."""
    j = alignment.to[i] + step
    if not 0 <= j < len(alignment.new):
        return False
    if alignment.back[j] != NOWHERE or alignment.old.ids[other] != alignment.new.ids[j]:
        return False
    if alignment.to[other] != NOWHERE:
        # It leaves the run it is in only if that is the shorter one, and from its end.
        if _length(alignment.to, other, step) > 1 or _length(alignment.to, other, step) >= _length(
            alignment.to, i, -step
        ):
            return False
        alignment.unpair(other)
    alignment.pair(other, j, is_moved=bool(alignment.moved[i]))
    return True


def _length(to: list[int], i: int, step: int) -> int:
    """How many words from word i on, in one direction, stand together in both texts; nine at most."""
    length = 1
    while (
        length <= LONGEST_TOLD and 0 <= i + length * step < len(to) and to[i + length * step] == to[i] + length * step
    ):
        length += 1
    return length

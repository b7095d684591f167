"""Which comment stands where: threads that grow side by side, as they do when people talk."""

import random
from dataclasses import dataclass
from datetime import datetime

from comments import paths

# Of ten comments so many are replies, where there is anything to reply to.
REPLIES_OF_TEN = 6
TRIES = 4


@dataclass(slots=True)
class Standing:
    """A comment's place in its thread, and what the replies planned since the last batch add to its counters.

    `until`: when it stopped being public; None where it still is.
    """

    pk: int
    root: int
    parent: "Standing | None"
    path: str
    depth: int
    section: int | None
    until: datetime | None = None
    children: int = 0
    new_children: int = 0
    new_replies: int = 0


class Threads:
    """All comments that were public for a while and may be replied to."""

    def __init__(self, depth: int, chance: random.Random) -> None:
        self._deepest = depth
        self._chance = chance
        self._open: list[Standing] = []

    def parent_for(self, at: datetime) -> Standing | None:
        """What somebody who writes at that moment replies to: rather something new; None for a thread of its own."""
        if not self._open or self._chance.random() * 10 >= REPLIES_OF_TEN:
            return None
        for _try in range(TRIES):
            found = self._open[int(len(self._open) * self._chance.random() ** 0.4)]
            if found.until is None or found.until > at:
                return found
        return None

    def reply(self, pk: int, parent: Standing) -> Standing:
        parent.children += 1
        parent.new_children += 1
        path = paths.below(parent.path, parent.children)
        return Standing(pk, parent.root, parent, path, parent.depth + 1, parent.section)

    def keep(self, standing: Standing) -> None:
        """Let it be replied to."""
        if standing.depth < self._deepest:
            self._open.append(standing)


def count_above(standing: Standing) -> list[Standing]:
    """Those above it, each with one public reply more."""
    above = []
    while (parent := standing.parent) is not None:
        parent.new_replies += 1
        above.append(parent)
        standing = parent
    return above

"""What publishing asks of what stands on the text, and what it is told. `PUBLISH_STEPS` names who is asked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from articles.models import Article, Revision

# Where something stands in a text: code points, half-open.
Place = tuple[int, int]


class Passage(NamedTuple):
    """Which passage: code points [start, end) of the current text. One that was lost stands nowhere in that, and is
    named by where it is in the revision of the number `written_on`.
    """

    start: int
    end: int
    written_on: int | None = None

    @property
    def was_lost(self) -> bool:
        return self.written_on is not None


@dataclass(frozen=True)
class PassageFate:
    """What publishing does to a passage that `count` comments are on: from `then` to `now`, None where it is gone.

    `was_lost`: it stood on no text, and is found again. `to_start` and `to_end`: where it goes, in code points of the
    new text, half-open. `pieces`: (change, text) in order; change is equal, deleted or inserted. `around_then` and
    `around_now`: what stands directly before and behind, to read.
    """

    status: str
    was_lost: bool
    count: int
    then: str
    now: str | None
    pieces: Sequence[tuple[str, str]]
    to_start: int | None
    to_end: int | None
    around_then: tuple[str, str]
    around_now: tuple[str, str]


# What stood on no text, since its own was lost, and is found again is counted under this, whatever its status.
FOUND = "found"


@dataclass(frozen=True, slots=True)
class Affected:
    """A passage that does not stay as it is. `fate` compares it word by word: ask it of those that are shown."""

    passage: Passage
    fate: Callable[[], PassageFate]


@dataclass(frozen=True)
class Impact:
    """What publishing does to what stands on the text: how many fare how, and each passage that changes, the worst
    first, and in order those that fare alike.
    """

    counts: Mapping[str, int]
    passages: Sequence[Affected]


@dataclass(frozen=True)
class ByHand:
    """Where an editor says that a passage, whose three parts stand apart here, goes: to [to_start, to_end) of the new
    text, in code points, half-open; both None where it is gone.
    """

    start: int
    end: int
    to_start: int | None
    to_end: int | None
    written_on: int | None = None

    @property
    def passage(self) -> Passage:
        return Passage(self.start, self.end, self.written_on)


# Is told how many of all are done.
Told = Callable[[int], None]


class Swap(Protocol):
    """What is left to write while the article is locked."""

    def apply(self, revision: Revision) -> None:
        """Write it, inside the publishing transaction."""


class PublishPlan(Swap, Protocol):
    """What a publish step worked out before the lock."""

    def ready(self) -> None:
        """Bring it to this connection, right before `apply`, so that less is left to do under the lock."""

    def ahead(self, told: Told) -> Swap:
        """In place of that: write it where no reader looks, in short transactions; gives what is left to do."""


class PublishStep(Protocol):
    """What stands on the text of articles, and goes with it to the next."""

    def size(self, article: Article) -> int:
        """How much stands on the text."""

    def preview(self, article: Article, text: str) -> Impact:
        """Say what the canonical text that `article` may be given would do to it; writes nothing."""

    def prepare(self, article: Article, text: str, by_hand: Sequence[ByHand]) -> PublishPlan:
        """Work out what the canonical text that `article` is about to have does to it; writes nothing."""

    def finish(self, old: Revision, new: Revision, told: Told) -> None:
        """After a swap for which something was written ahead: write the rest, in short transactions."""

    def forget(self, article: Article) -> None:
        """Delete what was written ahead of a swap that does not come."""


def publish_steps() -> list[PublishStep]:
    return [import_string(path) for path in settings.PUBLISH_STEPS]

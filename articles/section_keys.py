"""Which section of a new revision is which section of the old one. Pure: no rows, no settings."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.text import slugify

LEAD_KEY = "lead"
KEY_LENGTH = 70
# Keys are element ids. The page's own ids hold an underscore, which no key does; these do not.
RESERVED = {LEAD_KEY, "main", "highlights", "on-block-label"}


@dataclass(frozen=True)
class Part:
    """A section as it stands in a text: its heading (None for the lead) and its canonical text."""

    heading: str | None
    text: str


def match(old: Sequence[Part], new: Sequence[Part]) -> list[int | None]:
    """For each part of `new` the index of the part of `old` that it continues, or None where it is new.

    Same heading and words first, then same heading, then same words under another heading, then the place between
    the same neighbours. No part of `old` is continued twice, and the lead is never a headed section.
    """
    pairs: dict[int, int] = {}
    for likeness in (_same_part, _same_heading, _same_body):
        _pair_alike(old, new, pairs, likeness)
    _pair_between_neighbours(old, new, pairs)
    return [pairs.get(index) for index in range(len(new))]


def _same_part(part: Part) -> Hashable:
    return (_same_heading(part), _body(part))


def _same_heading(part: Part) -> Hashable:
    return part.heading.casefold().strip() if part.heading is not None else None


def _same_body(part: Part) -> Hashable:
    """No likeness (None) where there is nothing below the heading."""
    return (part.heading is None, _body(part)) if _body(part) else None


def _body(part: Part) -> str:
    return part.text.removeprefix(part.heading or "").strip()


def _pair_alike(
    old: Sequence[Part], new: Sequence[Part], pairs: dict[int, int], likeness: Callable[[Part], Hashable]
) -> None:
    """Pair the first free part of `old` with the first free one of `new` that is like it, and so on."""
    waiting: dict[Hashable, list[int]] = defaultdict(list)
    for index in _free(len(old), pairs.values()):
        waiting[likeness(old[index])].append(index)
    for index in _free(len(new), pairs.keys()):
        like = likeness(new[index])
        if (like is not None or new[index].heading is None) and waiting[like]:
            pairs[index] = waiting[like].pop(0)


def _pair_between_neighbours(old: Sequence[Part], new: Sequence[Part], pairs: dict[int, int]) -> None:
    """What stands where a lost section stood, after the same neighbour, is that section rewritten."""
    for index in _free(len(new), pairs.keys()):
        before = pairs.get(index - 1) if index else -1
        if before is not None and before + 1 in _free(len(old), pairs.values()):
            _pair_if_both_headed(old, new, pairs, (before + 1, index))


def _pair_if_both_headed(
    old: Sequence[Part], new: Sequence[Part], pairs: dict[int, int], pair: tuple[int, int]
) -> None:
    # The lead is the lead: it never becomes a headed section, nor one the lead.
    there, here = pair
    if (old[there].heading is None) == (new[here].heading is None):
        pairs[here] = there


def _free(length: int, taken: Iterable[int]) -> list[int]:
    used = set(taken)
    return [index for index in range(length) if index not in used]


def new_key(heading: str | None, taken: set[str]) -> str:
    """A key for a section that has none, unlike every key in `taken`; letters of any script stand in it."""
    if heading is None:
        stem = LEAD_KEY
    else:
        stem = slugify(heading, allow_unicode=True).replace("_", "-")[:KEY_LENGTH].strip("-") or "section"
        taken = taken | RESERVED
    return first_free(stem, taken)


def first_free(stem: str, taken: set[str]) -> str:
    """`stem`, else "stem-2", "stem-3" … that is not taken."""
    candidates = (stem if n == 1 else f"{stem}-{n}" for n in range(1, len(taken) + 2))
    return next(key for key in candidates if key not in taken)

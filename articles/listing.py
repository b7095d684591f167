"""The passages that publishing changes as its page lists them: a part at a time, with what was said of each."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.paginator import Page, Paginator

from articles.by_hand import Choice, packed
from articles.steps import Affected, Passage, PassageFate

# So many are shown at once: what is sent of each, `by_hand.FIELDS`, fits one form.
PART = 200
# In bytes: what was said of passages of other parts, so that as much can be said of those that are shown.
MOST_ELSEWHERE = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2


@dataclass(frozen=True)
class Row:
    """A passage of the part that is shown, and what was said of it; None where that stands further up."""

    fate: PassageFate
    choice: Choice | None


@dataclass(frozen=True)
class Listing:
    """One part of the passages, and what there is to say of the others.

    `parts`: those to go to from `part`, None for several in between. `elsewhere`: what was said of passages of other
    parts, for the field of this name. `wrong`: what has an error, by part, in the order of the list. `left_over`:
    choices of passages that are in no part, for they do not change any more.
    """

    part: Page[Affected]
    parts: Sequence[Page[Affected] | None]
    following: Page[Affected] | None
    rows: Sequence[Row]
    elsewhere: str
    wrong: Sequence[tuple[Page[Affected], Sequence[Choice]]]
    left_over: Sequence[Choice]

    @property
    def count_of_wrong(self) -> int:
        return sum(len(choices) for _part, choices in self.wrong) + sum(1 for one in self.left_over if one.error)

    @property
    def errors(self) -> Mapping[str, Sequence[Row]]:
        """What is wrong in the part that is shown, each once, with the passages that it is wrong of."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows:
            if row.choice and row.choice.error:
                found[row.choice.error].append(row)
        return dict(found)

    @property
    def errors_left_over(self) -> Mapping[str, int]:
        """What is wrong of passages that are in no part, each once, and of how many it is."""
        return dict(Counter(choice.error for choice in self.left_over if choice.error))

    @property
    def is_full(self) -> bool:
        return len(self.elsewhere) > MOST_ELSEWHERE


def listing(
    passages: Sequence[Affected], choices: Mapping[Passage, Choice], *, asked: str = "", before: str = ""
) -> Listing:
    """The part that `asked` names, or the nearest one; if it names none, that of the first passage with an error, and
    without errors the one of `before`.
    """
    paginator = Paginator(passages, PART)
    # A passage that fares in two ways, since its comments were written on different texts, is said something of once.
    index_of: dict[Passage, int] = {}
    for index, one in enumerate(passages):
        index_of.setdefault(one.passage, index)
    part_of = {passage: index // PART + 1 for passage, index in index_of.items() if passage in choices}
    wrong: dict[int, list[Choice]] = defaultdict(list)
    for passage in sorted(part_of, key=index_of.__getitem__):
        if choices[passage].error:
            wrong[part_of[passage]].append(choices[passage])
    shown = min(wrong) if wrong and not asked else _nearest(asked or before, paginator.num_pages)
    part = paginator.page(shown)
    numbers = paginator.get_elided_page_range(shown)
    return Listing(
        part=part,
        parts=[paginator.page(number) if isinstance(number, int) else None for number in numbers],
        following=paginator.page(shown + 1) if part.has_next() else None,
        rows=list(_rows(part, choices, index_of)),
        elsewhere=packed(choices[passage] for passage in part_of if part_of[passage] != shown),
        wrong=[(paginator.page(number), those) for number, those in wrong.items()],
        left_over=[choice for passage, choice in choices.items() if passage not in part_of],
    )


def _nearest(asked: str, last: int) -> int:
    try:
        return min(max(int(asked), 1), last)
    except ValueError:
        return 1


def _rows(part: Page[Affected], choices: Mapping[Passage, Choice], index_of: Mapping[Passage, int]) -> Iterator[Row]:
    for index, one in enumerate(part, (part.number - 1) * PART):
        start, end, written_on = one.passage
        choice = choices.get(one.passage) or Choice(start, end, written_on=written_on)
        yield Row(one.fate(), choice if index_of[one.passage] == index else None)

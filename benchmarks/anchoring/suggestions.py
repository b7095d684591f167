"""How often a lost passage is among the places offered: `python -m benchmarks.anchoring.suggestions [CORPUS…]`.

Of a corpus (one of `comments.anchoring.bench`) the passages that moved, that were edited so that less than 0.8 of
them is alike, and that `carry` does not find or is not sure of; and, as what should find nothing, passages that were
deleted and whose words stand nowhere else. Where there are no reworded texts at hand, Django's catalogues have some:
one message in the words of two translators of one language, the second among all the others, and with it taken away.

`found` is a place that shares a third of what it and the true one cover, `first` one that is offered first.
`offered`, `at 0.7` and `score` say how often anything is offered, how often with that score at least, and the score
of what is offered on average.
"""

import gettext
import random
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import django
from rapidfuzz.distance import Indel

from benchmarks.anchoring.__main__ import LENGTH, document
from benchmarks.options import options
from comments.anchoring import Context, Span, context_of
from comments.anchoring.bench import overlap, read
from comments.anchoring.carrying import carry
from comments.anchoring.spans import LOST
from comments.anchoring.suggesting import Suggester, Suggestion

# One language, two translators.
SPOKEN = (("es", "es_AR"), ("es", "es_CO"), ("pt", "pt_BR"))
SHORTEST = 24
ALIKE, SHARED, HIGH = 0.8, 1 / 3, 0.7
HAN = [chr(0x4E00 + number) for number in range(3_000)]


@dataclass
class Group:
    """The best score offered for each passage of a group, and how often its place was among them, and first."""

    scores: list[float] = field(default_factory=list)
    found: int = 0
    first: int = 0

    def add(self, offered: list[Suggestion], true: tuple[int, int] | None) -> None:
        hits = [true is not None and overlap((one.start, one.end), true) >= SHARED for one in offered]
        self.scores.append(offered[0].score if offered else 0.0)
        self.found += any(hits)
        self.first += hits[:1] == [True]

    def __str__(self) -> str:
        offered, number = [score for score in self.scores if score], len(self.scores)
        high = sum(score >= HIGH for score in offered)
        shares = "".join(f"{100 * part / number:9.1f}" for part in (self.found, self.first, len(offered), high))
        return f"{number:7}{shares}{sum(offered) / (len(offered) or 1):9.2f}"


def of_corpus(path: Path) -> dict[str, Group]:
    groups: dict[str, Group] = defaultdict(Group)
    for pair in read(path):
        old, new = pair["old"], pair["new"]
        suggester, spans = Suggester(new), [Span(case["start"], case["end"]) for case in pair["cases"]]
        for case, span, place in zip(pair["cases"], spans, carry(old, new, spans), strict=True):
            true, exact = case["tight"], old[span.start : span.end]
            likeness = Indel.normalized_similarity(exact, new[slice(*true)]) if true else 0.0
            names = {
                "deleted": not true and exact not in new,
                "moved": case["cls"] == "moved",
                "edited": bool(true) and likeness < ALIKE,
                "lost": bool(true) and place.status in LOST,
            }
            if any(names.values()):
                offered = suggester.suggest(exact, context_of(old, span))
                for name in filter(names.get, names):
                    groups[name].add(offered, true)
    return groups


def catalogue(language: str) -> dict[str, str]:
    """The messages of Django in one language, by the English ones."""
    messages: dict[str, str] = {}
    for path in sorted(Path(django.__file__).parent.glob(f"**/locale/{language}/LC_MESSAGES/django.mo")):
        with path.open("rb") as file:
            messages |= {key: said for key, said in vars(gettext.GNUTranslations(file))["_catalog"].items() if key}
    return {str(key): said.replace("\n", " ") for key, said in messages.items()}


def of_catalogues() -> dict[str, Group]:
    groups: dict[str, Group] = defaultdict(Group)
    for one, other in SPOKEN:
        said, there = catalogue(one), catalogue(other)
        for key, exact in said.items():
            true = there.get(key, exact)
            if len(exact) < SHORTEST or exact in there.values() or true == exact:
                continue
            text = "\n".join(["", *there.values(), ""])
            start = text.index(f"\n{true}\n") + 1
            groups["reworded"].add(Suggester(text).suggest(exact, Context()), (start, start + len(true)))
            groups["without it"].add(Suggester(text.replace(true, "")).suggest(exact, Context()), None)
    return groups


def times() -> Iterator[tuple[str, str, str]]:
    """Texts of 200 000 code points with a passage of each, edited."""
    dice = random.Random(1)  # noqa: S311  no secret
    latin = document(dice)
    han = "".join(dice.choices(HAN, [1 / (1 + rank) for rank in range(len(HAN))], k=LENGTH))
    chinese = "。\n".join(han[start : start + 80] for start in range(0, LENGTH, 82))
    for name, text in (("Latin", latin), ("Chinese", chinese)):
        for length in (60, 600, 5_000):
            start = text.index("\n", LENGTH // 2) + 1
            words = text[start : start + length]
            yield f"{length:,} code points, {name}", text, words[: length // 2] + words[length // 2 + length // 10 :]


def milliseconds(text: str, exact: str) -> float:
    """The least processor time of five that one passage takes."""
    taken = []
    for _time in range(5):
        begin = time.process_time()
        Suggester(text).suggest(exact, Context())
        taken.append(time.process_time() - begin)
    return 1_000 * min(taken)


def main() -> None:
    command = options()
    command.add_argument("corpora", type=Path, nargs="*", metavar="CORPUS")
    asked = command.parse_args()
    heads = ("found", "first", "offered", "at 0.7", "score")
    print(f"{'':32}{'cases':>7}" + "".join(f"{head:>9}" for head in heads))
    for path in asked.corpora:
        for name, group in sorted(of_corpus(path).items()):
            print(f"{path.name.partition('.')[0]}: {name:{30 - len(path.name.partition('.')[0])}}{group}", flush=True)
    for name, group in sorted(of_catalogues().items()):
        print(f"{'catalogues: ' + name:32}{group}", flush=True)
    print("\nMilliseconds for one passage in 200 000 code points")
    for name, text, exact in times():
        print(f"{name:32}{milliseconds(text, exact):7.0f}")


if __name__ == "__main__":
    main()

"""Whether passages that are carried to another text come back: `python -m benchmarks.anchoring.there_and_back PAIRS`.

For texts of which nobody said where passages went: one line of a file is a pair as JSON, `old` and `new` (gzipped or
not; a corpus of `comments.anchoring.bench` will do). Passages are drawn from each old text, the same for the same
file: words, some words, sentences, lines. What `carry` places and is sure of is carried back from there. If it lands
elsewhere, one of the two places is wrong; if it is lost on the way back, or only in part there, one may be. That both
ways are wrong alike is possible: this finds errors to read (`--errors N`), it does not prove that there are none.
"""

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.options import options
from comments.anchoring import Placement, Span, Status, carry
from comments.anchoring.bench import ELSEWHERE, NEAR, overlap, read, tell

PASSAGES = 14
_LINE, _WORD, _SENTENCE = re.compile(r"\S[^\n]*"), re.compile(r"\S+"), re.compile(r"\S[^.!?\n]{4,}[.!?]*")
RETURNS = ("back", "in part", "elsewhere", "lost")


def passages(text: str, draw: random.Random) -> Iterator[Span]:
    """Up to PASSAGES of the text."""
    lines = list(_LINE.finditer(text))
    for _time in range(PASSAGES if lines else 0):
        line = draw.choice(lines)
        words, sentences = ([m.span() for m in kind.finditer(line.group())] for kind in (_WORD, _SENTENCE))
        first = draw.randrange(len(words))
        some = words[first][0], words[min(len(words) - 1, first + draw.randint(1, 6))][1]
        start, end = draw.choice([words[first], some, draw.choice(sentences or words), (0, len(line.group()))])
        yield Span(line.start() + start, line.start() + end)


class Carried(NamedTuple):
    """A passage of the old text, where it is in the new one, and where it is in the old one carried from there."""

    was: Span
    put: Span
    back: Placement

    @property
    def returned(self) -> str:
        if self.back.start is None or self.back.end is None:
            return "lost"
        share = overlap((self.was.start, self.was.end), (self.back.start, self.back.end))
        return "back" if share >= NEAR else "elsewhere" if share < ELSEWHERE else "in part"


def there_and_back(old: str, new: str, draw: random.Random) -> tuple[list[Placement], list[Carried]]:
    """Where passages of `old` go, and of those that are placed and sure where they come back to."""
    spans = list(passages(old, draw))
    places = carry(old, new, spans)
    sure = [
        (span, Span(place.start, place.end))
        for span, place in zip(spans, places, strict=True)
        if place.start is not None and place.end is not None and place.status != Status.UNCERTAIN
    ]
    backs = carry(new, old, [put for _was, put in sure])
    return places, [Carried(*pair, back) for pair, back in zip(sure, backs, strict=True)]


def carried_of(paths: Sequence[Path]) -> Iterator[tuple[dict[str, Any], list[Placement], list[Carried]]]:
    """Each pair of texts of these files, with where its passages go and come back to."""
    for path in paths:
        draw = random.Random(1)  # noqa: S311 - drawn alike each time, no secret
        for pair in read(path):
            yield pair, *there_and_back(pair["old"], pair["new"], draw)


def main() -> None:
    command = options()
    command.add_argument("pairs", type=Path, nargs="+")
    command.add_argument("--errors", type=int, default=0, metavar="N", help="show the first N that land elsewhere")
    asked = command.parse_args()
    became: Counter[str] = Counter()
    returned: Counter[str] = Counter()
    for pair, places, carried in carried_of(asked.pairs):
        became.update(place.status for place in places)
        for one in carried:
            returned[one.returned] += 1
            if one.returned == "elsewhere" and returned["elsewhere"] <= asked.errors:
                _show(pair["old"], pair["new"], one)
    print(f"{became.total()} passages, in per cent")
    for status in Status:
        print(f"{status:12}{100 * became[status] / max(1, became.total()):8.2f}")
    print(f"\n{returned.total()} carried back, in per cent")
    for what in RETURNS:
        print(f"{what:12}{100 * returned[what] / max(1, returned.total()):8.2f}")


def _show(old: str, new: str, carried: Carried) -> None:
    print("  was ", tell(old, carried.was.start, carried.was.end))
    print("  put ", tell(new, carried.put.start, carried.put.end))
    print("  back", tell(old, carried.back.start or 0, carried.back.end or 0), "\n")


if __name__ == "__main__":
    main()

"""Whether passages that are carried to another text come back: `python -m benchmarks.anchoring.there_and_back PAIRS`.

For texts of which nobody said where passages went: one line of a file is a pair as JSON, `old` and `new` (gzipped or
not; a corpus of `comments.anchoring.bench` will do). Passages are drawn from each old text, the same for the same
file: words, some words, sentences, lines. What `carry` places and is sure of is carried back from there. If it lands
elsewhere, one of the two places is wrong; if it is lost on the way back, or only in part there, one may be. That both
ways are wrong alike is possible: this finds errors to read (`--errors N`), it does not prove that there are none.
"""

import random
import re
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from comments.anchoring import Span, Status, carry
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


def main() -> None:
    parser = ArgumentParser(prog="python -m benchmarks.anchoring.there_and_back")
    parser.add_argument("pairs", type=Path, nargs="+")
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="show the first N that land elsewhere")
    asked = parser.parse_args()
    became: Counter[str] = Counter()
    returned: Counter[str] = Counter()
    for path in asked.pairs:
        draw = random.Random(1)  # noqa: S311 - drawn alike each time, no secret
        for pair in read(path):
            old, new = pair["old"], pair["new"]
            spans = list(passages(old, draw))
            places = carry(old, new, spans)
            became.update(place.status for place in places)
            sure = [
                (span, Span(place.start, place.end))
                for span, place in zip(spans, places, strict=True)
                if place.start is not None and place.end is not None and place.status != Status.UNCERTAIN
            ]
            for (span, there), back in zip(sure, carry(new, old, [there for _, there in sure]), strict=True):
                if back.start is None or back.end is None:
                    returned["lost"] += 1
                    continue
                share = overlap((span.start, span.end), (back.start, back.end))
                what = "back" if share >= NEAR else "elsewhere" if share < ELSEWHERE else "in part"
                returned[what] += 1
                if what == "elsewhere" and returned[what] <= asked.errors:
                    print("  was ", tell(old, span.start, span.end))
                    print("  put ", tell(new, there.start, there.end))
                    print("  back", tell(old, back.start, back.end), "\n")
    print(f"{became.total()} passages, in per cent")
    for status in Status:
        print(f"{status:12}{100 * became[status] / max(1, became.total()):8.2f}")
    print(f"\n{returned.total()} carried back, in per cent")
    for what in RETURNS:
        print(f"{what:12}{100 * returned[what] / max(1, returned.total()):8.2f}")


if __name__ == "__main__":
    main()

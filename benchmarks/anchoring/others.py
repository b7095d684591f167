"""How right `carry` is beside other ways to find a passage again: `python -m benchmarks.anchoring.others CORPUS…`.

Looking for the exact words, nearest to where they were; one longest common subsequence of all words; and, where it is
installed beside this file (`npm install --no-package-lock --prefix benchmarks/anchoring`), dom-anchor-text-quote,
which looks for the quote in the browser. A corpus is one of `comments.anchoring.bench`. Nothing but `carry` marks
what it is not sure of.
"""

import json
import re
import shutil
import subprocess
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from rapidfuzz.distance import LCSseq

from benchmarks.options import options
from comments.anchoring import Placement, Span, Status, carry
from comments.anchoring.bench import WRONG, line_of, read, verdict
from comments.anchoring.tokens import Vocabulary, tokenise

HERE = Path(__file__).parent
ORPHAN = Placement(None, None, Status.ORPHANED, 0.0, "none")
Carrier = Callable[[str, str, Sequence[Span]], list[Placement]]


def found(start: int, end: int) -> Placement:
    return Placement(start, end, Status.CHANGED, 1.0, "other")


def by_exact_words(old: str, new: str, spans: Sequence[Span]) -> list[Placement]:
    """The same words, nearest to where they were; an orphan where they are not."""
    places = []
    for span in spans:
        starts = [match.start() for match in re.finditer(re.escape(old[span.start : span.end]), new)]
        nearest = min(starts, key=lambda start: abs(start - span.start), default=None)
        places.append(ORPHAN if nearest is None else found(nearest, nearest + span.end - span.start))
    return places


def by_one_subsequence(old: str, new: str, spans: Sequence[Span]) -> list[Placement]:
    """From the first to the last of its words that their longest common subsequence has; half at least."""
    vocabulary = Vocabulary()
    was, now = tokenise(old, vocabulary), tokenise(new, vocabulary)
    to: dict[int, int] = {}
    for op in LCSseq.opcodes(was.ids, now.ids):
        if op.tag == "equal":
            to |= zip(range(op.src_start, op.src_end), range(op.dest_start, op.dest_end), strict=True)
    places = []
    for span in spans:
        words = range(bisect_right(was.ends, span.start), bisect_left(was.starts, span.end))
        there = [to[i] for i in words if i in to]
        is_enough = there and 2 * len(there) >= len(words)
        places.append(found(now.starts[there[0]], now.ends[there[-1]]) if is_enough else ORPHAN)
    return places


class Quotes:
    """dom-anchor-text-quote in a node process."""

    def __init__(self, node: str) -> None:
        command = [node, str(HERE / "quote.js")]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603
        assert process.stdin and process.stdout  # noqa: S101  both are pipes
        self._in, self._out = process.stdin, process.stdout

    def __call__(self, old: str, new: str, spans: Sequence[Span]) -> list[Placement]:
        was, now = Units(old), Units(new)
        asked = [[was.before(span.start), was.before(span.end)] for span in spans]
        print(json.dumps({"old": old, "now": new, "spans": asked}), file=self._in, flush=True)
        answer = json.loads(self._out.readline())
        return [ORPHAN if place is None else found(*(now.points(at) for at in place)) for place in answer]


class Units:
    """Offsets of a text in UTF-16 code units and in code points."""

    def __init__(self, text: str) -> None:
        self._wide = [at for at, sign in enumerate(text) if ord(sign) > 0xFFFF]
        self._units = [at + number for number, at in enumerate(self._wide)]

    def before(self, point: int) -> int:
        """Code units before a code point."""
        return point + bisect_left(self._wide, point)

    def points(self, unit: int) -> int:
        """Code points before a code unit."""
        return unit - bisect_left(self._units, unit)


def counted(carrier: Carrier, pairs: Iterable[dict[str, Any]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for pair in pairs:
        spans = [Span(case["start"], case["end"]) for case in pair["cases"]]
        for case, place in zip(pair["cases"], carrier(pair["old"], pair["new"], spans), strict=True):
            what, is_uncertain = verdict(case, place), place.status == Status.UNCERTAIN
            counts[what] += 1
            counts["uncertain"] += is_uncertain
            counts["silent"] += what in WRONG and not is_uncertain
    return counts


def main() -> None:
    command = options()
    command.add_argument("corpora", type=Path, nargs="+", metavar="CORPUS")
    asked = command.parse_args()
    carriers: dict[str, Carrier] = {"carry": carry, "exact words": by_exact_words, "one LCS": by_one_subsequence}
    node = shutil.which("node")
    if node is not None and (HERE / "node_modules").is_dir():
        carriers["text-quote"] = Quotes(node)
    heads = ("cases", "correct", "exact", "wrong", "silent", "uncertain", "missed", "orphan P", "orphan R")
    for path in asked.corpora:
        print(f"{path.name}\n{'':12}{heads[0]:>8}" + "".join(f"{head:>11}" for head in heads[1:]))
        for name, carrier in carriers.items():
            print(f"{name:12}{line_of(counted(carrier, read(path)))}", flush=True)


if __name__ == "__main__":
    main()

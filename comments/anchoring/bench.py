"""How right `carry` is on a corpus: `python -m comments.anchoring.bench CORPUS.jsonl[.gz] [--by cls] [--errors 20]`.

One line of a corpus is a pair of texts as JSON: `old`, `new`, and `cases`, each with `start`, `end` (code points in
`old`, half-open), `cls` (same, shifted, edited, moved, deleted, gray), `tight` and `wide` (the true place in `new`:
any start and end between the two is exact; null where deleted). A gray case has no one right answer; it is wrong only
where it is put on other words.
"""

import gzip
import json
import time
from argparse import ArgumentParser
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from comments.anchoring import Placement, Span, Status, carry

GROUPS = ("cls", "dist", "kind", "sample")
RIGHT = ("exact", "near", "orphaned")
WRONG = ("wrong", "attached", "wrong, gray")
# Shares of the union that two spans have in common.
NEAR, ELSEWHERE = 0.8, 0.1
AROUND = 50

Case = dict[str, Any]


def verdict(case: Case, place: Placement) -> str:
    """How right a placement is, in a word or two."""
    found = None if place.start is None or place.end is None else (place.start, place.end)
    if case["cls"] == "deleted":
        return "orphaned" if found is None else "attached"
    if case["cls"] == "gray":
        return "gray" if found is None or overlap(found, case["wide"]) > 0 else "wrong, gray"
    if found is None:
        return "missed"
    tight, wide = case["tight"], case["wide"]
    if wide[0] <= found[0] <= tight[0] and tight[1] <= found[1] <= wide[1]:
        return "exact"
    share = max(overlap(found, tight), overlap(found, wide))
    return "near" if share >= NEAR else "wrong" if share < ELSEWHERE else "partial"


def overlap(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Of all that two spans cover, the share that both do."""
    both = min(one[1], other[1]) - max(one[0], other[0])
    return max(0, both) / (max(one[1], other[1]) - min(one[0], other[0]) or 1)


def read(path: Path) -> Iterator[dict[str, Any]]:
    data = path.read_bytes()
    lines = gzip.decompress(data) if path.suffix == ".gz" else data
    yield from map(json.loads, lines.splitlines())


def line_of(counts: Counter[str]) -> str:
    """The figures of one group, in per cent; `silent` are wrong places that are not marked uncertain."""
    gray, lost = counts["gray"] + counts["wrong, gray"], counts["orphaned"] + counts["attached"]
    number = sum(counts[word] for word in (*RIGHT, *WRONG, "gray", "missed", "partial"))
    present = number - gray - lost
    orphans = counts["orphaned"] + counts["missed"]
    figures = [
        _share(sum(counts[word] for word in RIGHT), number - gray),
        _share(counts["exact"], present),
        _share(sum(counts[word] for word in WRONG), number),
        _share(counts["silent"], number),
        _share(counts["uncertain"], number),
        _share(counts["missed"], present),
        _share(counts["orphaned"], orphans),
        _share(counts["orphaned"], lost),
    ]
    return f"{number:8}" + "".join(figures)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:11.2f}" if whole else f"{'-':>11}"


def tell(text: str, start: int, end: int) -> str:
    """A passage with what stands around it."""
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return f"{before!r} [[ {text[start:end][:200]!r} ]] {after!r}"


def tell_error(pair: dict[str, Any], case: Case, place: Placement, what: str) -> None:
    print(f"--- {what}: {case['cls']}, {case['kind']}, {place.status} by {place.method}, {place.score:.2f}")
    print("  was ", tell(pair["old"], case["start"], case["end"]))
    if case["tight"]:
        print("  is  ", tell(pair["new"], *case["tight"]))
    if place.start is not None and place.end is not None:
        print("  put ", tell(pair["new"], place.start, place.end))


def main() -> None:
    parser = ArgumentParser(prog="python -m comments.anchoring.bench", description="How right `carry` is.")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--by", choices=GROUPS)
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="show the first N that are wrong")
    asked = parser.parse_args()
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    taken, shown = 0.0, 0
    for pair in read(asked.corpus):
        start = time.perf_counter()
        places = carry(pair["old"], pair["new"], [Span(case["start"], case["end"]) for case in pair["cases"]])
        taken += time.perf_counter() - start
        for case, place in zip(pair["cases"], places, strict=True):
            what, is_uncertain = verdict(case, place), place.status == Status.UNCERTAIN
            group = str((case | pair).get(asked.by, "")) if asked.by else "all"
            counts[group][what] += 1
            counts[group]["uncertain"] += is_uncertain
            counts[group]["silent"] += what in WRONG and not is_uncertain
            if what not in (*RIGHT, "gray") and shown < asked.errors:
                tell_error(pair, case, place, what)
                shown += 1
    heads = ("correct", "exact", "wrong", "silent", "uncertain", "missed", "orphan P", "orphan R")
    print(f"{'':10}{'cases':>8}" + "".join(f"{head:>11}" for head in heads))
    for group in sorted(counts):
        print(f"{group:10}{line_of(counts[group])}")
    print(f"{taken * 1000:.0f} ms")


if __name__ == "__main__":
    main()

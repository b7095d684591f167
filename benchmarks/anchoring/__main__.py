"""How long 10 000 anchors take on 200 kB: `python -m benchmarks.anchoring`.

An ordinary edit first, then inputs made to be slow. Beside `carry` stand two things that anybody would try: looking
for the exact words, and one longest common subsequence of all words. Everything is made up from a seed; one core.
"""

import random
import time
import tracemalloc
from collections.abc import Callable, Sequence

from rapidfuzz.distance import LCSseq

from benchmarks.options import options
from comments.anchoring import Span, carry
from comments.anchoring.tokens import Vocabulary, tokenise

LENGTH, ANCHORS = 200_000, 10_000
# Code points of a passage; and of long ones, which are looked at for longer.
LENGTHS, LONG = (5, 12, 40, 90, 180), (300, 800, 1500)
WORDS = 6_000
# Past this many words on both sides together nobody waits for the subsequence of all of them.
MOST_WORDS = 100_000


def _word(dice: random.Random) -> str:
    return "".join(dice.choice("abcdefghijklmnoprstuvw") for _letter in range(dice.randint(2, 9)))


def document(dice: random.Random) -> str:
    """Paragraphs of 5 to 80 words, common ones more often."""
    words = [_word(dice) for _number in range(WORDS)]
    blocks, length = [], 0
    while length < LENGTH:
        block = " ".join(words[int(WORDS * dice.random() ** 3)] for _number in range(dice.randint(5, 80)))
        blocks.append(f"{block}.")
        length += len(block) + 2
    return "\n".join(blocks)[:LENGTH]


def edited(text: str, dice: random.Random) -> str:
    """One paragraph of ten edited, one of thirty gone, one of thirty new, and eight moved together."""
    blocks = []
    for block in text.split("\n"):
        chance = dice.random()
        if chance < 0.033:
            continue
        if chance < 0.067:
            blocks.append(" ".join(_word(dice) for _number in range(20)))
        words = block.split(" ")
        if chance > 0.9:
            words[dice.randrange(len(words))] = _word(dice)
        blocks.append(" ".join(words))
    moved = blocks[-40:-32]
    del blocks[-40:-32]
    return "\n".join([*blocks[:20], *moved, *blocks[20:]])


def inputs(dice: random.Random) -> dict[str, tuple[str, str]]:
    text = document(dice)
    blocks, words = text.split("\n"), text.split(" ")
    same = ["the block"] * 16_000
    return {
        "an ordinary edit": (text, edited(text, dice)),
        "all words shuffled": (text, " ".join(dice.sample(words, len(words)))),
        "sentences of one paragraph": (" ".join(blocks), " ".join(dice.sample(blocks, len(blocks)))),
        "blocks reversed": (text, "\n".join(reversed(blocks))),
        "one block 16 000 times": ("\n".join(same), "\n".join([*same[:7_000], "another", *same[7_000:]])),
        "two words, over and over": (("a b " * LENGTH)[:LENGTH], ("b a a " * LENGTH)[:LENGTH]),
        "one word of 200 kB": ("x" * LENGTH, f"{'x' * 100_000}y{'x' * 99_999}"),
        "everything deleted": (text, "Gone."),
        "unrelated texts": (text, document(random.Random(99))),  # noqa: S311
    }


def anchors(text: str, dice: random.Random, lengths: Sequence[int]) -> list[Span]:
    starts = (dice.randrange(len(text) - max(lengths) - 20) for _number in range(ANCHORS))
    return [Span(start, start + dice.choice(lengths)) for start in starts]


def naively(old: str, new: str, spans: list[Span]) -> None:
    for span in spans:
        new.find(old[span.start : span.end])


def by_one_subsequence(old: str, new: str, _spans: list[Span]) -> None:
    vocabulary = Vocabulary()
    LCSseq.opcodes(tokenise(old, vocabulary).ids, tokenise(new, vocabulary).ids)


def seconds(act: Callable[[str, str, list[Span]], object], old: str, new: str, spans: list[Span]) -> float:
    begin = time.perf_counter()
    act(old, new, spans)
    return time.perf_counter() - begin


def measured(name: str, old: str, new: str, spans: list[Span]) -> str:
    """One line of the table."""
    taken = min(seconds(carry, old, new, spans) for _time in range(3))
    tracemalloc.start()
    carry(old, new, spans)
    peak = tracemalloc.get_traced_memory()[1] / 1_000_000
    tracemalloc.stop()
    naive = f"{seconds(naively, old, new, spans):8.2f}"
    is_short = old.count(" ") + new.count(" ") < MOST_WORDS
    one = f"{seconds(by_one_subsequence, old, new, spans):9.2f}" if is_short else f"{'-':>9}"
    return f"{name:28}{taken:8.2f}{peak:9.0f}{naive}{one}"


def main() -> None:
    options().parse_args()
    dice = random.Random(1)  # noqa: S311  no secret
    print(f"{ANCHORS:,} anchors on {LENGTH:,} code points, in seconds; goals: 0.2 for an edit, 1 for the worst\n")
    texts = inputs(dice)
    for title, lengths in [("", LENGTHS), ("long passages", LONG)]:
        print(f"{title:28}{'carry':>8}{'peak MB':>9}{'exact':>8}{'one LCS':>9}")
        for name, (old, new) in texts.items():
            print(measured(name, old, new, anchors(old, dice, lengths)), flush=True)


if __name__ == "__main__":
    main()

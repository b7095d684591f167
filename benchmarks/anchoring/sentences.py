"""Whether a whole sentence, or line, stays whole: `python -m benchmarks.anchoring.sentences CORPUS [--lines]`.

Of a corpus of `comments.anchoring.bench` only the old texts are taken. In each, sentences are drawn, or lines, the
same for the same file; one word of them is replaced, or none, and a sentence or line beside them is put in, taken
out or written anew, or none is. So it is known to the code point where the sentence is: printed is how often it is
placed there, in per cent, by what was done beside it.
"""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import NamedTuple

from benchmarks.options import options
from comments.anchoring import Span, carry
from comments.anchoring.bench import read

SENTENCES = 2
_SENTENCE = re.compile(r"[A-Z][^.!?\n]{20,200}[.!?](?=\s)")
_LINE = re.compile(r"^.+$", re.MULTILINE)
# A heading, or an item of a list, of some words.
_SHORT_LINE = re.compile(r"[^\W\d_]+(?: [^\W\d_]+){3,9}$", re.MULTILINE)
_WORD = re.compile(r"\w+")
BESIDE = ("nothing", "put in", "taken out", "another")


class Place(NamedTuple):
    """A sentence with the text up to the sentence before it, and from the end of the one behind it on."""

    head: str
    before: str
    sentence: str
    behind: str
    tail: str

    @property
    def text(self) -> str:
        return "".join(self)


def _replace(sentence: str, pick: Callable[[int], int]) -> str:
    words = list(_WORD.finditer(sentence))
    word = words[pick(len(words))]
    return f"{sentence[: word.start()]}Quokka{sentence[word.end() :]}"


WORDS: dict[str, Callable[[str], str]] = {
    "none": lambda sentence: sentence,
    "the first": lambda sentence: _replace(sentence, lambda count: 0),
    "one between": lambda sentence: _replace(sentence, lambda count: count // 2),
    "the last": lambda sentence: _replace(sentence, lambda count: count - 1),
}


class Unit(NamedTuple):
    """What a text consists of, what stands between two, and which of them are drawn."""

    pattern: re.Pattern[str]
    between: str
    drawn: re.Pattern[str]


SENTENCE = Unit(_SENTENCE, " ", re.compile("."))
LINE = Unit(_LINE, "\n", _SHORT_LINE)


def places(text: str, unit: Unit, draw: random.Random) -> Iterator[Place]:
    """Some of those that stand between two others."""
    found = [match.span() for match in unit.pattern.finditer(text)]
    inner = [
        at
        for at in range(1, len(found) - 1)
        if text[found[at - 1][1] : found[at][0]] == text[found[at][1] : found[at + 1][0]] == unit.between
        and unit.drawn.match(text, *found[at])
    ]
    for at in draw.sample(inner, min(SENTENCES, len(inner))):
        (first, _), (start, end), (_, last) = found[at - 1 : at + 2]
        yield Place(text[:first], text[first:start], text[start:end], text[end:last], text[last:])


def edited(place: Place, others: tuple[str, str], beside: tuple[str, str], word: str) -> Place:
    """The place as it is once all that was done; `others` are put in before it and behind it."""
    done = {"nothing": "{was}", "put in": "{was}{new}", "taken out": "", "another": "{new}"}
    before = done[beside[0]].format(was=place.before, new=others[0])
    # Behind it what is put in stands first.
    behind = done[beside[1]].replace("{was}{new}", "{new}{was}").format(was=place.behind, new=others[1])
    return place._replace(before=before, sentence=WORDS[word](place.sentence), behind=behind)


def main() -> None:
    command = options()
    command.add_argument("corpus", type=Path)
    command.add_argument("--lines", action="store_true", help="short lines, in place of sentences")
    asked = command.parse_args()
    unit = LINE if asked.lines else SENTENCE
    texts = list(dict.fromkeys(pair["old"] for pair in read(asked.corpus)))
    sentences = [match.group() for text in texts for match in _SENTENCE.finditer(text)]
    draw = random.Random(1)  # noqa: S311 - drawn alike each time, no secret
    rows: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for place in (place for text in texts for place in places(text, unit, draw)):
        for before, behind, word in product(BESIDE, BESIDE, WORDS):
            others = draw.choice(sentences) + unit.between, unit.between + draw.choice(sentences)
            new = edited(place, others, (before, behind), word)
            start, there = len(place.head) + len(place.before), len(new.head) + len(new.before)
            (found,) = carry(place.text, new.text, [Span(start, start + len(place.sentence))])
            rows[before, behind].append((found.start, found.end) == (there, there + len(new.sentence)))
    print(f"{'before it':12}{'behind it':12}{'exact':>8}  of {len(rows['nothing', 'nothing'])} each")
    for (before, behind), hits in rows.items():
        print(f"{before:12}{behind:12}{100 * sum(hits) / len(hits):8.1f}")
    every = [hit for hits in rows.values() for hit in hits]
    print(f"{'all':24}{100 * sum(every) / max(1, len(every)):8.1f}")


if __name__ == "__main__":
    main()

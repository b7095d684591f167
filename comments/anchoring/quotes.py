"""Find a quote by its words and what stands around them. (W3C Web Annotation Data Model, TextQuoteSelector)"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from comments.anchoring.spans import Span

CONTEXT_LENGTH = 32
# What may be the rest, or the beginning, of a word that was cut. Where no words are told apart nothing is.
FIRST_PIECE, LAST_PIECE = re.compile(r"^\S+\s"), re.compile(r"\s\S+$")
# Past this many a quote says nothing about its place, and looking on costs time.
MAX_OCCURRENCES = 1000


class QuoteNotFound(LookupError):
    """The quote does not stand in the text."""


class AmbiguousQuote(LookupError):
    """The quote stands more than once and its context does not single one out."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


@dataclass(frozen=True, slots=True)
class Context:
    """The text directly before and directly after a quote."""

    prefix: str = ""
    suffix: str = ""

    @property
    def before(self) -> str:
        """The prefix to read: whole words of the passage's own line, with a sign where it was cut off."""
        line = self.prefix.rpartition("\n")[2]
        return "…" + FIRST_PIECE.sub("", line) if len(line) >= CONTEXT_LENGTH else line

    @property
    def behind(self) -> str:
        """The suffix to read: whole words of the passage's own line, with a sign where it was cut off."""
        line = self.suffix.partition("\n")[0]
        return LAST_PIECE.sub("", line) + "…" if len(line) >= CONTEXT_LENGTH else line


def context_of(text: str, span: Span) -> Context:
    """Up to 32 code points on each side of `span`."""
    before = text[max(0, span.start - CONTEXT_LENGTH) : span.start]
    return Context(before, text[span.end : span.end + CONTEXT_LENGTH])


def occurrences(text: str, exact: str) -> list[int]:
    """Where `exact` starts in `text`, overlapping ones too; at most `MAX_OCCURRENCES` + 1 of them."""
    found: list[int] = []
    at = text.find(exact) if exact else -1
    while at >= 0 and len(found) <= MAX_OCCURRENCES:
        found.append(at)
        at = text.find(exact, at + 1)
    return found


def locate(text: str, exact: str, context: Context) -> Span:
    """The one place of `exact` in `text`; where there are several, the one that `context` clearly names.

    Raises QuoteNotFound or AmbiguousQuote: a weak match is refused, never guessed.
    """
    starts = occurrences(text, exact)
    if not starts:
        raise QuoteNotFound
    if len(starts) == 1:
        return Span(starts[0], starts[0] + len(exact))
    ranked = sorted((agreement(text, Span(at, at + len(exact)), context), at) for at in starts)
    (second, _at), (best, start) = ranked[-2:]
    given = len(context.prefix) + len(context.suffix)
    # Clearly: most of the context stands there, and at most half as much at the next best place.
    if best == 0 or best * 2 < given or (second * 2 > best and best < given) or second == best:
        raise AmbiguousQuote(len(starts))
    return Span(start, start + len(exact))


def agreement(text: str, span: Span, context: Context) -> int:
    """How many code points of `context`, counted outwards from `span`, stand around it in `text`."""
    before = text[max(0, span.start - len(context.prefix)) : span.start]
    after = text[span.end : span.end + len(context.suffix)]
    return shared(reversed(before), reversed(context.prefix)) + shared(iter(after), iter(context.suffix))


def shared(one: Iterator[str], other: Iterator[str]) -> int:
    """How many leading characters are the same in both."""
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))

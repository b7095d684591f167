"""What made-up people write: sentences, quotes, lists and links, of a few hundred words put together anew."""

import random

from comments.rendering import render_comment

PIECES = 800

_OPENINGS = (
    "I think", "It seems to me that", "Nobody says so, but", "As far as I can tell,", "In my experience",
    "What I miss here:", "Last year we saw that", "To be fair,", "I had to read it twice, and", "Strictly speaking,",
    "My colleagues say that", "On the other hand,", "Ich meine,", "À mon avis,",
)  # fmt: skip
_SUBJECTS = (
    "the first rule", "this paragraph", "a small firm", "every audit", "the second example", "the whole section",
    "what the regulator wants", "the deadline", "a public register", "the model card", "my own team", "the number",
    "the source", "half of the table", "the naïve reading", "an honest summary",
)  # fmt: skip
_VERBS = (
    "leaves out", "explains", "overstates", "depends on", "comes before", "costs more than", "is not the same as",
    "says little about", "makes room for", "agrees with", "stands against", "was written before",
)  # fmt: skip
_OBJECTS = (
    "the cost of testing", "people who only read", "what happens afterwards", "the footnote", "smaller languages",
    "a careful reader", "the earlier revision", "last week’s news", "how it is enforced", "open questions",
    "the *old* guidance", "the **one** exception", "`risk_class = 3`", "a [longer answer](https://example.org/answer)",
)  # fmt: skip
_ENDINGS = (
    "", ", as far as I know", ", and that is fine", ", which surprised me", ", at least for now", " — or does it?",
    ", so please correct me", " 🙂", ", but the comparison is useful",
)  # fmt: skip


class Texts:
    """Texts of one person's hand after another's; which ones `chance` says."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._plain = [self._rendered(self._paragraph()) for _ in range(PIECES)]
        self._marked = [self._rendered(self._special()) for _ in range(PIECES // 8)]

    def text(self) -> tuple[str, str]:
        """A Markdown source and its HTML, as `render_comment` gives it: about 300 characters, at most 1 500."""
        chosen = self._chance.choices(self._plain, k=self._chance.choice((1, 1, 2, 2, 3)))
        if self._chance.random() < 0.15:
            # Never two of them in a row: two lists would become one.
            chosen.insert(0, self._chance.choice(self._marked))
        return "\n\n".join(source for source, _html in chosen), "".join(html for _source, html in chosen)

    def _rendered(self, source: str) -> tuple[str, str]:
        return source, render_comment(source)

    def _paragraph(self) -> str:
        return " ".join(self._sentence() for _ in range(self._chance.choice((1, 1, 2, 2, 3))))

    def _sentence(self) -> str:
        parts = (self._chance.choice(words) for words in (_OPENINGS, _SUBJECTS, _VERBS, _OBJECTS))
        end = self._chance.choice(_ENDINGS)
        return f"{' '.join(parts)}{end}{'' if end.endswith('?') else '.'}"

    def _special(self) -> str:
        """A quote, a list or code."""
        first, second = self._sentence(), self._sentence()
        return self._chance.choice(
            (f"> {first}", f"- {first}\n- {second}", f"1. {first}\n2. {second}", "```\na = 1\n```")
        )

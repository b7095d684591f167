"""The text in figures. What must not stand at all is refused before any check: see comments.services.texts."""

import unicodedata

from comments.checking import Result
from comments.submission import Submission
from skycrumbs.text import marks_in_a_row


def shape(submission: Submission) -> Result:
    text = submission.text
    return Result(
        evidence={
            "code_points": len(text),
            "lines": text.count("\n") + 1,
            "capitals": _share_of_capitals(text),
            "marks_in_a_row": marks_in_a_row(text),
            "invisible": sum(text.count(character) for character in set(text) if _is_invisible(character)),
        }
    )


def _share_of_capitals(text: str) -> float:
    """Among the letters that come in two sizes; 0 where none do."""
    capitals, small = sum(map(str.isupper, text)), sum(map(str.islower, text))
    return round(capitals / (capitals + small), 2) if capitals else 0.0


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) == "Cf"

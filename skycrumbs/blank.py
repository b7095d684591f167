"""What cannot be seen. Without Django, for those who handle text without it."""

import unicodedata

# Letters and a symbol by category, white space to the eye: Hangul fillers, the empty Braille cell.
BLANK_LETTERS = "\u115f\u1160\u3164\uffa0\u2800"


def is_blank(text: str) -> bool:
    """Nothing in it can be seen: spaces, marks without a base, invisible characters."""
    return not any(unicodedata.category(c)[0] in "LNPS" and c not in BLANK_LETTERS for c in text)

"""What readers type, made fit to store: one rule for forms and API."""

import unicodedata

from django.utils.translation import gettext as _

from skycrumbs.blank import BLANK_LETTERS

# How many marks may stand on one letter. Tibetan stacks nine; whoever stacks more draws over the lines around.
MOST_MARKS = 10
# The same before composing, which makes one mark of three at the most, and puts three into the letter.
_MOST_MARKS_DECOMPOSED = 3 * MOST_MARKS + 3

# Marks that draw nothing: the grapheme joiner and the variation selectors. (Unicode: Default_Ignorable_Code_Point)
INVISIBLE_MARKS = "\u034f\u17b4\u17b5\u180b\u180c\u180d\u180f" + "".join(
    chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
)


class UnfitText(ValueError):
    """A text that must not be stored; `code` is stable, the message is for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t"


def _is_bidi_override(character: str) -> bool:
    # LRO, RLO: they reorder what stands after them, whatever the writing. Isolates and marks stay.
    return character in "\u202d\u202e"


def clean(text: str, *, max_length: int) -> str:
    """`text` in NFC, with LF line ends and no white space around it; length counts code points.

    Raises UnfitText for control characters (tab and line end excepted), lone surrogates, bidi overrides, more than
    MOST_MARKS marks in a row and more than `max_length` code points. An empty result is the caller's to judge.
    """
    if len(text) > 4 * max_length:
        # No text this long composes to one that is short enough: refused before any work is done on it.
        raise UnfitText("too_long", _too_long(max_length))
    _refuse(next((c for c in text if (_is_control(c) and c != "\r") or _is_bidi_override(c)), None))
    # Composing sorts the marks of a letter, in a time that grows with the square of their number: not before this.
    check_marks(text, _MOST_MARKS_DECOMPOSED)
    tidy = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    check_marks(tidy)
    if len(tidy) > max_length:
        raise UnfitText("too_long", _too_long(max_length))
    return tidy


def quoted(text: str, *, max_length: int) -> str:
    """`text` in NFC, to be compared with a text that stands here, and not stored: what may stand there, it may hold.

    Raises UnfitText for what no stored text holds (NUL, lone surrogates) and for more than `max_length` code points.
    """
    if len(text) > 4 * max_length:
        raise UnfitText("too_long", _too_long(max_length))
    _refuse(next((c for c in text if c == "\0" or unicodedata.category(c) == "Cs"), None))
    # As in `clean`, not before this; where more marks stand on a letter they are compared as they were sent.
    if marks_in_a_row(text) <= _MOST_MARKS_DECOMPOSED:
        text = unicodedata.normalize("NFC", text)
    if len(text) > max_length:
        raise UnfitText("too_long", _too_long(max_length))
    return text


def _refuse(character: str | None) -> None:
    if character is not None:
        raise UnfitText("control_character", _("The character %s cannot be used here.") % f"U+{ord(character):04X}")


def _too_long(max_length: int) -> str:
    return _("Use at most %d characters.") % max_length


def check_marks(text: str, most: int = MOST_MARKS) -> None:
    """Raises UnfitText for more than `most` marks in a row."""
    if marks_in_a_row(text) > most:
        raise UnfitText("too_many_marks", _("Put at most %d accents or other marks on one letter.") % MOST_MARKS)


def marks_in_a_row(text: str) -> int:
    """The longest run of combining marks (category M). What cannot be seen between two of them does not part them."""
    if text.isascii():
        return 0
    longest = run = 0
    for category in map(unicodedata.category, text):
        if category[0] == "M":
            run += 1
            longest = max(longest, run)
        elif category != "Cf":
            run = 0
    return longest


def fold(text: str) -> str:
    """`text` for comparing alone, never to be shown: writings of the same words become one.

    Case, width and other compatibility forms, accents, white space and what cannot be seen make no difference.
    Vowel signs do, and letters of other scripts that look alike. (UAX 15, NFKD; Unicode 3.13, caseless matching)
    """
    if text.isascii():
        return "".join(text.casefold().split())
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return folded.translate({ord(c): None for c in set(folded) if _is_folded_away(c)})


def _is_folded_away(character: str) -> bool:
    if character in BLANK_LETTERS or character in INVISIBLE_MARKS:
        return True
    if unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp"):
        return True
    # From 10 on they are points and accents; 1 is what strikes a letter through. Between: marks that make another
    # letter, such as the nukta, the virama and the voicing of kana. (Unicode 4.3, Canonical_Combining_Class)
    return unicodedata.combining(character) == 1 or unicodedata.combining(character) >= 10

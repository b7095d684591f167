"""What readers type, made fit to store: one rule for forms and API."""

import unicodedata

from django.utils.translation import gettext as _

# Letters and a symbol by category, white space to the eye: Hangul fillers, the empty Braille cell.
_BLANK_LETTERS = "\u115f\u1160\u3164\uffa0\u2800"


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

    Raises UnfitText for control characters (tab and line end excepted), lone surrogates, bidi overrides and
    more than `max_length` code points. An empty result is the caller's to judge.
    """
    if len(text) > 4 * max_length:
        # No text this long composes to one that is short enough: refused before any work is done on it.
        raise UnfitText("too_long", _too_long(max_length))
    found = next((c for c in text if (_is_control(c) and c != "\r") or _is_bidi_override(c)), None)
    if found is not None:
        raise UnfitText("control_character", _("The character %s cannot be used here.") % f"U+{ord(found):04X}")
    tidy = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(tidy) > max_length:
        raise UnfitText("too_long", _too_long(max_length))
    return tidy


def _too_long(max_length: int) -> str:
    return _("Use at most %d characters.") % max_length


def is_blank(text: str) -> bool:
    """Nothing in it can be seen: spaces, marks without a base, invisible characters."""
    return not any(unicodedata.category(c)[0] in "LNPS" and c not in _BLANK_LETTERS for c in text)

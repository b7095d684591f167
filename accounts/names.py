"""Public names: what may stand in one, and which read alike.

The rules are those of Unicode TS 39 that can be told to a person in a line: letters of one alphabet in a word, few
marks on a letter, nothing that cannot be seen. Which alphabet a letter is of is taken from the standard library's
names of characters. The packages that ship the tables of TS 39 for Python are thousands of pairs for every script
there is, made for domain names, and were last brought up to date years ago; here five alphabets and the letters of
two that are drawn like Latin ones do.
"""

import unicodedata
from collections.abc import Iterable
from itertools import groupby

from django.utils.translation import gettext as _

from accounts.models import NAME_MAX_LENGTH
from skycrumbs.blank import BLANK_LETTERS, is_blank
from skycrumbs.text import INVISIBLE_MARKS, UnfitText, clean

MOST_MARKS = 3
# The alphabets with letters that cannot be told from one another's.
_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")
# Drawn as nothing, though they are marks, letters or a symbol by category.
_UNSEEN = frozenset(BLANK_LETTERS + INVISIBLE_MARKS)
_UNSEEN_CATEGORIES = frozenset({"Cf", "Cn", "Co", "Zl", "Zp"})
_JOINERS = "\u200c\u200d"
# The class of the marks that take a consonant's vowel away. (Unicode, Canonical_Combining_Class)
_VIRAMA = 9
# How small letters of other alphabets look, and how their capitals do: η is like n, and H where it is a capital.
_BOTH = "аa вb еe іi кk мm оo рp сc тt уy хx ѕs јj ԛq ԝw үy ӏl αa βb εe ιi κk οo ρp τt χx ıi ɑa ɡg"
_SMALL = {ord(pair[0]): pair[1] for pair in f"{_BOTH} гr нh һh ԁd γy ηn νv υu ωw".split()}
_CAPITAL = {ord(pair[0]): pair[1] for pair in f"{_BOTH} нh ζz ηh μm νn υy".split()}


def fit_name(value: str) -> str:
    """A public name as it is stored: NFC, on one line, 1 to 60 code points that can all be seen.

    Raises UnfitText, whose words say what to change.
    """
    name = clean(value, max_length=NAME_MAX_LENGTH)
    if any(unicodedata.category(c) in ("Zl", "Zp") or c == "\n" for c in name):
        raise UnfitText("line_break", _("Write the name on one line."))
    if is_blank(name):
        raise UnfitText("blank", _("Write the name others should see."))
    unseen = next((c for at, c in enumerate(name) if _is_unseen(name, at)), None)
    if unseen is not None:
        raise UnfitText("invisible_character", _("The character %s cannot be used here.") % f"U+{ord(unseen):04X}")
    if _longest_row_of_marks(name) > MOST_MARKS:
        raise UnfitText("too_many_marks", _("Put at most %d marks on a letter.") % MOST_MARKS)
    mixed = next((word for word in _words(name) if len(_alphabets(word)) > 1), None)
    if mixed is not None:
        raise UnfitText("mixed_alphabets", _("Write “%s” with the letters of one alphabet.") % mixed)
    return " ".join(name.split())


def reads_as_one_of(name: str, others: Iterable[str]) -> bool:
    """Whether somebody could take `name` for one of `others`: capitals, marks, spaces and look-alikes aside."""
    own = _readings(name)
    return any(not own.isdisjoint(_readings(other)) for other in others)


def _is_unseen(name: str, at: int) -> bool:
    """Whether the character at `at` shows nothing, or turns the direction of what stands around it."""
    character, before = name[at], name[at - 1 : at] if at else ""
    if character in _JOINERS:
        return not _joins(before, name[at + 1 : at + 2])
    if _is_selector(character):
        return not _is_drawn_in_several_ways(before)
    category = unicodedata.category(character)
    return character in _UNSEEN or character == "\t" or category in _UNSEEN_CATEGORIES or _hangs(category, before)


def _joins(before: str, after: str) -> bool:
    """Whether a joiner between the two changes how they are drawn. (RFC 5892, appendix A; Unicode TS 51)"""
    if not before or not after:
        return False
    if unicodedata.combining(before) == _VIRAMA or _is_arabic(before) and _is_arabic(after):
        return True
    is_picture = unicodedata.category(before) in ("So", "Sk") or _is_selector(before)
    return is_picture and unicodedata.category(after) == "So"


def _is_arabic(character: str) -> bool:
    return unicodedata.name(character, "").startswith("ARABIC LETTER")


def _is_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def _is_drawn_in_several_ways(character: str) -> bool:
    """Whether a variation selector behind it does anything: behind pictures, and the Han letters of some names."""
    is_han = unicodedata.name(character, "").startswith("CJK") if character else False
    return is_han or bool(character) and unicodedata.category(character) == "So"


def _hangs(category: str, before: str) -> bool:
    """Whether it is a mark that would be drawn on what stands before the name."""
    return category.startswith("M") and not before


def _longest_row_of_marks(name: str) -> int:
    rows = groupby(unicodedata.normalize("NFD", name), key=lambda c: unicodedata.category(c) in ("Mn", "Me"))
    return max((len(list(row)) for is_marks, row in rows if is_marks), default=0)


def _words(name: str) -> list[str]:
    """The runs of letters in it; letters that are only drawn otherwise, such as wide ones, are as all the others."""
    plain = unicodedata.normalize("NFKC", name)
    return "".join(c if unicodedata.category(c)[0] in "LM" else " " for c in plain).split()


def _alphabets(word: str) -> set[str]:
    names = [unicodedata.name(c, "") for c in word]
    return {alphabet for alphabet in _ALPHABETS if any(name.startswith(alphabet) for name in names)}


def _readings(name: str) -> set[str]:
    """The letters and digits of a name as somebody may read them, without accents."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    letters = "".join(c for c in plain if unicodedata.category(c)[0] in "LNM" and not _is_accent(c))
    return {letters.translate(_SMALL), letters.translate(_CAPITAL)} - {""}


def _is_accent(character: str) -> bool:
    return unicodedata.name(character, "").startswith("COMBINING")

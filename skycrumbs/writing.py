"""How scripts are written, as insides of character classes. Without Django, for those who handle text without it."""

import unicodedata

# Written without spaces between words: each character is a word (Thai, Lao, Myanmar, Khmer, kana, Han, Hangul).
ALONE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_LAST = 0x1FFFF


def characters(*categories: str) -> str:
    """All characters of these general categories, as ranges."""
    ranges: list[list[int]] = []
    for code in range(0xAD, _LAST):
        if unicodedata.category(chr(code)) in categories:
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


# Marks belong to the character before them; so do format characters (soft hyphens, joiners, bidi marks).
MARKS = characters("Mn", "Mc", "Me", "Cf")

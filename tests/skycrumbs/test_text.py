import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from skycrumbs.blank import is_blank
from skycrumbs.text import UnfitText, clean, fold, marks_in_a_row, quoted
from tests.cost import takes_at_most

ACUTE = "\N{COMBINING ACUTE ACCENT}"
DOT_BELOW = "\N{COMBINING DOT BELOW}"
# Four code points that compose to one: the most there are.
FOUR = "α\N{COMBINING COMMA ABOVE}\N{COMBINING GRAVE ACCENT}\N{COMBINING GREEK YPOGEGRAMMENI}"
# Three marks that compose to one.
THREE = "\N{SINHALA VOWEL SIGN KOMBUVA}\N{SINHALA VOWEL SIGN AELA-PILLA}\N{SINHALA SIGN AL-LAKUNA}"


def refusal(text, max_length=5000):
    with pytest.raises(UnfitText) as caught:
        clean(text, max_length=max_length)
    return caught.value.code


class TestClean:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("plain", "plain"),
            ("e\N{COMBINING ACUTE ACCENT}", "é"),
            # A composition exclusion: NFC takes it apart (Unicode Standard Annex 15, section 1.4).
            ("\N{DEVANAGARI LETTER QA}", "\N{DEVANAGARI LETTER KA}\N{DEVANAGARI SIGN NUKTA}"),
            ("\N{ANGSTROM SIGN}", "\N{LATIN CAPITAL LETTER A WITH RING ABOVE}"),
            ("a\r\nb\rc\nd", "a\nb\nc\nd"),
            ("a\r\n\r\nb", "a\n\nb"),
            ("a\n\rb", "a\n\nb"),
            ("  a\tb \n", "a\tb"),
            ("\N{NO-BREAK SPACE}a\N{IDEOGRAPHIC SPACE}", "a"),
            ("", ""),
            (" \n\t ", ""),
            ("👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"),
            ("<b>&amp;</b>", "<b>&amp;</b>"),
        ],
    )
    def test_gives_composed_text_with_plain_line_ends(self, text, expected):
        assert clean(text, max_length=5000) == expected

    @pytest.mark.parametrize(
        "character",
        ["\0", "\x01", "\x08", "\x0b", "\x0c", "\x1b", "\x1f", "\x7f", "\x85", "\x9f", "\ud800", "\udfff"],
    )
    def test_refuses_controls_and_lone_surrogates(self, character):
        assert refusal(f"a{character}b") == "control_character"

    @pytest.mark.parametrize("character", ["\x0b", "\x1c", "\x85"])
    def test_refuses_controls_that_stand_at_the_end(self, character):
        assert refusal(f"a{character}") == "control_character"

    def test_names_the_character_when_it_refuses_one(self):
        with pytest.raises(UnfitText, match=r"U\+0007"):
            clean("ding\a", max_length=10)

    @pytest.mark.parametrize("character", ["\N{LEFT-TO-RIGHT OVERRIDE}", "\N{RIGHT-TO-LEFT OVERRIDE}"])
    def test_refuses_bidi_overrides(self, character):
        assert refusal(f"a{character}b") == "control_character"

    @pytest.mark.parametrize(
        "character",
        [
            "\N{LEFT-TO-RIGHT MARK}",
            "\N{RIGHT-TO-LEFT MARK}",
            "\N{FIRST STRONG ISOLATE}",
            "\N{POP DIRECTIONAL ISOLATE}",
            "\N{ZERO WIDTH NON-JOINER}",
            "\N{ZERO WIDTH JOINER}",
            "\N{SOFT HYPHEN}",
            "\N{VARIATION SELECTOR-16}",
        ],
    )
    def test_keeps_the_marks_that_writing_needs(self, character):
        assert clean(f"a{character}b", max_length=5000) == f"a{character}b"

    def test_takes_5000_code_points(self):
        assert len(clean("😀" * 5000, max_length=5000)) == 5000

    def test_refuses_5001_code_points(self):
        assert refusal("😀" * 5001) == "too_long"

    def test_counts_after_composing_when_that_makes_it_shorter(self):
        assert clean("e\N{COMBINING ACUTE ACCENT}" * 5000, max_length=5000) == "é" * 5000

    def test_counts_after_composing_when_that_makes_it_longer(self):
        assert refusal("\N{DEVANAGARI LETTER QA}" * 2501) == "too_long"

    def test_takes_what_composes_to_the_limit(self):
        assert len(clean(FOUR * 5000, max_length=5000)) == 5000

    def test_counts_a_line_end_once_when_it_is_two_characters(self):
        assert len(clean("a" + "\r\n" * 4998 + "b", max_length=5000)) == 5000

    def test_does_not_count_white_space_around_it(self):
        assert clean(" " * 5000 + "a" * 5000, max_length=5000) == "a" * 5000

    @pytest.mark.parametrize(
        "text",
        [
            "x" + DOT_BELOW * 10,
            # What was one letter with its marks before composing.
            FOUR + ACUTE * 10,
            "\N{SINHALA LETTER ALPAPRAANA KAYANNA}" + THREE * 10,
            # Writings that stack: Tibetan, Hebrew with points and cantillation, Thai, Devanagari, Arabic.
            "ཧྐྵྨླྺྼྻྂ",
            "בְּרֵאשִׁ֖ית בָּרָ֣א",
            "ที่นี่ ผู้ใหญ่",
            "क्ष्म्यों स्त्रियाँ",
            "مُحَمَّدٌ",
            "👩🏽‍❤️‍💋‍👨🏻 1️⃣",
        ],
    )
    def test_takes_ten_marks_on_a_letter(self, text):
        assert clean(text, max_length=5000) == unicodedata.normalize("NFC", text)

    @pytest.mark.parametrize(
        "text",
        [
            "x" + DOT_BELOW * 11,
            FOUR + ACUTE * 11,
            "\N{SINHALA LETTER ALPAPRAANA KAYANNA}" + THREE * 11,
            "a" * 4000 + ACUTE * 20,
            # The sign that shows nothing does not begin a new letter.
            "x" + (ACUTE * 5 + "\N{ZERO WIDTH JOINER}") * 3,
            ACUTE * 5000,
        ],
    )
    def test_refuses_eleven(self, text):
        assert refusal(text) == "too_many_marks"

    @pytest.mark.parametrize("mark", [ACUTE, ACUTE + DOT_BELOW, "\u0345" * 3 + "\u0334" * 3])
    def test_refuses_20000_marks_in_a_moment(self, mark):
        marks = "a" + (mark * 20_000)[:19_999]
        assert takes_at_most(0.1, lambda: refusal(marks))
        assert refusal(marks) == "too_many_marks"

    @given(st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\u202d\u202e"), max_size=60))
    def test_changes_nothing_the_second_time(self, text):
        assume(marks_in_a_row(unicodedata.normalize("NFC", text)) <= 10)
        once = clean(text, max_length=500)
        assert clean(once, max_length=500) == once


class TestQuoted:
    def test_takes_what_a_text_may_hold_and_composes_it(self):
        assert quoted(f" \u202eb\x1b e{ACUTE} ", max_length=20) == " \u202eb\x1b \xe9 "

    def test_leaves_letters_with_very_many_marks_as_they_are(self):
        marks = f"e{ACUTE}" + ACUTE * 10_000
        assert quoted(marks, max_length=20_000) == marks
        assert takes_at_most(0.1, lambda: quoted(marks, max_length=20_000))

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("a\0b", "control_character"),
            ("a\ud800", "control_character"),
            ("abc", "too_long"),
            ("abcdefghi", "too_long"),
        ],
    )
    def test_refuses_what_no_text_holds(self, text, code):
        with pytest.raises(UnfitText) as caught:
            quoted(text, max_length=2)
        assert caught.value.code == code


class TestMarksInARow:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("", 0),
            ("abc", 0),
            ("é", 0),
            (f"e{ACUTE}", 1),
            (f"e{ACUTE}{ACUTE} e{ACUTE}", 2),
            (f"e{ACUTE}e{ACUTE}{ACUTE}{ACUTE}", 3),
            (f"e{ACUTE}\N{ZERO WIDTH JOINER}{ACUTE}", 2),
        ],
    )
    def test_is_the_longest_run(self, text, expected):
        assert marks_in_a_row(text) == expected


class TestFold:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("Buy  it\n\tNOW!", "buyitnow!"),
            ("Ｂｕｙ ⓘt", "buyit"),
            ("\N{LATIN SMALL LIGATURE FI}ne \N{MATHEMATICAL BOLD CAPITAL A}", "finea"),
            ("Straße STRASSE", "strassestrasse"),
            ("Café cafe\N{COMBINING ACUTE ACCENT} cafe", "cafecafecafe"),
            ("s\N{COMBINING LONG STROKE OVERLAY}p\N{COMBINING DOT BELOW}am", "spam"),
            ("s\N{ZERO WIDTH SPACE}p\N{ZERO WIDTH JOINER}a\N{SOFT HYPHEN}m\N{WORD JOINER}", "spam"),
            ("s\N{COMBINING GRAPHEME JOINER}p\N{VARIATION SELECTOR-16}a\N{HANGUL FILLER}m", "spam"),
            ("a\N{NO-BREAK SPACE}b\N{IDEOGRAPHIC SPACE}c\N{LINE SEPARATOR}d", "abcd"),
            # Vowel signs and letters stay: "yes" and "I am" are two words.
            ("हाँ हूँ", "हाँहूँ"),
            ("か が", "かか\N{COMBINING KATAKANA-HIRAGANA VOICED SOUND MARK}"),
            # Hebrew with its points and without.
            ("שָׁלוֹם", "שלום"),
            # Cyrillic that looks like Latin is not Latin.
            ("аpple", "аpple"),
            ("👍🏽 !", "👍🏽!"),
            ("", ""),
            (" \N{ZERO WIDTH SPACE}", ""),
        ],
    )
    def test_makes_one_of_what_says_the_same(self, text, expected):
        assert fold(text) == expected

    def test_takes_what_grows_most_in_a_moment(self):
        # Eighteen letters in one.
        assert len(fold("\ufdfa" * 5000)) > 50_000
        assert takes_at_most(0.1, lambda: fold("\ufdfa" * 5000))


class TestIsBlank:
    @pytest.mark.parametrize(
        "text",
        [
            "",
            " \n\t",
            "\N{NO-BREAK SPACE}",
            "\N{ZERO WIDTH SPACE}\N{ZERO WIDTH JOINER}",
            "\N{SOFT HYPHEN}",
            "\N{COMBINING ACUTE ACCENT}",
            "\N{VARIATION SELECTOR-16}",
            "\N{LEFT-TO-RIGHT MARK}",
            "\N{LINE SEPARATOR}",
            # Letters and symbols by category that have no shape (Unicode: Default_Ignorable_Code_Point; U+2800).
            "\N{HANGUL FILLER}",
            "\N{HANGUL CHOSEONG FILLER}\N{HANGUL JUNGSEONG FILLER}",
            "\N{HALFWIDTH HANGUL FILLER}",
            "\N{BRAILLE PATTERN BLANK}",
        ],
    )
    def test_is_true_when_nothing_can_be_seen(self, text):
        assert is_blank(text) is True

    @pytest.mark.parametrize("text", ["a", "0", "?", "😀", "中", "ب", "한", "\N{COMBINING ACUTE ACCENT}e", "…", "€"])
    def test_is_false_when_something_can_be_seen(self, text):
        assert is_blank(text) is False

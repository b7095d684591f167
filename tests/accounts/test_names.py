"""Public names: which are taken, which are refused and with what word, and which read alike."""

import pytest

from accounts.names import fit_name, reads_as_one_of
from skycrumbs.text import UnfitText
from tests.cost import takes_at_most


class TestFitName:
    @pytest.mark.parametrize(
        ("value", "name"),
        [
            (" Ada ", "Ada"),
            ("Zoe\u0308", "Zoë"),
            ("Ada \u00a0  Lovelace", "Ada Lovelace"),
            ("x" * 60, "x" * 60),
            ("O’Brien-Łukasz, Jr. 3", "O’Brien-Łukasz, Jr. 3"),
            ("Nguyễn Thị Minh Khai", "Nguyễn Thị Minh Khai"),
            ("李白", "李白"),
            ("山田\u3000太郎", "山田 太郎"),
            ("김민준", "김민준"),
            ("مريم", "مريم"),
            ("שָׁלוֹם", "שָׁלוֹם"),
            ("Иван", "Иван"),
            ("Ιωάννα", "Ιωάννα"),
            ("ณัฐวุฒิ", "ณัฐวุฒิ"),
            ("မြွှော့", "မြွှော့"),
            # Two alphabets, each with words of its own, and such as nobody mixes up.
            ("Anna Иванова", "Anna Иванова"),
            ("Anna-Мария", "Anna-Мария"),
            ("Tanaka田中", "Tanaka田中"),
            ("Ada 🙂", "Ada 🙂"),
        ],
    )
    def test_takes_what_people_are_called(self, value, name):
        assert fit_name(value) == name

    @pytest.mark.parametrize(
        "name",
        [
            "Ada \u2764\ufe0f",
            "Ada \U0001f469\U0001f3fd\u200d\U0001f680",
            "علی\u200cرضا",
            "ක්\u200dරිෂ්",
            "葛\U000e0100城",
        ],
        ids=["heart", "astronaut", "persian", "sinhala", "han variant"],
    )
    def test_takes_joiners_and_selectors_where_they_are_drawn(self, name):
        assert fit_name(name) == name

    @pytest.mark.parametrize(
        ("value", "code"),
        [
            ("", "blank"),
            (" ", "blank"),
            ("\N{ZERO WIDTH SPACE}", "blank"),
            ("\N{HANGUL FILLER}", "blank"),
            ("\N{COMBINING ACUTE ACCENT}", "blank"),
            ("x" * 61, "too_long"),
            ("Ada\nLovelace", "line_break"),
            ("Ada\rLovelace", "line_break"),
            ("Ada\N{LINE SEPARATOR}Lovelace", "line_break"),
            ("Ada\N{PARAGRAPH SEPARATOR}Lovelace", "line_break"),
            ("A\0da", "control_character"),
            ("A\x1bda", "control_character"),
            ("A\x85da", "control_character"),
            ("A\ud800da", "control_character"),
            ("\N{RIGHT-TO-LEFT OVERRIDE}adA", "control_character"),
            ("\N{LEFT-TO-RIGHT OVERRIDE}adA", "control_character"),
            ("Ada\tLovelace", "invisible_character"),
            ("\N{RIGHT-TO-LEFT EMBEDDING}Ada", "invisible_character"),
            ("\N{RIGHT-TO-LEFT ISOLATE}Ada", "invisible_character"),
            ("\N{FIRST STRONG ISOLATE}Ada\N{POP DIRECTIONAL ISOLATE}", "invisible_character"),
            ("Ada\N{POP DIRECTIONAL ISOLATE}", "invisible_character"),
            ("Ada\N{RIGHT-TO-LEFT MARK}", "invisible_character"),
            ("Ada\N{ARABIC LETTER MARK}", "invisible_character"),
            ("A\N{ZERO WIDTH SPACE}da", "invisible_character"),
            ("A\N{ZERO WIDTH NON-JOINER}da", "invisible_character"),
            ("A\N{ZERO WIDTH JOINER}da", "invisible_character"),
            ("Ada\N{ZERO WIDTH JOINER}", "invisible_character"),
            ("A\N{SOFT HYPHEN}da", "invisible_character"),
            ("A\N{WORD JOINER}da", "invisible_character"),
            ("A\N{COMBINING GRAPHEME JOINER}da", "invisible_character"),
            ("A\N{VARIATION SELECTOR-16}da", "invisible_character"),
            ("Ada\N{HANGUL FILLER}", "invisible_character"),
            ("Ada\N{BRAILLE PATTERN BLANK}", "invisible_character"),
            ("Ada\N{TAG LATIN SMALL LETTER A}", "invisible_character"),
            ("Ada\ue000", "invisible_character"),
            ("Ada\uffff", "invisible_character"),
            ("\N{COMBINING ACUTE ACCENT}Ada", "invisible_character"),
            ("A\u0316\u0317\u0318\u0319da", "too_many_marks"),
            ("A" + "\u0316" * 59, "too_many_marks"),
            ("A\u20dd\u20dd\u20dd\u20dd", "too_many_marks"),
            # U+0430, a Cyrillic letter, and so on.
            ("Ad\u0430", "mixed_alphabets"),
            ("\u0410da", "mixed_alphabets"),
            ("Anna Ив\u0061н", "mixed_alphabets"),
            ("Ad\u03b1", "mixed_alphabets"),
            ("Ad\u0561", "mixed_alphabets"),
            ("Ad\u13aa", "mixed_alphabets"),
            ("\u0410\u03bd\u03b1", "mixed_alphabets"),
            ("\uff21d\u0430", "mixed_alphabets"),
            ("\U0001d400d\u0430", "mixed_alphabets"),
        ],
    )
    def test_refuses_what_misleads_or_cannot_be_read(self, value, code):
        with pytest.raises(UnfitText) as caught:
            fit_name(value)
        assert caught.value.code == code

    def test_takes_three_marks_on_a_letter(self):
        assert fit_name("A\u0316\u0317\u0318da") == "A\u0316\u0317\u0318da"

    def test_counts_a_mark_that_is_part_of_a_letter_too(self):
        with pytest.raises(UnfitText, match="Put at most 3 marks on a letter"):
            fit_name("\u00e1\u0316\u0317\u0318")

    def test_says_which_word_to_mend(self):
        with pytest.raises(UnfitText, match="Write “Ad\u0430” with the letters of one alphabet"):
            fit_name("Ad\u0430 Lovelace")

    @pytest.mark.parametrize("value", ["A" + "\u0316" * 5000, "\u202e" * 100_000, "x" * 1_000_000])
    def test_refuses_what_is_far_too_long_at_once(self, value):
        def refuse() -> None:
            with pytest.raises(UnfitText) as caught:
                fit_name(value)
            assert caught.value.code == "too_long"

        assert takes_at_most(0.1, refuse)


class TestReadsAsOneOf:
    @pytest.mark.parametrize(
        ("name", "other"),
        [
            ("Ada Lovelace", "Ada Lovelace"),
            ("ada LOVELACE", "Ada Lovelace"),
            ("Ada  Lovelace.", "Ada Lovelace"),
            ("AdaLovelace", "Ada Lovelace"),
            ("A.d.a", "Ada"),
            ("Àdá", "Ada"),
            ("Jose", "José"),
            ("\uff21\uff44\uff41", "Ada"),
            ("Straße", "STRASSE"),
            # All in Cyrillic, as small letters and as capitals.
            ("\u0421\u043e\u0440\u0430", "Copa"),
            ("\u0421\u0410\u041d\u0410\u0422", "Cahat"),
            ("\u0405\u0441\u043e\u0440\u0435", "Scope"),
            # All in Greek.
            ("\u039d\u0399\u039d\u0391", "Nina"),
            ("\u03b1\u03b7\u03b7\u03b1", "Anna"),
            ("\u0397\u0391\u039d\u039d\u0391", "Hanna"),
            ("\u0397λίας", "\u03b7λίας"),
            ("Гена", "гЕНА"),
            ("d\u0131na", "Dina"),
        ],
    )
    def test_is_true_where_one_could_be_taken_for_the_other(self, name, other):
        assert reads_as_one_of(name, ["Somebody else", other])
        assert reads_as_one_of(other, [name])

    @pytest.mark.parametrize(
        ("name", "other"),
        [("Ada", "Ida"), ("Ada", "Ada Lovelace"), ("Иван", "Ivan"), ("कि", "का"), ("🙂", "🙁"), ("李白", "李黑")],
    )
    def test_is_false_where_nobody_would(self, name, other):
        assert not reads_as_one_of(name, [other])

    def test_is_false_of_nobody(self):
        assert not reads_as_one_of("Ada", [])

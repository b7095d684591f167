import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.anchoring.difference import Change, Piece, difference

OLD, NEW = "A male sings for minutes without a pause.", "A male sings for many hours without a pause."


def told(old, new):
    signs = {Change.EQUAL: "{}", Change.DELETED: "[-{}-]", Change.INSERTED: "[+{}+]"}
    return "".join(signs[piece.change].format(piece.text) for piece in difference(old, new))


class TestDifference:
    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            (OLD, NEW, "A male sings for [-minutes-][+many hours+] without a pause."),
            (OLD, OLD, OLD),
            ("gone", "", "[-gone-]"),
            ("", "here", "[+here+]"),
            ("", "", ""),
            ("one two three", "four five six", "[-one two three-][+four five six+]"),
            ("It is red.", "It is red, and blue.", "It is red[+, and blue+]."),
        ],
    )
    def test_shows_words_that_went_before_those_that_came(self, old, new, expected):
        assert told(old, new) == expected

    def test_shows_what_is_too_much_to_compare_as_replaced(self):
        old, new = "a " * 3_000, "b " * 3_000
        assert difference(old, new) == [Piece(Change.DELETED, old), Piece(Change.INSERTED, new)]

    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            ("wave 🇩🇪 now", "wave 🇩🇰 now", "wave [-🇩🇪-][+🇩🇰+] now"),
            ("🇩🇪🇫🇷🇮🇹", "🇩🇪🇪🇸🇮🇹", "🇩🇪[-🇫🇷-][+🇪🇸+]🇮🇹"),
            ("👍🏽 up", "👍🏿 up", "[-👍🏽-][+👍🏿+] up"),
            ("the 👨‍👩‍👧‍👦 walk", "the 👨‍👩‍👧 walk", "the [-👨‍👩‍👧‍👦-][+👨‍👩‍👧+] walk"),
            ("नमस्ते दुनिया", "नमस्कार दुनिया", "[-नमस्ते-][+नमस्कार+] दुनिया"),
            ("รุ่งสาง", "รู่งสาง", "[-รุ่-][+รู่+]งสาง"),
            ("小鸟在黎明歌唱", "小鸟在黄昏歌唱", "小鸟在[-黎明-][+黄昏+]歌唱"),
            ("you can't fix", "you can’t fix", "you [-can't-][+can’t+] fix"),
        ],
    )
    def test_cuts_no_emoji_flag_or_accent_and_tells_words_apart_where_there_are_no_spaces(self, old, new, expected):
        assert told(old, new) == expected

    @given(st.text("ab .\n🇩🇪👩\u200d\u0301字", max_size=60), st.text("ab .\n🇩🇪👩\u200d\u0301字", max_size=60))
    def test_holds_both_texts(self, old, new):
        pieces = difference(old, new)
        assert "".join(piece.text for piece in pieces if piece.change != Change.INSERTED) == old
        assert "".join(piece.text for piece in pieces if piece.change != Change.DELETED) == new
        assert all(piece.text for piece in pieces)

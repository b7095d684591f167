import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.anchoring import Context, Span
from comments.anchoring.clusters import whole
from comments.anchoring.suggesting import Suggester, Suggestion, suggest

LARKS = (
    "Larks rise early.\n"
    "Song\n"
    "A male sings for many minutes and hardly makes a pause. Nobody knows how he breathes.\n"
    "Nest\n"
    "The nest lies in the open field. A second brood follows in June."
)
QUOTE = "sings for minutes without a pause"


def words(text: str, exact: str, prefix: str = "", suffix: str = "") -> list[str]:
    return [text[one.start : one.end] for one in suggest(text, exact, Context(prefix, suffix))]


class TestSuggest:
    def test_finds_a_passage_that_was_rewritten(self):
        assert words(LARKS, QUOTE) == ["sings for many minutes and hardly makes a pause"]

    def test_finds_one_that_stands_as_it_did(self):
        (found,) = suggest(LARKS, "in the open field", Context())
        assert found == Suggestion(LARKS.index("in the open"), LARKS.index(". A second"), 1.0)

    def test_finds_one_whose_words_stand_in_another_order(self):
        text = LARKS.replace("The nest lies in the open field", "A nest lies in a field that is open to the sky")
        assert words(text, "The nest lies in the open field") == ["nest lies in a field that is open to the"]

    def test_finds_one_in_other_forms_of_its_words(self):
        assert words(LARKS, "Broods following the second") == ["second brood follows"]

    def test_scores_another_order_and_other_forms_less(self):
        texts = ("owls breathing deeply", "deeply breathing owls", "owls breathe deeply")
        scores = [suggest(text, "owls breathing deeply", Context())[0].score for text in texts]
        assert scores == [1.0, 0.8667, 0.9333]

    def test_gives_nothing_for_a_word_or_two_unless_they_are_all_of_it(self):
        assert words(LARKS, "a pause for food") == []
        assert words(LARKS, "a pause") == ["a pause"]

    def test_gives_more_where_what_stands_around_it_is_there(self):
        assert words(LARKS, "a pause for food", "many minutes and hardly makes ", "Nobody knows") == ["a pause"]

    def test_leaves_the_words_of_another_line_out(self):
        text = "Type a whole number.\nEnter a date.\nEnter a text."
        assert words(text, "Enter a whole number")[0] == "a whole number"

    def test_gives_places_that_do_not_overlap(self):
        text = "Owls hunt by night.\nMice hunt owls hunt mice.\nBy night owls."
        found = sorted((one.start, one.end) for one in suggest(text, "owls hunt mice by night", Context()))
        assert len(found) > 1
        assert all(one[1] <= other[0] for one, other in zip(found, found[1:], strict=False))

    def test_finds_nothing_where_the_words_are_gone(self):
        assert words(LARKS, "Deceptive alignment is an unsolved problem", "Larks rise early.", "Song") == []

    def test_takes_no_place_for_what_stands_around_it(self):
        assert (
            words("Before it. Something else entirely. After it.", "Quite lost", "Before it. ", ". After it.") == []
        )

    @pytest.mark.parametrize(
        "exact", ["It lies in the shade of the tall hedges at noon", "A second clutch of brown eggs hatches in June"]
    )
    def test_takes_no_place_for_less_than_half_of_it(self, exact):
        assert words(LARKS, exact) == []

    def test_puts_the_most_alike_first_and_gives_three_at_most(self):
        text = "Old owls hunt brown mice.\nOld owls hunt no mice in rain.\nOld owls hunt mice.\nOwls hunt the mice."
        found = suggest(text, "old owls hunt mice", Context())
        assert text[found[0].start : found[0].end] == "Old owls hunt mice"
        assert found[0].score == 1.0
        assert len(found) == 3

    def test_tells_like_places_apart_by_what_stands_around_them(self):
        text = "Robins sing at dawn in spring. Wrens sing at dusk. Larks sing at dawn all summer."
        found = words(text, "sing at dawn", "Larks ", " all summer")
        assert found == ["sing at dawn", "sing at dawn"]
        assert suggest(text, "sing at dawn", Context("Larks ", " all summer"))[0].start == text.rindex("sing at dawn")

    def test_gives_none_of_many_that_are_all_alike(self):
        assert words("The sun is up. " * 50, "The sun") == []

    @pytest.mark.parametrize(
        ("text", "exact", "found"),
        [
            ("云雀很早起飞。雄鸟在草地上空不停地歌唱数分钟。", "雄鸟在空中不停地歌唱", "雄鸟在草地上空不停地歌唱"),
            ("الطيور الصغيرة تغني عند الفجر دائما", "الطيور تغني عند الفجر", "الطيور الصغيرة تغني عند الفجر"),
            ("Жаворонки поют на рассвете долго. Совы спят.", "поют долго на рассвете", "поют на рассвете долго"),
            ("नर बिना रुके कई मिनट तक गाता है।", "नर कई मिनट तक गाता है", "कई मिनट तक गाता है"),
            ("Good: \U0001f469\u200d\U0001f680 launches again", "\U0001f469\u200d\U0001f680 launches", "launches"),
        ],
    )
    def test_reads_other_scripts(self, text, exact, found):
        assert words(text, exact) == [found]

    def test_stays_within_a_section(self):
        text = "owls hunt mice\nby moonlit night"
        sections = [Span(0, 14), Span(15, len(text))]
        quote = "owls hunt mice by moonlit night"
        found = Suggester(text, sections).suggest(quote, Context())
        assert [text[one.start : one.end] for one in found] == ["owls hunt mice", "by moonlit night"]
        assert words(text, quote) == [text]

    @pytest.mark.parametrize("exact", ["", "   ", "?!…", "\n", "x" * 5_001])
    def test_finds_nothing_for_what_says_nothing(self, exact):
        assert suggest(LARKS + exact, exact, Context()) == []

    def test_finds_nothing_in_an_empty_text(self):
        assert suggest("", QUOTE, Context("A male ", ".")) == []


ALPHABET = st.text(
    st.sampled_from("ab é\u0301\u200d\U0001f469\U0001f680\U0001f3fd\U0001f1e9\U0001f1ea雀ก\n.-_'"), max_size=80
)


@given(ALPHABET, ALPHABET, ALPHABET, ALPHABET)
def test_every_place_is_in_the_text_and_the_same_each_time(text, exact, prefix, suffix):
    found = suggest(text, exact, Context(prefix, suffix))
    assert found == suggest(text, exact, Context(prefix, suffix))
    assert len(found) <= 3
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    for one in found:
        assert 0 <= one.start < one.end <= len(text)
        assert 0 < one.score <= 1
        assert whole(text, Span(one.start, one.end)) == (one.start, one.end)


@given(st.text(max_size=200), st.data())
def test_any_text_is_looked_at_without_failing(text, data):
    start = data.draw(st.integers(0, len(text)))
    suggest(text, text[start : start + 40], Context(text[max(0, start - 32) : start], ""))


class TestWhole:
    @pytest.mark.parametrize(
        ("text", "span", "found"),
        [
            ("\U0001f469\u200d\U0001f680 up", (2, 3), (0, 3)),
            ("\U0001f44d\U0001f3fd", (0, 1), (0, 2)),
            ("\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7", (2, 3), (2, 4)),
            ("e\u0301a", (0, 1), (0, 2)),
            ("plain", (1, 3), (1, 3)),
        ],
    )
    def test_widens_to_what_is_read_as_one_character(self, text, span, found):
        assert whole(text, Span(*span)) == found

import pytest

from comments.anchoring import AmbiguousQuote, Context, QuoteNotFound, Span, context_of, locate
from comments.anchoring.quotes import MAX_OCCURRENCES, agreement, occurrences

RHYME = "One bird sings. Two birds sing. One bird rests."


class TestContextOf:
    def test_gives_32_code_points_on_each_side(self):
        text = "😀" * 40 + "here" + "中" * 40
        assert context_of(text, Span(40, 44)) == Context("😀" * 32, "中" * 32)

    @pytest.mark.parametrize(
        ("span", "expected"),
        [(Span(0, 2), Context("", "cd")), (Span(2, 4), Context("ab", "")), (Span(0, 4), Context("", ""))],
    )
    def test_gives_what_there_is_when_the_text_ends(self, span, expected):
        assert context_of("abcd", span) == expected


class TestContext:
    @pytest.mark.parametrize(
        ("prefix", "before"),
        [
            ("", ""),
            ("One bird sings. ", "One bird sings. "),
            ("onduct from a performance of it ", "…from a performance of it "),
            (" conduct at a performance of it ", "… conduct at a performance of it "),
            ("鳥" * 32, "…" + "鳥" * 32),
            ("bid as they do.\nTheir song\nA male ", "A male "),
        ],
    )
    def test_is_read_from_a_whole_word_on(self, prefix, before):
        assert Context(prefix=prefix).before == before

    @pytest.mark.parametrize(
        ("suffix", "behind"),
        [
            ("", ""),
            (" and rests.", " and rests."),
            (". Goals that fit by accident: Tw", ". Goals that fit by accident:…"),
            (". Goals that fit by accidents of ", ". Goals that fit by accidents of …"),
            ("鳥" * 32, "鳥" * 32 + "…"),
            (" he sings.\nTheir nests\nMost of t", " he sings."),
        ],
    )
    def test_is_read_to_the_end_of_a_word(self, suffix, behind):
        assert Context(suffix=suffix).behind == behind


class TestOccurrences:
    @pytest.mark.parametrize(
        ("text", "exact", "starts"),
        [
            ("", "a", []),
            ("aaa", "", []),
            ("abcab", "ab", [0, 3]),
            ("aaaa", "aa", [0, 1, 2]),
            ("😀a😀", "😀", [0, 2]),
            ("ab", "abc", []),
        ],
    )
    def test_gives_every_start_in_code_points(self, text, exact, starts):
        assert occurrences(text, exact) == starts

    def test_stops_when_there_are_too_many(self):
        assert occurrences("a" * 5000, "a") == list(range(MAX_OCCURRENCES + 1))


class TestAgreement:
    def test_counts_outwards_from_the_span_until_the_first_difference(self):
        assert agreement("xyABCvw", Span(2, 5), Context("zy", "vz")) == 2

    def test_is_nothing_when_there_is_no_context(self):
        assert agreement("xyABCvw", Span(2, 5), Context("", "")) == 0

    def test_ends_with_the_text_when_the_context_is_longer(self):
        assert agreement("yABC", Span(1, 4), Context("..y", "...")) == 1


class TestLocate:
    def test_finds_a_quote_that_stands_once(self):
        assert locate(RHYME, "Two birds", Context()) == Span(16, 25)

    def test_finds_a_quote_that_stands_once_when_its_context_is_another(self):
        assert locate(RHYME, "Two birds", Context("never ", " ever")) == Span(16, 25)

    @pytest.mark.parametrize(
        ("exact", "span"), [("One bird sings", Span(0, 14)), ("rests.", Span(41, 47)), (RHYME, Span(0, 47))]
    )
    def test_finds_a_quote_at_the_start_and_the_end_of_the_text(self, exact, span):
        assert locate(RHYME, exact, Context()) == span

    @pytest.mark.parametrize(
        ("context", "span"),
        [
            (Context("", " sings."), Span(0, 8)),
            (Context("", " rests."), Span(32, 40)),
            (Context("sing. ", ""), Span(32, 40)),
            (Context("Two birds sing. ", " rests."), Span(32, 40)),
        ],
    )
    def test_chooses_by_context_when_a_quote_stands_twice(self, context, span):
        assert locate(RHYME, "One bird", context) == span

    @pytest.mark.parametrize(
        "context", [Context(), Context("", " "), Context("x", "y"), Context("far away ", " flies.")]
    )
    def test_refuses_when_the_context_does_not_tell(self, context):
        with pytest.raises(AmbiguousQuote) as caught:
            locate(RHYME, "One bird", context)
        assert caught.value.count == 2

    def test_refuses_when_two_places_have_the_same_context(self):
        with pytest.raises(AmbiguousQuote) as caught:
            locate("So it goes. So it goes. So it goes.", "it", Context("So ", " goes."))
        assert caught.value.count == 3

    @pytest.mark.parametrize(("text", "exact"), [(RHYME, "three birds"), ("", "a"), (RHYME, ""), (RHYME, "one bird")])
    def test_refuses_when_the_quote_is_not_there(self, text, exact):
        with pytest.raises(QuoteNotFound):
            locate(text, exact, Context())

    @pytest.mark.parametrize(
        ("text", "exact", "span"),
        [
            ("👩‍👩‍👧‍👦 and 👍🏽 agree", "👍🏽", Span(12, 14)),
            ("العصافير تغني عند الفجر", "تغني", Span(9, 13)),
            ("小鸟在黎明时歌唱", "黎明", Span(3, 5)),
            ("a\N{NO-BREAK SPACE}b c", "b c", Span(2, 5)),
        ],
    )
    def test_counts_code_points_in_every_script(self, text, exact, span):
        assert locate(text, exact, Context()) == span
        assert text[span.start : span.end] == exact

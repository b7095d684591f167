import subprocess
import sys
from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.anchoring import Placement, Span, Status, carry

LEAD = "Skylarks rise before the sun does, and their song carries over the whole valley."
SONG = "A male sings for minutes without a pause. Nobody knows how he breathes."
NEST = "The nest lies in the open field, hidden by nothing but grass."
TEXT = "\n".join([LEAD, SONG, NEST])
# Longer than any context, and like nothing else here.
NEWS = "Twelve farmers of the county agreed last week to mow their meadows later in the year."


def at(text, exact, nth=0):
    start = -1
    for _ in range(nth + 1):
        start = text.index(exact, start + 1)
    return Span(start, start + len(exact))


def carry_one(old, new, span):
    (placement,) = carry(old, new, [span])
    return placement


def lands_on(span, status=Status.KEPT):
    """What is expected of a passage that is found, whichever step found it."""
    return (span.start, span.end, status, 1.0)


def short(placement):
    return astuple(placement)[:4]


ORPHANED = (None, None, Status.ORPHANED, 0.0)


class TestCarryKept:
    def test_keeps_every_place_when_the_text_is_the_same(self):
        spans = [Span(0, 1), Span(0, len(TEXT)), Span(len(TEXT) - 1, len(TEXT))]
        assert carry(TEXT, TEXT, spans) == [
            Placement(span.start, span.end, Status.KEPT, 1.0, "same text") for span in spans
        ]

    def test_gives_nothing_when_nothing_is_asked(self):
        assert carry(TEXT, "", []) == []

    @pytest.mark.parametrize("exact", ["Skylarks", "song carries", "without a pause", "grass.", SONG, "the"])
    def test_follows_when_text_is_put_before(self, exact):
        new, by, span = f"{NEWS}\n{TEXT}", len(NEWS) + 1, at(TEXT, exact)
        assert short(carry_one(TEXT, new, span)) == lands_on(Span(span.start + by, span.end + by))

    @pytest.mark.parametrize("exact", ["Skylarks", "song carries", "without a pause", "grass.", SONG, "the"])
    def test_stays_when_text_is_put_after(self, exact):
        new = f"{TEXT}\n{NEWS}"
        assert short(carry_one(TEXT, new, at(TEXT, exact))) == lands_on(at(TEXT, exact))

    @pytest.mark.parametrize("exact", ["the whole valley", "for minutes"])
    def test_stays_when_one_side_of_it_is_rewritten(self, exact):
        span = at(TEXT, exact)
        after, before = f"{TEXT[: span.end]} ({NEWS})", f"{NEWS} ({TEXT[span.start :]}"
        assert short(carry_one(TEXT, after, span)) == lands_on(span)
        assert short(carry_one(TEXT, before, span)) == lands_on(at(before, exact))

    def test_follows_when_its_paragraph_goes_elsewhere_with_it(self):
        new = "\n".join([SONG, LEAD, NEST])
        exact = "Nobody knows how"
        assert short(carry_one(TEXT, new, at(TEXT, exact))) == lands_on(at(new, exact))

    @pytest.mark.parametrize("nth", [0, 1, 2])
    def test_keeps_its_rank_when_words_and_neighbours_repeat(self, nth):
        verse = "Sing, lark, sing, the morning is young and the sky is wide. "
        old, new = verse * 3, f"{NEWS} {verse * 3}"
        assert short(carry_one(old, new, at(old, "lark", nth))) == lands_on(at(new, "lark", nth))

    @pytest.mark.parametrize(
        ("text", "exact"),
        [
            ("Before 👩‍👩‍👧‍👦 came 👍🏽 and sat down to look at the birds of the field.", "👍🏽 and sat"),
            ("القبرة تغني قبل شروق الشمس ويسمع صوتها في الوادي كله كل صباح من أيام الربيع", "شروق الشمس"),
            (
                "云雀在太阳升起之前就开始歌唱,它的歌声传遍整个山谷,每一个春天的早晨都是如此,农民们都喜欢听。",
                "传遍整个山谷",
            ),
        ],
    )
    def test_counts_code_points_in_every_script(self, text, exact):
        new = f"😀😀 {text}"
        assert short(carry_one(text, new, at(text, exact))) == lands_on(at(new, exact))


class TestCarryMoved:
    def test_follows_telling_words_when_they_stand_alone_elsewhere(self):
        exact = "how he breathes. "
        old = f"{SONG} {NEST}"
        new = f"{NEWS} {exact}{NEWS}"
        assert short(carry_one(old, new, at(old, exact))) == lands_on(at(new, exact), Status.MOVED)

    def test_orphans_common_words_when_they_stand_elsewhere(self):
        new = f"{NEWS} A male came. {NEWS}"
        assert short(carry_one(TEXT, new, at(TEXT, "A male"))) == ORPHANED

    def test_orphans_telling_words_when_they_stand_twice_elsewhere(self):
        exact = "hidden by nothing but grass"
        new = f"{NEWS} So {exact}? {NEWS} Or {exact}! {NEWS}"
        assert short(carry_one(TEXT, new, at(TEXT, exact))) == ORPHANED


class TestCarryOrphaned:
    @pytest.mark.parametrize("exact", [LEAD, SONG, NEST, "the", "Nobody"])
    def test_orphans_when_the_words_are_gone(self, exact):
        assert short(carry_one(TEXT, "Other words.", at(TEXT, exact))) == ORPHANED

    @pytest.mark.parametrize("exact", [TEXT, "S", "grass."])
    def test_orphans_when_the_text_is_gone(self, exact):
        assert short(carry_one(TEXT, "", at(TEXT, exact))) == ORPHANED

    def test_orphans_when_a_word_of_it_changed(self):
        new = TEXT.replace("minutes", "hours")
        assert short(carry_one(TEXT, new, at(TEXT, "sings for minutes without"))) == ORPHANED

    def test_orphans_a_deleted_passage_when_the_same_words_stand_elsewhere(self):
        old = f"{LEAD} The field is wide and quiet. {NEWS} The field is wide and quiet. {NEST}"
        new = f"{LEAD} {NEWS} The field is wide and quiet. {NEST}"
        assert short(carry_one(old, new, at(old, "The field is wide and quiet."))) == ORPHANED

    # The twin shares one whole side of the context, so it would vouch for the lost one.
    def test_orphans_a_deleted_passage_when_its_twin_has_the_same_words_before(self):
        stem = "When the frost lets go in early March "
        old = f"{LEAD} {stem}the larks return to the plain. {NEWS} {stem}the larks return with the rain. {NEST}"
        new = f"{LEAD} {NEWS} {stem}the larks return with the rain. {NEST}"
        assert short(carry_one(old, new, at(old, "the larks return"))) == ORPHANED

    def test_orphans_a_deleted_passage_when_its_twin_has_the_same_words_after(self):
        tail = " and nobody in the valley was surprised."
        old = f"{LEAD} In May the larks left{tail} {NEWS} One June the larks left{tail} {NEST}"
        new = f"{LEAD} {NEWS} One June the larks left{tail} {NEST}"
        assert short(carry_one(old, new, at(old, "the larks left"))) == ORPHANED

    def test_keeps_the_twin_that_stands_when_the_other_is_deleted(self):
        stem = "When the frost lets go in early March "
        old = f"{LEAD} {stem}the larks return to the plain. {NEWS} {stem}the larks return with the rain. {NEST}"
        new = f"{LEAD} {NEWS} {stem}the larks return with the rain. {NEST}"
        span = at(old, "the larks return", 1)
        assert short(carry_one(old, new, span)) == lands_on(at(new, "the larks return"))

    # Word for word the same paragraph, context and all: nobody can tell which of the two is gone.
    @pytest.mark.parametrize("nth", [0, 1])
    def test_orphans_when_one_of_two_equal_paragraphs_is_deleted(self, nth):
        paragraph = "Refrain of the day: the larks are back, the frost is gone, and the grass is up again."
        old, new = "\n".join([paragraph, NEWS, paragraph]), "\n".join([NEWS, paragraph])
        assert short(carry_one(old, new, at(old, "the frost is gone", nth))) == ORPHANED

    # Ranks are only known where all places are counted.
    def test_orphans_what_stands_more_often_than_is_counted(self):
        row = "the same row of a long list of rows that are all alike to the letter"
        old, new = "\n".join([row] * 1500), "\n".join([row] * 1501)
        assert short(carry_one(old, new, at(old, "long list", 500))) == ORPHANED

    # The passage is the whole text, so it has no context that could tell the two apart.
    def test_orphans_a_whole_text_when_it_stands_twice_in_the_new_one(self):
        assert short(carry_one("Hello there.", "Hello there. I said: Hello there.", Span(0, 12))) == ORPHANED

    def test_orphans_a_short_whole_text_when_it_is_only_a_part_of_a_word(self):
        assert short(carry_one("art", "A new start for all of us.", Span(0, 3))) == ORPHANED


class TestCarryRefusals:
    @pytest.mark.parametrize(
        "span", [Span(0, 0), Span(3, 3), Span(4, 2), Span(-1, 2), Span(0, 6), Span(5, 6), Span(9, 12)]
    )
    @pytest.mark.parametrize("new", ["abcde", "other"])
    def test_refuses_a_span_that_holds_nothing_or_is_out_of_range(self, span, new):
        with pytest.raises(ValueError, match="passage"):
            carry("abcde", new, [span])

    def test_refuses_all_when_one_is_wrong(self):
        with pytest.raises(ValueError, match="passage"):
            carry("abcde", "abcde", [Span(0, 1), Span(0, 9)])


# Few letters, so that words repeat and rivals meet.
dense = st.text("ab \n", max_size=80)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


@st.composite
def cases(draw, texts=dense):
    """An old text that is not empty, a new one, and passages of the old."""
    old, new = draw(texts.filter(bool)), draw(texts)
    ends = st.tuples(st.integers(0, len(old)), st.integers(0, len(old))).filter(lambda pair: pair[0] != pair[1])
    spans = draw(st.lists(ends, min_size=1, max_size=6))
    return old, new, [Span(min(pair), max(pair)) for pair in spans]


class TestCarryProperties:
    @given(cases(texts))
    def test_keeps_everything_when_nothing_changed(self, case):
        old, _new, spans = case
        assert [short(p) for p in carry(old, old, spans)] == [lands_on(span) for span in spans]

    @given(cases(), st.randoms(use_true_random=False))
    def test_answers_each_span_alone_whatever_the_order(self, case, random):
        old, new, spans = case
        order = random.sample(range(len(spans)), len(spans))
        alone = [carry_one(old, new, spans[index]) for index in order]
        assert carry(old, new, [spans[index] for index in order]) == alone

    @given(cases())
    def test_gives_the_same_twice(self, case):
        assert carry(*case) == carry(*case)

    @given(cases())
    def test_places_only_where_the_very_words_stand(self, case):
        old, new, spans = case
        for span, place in zip(spans, carry(old, new, spans), strict=True):
            found = None if place.start is None else new[place.start : place.end]
            assert found in (None, old[span.start : span.end])
            assert (place.start is None) == (place.end is None) == (place.status == Status.ORPHANED)

    @given(cases(texts))
    def test_never_places_out_of_range(self, case):
        old, new, spans = case
        places = [p for p in carry(old, new, spans) if p.start is not None]
        assert all(0 <= p.start < p.end <= len(new) for p in places)
        assert all(0 <= p.score <= 1 for p in carry(old, new, spans))

    @given(cases(), st.text("xyz", max_size=80))
    def test_orphans_everything_when_the_texts_share_no_letter(self, case, other):
        old, _new, spans = case
        assert [short(p) for p in carry(old, other, spans)] == [ORPHANED] * len(spans)

    @given(st.text("ab .", min_size=1, max_size=60), st.data())
    def test_orphans_a_deleted_passage_whatever_else_stands(self, around, data):
        """The passage stands twice at least; the one that is asked for goes, with its whole line."""
        line = data.draw(st.text("ab ", min_size=1, max_size=40))
        start = data.draw(st.integers(0, len(line) - 1))
        end = data.draw(st.integers(start + 1, len(line)))
        old = f"{around}\n{NEWS}\n{line}\n{NEWS}\n{line}"
        new = f"{around}\n{NEWS}\n{NEWS}\n{line}"
        lost = old.index(f"\n{line}\n{NEWS}\n{line}", len(around)) + 1
        place = carry_one(old, new, Span(lost + start, lost + end))
        assert short(place) == ORPHANED


class TestImport:
    def test_works_without_django_when_it_is_not_configured(self):
        code = (
            "import sys; from comments.anchoring import Span, carry; "
            "print(carry('ab cd', 'ab cd', [Span(3, 5)])[0].status, 'django' in sys.modules)"
        )
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True)  # noqa: S603
        assert (done.stdout, done.stderr) == ("kept False\n", "")

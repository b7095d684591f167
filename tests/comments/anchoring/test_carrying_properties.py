"""What holds of carrying whatever the texts are."""

from hypothesis import assume, given
from hypothesis import strategies as st

from comments.anchoring import Span, Status, carry
from tests.comments.anchoring.test_carrying import LEAD, NEST, NEWS, ORPHANED, SONG, at, carry_one, lands_on, short

# Few letters, so that words repeat and rivals meet.
dense = st.text("ab. \n", max_size=80)
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
    def test_says_kept_or_moved_only_where_the_very_words_stand(self, case):
        old, new, spans = case
        for span, place in zip(spans, carry(old, new, spans), strict=True):
            if place.status in (Status.KEPT, Status.MOVED):
                assert new[place.start : place.end] == old[span.start : span.end]
            assert (place.start is None) == (place.end is None) == (place.status == Status.ORPHANED)

    @given(st.permutations([LEAD, SONG, NEST, NEWS]), st.data())
    def test_keeps_all_that_is_inside_a_block_that_moved(self, blocks, data):
        old, new = "\n".join([LEAD, SONG, NEST, NEWS]), "\n".join(blocks)
        block = data.draw(st.sampled_from(blocks))
        # With a space at each end at most, and long enough without.
        start = data.draw(st.integers(0, len(block) - 18))
        end = data.draw(st.integers(start + 18, len(block)))
        exact = block[start:end].strip()
        assume(old.count(exact) == 1)
        assert short(carry_one(old, new, at(old, exact)))[:2] == (at(new, exact).start, at(new, exact).end)

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

"""A sentence stays whole, and takes in no other, where it was edited and sentences beside it came or went."""

import pytest

from comments.anchoring import Span, Status, carry
from tests.cost import takes_at_most

# Longer than any context.
REST = " Later in the day the harbour filled with boats from all the villages along the coast."


def carried(old, new, was):
    """The words that a passage is on now, and its status."""
    start = old.index(was)
    (found,) = carry(old, new, [Span(start, start + len(was))])
    assert found.start is not None
    return new[found.start : found.end], found.status


class TestEnd:
    """… of a sentence, behind which another was put in, and taken out."""

    @pytest.mark.parametrize(("old", "new", "was", "now"), [
        ("The sea was very calm.", "The water was very calm.", "very calm.", "very calm."),
        ("The wind came from the north.", "The wind came from the south.", "from the north.", "from the south."),
        ("The wind came from the north.", "The wind came from the south.", "from the north", "from the south"),
        ("It was a calm, cold sea.", "It was a calm sea.", "a calm, cold sea.", "a calm sea."),
        ("It was cold and wet.", "It was cold.", "was cold and wet.", "was cold."),
        ("It was cold.", "It was cold and wet.", "was cold.", "was cold and wet."),
        ('He said "the north."', 'He said "the south."', 'said "the north."', 'said "the south."'),
        ("Er sagte „nach Norden.“", "Er sagte „nach Süden.“", "sagte „nach Norden.“", "sagte „nach Süden.“"),
        ("Is it a calm sea?", "Is it a calm lake?", "a calm sea?", "a calm lake?"),
    ])  # fmt: skip
    def test_stands_where_it_stood(self, old, new, was, now):
        sign = old[-1] if old[-1] in ".?" else old[-2:]
        more = f" Nobody had been on the water since the morning{sign}"
        assert carried(old + REST, new + more + REST, was)[0] == now
        assert carried(old + more + REST, new + REST, was)[0] == now

    def test_of_one_that_is_the_same_is_kept(self):
        old = f"The sea was very calm. The boats lay still.{REST}"
        new = f"The water was very calm. The boats lay still. Nobody rowed.{REST}"
        assert carried(old, new, "The boats lay still.") == ("The boats lay still.", Status.KEPT)
        assert carried(new, old, "The boats lay still.") == ("The boats lay still.", Status.KEPT)

    def test_stands_before_a_full_width_sign_without_a_space(self):
        old = "海很平静，风从北方来。然后来了一艘船，船上没有人。"
        new = "海很平静，风从南方来。守夜人什么也没说。然后来了一艘船，船上没有人。"
        assert carried(old, new, "风从北方来。")[0] == "风从南方来。"
        assert carried(new, old, "风从南方来。")[0] == "风从北方来。"

    def test_stands_before_a_block_that_was_put_in(self):
        old = f"The wind came from the north.\n{REST}"
        new = f"The wind came from the south.\nNobody had been on the water.\n{REST}"
        assert carried(old, new, "from the north.")[0] == "from the south."

    def test_is_no_point_within_a_word(self):
        old = f"Install version 2.1 before noon.{REST}"
        new = f"Install release 3.4 and version 2.1 before noon.{REST}"
        assert carried(old, new, "version 2.1 before noon.") == ("version 2.1 before noon.", Status.KEPT)

    def test_of_two_that_were_written_anew_is_the_last_one(self):
        old = f"All of it may be no more than the limit of 18,000. That is per year.{REST}"
        new = f"All of it may be no more than the limit. It counts per month.{REST}"
        assert carried(old, new, "no more than the limit of 18,000. That is per year.")[0] == (
            "no more than the limit. It counts per month."
        )


class TestBeginning:
    """… of a sentence, before which another was put in, and taken out."""

    @pytest.mark.parametrize(("old", "new", "was", "now"), [
        ("The wind came from the north.", "A wind came from the north.", "The wind came", "A wind came"),
        ("The wind came from the north.", "Wind came from the north.", "The wind came", "Wind came"),
        ("The wind came from the north.", "The wind came from the north.", "The wind came", "The wind came"),
        ("This is why the sea was calm.", "This is why the lake was calm.", "This is why", "This is why"),
        ("The wind came from the north.", "The storm came from the north.", "The wind came", "The storm came"),
    ])  # fmt: skip
    def test_stands_where_it_stood(self, old, new, was, now):
        lead = "Some boats lay in the harbour. "
        for more in ("It had rained for days. ", "The keeper slept. ", "This was in May. "):
            assert carried(lead + old + REST, lead + more + new + REST, was)[0] == now
            assert carried(lead + more + old + REST, lead + new + REST, was)[0] == now

    def test_is_that_of_the_line_which_stayed(self):
        line = "Complete the form for access, without the second page."
        old = f"How it is done\nComplete the form for access\n{line}\n{REST}"
        new = f"How it is done\n{line.replace('access', 'travel')}\n{REST}"
        start = old.index(line)
        (found,) = carry(old, new, [Span(start, start + len(line))])
        assert found[:3] == (15, 15 + len(line), Status.CHANGED)

    def test_is_not_looked_for_from_the_middle_of_a_sentence_on(self):
        old = f"In the harbour, early swallows fly over the water.{REST}"
        new = f"In the town it rains. Three fly over the water.{REST}"
        assert carried(old, new, "early swallows fly over the water.")[0] == "fly over the water."


class TestMoved:
    def test_takes_its_sign_along(self):
        one, other = "The boats lay still in the harbour until noon.", "Nobody rowed, as the water was far too cold."
        old, new = f"In May: {one} {other}{REST}", f"In May: {other} {one}{REST}"
        for was in (one, other):
            assert carried(old, new, was)[0] == was

    def test_takes_its_last_word_along(self):
        one = "Rust has another, more reliable way to break out of a loop."
        other = "Press a key to stop the program while it is in the loop."
        old, new = f"In May: {one} {other}{REST}", f"In May: {other} {one}{REST}"
        for was in (one, other):
            assert carried(old, new, was)[0] == was

    @pytest.mark.parametrize(("before", "then", "sign"), [
        ("noon", "night", "."), ("noon", "the night", "."), ("noon", "night", "?"), ("noon", "night", ".\u201d"),
    ])  # fmt: skip
    def test_takes_along_what_replaced_its_last_word(self, before, then, sign):
        was, now = (f"All of the boats lay still in the harbour until {until}{sign}" for until in (before, then))
        other, another = (f"Nobody rowed, as the water was far too cold for {whom}." for whom in ("us", "children"))
        old, new = f"It was in May. {other} {was}{REST}", f"It was in May. {now} {another}{REST}"
        assert carried(old, new, was) == (now, Status.CHANGED)

    @pytest.mark.parametrize(("was", "now"), [
        ("The boolean type is told by bool.", "The boolean type is written by bool."),
        ("Most of the boats lay still until noon.", "Most of the boats waited still until noon."),
    ])  # fmt: skip
    def test_is_found_where_it_was_edited_too(self, was, now):
        other = "Nobody rowed, as the water was far too cold for anybody."
        old, new = f"It was in May. {was} {other}{REST}", f"It was in May. {other}{REST} {now}"
        assert carried(old, new, was) == (now, Status.CHANGED)

    def test_is_not_found_in_one_of_two_that_are_as_like_it(self):
        was = "Most of the boats lay still until noon."
        other = "Nobody rowed, as the water was far too cold for anybody."
        new = f"{other}{REST} Most of the boats waited still until noon. Most of the boats slept still until noon."
        (found,) = carry(f"{was} {other}{REST}", new, [Span(0, len(was))])
        assert found.status in (Status.UNCERTAIN, Status.ORPHANED)


class TestTwo:
    """… sentences, between which others were put in."""

    FIRST, SECOND = "The sea was very calm.", "Nobody was out."
    OTHERS = " ".join(f"In year {year} the harbour was rebuilt from the ground up by hands." for year in range(1, 8))

    def test_stay_one_passage_with_what_was_put_in(self):
        old, new = (f"At six it rained. {two}{REST}" for two in (
            f"{self.FIRST} {self.SECOND}", f"The water was very calm. {self.OTHERS} {self.SECOND}",
        ))  # fmt: skip
        was, now = f"{self.FIRST} {self.SECOND}", f"The water was very calm. {self.OTHERS} {self.SECOND}"
        assert carried(old, new, was) == (now, Status.CHANGED)

    def test_are_parted_by_what_stood_elsewhere(self):
        """It moved there: a passage does not take in others."""
        old = f"At six it rained. {self.FIRST} {self.SECOND}{REST}\n{self.OTHERS}"
        new = f"At six it rained. {self.FIRST} {self.OTHERS} {self.SECOND}{REST}"
        assert carried(old, new, f"{self.FIRST} {self.SECOND}") == (self.FIRST, Status.CHANGED)


def test_sentences_of_a_long_paragraph_take_no_longer_than_paragraphs():
    sentences = [
        f"In year {year} the {year * 7 % 31} boats of town {year * 11 % 97} lay still." for year in range(2000)
    ]
    old, new = " ".join(sentences), " ".join(sentences[::-2] + sentences[::2])
    spans = [Span(start, start + 25) for start in range(0, len(old) - 25, 50)]
    assert takes_at_most(2, lambda: carry(old, new, spans))


def test_rows_of_signs_take_no_longer_than_words():
    row = "a" + "." * 9999
    old, new = row * 10, row.replace("a", "b") * 10
    assert takes_at_most(2, lambda: carry(old, new, [Span(0, 20)]))

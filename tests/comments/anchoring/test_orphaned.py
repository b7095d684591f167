"""Passages whose words are gone, and others that resemble them."""

import pytest

from comments.anchoring import Span
from tests.comments.anchoring.test_carrying import (
    LEAD,
    NEST,
    NEWS,
    ORPHANED,
    SONG,
    TEXT,
    at,
    carry_one,
    lands_on,
    short,
)


def joined(*lists):
    """To join the lists of these names, in the words that all such lines have."""
    return [f"To join the list of {name} write to the office" for name in lists]


class TestCarryOrphaned:
    def test_orphans_a_line_of_a_shape_where_a_new_one_has_no_word_of_its_own(self):
        """Words that the text repeats do not make another line the same one."""
        one, *others = joined("the larks", "the owls", "the swifts")
        (fresh,) = joined("old moths and bats")
        old, new = "\n".join([LEAD, one, *others, NEST]), "\n".join([LEAD, *others, NEST, NEWS, fresh])
        assert short(carry_one(old, new, at(old, one))) == ORPHANED

    def test_follows_a_line_of_a_shape_that_keeps_a_word_of_its_own(self):
        one, *others = joined("the larks", "the owls", "the swifts")
        (fresh,) = joined("all of your larks")
        old, new = "\n".join([LEAD, one, *others, NEST]), "\n".join([LEAD, *others, NEST, NEWS, fresh])
        assert carry_one(old, new, at(old, one)).start == new.index(fresh)

    def test_orphans_words_that_stood_twice_when_they_stand_in_a_new_line(self):
        """Searched for, they are as like to those that went as to those that stand."""
        exact, one, other = "Seen in the year", "1904 by two boys near the mill.", "1911 at sea."
        old = "\n".join([LEAD, f"{exact} {one}", SONG, f"{exact} {other}", NEST, NEWS])
        new = "\n".join(
            [LEAD, SONG, f"{exact} {other}", NEST, NEWS, f"{exact} of the war, and then no more until today."]
        )
        assert short(carry_one(old, new, at(old, exact))) == ORPHANED

    @pytest.mark.parametrize("exact", [LEAD, SONG, NEST, "the", "Nobody"])
    def test_orphans_when_the_words_are_gone(self, exact):
        assert short(carry_one(TEXT, "Other words.", at(TEXT, exact))) == ORPHANED

    @pytest.mark.parametrize("exact", [TEXT, "S", "grass."])
    def test_orphans_when_the_text_is_gone(self, exact):
        assert short(carry_one(TEXT, "", at(TEXT, exact))) == ORPHANED

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

    # Word for word the same paragraph: what stands between them says which of the two is gone.
    def test_orphans_the_one_of_two_equal_paragraphs_that_was_deleted(self):
        paragraph = "Refrain of the day: the larks are back, the frost is gone, and the grass is up again."
        old, new = "\n".join([paragraph, NEWS, paragraph]), "\n".join([NEWS, paragraph])
        exact = "the frost is gone"
        assert short(carry_one(old, new, at(old, exact, 0))) == ORPHANED
        assert short(carry_one(old, new, at(old, exact, 1))) == lands_on(at(new, exact))

    def test_orphans_a_word_when_only_its_like_is_left(self):
        old = f"{LEAD} The nest is low. {NEWS} The song is loud."
        new = f"{LEAD} {NEWS} The song is loud."
        assert short(carry_one(old, new, at(old, "nest is"))) == ORPHANED

    def test_orphans_a_short_whole_text_when_it_is_only_a_part_of_a_word(self):
        assert short(carry_one("art", "A new start for all of us.", Span(0, 3))) == ORPHANED

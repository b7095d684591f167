import pytest

from comments.anchoring import Arrivals, Span

OLD = "Larks sing at dawn.\nOwls hunt at night, and nobody hears them.\nWrens nest."


def may_hold(new, passage, text=""):
    """Whether `passage` of `text` may have come with `new` in place of OLD."""
    text = text or passage
    return Arrivals(OLD, new).may_hold(text, Span(text.index(passage), text.index(passage) + len(passage)))


class TestMayHold:
    @pytest.mark.parametrize(
        "passage",
        ["Finches eat seeds all day", "finches EAT", "Finches eat\nseeds all day.", "Finches drink", "\u200b"],
        ids=["as it came", "folded", "over lines", "half of it", "no words"],
    )
    def test_is_so_of_words_in_lines_that_came(self, passage):
        assert may_hold(OLD.replace("Wrens nest.", "Finches eat seeds all day, and don't wait."), passage)

    @pytest.mark.parametrize("passage", ["inch", "Eat", "en", "it\nEat"])
    def test_takes_words_for_whole_that_are_cut(self, passage):
        assert may_hold(f"{OLD}\nEaten finches.", passage, "Wait for finches Wait\nEaten.")

    @pytest.mark.parametrize(
        ("new", "passage"),
        [
            (f"{OLD}\nFinches eat.", "Larks sing at dawn"),
            (f"{OLD}\nFinches eat.", "Finches drink and sleep"),
            ("\n".join(reversed(OLD.split("\n"))), "Larks sing"),
            (OLD, "Larks sing"),
            ("Larks sing at dawn.", "Owls hunt at night"),
            ("", "Larks sing"),
        ],
        ids=["not come", "less than half", "in another order", "same text", "lines gone", "empty"],
    )
    def test_is_not_so_of_words_that_stood_there_before(self, new, passage):
        assert not may_hold(new, passage)

    def test_looks_at_no_words_beside_the_passage(self):
        assert not may_hold(f"{OLD}\nFinches eat.", "Larks", "Finches\nFinches Larks Finches\nFinches")

    def test_counts_a_line_that_came_once_more(self):
        assert may_hold(f"{OLD}\nWrens nest.", "Wrens nest")

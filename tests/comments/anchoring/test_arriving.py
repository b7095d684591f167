import pytest

from comments.anchoring import Arrivals

OLD = "Larks sing at dawn.\nOwls hunt at night, and nobody hears them.\nWrens nest."


class TestMayHold:
    @pytest.mark.parametrize(
        "passage",
        [
            "Finches eat seeds all day",
            "finches EAT",
            "Finches eat\nseeds all day.",
            "Finches drink",
            "\u200b",
        ],
        ids=["as it came", "folded", "over lines", "half of it", "no words"],
    )
    def test_is_so_of_words_in_lines_that_came(self, passage):
        new = OLD.replace("Wrens nest.", "Finches eat seeds all day, and don't wait.")
        assert Arrivals(OLD, new).may_hold(passage)

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
        assert not Arrivals(OLD, new).may_hold(passage)

    def test_counts_a_line_that_came_once_more(self):
        assert Arrivals(OLD, f"{OLD}\nWrens nest.").may_hold("Wrens nest")

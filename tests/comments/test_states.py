import pytest

from comments.states import (
    BY_AUTHOR,
    BY_MODERATION,
    GONE_STATES,
    PUBLIC_STATES,
    REMOVED_STATES,
    WAITING_STATES,
    State,
    Verdict,
)

# Written out from the table of transitions: who may take a comment where.
TABLES = {
    "author": {
        "held": "withdrawn",
        "open": "open held_edit withdrawn",
        "approved": "open held_edit withdrawn",
        "held_edit": "open held_edit withdrawn",
        "rejected": "held withdrawn",
        "illegal": "withdrawn",
        "spam": "withdrawn",
        # Its author takes the deletion back: to whatever it was before.
        "withdrawn": "held open approved held_edit rejected illegal spam",
        "erased": "",
    },
    "moderation": {
        "held": "open approved rejected illegal spam",
        "open": "approved rejected illegal spam",
        "approved": "rejected illegal spam",
        "held_edit": "approved rejected illegal spam",
        "rejected": "approved erased",
        "illegal": "approved",
        "spam": "approved erased",
        "withdrawn": "rejected illegal spam erased",
        "erased": "",
    },
}
ALL = ["held", "open", "approved", "held_edit", "rejected", "illegal", "spam", "withdrawn", "erased"]
ARROWS = {"author": BY_AUTHOR, "moderation": BY_MODERATION}


class TestArrows:
    @pytest.mark.parametrize("who", ["author", "moderation"])
    @pytest.mark.parametrize("was", ALL)
    @pytest.mark.parametrize("to", ALL)
    def test_are_those_of_the_table_and_no_other(self, who, was, to):
        assert (State(to) in ARROWS[who][State(was)]) is (to in TABLES[who][was].split())

    @pytest.mark.parametrize("who", ["author", "moderation"])
    def test_begin_in_nine_states(self, who):
        assert sorted(ARROWS[who]) == sorted(State.values) == sorted(ALL)


class TestKindsOfStates:
    def test_three_are_public(self):
        assert {"open", "approved", "held_edit"} == PUBLIC_STATES

    def test_two_are_gone(self):
        assert {"withdrawn", "erased"} == GONE_STATES

    def test_three_are_removed(self):
        assert {"rejected", "illegal", "spam"} == REMOVED_STATES

    def test_two_wait(self):
        assert {"held", "held_edit"} == WAITING_STATES


class TestVerdict:
    def test_goes_from_mild_to_strict(self):
        assert list(Verdict) == ["pass", "note", "hold", "spam"]

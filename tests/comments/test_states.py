import pytest

from comments.states import GONE_STATES, PUBLIC_STATES, TRANSITIONS, State

# Written out from the table of transitions: who may go where, whoever asks.
ARROWS = {
    "held": "open approved rejected illegal spam withdrawn",
    "open": "open approved held_edit rejected illegal spam withdrawn",
    "approved": "open held_edit rejected illegal spam withdrawn",
    "held_edit": "open approved held_edit rejected illegal spam withdrawn",
    "rejected": "held approved withdrawn erased",
    "illegal": "approved withdrawn",
    "spam": "approved withdrawn erased",
    # Its author takes the deletion back: to whatever it was before.
    "withdrawn": "held open approved held_edit rejected illegal spam erased",
    "erased": "",
}
ALL = list(ARROWS)


class TestTransitions:
    @pytest.mark.parametrize("was", ALL)
    @pytest.mark.parametrize("to", ALL)
    def test_has_the_arrows_of_the_table_and_no_other(self, was, to):
        assert (State(to) in TRANSITIONS[State(was)]) is (to in ARROWS[was].split())

    def test_names_nine_states(self):
        assert sorted(State.values) == sorted(ALL)
        assert set(TRANSITIONS) == set(State)


class TestKindsOfStates:
    def test_three_are_public(self):
        assert {"open", "approved", "held_edit"} == PUBLIC_STATES

    def test_two_are_gone(self):
        assert {"withdrawn", "erased"} == GONE_STATES

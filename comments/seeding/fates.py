"""How a made-up comment came to its state: the decisions that services would have written on the way."""

import random
from dataclasses import dataclass

from comments.models import Decision
from comments.states import State

AUTHOR, MODERATOR, SYSTEM = Decision.Role.AUTHOR, Decision.Role.MODERATOR, Decision.Role.SYSTEM


@dataclass(frozen=True)
class Step:
    to: State
    role: Decision.Role = SYSTEM
    reason: str = ""


POSTED = Step(State.OPEN)
# Each begins held, as every comment does.
FATES: dict[State, tuple[Step, ...]] = {
    State.OPEN: (POSTED,),
    State.APPROVED: (POSTED, Step(State.APPROVED, MODERATOR)),
    State.HELD: (),
    State.HELD_EDIT: (POSTED, Step(State.HELD_EDIT, AUTHOR, "edited")),
    State.REJECTED: (POSTED, Step(State.REJECTED, MODERATOR, "off_topic")),
    State.ILLEGAL: (POSTED, Step(State.ILLEGAL, MODERATOR, "illegal")),
    State.SPAM: (Step(State.SPAM, SYSTEM, "links"),),
    State.WITHDRAWN: (POSTED, Step(State.WITHDRAWN, AUTHOR)),
    State.ERASED: (POSTED, Step(State.REJECTED, MODERATOR, "off_topic"), Step(State.ERASED, MODERATOR)),
}
# Why one waits that was never public.
HELD_REASON = "first_comments"
# Of a hundred comments. Most discussions are peaceful.
_WEIGHTS = {
    State.OPEN: 62, State.APPROVED: 18, State.HELD: 4, State.HELD_EDIT: 3, State.REJECTED: 4, State.ILLEGAL: 1,
    State.SPAM: 2, State.WITHDRAWN: 4, State.ERASED: 2,
}  # fmt: skip
# The first ones in turn, so that a discussion of nine has them all.
_IN_TURN = list(_WEIGHTS)


def fate(number: int, chance: random.Random) -> State:
    """The state of the comment of that number, from 0."""
    drawn = chance.choices(_IN_TURN, list(_WEIGHTS.values()))[0]
    return _IN_TURN[number] if number < len(_IN_TURN) else drawn

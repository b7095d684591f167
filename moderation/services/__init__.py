"""The verbs of moderation: what readers report, what moderators judge, and what they lay on people.

Each takes the article's row first, as every writer of a discussion does.
"""

from moderation.services.flagging import check_can_flag, fit_note, flag, open_flag
from moderation.services.judging import Fate, Judged, Seen, erase, judge, judge_many
from moderation.services.sanctioning import acknowledge, check_can_sanction, lift, sanction

__all__ = [
    "Fate",
    "Judged",
    "Seen",
    "acknowledge",
    "check_can_flag",
    "check_can_sanction",
    "erase",
    "fit_note",
    "flag",
    "judge",
    "judge_many",
    "lift",
    "open_flag",
    "sanction",
]

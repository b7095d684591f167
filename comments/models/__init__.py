"""Comments, where they point, and how they are judged."""

from comments.models.anchors import BY_HAND, Anchor, AnchorMove, ComingMove
from comments.models.comments import (
    REASON_MAX_LENGTH,
    TEXT_MAX_LENGTH,
    Comment,
    CommentRevision,
    Vote,
    WaitingOrder,
)
from comments.models.judging import (
    NOTE_MAX_LENGTH,
    CheckResult,
    CheckRun,
    Decision,
    LegalHold,
    ModerationScope,
)

__all__ = [
    "BY_HAND",
    "NOTE_MAX_LENGTH",
    "REASON_MAX_LENGTH",
    "TEXT_MAX_LENGTH",
    "Anchor",
    "AnchorMove",
    "CheckResult",
    "CheckRun",
    "ComingMove",
    "Comment",
    "CommentRevision",
    "Decision",
    "LegalHold",
    "ModerationScope",
    "Vote",
    "WaitingOrder",
]

"""Whether moderators know the writer."""

from comments.checking import Result
from comments.states import Verdict
from comments.submission import Submission
from moderation.checks.writers import AUTHOR, KNOWN_FROM, MODERATOR, approved_comments, moderates, wrote_article

FIRST_COMMENTS = "first_comments"


def first_comments(submission: Submission) -> Result:
    """Holds what comes from anybody with fewer than two public comments that moderators approved.

    Spares who moderates the article, and its authors.
    """
    if moderates(submission):
        return Result(evidence={"exempt": MODERATOR})
    if wrote_article(submission):
        return Result(evidence={"exempt": AUTHOR})
    approved = approved_comments(submission)
    evidence = {"approved": approved, "needed": KNOWN_FROM}
    if approved < KNOWN_FROM:
        return Result(Verdict.HOLD, FIRST_COMMENTS, evidence)
    return Result(evidence=evidence)

"""Who sent a text: which rows are theirs, and how far they are known."""

from dataclasses import replace

from django.db.models import Exists, OuterRef, Q

from accounts import guests
from comments.checking import Result
from comments.models import Comment, Decision
from comments.scopes import scope_of
from comments.states import State, Verdict
from comments.submission import Submission

# So many comments that moderators let stand, and one is known.
KNOWN_FROM = 2

MODERATOR, AUTHOR = "moderator", "author"


def rows_of(submission: Submission, account: str = "author") -> Q:
    """The condition on rows of whoever sent it; `account` is the name of their relation to accounts."""
    if submission.guest is not None:
        return Q(guest__email=guests.normal(submission.guest.email))
    return Q(**{account: submission.author})


def is_unproven(submission: Submission) -> bool:
    """Whether anybody may have sent it: a guest whose address nobody proved yet in this browser."""
    return submission.guest is not None and not submission.guest.is_proven


def moderates(submission: Submission) -> bool:
    """Whether its author moderates the article. Asks the database once for each viewer object."""
    return submission.author is not None and scope_of(submission.author).holds(submission.article)


def wrote_article(submission: Submission) -> bool:
    """One query, none for a guest."""
    author = submission.author
    return author is not None and submission.article.authors.filter(pk=author.pk).exists()


def approved_comments(submission: Submission) -> int:
    """How many of their comments stand in public by leave of a moderator, counted to KNOWN_FROM. One query."""
    leave = Decision.objects.filter(
        comment=OuterRef("pk"), act=Decision.Act.STATE, now=State.APPROVED, role=Decision.Role.MODERATOR
    )
    public = Comment.objects.filter(rows_of(submission), public_revision__isnull=False)
    return public.filter(Exists(leave))[:KNOWN_FROM].count()


def unless_moderator(result: Result, submission: Submission) -> Result:
    """`result`, but nothing of one who moderates the article is held: it says what was seen, and why it passed."""
    if result.verdict == Verdict.PASS or not moderates(submission):
        return result
    return replace(result, verdict=Verdict.PASS, reason="", evidence={**result.evidence, "exempt": MODERATOR})

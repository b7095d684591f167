"""The same text elsewhere: by its author in a day, by several people in an hour."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from comments.checking import Result
from comments.models import Comment, CommentRevision
from comments.services.texts import fingerprint
from comments.states import UNPROVEN, State, Verdict
from comments.submission import Submission
from moderation.checks.writers import rows_of, unless_moderator
from skycrumbs.ids import to_key

REPEAT = "repeat"
OWN_WINDOW = timedelta(hours=24)
CROWD_WINDOW = timedelta(hours=1)
CROWD = 3
# So many of the newest are looked at, and so many named.
MOST_OWN, MOST_OF_OTHERS = 50, 200
MOST_NAMED = 10


def repeats(submission: Submission) -> Result:
    """Holds what its author wrote on another target in 24 hours, or three people wrote within one. Two queries.

    Case, spaces, accents and what shows nothing make no difference.
    """
    digest = fingerprint(submission.text)
    if not digest:
        return Result(evidence={"own": 0, "people": 1})
    own = _own_elsewhere(submission, digest)
    people, keys_of_others = _others(submission, digest)
    evidence = {"own": len(own), "people": 1 + people}
    if not own and 1 + people < CROWD:
        return Result(evidence=evidence)
    keys = [twin.key for twin in own if twin.state_reason != UNPROVEN]
    if 1 + people >= CROWD:
        keys += keys_of_others
    result = Result(Verdict.HOLD, REPEAT, evidence | {"twins": keys[:MOST_NAMED]})
    return unless_moderator(result, submission)


def _own_elsewhere(submission: Submission, digest: str) -> list[Comment]:
    target = _target(submission)
    own = _twins(digest, OWN_WINDOW).filter(rows_of(submission)).select_related("anchor")
    return [twin for twin in own[:MOST_OWN] if _stands_on(twin) != target]


def _others(submission: Submission, digest: str) -> tuple[int, list[str]]:
    """How many other people wrote it, and the keys of what moderators can read of it."""
    others = _twins(digest, CROWD_WINDOW).exclude(rows_of(submission))
    rows = list(others.values_list("author", "guest", "public_id", "state_reason")[:MOST_OF_OTHERS])
    keys = [to_key(public_id) for *_writer, public_id, reason in rows if reason != UNPROVEN]
    return len({(author, guest) for author, guest, *_rest in rows}), keys


def _twins(digest: str, window: timedelta) -> QuerySet[Comment]:
    """Comments with that text, the newest first; not what was taken back, perhaps to stand elsewhere."""
    same = CommentRevision.objects.filter(fingerprint=digest, created_at__gt=timezone.now() - window)
    return Comment.objects.filter(pk__in=same.values("comment")).exclude(state=State.WITHDRAWN).order_by("-pk")


def _target(submission: Submission) -> tuple[object, ...]:
    if submission.comment is not None:
        return _stands_on(submission.comment)
    if submission.parent is not None:
        return ("comment", submission.parent.pk)
    if submission.selection is not None:
        return ("passage", submission.article.pk, submission.selection.exact)
    return ("section", submission.article.pk, submission.section.pk if submission.section else None)


def _stands_on(comment: Comment) -> tuple[object, ...]:
    if comment.parent_id is not None:
        return ("comment", comment.parent_id)
    if comment.has_anchor:
        return ("passage", comment.article_id, comment.anchor.exact)
    return ("section", comment.article_id, comment.section_id)

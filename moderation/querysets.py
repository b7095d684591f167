"""Which comments can be reported, and who reads the reports."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone

from comments.models import Comment, Decision
from comments.querysets import NOBODY, CommentQuerySet, Viewer
from comments.states import State

if TYPE_CHECKING:
    from moderation.models import Flag  # noqa: F401

# Who deletes a comment right after posting it does not escape a report.
REPORTABLE_AFTER_WITHDRAWAL = timedelta(hours=24)


class FlagQuerySet(models.QuerySet["Flag"]):
    def open(self) -> "FlagQuerySet":
        return self.filter(closed_at=None)

    def judged_by(self, viewer: Viewer) -> "FlagQuerySet":
        """The flags on what `viewer` moderates, never those on their own comments; nobody else reads a flag."""
        if not viewer.has_perm("comments.moderate_comment"):
            return self.none()
        moderated = Comment.objects.readable_by(viewer).filter(visibility=Comment.Visibility.PUBLIC)
        return self.filter(comment__in=moderated.exclude(author=viewer.pk))


def flaggable() -> CommentQuerySet:
    """What can be reported: what anyone can read, and what was public and was withdrawn in the last 24 hours."""
    return Comment.objects.readable_by(NOBODY) | _just_withdrawn()


def nameable_by(viewer: Viewer) -> CommentQuerySet:
    """Comments whose being there `viewer` knows, so that a report is refused with a reason: not all can be made."""
    return Comment.objects.readable_by(viewer) | _just_withdrawn()


def _just_withdrawn() -> CommentQuerySet:
    since = timezone.now() - REPORTABLE_AFTER_WITHDRAWAL
    withdrawals = Decision.objects.filter(comment=OuterRef("pk"), now=State.WITHDRAWN, at__gte=since)
    return Comment.objects.once_public().filter(Exists(withdrawals), state=State.WITHDRAWN)

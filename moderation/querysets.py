"""Which comments can be reported, and who reads the reports."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Guest
from comments.models import Comment, Decision
from comments.querysets import NOBODY, CommentQuerySet
from comments.scopes import Viewer, scope_of
from comments.states import State

if TYPE_CHECKING:
    from moderation.models import Flag, Sanction  # noqa: F401

# Who deletes a comment right after posting it does not escape a report.
REPORTABLE_AFTER_WITHDRAWAL = timedelta(hours=24)


class FlagQuerySet(models.QuerySet["Flag"]):
    def open(self) -> "FlagQuerySet":
        return self.filter(closed_at=None)

    def judged_by(self, viewer: Viewer) -> "FlagQuerySet":
        """The flags on what `viewer` moderates, never those on their own comments; nobody else reads a flag."""
        if scope_of(viewer).is_nothing:
            return self.none()
        theirs = Comment.objects.moderated_by(viewer).exclude(author=viewer.pk)
        return self.filter(Exists(theirs.filter(pk=OuterRef("comment"))))


class SanctionQuerySet(models.QuerySet["Sanction"]):
    def standing(self) -> "SanctionQuerySet":
        """Those that have begun, have not ended and were not lifted."""
        now = timezone.now()
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=now), starts_at__lte=now, lifted_at=None)

    def laid_on(self, viewer: Viewer) -> "SanctionQuerySet":
        if isinstance(viewer, Guest):
            return self.filter(guest=viewer)
        return self.filter(person=viewer.pk) if viewer.is_authenticated else self.none()

    def to_be_told(self, viewer: Viewer) -> "SanctionQuerySet":
        """What `viewer` is to be shown on their page: what stands, a warning until they have read it."""
        standing = self.laid_on(viewer).standing()
        return standing.exclude(kind="warn", acknowledged_at__isnull=False).order_by("starts_at", "pk")


def flaggable() -> CommentQuerySet:
    """What can be reported: what anyone can read, and what was public and was withdrawn in the last 24 hours."""
    return Comment.objects.readable_by(NOBODY) | _just_withdrawn()


def nameable_by(viewer: Viewer) -> CommentQuerySet:
    """Comments whose being there `viewer` knows, so that a report is refused with a reason: not all can be made."""
    return Comment.objects.readable_by(viewer) | _just_withdrawn()


def _just_withdrawn() -> CommentQuerySet:
    since = timezone.now() - REPORTABLE_AFTER_WITHDRAWAL
    # Whatever else is done to a withdrawn comment, as a legal hold, finds and leaves it withdrawn.
    withdrawals = Decision.objects.filter(
        comment=OuterRef("pk"), act=Decision.Act.STATE, now=State.WITHDRAWN, at__gte=since
    )
    return Comment.objects.once_public().filter(Exists(withdrawals), state=State.WITHDRAWN)

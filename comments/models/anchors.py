"""Where a comment points, where that went with each revision, and where it goes with the next."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from articles.models import Article, Revision
from comments.anchoring import Span, Status
from comments.models.comments import Comment
from comments.querysets import AnchorQuerySet

# The method of a place that a person chose.
BY_HAND = "by hand"


class Anchor(models.Model):
    """Ties a comment to a passage: as it was when it was written, which never changes, and where it is now.

    All offsets are code points from the start of the revision's canonical text, half-open.
    """

    STATUSES = [(status.value, status.value) for status in Status]

    # Each publish writes all anchors of an article, and every index of them once more: there are few.
    comment = models.OneToOneField(Comment, on_delete=models.PROTECT, related_name="anchor")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="+", db_index=False)
    # As it was.
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+", db_index=False)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    exact = models.TextField()
    prefix = models.CharField(max_length=32, blank=True)
    suffix = models.CharField(max_length=32, blank=True)
    # As it is: all anchors of an article are on its current revision, so the database need not look it up for each.
    now_revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    now_start = models.PositiveIntegerField(null=True, blank=True)
    now_end = models.PositiveIntegerField(null=True, blank=True)
    now_status = models.CharField(max_length=10, choices=STATUSES, default=Status.KEPT.value)
    score = models.FloatField(default=1.0)
    method = models.CharField(max_length=40, blank=True)

    objects = AnchorQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="an_anchor_holds_text"),
            models.CheckConstraint(
                condition=Q(now_status="orphaned", now_start=None, now_end=None)
                | Q(now_start__isnull=False, now_end__isnull=False, now_end__gt=F("now_start"))
                & ~Q(now_status="orphaned"),
                name="an_anchor_has_a_place_or_is_orphaned",
            ),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=1), name="a_score_is_0_to_1"),
        ]
        indexes = [
            models.Index(fields=["article", "now_start", "now_end"], name="anchors_by_place"),
            models.Index(
                fields=["-id"], condition=Q(now_status__in=["orphaned", "uncertain"]), name="passages_to_look_at"
            ),
        ]

    def __str__(self) -> str:
        return self.exact[:60]

    @property
    def now(self) -> Span | None:
        """Where the passage is in `now_revision`; None for an orphan."""
        if self.now_start is None or self.now_end is None:
            return None
        return Span(self.now_start, self.now_end)

    @property
    def is_orphaned(self) -> bool:
        return self.now_status == Status.ORPHANED


class AnchorMove(models.Model):
    """One carry of an anchor from a revision to the next; appended, never changed: the database refuses it."""

    anchor = models.ForeignKey(Anchor, on_delete=models.PROTECT, related_name="moves")
    # These three are taken from the anchor's own row, in the statement that writes this one; nothing asks by them. An
    # index and a check of each, ten thousand times, would be most of what others wait for when an article is
    # published: so the database has neither, and Django alone refuses to delete what is named.
    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    from_revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    to_revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    from_start = models.PositiveIntegerField(null=True)
    from_end = models.PositiveIntegerField(null=True)
    to_start = models.PositiveIntegerField(null=True)
    to_end = models.PositiveIntegerField(null=True)
    status = models.CharField(max_length=10, choices=Anchor.STATUSES)
    score = models.FloatField()
    method = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["anchor", "to_revision"], condition=~Q(method=BY_HAND), name="one_move_per_revision"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.anchor_id}: {self.status}"


class ComingMove(models.Model):
    """Where an anchor goes with the revision that the worker is publishing, written ahead of it.

    Nothing shows these. At the swap the anchors take them over, and then each becomes an `AnchorMove`.
    `status` is of this one step, `now_status` of the whole way since the comment was written.
    """

    anchor = models.OneToOneField(Anchor, on_delete=models.CASCADE, related_name="+")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    was_status = models.CharField(max_length=10)
    was_start = models.PositiveIntegerField(null=True)
    was_end = models.PositiveIntegerField(null=True)
    status = models.CharField(max_length=10)
    now_status = models.CharField(max_length=10)
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    score = models.FloatField()
    method = models.CharField(max_length=40)

    def __str__(self) -> str:
        return f"{self.anchor_id}: {self.status}"

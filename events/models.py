"""The ordered log of what happened: ids only, so that it outlives what it speaks of."""

from django.db import models
from django.utils import timezone


class Type(models.TextChoices):
    ARTICLE_PUBLISHED = "article.published"
    ARTICLE_REVISED = "article.revised"
    ARTICLE_UNPUBLISHED = "article.unpublished"
    COMMENT_SUBMITTED = "comment.submitted"
    COMMENT_PUBLISHED = "comment.published"
    COMMENT_EDITED = "comment.edited"
    COMMENT_UNPUBLISHED = "comment.unpublished"
    # A moderator judged it, whether or not readers see a difference: its author is told.
    COMMENT_JUDGED = "comment.judged"
    # For moderators alone: readers and authors are told nothing of it.
    COMMENT_FLAGGED = "comment.flagged"
    # For the worker alone: whoever wrote a comment as a guest is to be mailed a link to it.
    GUEST_LINK_ASKED = "guest.link_asked"
    # A guest wrote, and is to confirm the address.
    GUEST_PROOF_ASKED = "guest.proof_asked"


class EventQuerySet(models.QuerySet["Event"]):
    def after(self, cursor: int) -> "EventQuerySet":
        """Numbered events past `cursor`, oldest first. Call `services.number_committed` first to be up to date."""
        return self.filter(number__gt=cursor).order_by("number")


class Event(models.Model):
    """A fact that happened. Readers follow `number`, never `id`: ids are taken before commit, numbers after."""

    type = models.CharField(max_length=40, choices=Type.choices)
    article_id = models.BigIntegerField(null=True, blank=True)
    comment_id = models.BigIntegerField(null=True, blank=True)
    actor_id = models.BigIntegerField(null=True, blank=True)
    data = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(default=timezone.now)
    number = models.BigIntegerField(null=True, blank=True, unique=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=models.Q(number=None), name="event_without_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number or 'unnumbered'}: {self.type}"


class Sequencer(models.Model):
    """One row: the last number given. Its lock is what lets one process number events at a time."""

    last = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_sequencer")]

    def __str__(self) -> str:
        return f"last event: {self.last}"


class Cursor(models.Model):
    """How far a consumer has come: the number of the last event it was given; 0 before the first.

    Its lock keeps two processes from handing the same events to one consumer at once.
    """

    name = models.CharField(max_length=200, unique=True)
    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.number}"

"""Who is to be told of what, by mail: ids alone, no words and no addresses."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Guest, User


class Kind(models.TextChoices):
    REPLY = "reply", _("somebody replied")
    DECISION = "decision", _("a moderator decided")
    PROOF = "proof", _("a guest wrote and is to confirm the address")
    MANAGE = "manage", _("a guest asked for a link to a comment")
    QUEUE = "queue", _("comments wait for a moderator")


FOR_GUESTS = (Kind.PROOF, Kind.MANAGE)


class Dropped(models.TextChoices):
    """Why a mail was not sent and will not be."""

    NOT_READABLE = "not_readable", _("what it speaks of cannot be read any more")
    PARENT_GONE = "parent_gone", _("what was answered is deleted")
    DECISION_CHANGED = "decision_changed", _("what was decided does not hold any more")
    NOTHING_NEW = "nothing_new", _("the author knows already")
    NOT_UNPROVEN = "not_unproven", _("the comment is confirmed or gone")
    NOTHING_WAITS = "nothing_waits", _("no comment waits any more")
    INACTIVE = "inactive", _("the account is not active")
    NO_ADDRESS = "no_address", _("no address is confirmed")
    UNSUBSCRIBED = "unsubscribed", _("they do not want it")
    FAILED = "failed", _("it could not be sent for a whole day")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, now: datetime) -> "DeliveryQuerySet":
        """What is to be tried at `now`, the longest overdue first."""
        return self.filter(sent_at=None, dropped="", next_try_at__lte=now).order_by("next_try_at", "id")


class Delivery(models.Model):
    """One mail to one reader about one comment, from the moment it is owed until it was sent or dropped.

    The row stays for ever: it is what keeps the same mail from being sent again. Mail about the queue is about no
    comment.
    """

    kind = models.CharField(max_length=10, choices=Kind.choices)
    # No foreign key: it outlives the comment.
    comment_id = models.BigIntegerField(null=True, blank=True)
    # One of the two.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    guest = models.ForeignKey(Guest, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    # Which version of the comment it tells of; 0 where one is told of a comment only once. Of mails about the queue:
    # the how manieth to this moderator.
    version = models.PositiveIntegerField(default=0)
    event_number = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    next_try_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    dropped = models.CharField(max_length=20, choices=Dropped.choices, blank=True)
    # The name of the error's class alone: its words would hold the address.
    last_error = models.CharField(max_length=80, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["kind", "comment_id", "user", "version"], name="told_once"),
            models.UniqueConstraint(
                fields=["kind", "comment_id", "guest", "version"],
                condition=~Q(kind=Kind.MANAGE),
                name="a_guest_is_told_once",
            ),
            # Whoever asks again is mailed again.
            models.UniqueConstraint(
                fields=["guest", "event_number"], condition=Q(kind=Kind.MANAGE), name="one_link_when_asked"
            ),
            # Of two who note the next one at once, one comes too late.
            models.UniqueConstraint(
                fields=["user", "version"], condition=Q(kind=Kind.QUEUE), name="one_mail_about_the_queue_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, guest=None) | Q(user=None, guest__isnull=False),
                name="told_to_an_account_or_a_guest",
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.QUEUE, comment_id=None, user__isnull=False)
                | ~Q(kind=Kind.QUEUE) & Q(comment_id__isnull=False),
                name="about_a_comment_or_the_queue",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=FOR_GUESTS) | Q(guest__isnull=False), name="guests_alone_get_links"
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.MANAGE) | Q(event_number__isnull=False), name="a_link_was_asked_for"
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(dropped=""), name="a_mail_is_sent_or_dropped_but_not_both"
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at", "id"], condition=Q(sent_at=None, dropped=""), name="mail_that_waits"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} about {self.comment_id}"

    @property
    def reader(self) -> User | Guest:
        """Whom it goes to. One query unless that is loaded."""
        reader = self.user or self.guest
        if reader is None:
            raise LookupError(f"delivery {self.pk} goes to nobody")
        return reader

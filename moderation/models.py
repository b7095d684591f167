"""What readers report, and what is laid on people who break the rules."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Guest, User
from articles.models import Article
from comments.models import Anchor, Comment, CommentRevision
from moderation.querysets import FlagQuerySet, SanctionQuerySet

NOTE_MAX_LENGTH = 500
SANCTION_MESSAGE_MAX_LENGTH = 1000


class Reason(models.TextChoices):
    """Why a reader reports a comment."""

    SPAM = "spam", _("Spam or advertising")
    ABUSE = "abuse", _("Abuse or hatred")
    OFF_TOPIC = "off_topic", _("Not about the article")
    ILLEGAL = "illegal", _("Illegal")
    PERSONAL_DATA = "personal_data", _("Somebody’s personal data")
    OTHER = "other", _("Something else")


class Flag(models.Model):
    """A reader's report of a comment. Moderators read it; to its author and to other readers it is not there.

    `revision` is the text that was public when it was reported, and `sha256` the hex digest of its UTF-8: neither
    an edit nor a withdrawal takes them back.
    """

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("upheld")
        DISMISSED = "dismissed", _("dismissed")

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="flags")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="+", verbose_name=_("article"))
    revision = models.ForeignKey(CommentRevision, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="flags")
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices)
    # In code points.
    note = models.CharField(_("note"), max_length=NOTE_MAX_LENGTH, blank=True)
    sha256 = models.CharField(_("digest of the text"), max_length=64)
    created_at = models.DateTimeField(_("reported"), default=timezone.now)
    # Null: no moderator has answered it yet.
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=9, choices=Outcome.choices, blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        # `comments.moderate_comment` opens them, and nothing else does.
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "person"], condition=Q(closed_at=None), name="one_open_flag_per_person"
            ),
            models.CheckConstraint(
                condition=~Q(reason="other") | ~Q(note=""), name="a_flag_for_another_reason_says_which"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("created_at")), name="a_flag_closes_after_it_opens"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="")
                | Q(closed_at__isnull=False, outcome__in=["upheld", "dismissed"]),
                name="a_closed_flag_has_an_outcome",
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(closed_at=None), name="open_flags")]

    def __str__(self) -> str:
        return f"{self.comment_id}: {self.reason}"

    @property
    def source(self) -> str:
        """The Markdown as it was reported, "" once it is erased."""
        return self.revision.source


class Sanction(models.Model):
    """What a moderator laid on a person or a guest, who is told of it: a warning, a hold on texts, a suspension."""

    class Kind(models.TextChoices):
        WARN = "warn", _("warning")
        HOLD = "hold", _("every text is held for review")
        SUSPEND = "suspend", _("suspended from commenting")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="sanctions"
    )
    guest = models.ForeignKey(Guest, null=True, blank=True, on_delete=models.PROTECT, related_name="sanctions")
    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices)
    message = models.TextField(_("message to the person"), max_length=SANCTION_MESSAGE_MAX_LENGTH)
    # The comment that gave cause, if one did.
    comment = models.ForeignKey(Comment, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    starts_at = models.DateTimeField(_("starts"), default=timezone.now)
    # Null: until it is lifted.
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("lifted by"),
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    # A warning stands on the person's page until they say that they read it.
    acknowledged_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = SanctionQuerySet.as_manager()

    class Meta:
        verbose_name = _("sanction")
        verbose_name_plural = _("sanctions")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, guest=None) | Q(person=None, guest__isnull=False),
                name="laid_on_a_person_or_a_guest",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="a_sanction_ends_after_its_start"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None) | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="somebody_lifts_a_sanction",
            ),
            models.CheckConstraint(condition=~Q(message=""), name="a_sanction_says_why"),
        ]
        indexes = [
            models.Index(fields=["person"], condition=Q(lifted_at=None), name="sanctions_of_a_person"),
            models.Index(fields=["guest"], condition=Q(lifted_at=None), name="sanctions_of_a_guest"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def target(self) -> User | Guest:
        """Whom it is laid on."""
        found = self.person or self.guest
        if found is None:
            raise LookupError(f"sanction {self.pk} is on nobody")
        return found

    @property
    def is_standing(self) -> bool:
        """It has begun, has not ended and was not lifted. (`SanctionQuerySet.standing` says the same of rows.)"""
        now = timezone.now()
        has_ended = self.ends_at is not None and self.ends_at <= now
        return self.lifted_at is None and self.starts_at <= now and not has_ended


class LostPassage(Anchor):
    """A lost or uncertain passage as one of those to look at in the admin."""

    class Meta:
        proxy = True
        verbose_name = _("passage to look at")
        verbose_name_plural = _("passages to look at")
        # Whoever moderates or edits sees their part of them.
        default_permissions = ()


class Waiting(Comment):
    """A comment as one of the queue: what the admin's index names “Queue”."""

    class Meta:
        proxy = True
        verbose_name = _("queue")
        verbose_name_plural = _("queue")
        # `comments.moderate_comment` opens it, and nothing else does.
        default_permissions = ()

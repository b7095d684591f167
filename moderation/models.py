"""What readers report."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from comments.models import Comment, CommentRevision
from moderation.querysets import FlagQuerySet

NOTE_MAX_LENGTH = 500


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

    `source` is the Markdown that was public when it was reported, and `sha256` the hex digest of its UTF-8:
    neither an edit nor a withdrawal takes them back.
    """

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="flags")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="+")
    revision = models.ForeignKey(CommentRevision, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="flags")
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices)
    # In code points.
    note = models.CharField(_("note"), max_length=NOTE_MAX_LENGTH, blank=True)
    source = models.TextField(_("text as it was reported"), blank=True)
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("reported"), default=timezone.now)
    # Null: no moderator has answered it yet.
    closed_at = models.DateTimeField(null=True, blank=True)

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
        ]
        indexes = [models.Index(fields=["id"], condition=Q(closed_at=None), name="open_flags")]

    def __str__(self) -> str:
        return f"{self.comment_id}: {self.reason}"

"""What was found in a comment and decided about it, by whom, and what keeps it from being erased."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Category
from comments.models.comments import REASON_MAX_LENGTH, Comment, CommentRevision
from comments.querysets import LegalHoldQuerySet
from comments.states import State, Verdict

NOTE_MAX_LENGTH = 1000


class Decision(models.Model):
    """What was done to a comment, by whom and why; appended, never changed, and outliving what it speaks of.

    The database refuses to change or delete one. `was_reason` is the reason of the state it was in, so that a
    withdrawal can be taken back whole. Decisions of one act on several comments share a `batch`.
    """

    class Act(models.TextChoices):
        STATE = "state", _("changed the state")
        KEPT = "kept", _("looked at and left as it is")
        HOLD = "hold", _("legal hold placed")
        RELEASE_ASKED = "release_asked", _("release of the legal hold asked for")
        RELEASE = "release", _("legal hold released")
        ERASE_REFUSED = "erase_refused", _("erasing refused")

    class Role(models.TextChoices):
        AUTHOR = "author", _("its author")
        MODERATOR = "moderator", _("a moderator")
        SYSTEM = "system", _("the system")

    id = models.BigAutoField(primary_key=True)
    # The rule below has an index that begins with it.
    comment = models.ForeignKey(
        Comment, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="decisions"
    )
    article = models.ForeignKey(Article, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    act = models.CharField(_("what was done"), max_length=14, choices=Act.choices, default=Act.STATE)
    role = models.CharField(_("role"), max_length=9, choices=Role.choices, default=Role.SYSTEM)
    # Null: the system itself, by a check or a timer; or a guest.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        verbose_name=_("by"),
    )
    revision_number = models.PositiveIntegerField()
    was = models.CharField(_("state before"), max_length=10, choices=State.choices)
    was_reason = models.CharField(max_length=REASON_MAX_LENGTH, blank=True)
    now = models.CharField(_("state after"), max_length=10, choices=State.choices)
    version = models.PositiveIntegerField(_("version"))
    reason = models.CharField(_("reason"), max_length=REASON_MAX_LENGTH, blank=True)
    # To the author; and to other moderators alone.
    note = models.CharField(_("note to the author"), max_length=NOTE_MAX_LENGTH, blank=True)
    private_note = models.CharField(_("note to moderators"), max_length=NOTE_MAX_LENGTH, blank=True)
    batch = models.UUIDField(_("batch"), null=True, blank=True)
    reverses = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["comment", "version"], name="one_decision_per_version"),
        ]

    def __str__(self) -> str:
        return f"{self.was} → {self.now}"


class LegalHold(models.Model):
    """Keeps a comment from being erased: it stops neither publishing nor hiding. Two people release it."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="holds")
    case_ref = models.CharField(_("case"), max_length=120)
    authority = models.CharField(_("authority"), max_length=120)
    # Null: until it is released.
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("placed by")
    )
    placed_at = models.DateTimeField(_("placed"), default=timezone.now)
    release_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("release asked for by"),
    )
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("released by"),
    )
    released_at = models.DateTimeField(_("released"), null=True, blank=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(released_at=None, released_by=None)
                | Q(released_at__isnull=False, released_by__isnull=False, release_asked_by__isnull=False)
                & ~Q(released_by=F("release_asked_by")),
                name="two_people_release_a_hold",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("placed_at")), name="a_hold_ends_after_its_start"
            ),
        ]

    def __str__(self) -> str:
        return self.case_ref


class ModerationScope(models.Model):
    """What a moderator is limited to: a category or an article. Who has none of these moderates everything.

    So it keeps what it names from being deleted: with its last limit gone a moderator would have none.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="moderation_scopes", db_index=False
    )
    category = models.ForeignKey(
        Category, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("category")
    )
    article = models.ForeignKey(
        Article, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("article")
    )

    class Meta:
        verbose_name = _("limit of a moderator")
        verbose_name_plural = _("limits of a moderator")
        constraints = [
            models.CheckConstraint(
                condition=Q(category=None, article__isnull=False) | Q(category__isnull=False, article=None),
                name="a_category_or_an_article",
            ),
            models.UniqueConstraint(fields=["user", "category"], name="one_limit_per_category"),
            models.UniqueConstraint(fields=["user", "article"], name="one_limit_per_article"),
        ]

    def __str__(self) -> str:
        return str(self.category or self.article)


class CheckRun(models.Model):
    """What all checks together said of one text of a comment, and how long they took."""

    class Trigger(models.TextChoices):
        NEW = "new", _("new comment")
        EDIT = "edit", _("edit")

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="check_runs")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    revision = models.ForeignKey(CommentRevision, on_delete=models.CASCADE, related_name="+")
    trigger = models.CharField(max_length=4, choices=Trigger.choices)
    verdict = models.CharField(max_length=4, choices=Verdict.choices)
    reason = models.CharField(max_length=REASON_MAX_LENGTH, blank=True)
    at = models.DateTimeField(default=timezone.now)
    milliseconds = models.PositiveIntegerField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.comment_id}: {self.verdict}"


class CheckResult(models.Model):
    """What one check said and why: figures, hosts and ids as evidence, never the text itself."""

    run = models.ForeignKey(CheckRun, on_delete=models.CASCADE, related_name="results", db_index=False)
    # The last part of its dotted path, or all of it.
    check_name = models.CharField(max_length=100)
    verdict = models.CharField(max_length=4, choices=Verdict.choices)
    reason = models.CharField(max_length=REASON_MAX_LENGTH, blank=True)
    evidence = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["run", "check_name"], name="one_result_per_check")]

    def __str__(self) -> str:
        return f"{self.check_name}: {self.verdict}"

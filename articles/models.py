"""The text: articles, their immutable revisions, and the sections that live through them."""

from math import ceil
from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import shapes
from articles.querysets import ArticleQuerySet, CategoryQuerySet, PublishingQuerySet, SectionTextQuerySet
from skycrumbs.models import site_changed
from skycrumbs.validators import validate_seen

WORDS_PER_MINUTE = 200
TITLE_MAX_LENGTH = 200
SLUG_MAX_LENGTH = 200
SOURCE_MAX_LENGTH = 1_500_000
HEADING_MAX_LENGTH = 500
CATEGORY_NAME_MAX_LENGTH = 80
SUMMARY_MAX_LENGTH = 200

validate_slug = RegexValidator(rf"\A{shapes.SLUG}\Z", _("Use small letters, digits and single hyphens."))

validate_language = RegexValidator(rf"\A{shapes.LANGUAGE}\Z", _("Use a language tag such as “en-GB”."))


class Category(models.Model):
    slug = models.CharField(_("slug"), max_length=CATEGORY_NAME_MAX_LENGTH, unique=True, validators=[validate_slug])
    name = models.CharField(_("name"), max_length=CATEGORY_NAME_MAX_LENGTH, unique=True, validators=[validate_seen])

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Its name stands on pages that are kept."""
        super().save(*args, **kwargs)
        site_changed()


class Article(models.Model):
    """A published piece, and the draft of its next revision.

    `title` and everything a reader sees changes by publishing alone; `draft_title` and `draft_source` are the
    editor's. `draft_version` moves with every saved draft, `version` with every change a reader can see.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        UNPUBLISHED = "unpublished", _("unpublished")

    class Discussion(models.TextChoices):
        OFF = "off", _("off")
        SECTIONS = "sections", _("on the article and its sections")
        FULL = "full", _("on passages too")

    slug = models.CharField(_("slug"), max_length=SLUG_MAX_LENGTH, unique=True, validators=[validate_slug])
    title = models.CharField(_("title"), max_length=TITLE_MAX_LENGTH)
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, related_name="articles", verbose_name=_("category")
    )
    authors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="articles", blank=True, verbose_name=_("authors")
    )
    by_line = models.CharField(
        _("by-line"),
        max_length=120,
        blank=True,
        validators=[validate_seen],
        help_text=_("Shown in place of the authors' names."),
    )
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.DRAFT)
    language = models.CharField(
        _("language"), max_length=12, default="en", validators=[validate_language], help_text=_("A BCP 47 tag.")
    )
    discussion = models.CharField(_("discussion"), max_length=10, choices=Discussion.choices, default=Discussion.FULL)
    is_open = models.BooleanField(_("open for comments"), default=True)
    published_on = models.DateField(_("date"), null=True, blank=True)
    draft_title = models.CharField(_("title"), max_length=TITLE_MAX_LENGTH)
    draft_source = models.TextField(_("text"), blank=True, max_length=SOURCE_MAX_LENGTH)
    draft_version = models.PositiveIntegerField(default=1)
    current_revision = models.ForeignKey(
        "Revision", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveBigIntegerField(default=1)
    comment_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-published_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="published") | Q(current_revision__isnull=False, published_on__isnull=False),
                name="a_published_article_has_a_revision_and_a_date",
            ),
        ]
        indexes = [models.Index(fields=["status", "-published_on", "-id"], name="articles_newest_first")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED

    @property
    def is_draft_published(self) -> bool:
        """Whether the current revision was made of the draft as it is now."""
        draft, current = (self.draft_title, self.draft_source), self.current_revision
        return current is not None and draft == (current.title, current.source)

    @property
    def standing_revision(self) -> "Revision":
        """The current revision of an article that was published at least once; LookupError for any other."""
        if self.current_revision is None:
            raise LookupError(f"{self.slug} has no revision")
        return self.current_revision

    def shown(self, count: int) -> int:
        """A counter as readers see it: where the discussion is off nothing is shown, and nothing is counted."""
        return 0 if self.discussion == self.Discussion.OFF else count

    @property
    def shown_comment_count(self) -> int:
        return self.shown(self.comment_count)

    @property
    def authors_by_name(self) -> list[Any]:
        """In one order everywhere; the database has none. Prefetch `authors` where there are many articles."""
        return sorted(self.authors.all(), key=lambda author: (author.name.casefold(), author.pk))

    @property
    def credit(self) -> str:
        """The by-line, else the authors' names."""
        return self.by_line or ", ".join(author.name for author in self.authors_by_name)


class Revision(models.Model):
    """One published text. Nothing changes it; the next one is a new row."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=TITLE_MAX_LENGTH)
    source = models.TextField()
    html = models.TextField()
    # Every offset in the system counts code points in this string, from its start, half-open.
    canonical_text = models.TextField()
    sha256 = models.CharField(max_length=64)
    words = models.PositiveIntegerField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    summary = models.CharField(max_length=SUMMARY_MAX_LENGTH, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["article", "number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="one_revision_per_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="revisions_count_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    @property
    def reading_minutes(self) -> int:
        return max(1, ceil(self.words / WORDS_PER_MINUTE))


class Publishing(models.Model):
    """A draft that the worker publishes, because very much stands on the text; gone once that is done.

    Until the swap, `revision` is null and readers see the old one. After it, `revision` is current, and what is left
    is to write down how everything moved. `error`: why it was given up, in words for editors.
    """

    article = models.OneToOneField(Article, on_delete=models.CASCADE, related_name="publishing")
    draft_version = models.PositiveIntegerField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    summary = models.CharField(max_length=SUMMARY_MAX_LENGTH, blank=True)
    # Of each passage whose place an editor said: start, end, to_start, to_end, written_on. (articles.steps.ByHand)
    by_hand = models.JSONField(default=list, blank=True)
    old = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # How many passages there were when it began, and how many are carried.
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    # The worker's last sign of life, null before the first; and which worker it is, counted up with each.
    beat_at = models.DateTimeField(null=True, blank=True)
    turn = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    asked_at = models.DateTimeField(default=timezone.now)

    objects = PublishingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(error="") | Q(revision=None), name="what_is_published_has_not_failed"),
        ]

    def __str__(self) -> str:
        return f"{self.article}: {self.done} / {self.total}"

    @property
    def is_swapped(self) -> bool:
        """Whether readers see the new revision."""
        return self.revision_id is not None

    @property
    def is_compared(self) -> bool:
        """Whether the texts are compared; that is the first step, and cannot be counted."""
        return self.done > 0 or self.is_swapped


class Section(models.Model):
    """The identity of a part of an article. It keeps its key when it is renamed, moved or edited."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="sections")
    key = models.CharField(max_length=80)
    is_retired = models.BooleanField(default=False)
    comment_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "key"], name="one_section_per_key")]

    def __str__(self) -> str:
        return self.key


class SectionText(models.Model):
    """A section as it stands in one revision: code points [start, end) of the revision's canonical text."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="section_texts")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="texts")
    position = models.PositiveIntegerField()
    heading = models.CharField(max_length=HEADING_MAX_LENGTH, blank=True)
    level = models.PositiveSmallIntegerField()
    html = models.TextField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    objects = SectionTextQuerySet.as_manager()

    class Meta:
        ordering = ["revision", "position"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "position"], name="one_section_per_position"),
            models.UniqueConstraint(fields=["revision", "section"], name="a_section_stands_once"),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="a_section_ends_after_its_start"),
        ]

    def __str__(self) -> str:
        return self.heading or str(self.section)


class ArticleLink(models.Model):
    """A link in an article's current text to another article, which need not be there yet."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="links")
    to_slug = models.CharField(max_length=SLUG_MAX_LENGTH, db_index=True)
    label = models.CharField(max_length=TITLE_MAX_LENGTH)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "to_slug"], name="one_link_per_target")]

    def __str__(self) -> str:
        return self.label


class FormerSlug(models.Model):
    """An address an article had. It leads to the article for as long as no other takes it."""

    slug = models.CharField(max_length=SLUG_MAX_LENGTH, unique=True)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="former_slugs")

    def __str__(self) -> str:
        return self.slug

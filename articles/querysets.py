"""Which articles, and what to load with them."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, F, Q

if TYPE_CHECKING:
    from articles.models import Article, Category, Publishing, SectionText  # noqa: F401


# A worker that gave no sign of life for so long is gone.
PUBLISHING_LEASE = timedelta(minutes=5)
# Pages show the HTML of the sections.
_TEXTS_NOT_SHOWN = ("draft_source", "current_revision__source", "current_revision__html")


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> "ArticleQuerySet":
        """What anyone may read."""
        return self.filter(status="published")

    def formerly_at(self, slug: str) -> "ArticleQuerySet":
        """The article that had this address before: one or none."""
        return self.filter(former_slugs__slug=slug)

    def taken_from(self, slug: str) -> "ArticleQuerySet":
        """What was public at this address, present or former, and is not any more."""
        return self.filter(Q(slug=slug) | Q(former_slugs__slug=slug), status="unpublished")

    def named(self, slug: str) -> "Article | None":
        """The article that has this slug, else the one that had it. One query, two where none has it."""
        return self.filter(slug=slug).first() or self.formerly_at(slug).first()

    def discussed_in_bulk(self, slugs: Collection[str]) -> "dict[str, Article]":
        """As `in_bulk`: the articles whose comments readers see, with how many those are, by the slugs that name
        them, present or former ones. One query, two where a slug is no present one."""
        shown = self.published().only("slug", "comment_count", "version", "discussion")
        found = {article.slug: article for article in shown.filter(slug__in=slugs)}
        if former := set(slugs) - found.keys():
            moved = shown.filter(former_slugs__slug__in=former).annotate(named=F("former_slugs__slug"))
            found |= {article.named: article for article in moved}
        return {slug: article for slug, article in found.items() if article.discussion != "off"}

    def with_page(self) -> "ArticleQuerySet":
        """What a list or a page names of an article, its authors in one query more."""
        return self.select_related("category", "current_revision").prefetch_related("authors")

    def without_texts(self) -> "ArticleQuerySet":
        """Leave the long texts in the database; for lists."""
        return self.defer(*_TEXTS_NOT_SHOWN, "current_revision__canonical_text")

    def with_current_text(self) -> "ArticleQuerySet":
        """The canonical text of the current revision and no other long text; for what is written or shown on it."""
        return self.select_related("current_revision").defer(*_TEXTS_NOT_SHOWN)

    def linking_to(self, slug: str) -> "ArticleQuerySet":
        """Published articles whose current text links to `slug`."""
        return self.published().filter(links__to_slug=slug)


class CategoryQuerySet(models.QuerySet["Category"]):
    def with_article_count(self) -> "CategoryQuerySet":
        """Those that hold a published article; `article_count` says how many."""
        published = Count("articles", filter=Q(articles__status="published"))
        return self.annotate(article_count=published).filter(article_count__gt=0)


class SectionTextQuerySet(models.QuerySet["SectionText"]):
    def holding(self, start: int, end: int) -> "SectionTextQuerySet":
        """The section that holds all of [start, end), in code points of the revision's text: one row or none."""
        return self.filter(start__lte=start, end__gte=end)


class PublishingQuerySet(models.QuerySet["Publishing"]):
    def under_way(self) -> "PublishingQuerySet":
        """Those that did not fail. One whose swap is done is under way until the rest is written, too."""
        return self.filter(error="")

    def due(self, now: datetime) -> "PublishingQuerySet":
        """Those under way that no worker is at, as far as can be known."""
        return self.under_way().filter(Q(beat_at=None) | Q(beat_at__lt=now - PUBLISHING_LEASE))

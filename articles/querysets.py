"""Which articles, and what to load with them."""

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from articles.models import Article, SectionText  # noqa: F401


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> "ArticleQuerySet":
        """What anyone may read."""
        return self.filter(status="published")

    def with_page(self) -> "ArticleQuerySet":
        """What a list or a page names of an article, its authors in one query more."""
        return self.select_related("category", "current_revision").prefetch_related("authors")

    def without_texts(self) -> "ArticleQuerySet":
        """Leave the long texts in the database; for lists."""
        texts = ("source", "html", "canonical_text")
        return self.defer("draft_source", *(f"current_revision__{name}" for name in texts))

    def linking_to(self, slug: str) -> "ArticleQuerySet":
        """Published articles whose current text links to `slug`."""
        return self.published().filter(links__to_slug=slug)


class SectionTextQuerySet(models.QuerySet["SectionText"]):
    def holding(self, start: int, end: int) -> "SectionTextQuerySet":
        """The section that holds all of [start, end), in code points of the revision's text: one row or none."""
        return self.filter(start__lte=start, end__gte=end)

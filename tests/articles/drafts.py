"""Saving drafts, and what is known of an article afterwards."""

from articles import services
from articles.models import Article
from events.models import Event


def save(article, source, *, title="Birds", seen=None):
    seen = article.draft_version if seen is None else seen
    return services.save_draft(article, title=title, source=source, seen_version=seen)


def fresh(article):
    return Article.objects.select_related("current_revision").get(pk=article.pk)


def kinds(article):
    return list(Event.objects.filter(article_id=article.pk).order_by("id").values_list("type", flat=True))


def refused_field(caught):
    (error,) = caught.value.errors
    return error.field, error.code

"""Finding an article again, and holding its row."""

from django.utils.translation import gettext as _

from articles.models import Article
from articles.querysets import ArticleQuerySet
from skycrumbs.problems import NotThere


def found_in(articles: ArticleQuerySet, article: Article) -> Article:
    """`article` as one of `articles`. Raises NotThere where it is none: a draft was deleted since it was read."""
    fresh = articles.filter(pk=article.pk).first()
    if fresh is None:
        raise NotThere(_("This article was deleted."))
    return fresh


def lock(article: Article) -> None:
    """Hold the article's row until the transaction ends. Raises NotThere."""
    found_in(Article.objects.select_for_update().only("pk"), article)

"""Where things stand on this site, as paths."""

from urllib.parse import urlencode

from django.urls import reverse

from articles.models import Article, Revision
from comments.models import Comment


def article_path(article: Article) -> str:
    return reverse("pages:article", args=[article.slug])


def revision_path(article: Article, revision: Revision) -> str:
    """The page of a past text."""
    return reverse("pages:revision", args=[article.slug, revision.number])


def compose_path(article: Article, **target: object) -> str:
    """The form for a comment on `target`: revision, start and end; section; parent; or nothing, the article."""
    query = f"?{urlencode(target)}" if target else ""
    return reverse("pages:compose", args=[article.slug]) + query


def comment_path(comment: Comment) -> str:
    """The comment's own page."""
    return reverse("pages:comment", args=[comment.key])


def place_path(comment: Comment) -> str:
    """The comment among the others, on the page of its article."""
    return f"{article_path(comment.article)}#comment-{comment.key}"

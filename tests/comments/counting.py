"""Counters, counted anew the slow way."""

from articles.models import Article
from comments.models import Comment


def recount(article: Article) -> dict:
    """What the counters of an article should say, from nothing but its public comments."""
    comments = list(Comment.objects.filter(article=article).order_by("pk"))
    public = [c for c in comments if c.public_revision_id is not None]
    counted = [c for c in public if c.kind != "highlight"]
    return {
        "article": len(counted),
        "sections": {
            section.key: sum(c.section_id == section.pk for c in counted) for section in article.sections.all()
        },
        "replies": {c.pk: sum(_stands_below(other, c) for other in public) for c in comments},
    }


def counters(article: Article) -> dict:
    """What they say."""
    return {
        "article": Article.objects.get(pk=article.pk).comment_count,
        "sections": dict(article.sections.values_list("key", "comment_count")),
        "replies": dict(Comment.objects.filter(article=article).values_list("pk", "replies")),
    }


def _stands_below(other: Comment, comment: Comment) -> bool:
    is_deeper = other.root_id == comment.root_id and other.path.startswith(comment.path) and other.pk != comment.pk
    return is_deeper or other.parent_id == comment.pk

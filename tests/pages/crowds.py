"""Discussions too large to be made one comment at a time."""

from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from comments.models import Anchor, Comment, CommentRevision

BATCH = 1000


def make_crowd(article: Article, by: User, size: int, *, is_anchored: bool = False) -> list[Comment]:
    """`size` public comments straight into the database, each on a passage of its own length if `is_anchored`."""
    comments = Comment.objects.bulk_create((Comment(article=article, author=by) for _ in range(size)), BATCH)
    texts = (CommentRevision(comment=c, number=1, source="Hm.", html="<p>Hm.</p>", author=by) for c in comments)
    CommentRevision.objects.bulk_create(texts, BATCH)
    text = Subquery(CommentRevision.objects.filter(comment=OuterRef("pk")).values("pk")[:1])
    Comment.objects.filter(article=article, root=None).update(
        root_id=F("pk"), head_revision_id=text, public_revision_id=text, state="open", published_at=timezone.now()
    )
    if is_anchored:
        Anchor.objects.bulk_create((_anchor(article, c, n) for n, c in enumerate(comments)), BATCH)
    return comments


def _anchor(article: Article, comment: Comment, number: int) -> Anchor:
    revision = article.current_revision
    start = number % 40
    end = start + 1 + number // 40 % 20
    return Anchor(
        comment=comment,
        article=article,
        revision=revision,
        start=start,
        end=end,
        exact=revision.canonical_text[start:end],
        now_revision=revision,
        now_start=start,
        now_end=end,
    )

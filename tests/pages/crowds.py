"""Discussions too large to be made one comment at a time."""

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from comments import paths
from comments.models import Anchor, Comment, CommentRevision

BATCH = 1000


def make_crowd(
    article: Article, by: User, size: int, *, is_anchored: bool = False, below: Comment | None = None
) -> list[Comment]:
    """`size` public comments straight into the database, each on a passage of its own length if `is_anchored`.

    With `below` they are the first replies to that root.
    """
    new = (_root(article, by) if below is None else _reply(below, by, n) for n in range(1, size + 1))
    comments = Comment.objects.bulk_create(new, BATCH)
    texts = (CommentRevision(comment=c, number=1, source="Hm.", html="<p>Hm.</p>", author=by) for c in comments)
    CommentRevision.objects.bulk_create(texts, BATCH)
    text = Subquery(CommentRevision.objects.filter(comment=OuterRef("pk")).values("pk")[:1])
    Comment.objects.filter(article=article, head_revision=None).update(
        root_id=Coalesce("root_id", "pk"),
        head_revision_id=text,
        public_revision_id=text,
        state="open",
        published_at=timezone.now(),
    )
    if below is not None:
        Comment.objects.filter(pk=below.pk).update(replies=size, child_ordinal=size)
    if is_anchored:
        Anchor.objects.bulk_create((_anchor(article, c, n) for n, c in enumerate(comments)), BATCH)
    return comments


def _root(article: Article, by: User) -> Comment:
    return Comment(article=article, author=by)


def _reply(root: Comment, by: User, ordinal: int) -> Comment:
    path = paths.below("", ordinal)
    return Comment(article=root.article, author=by, parent=root, root=root, depth=1, path=path)


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

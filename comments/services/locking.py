"""The locks every verb takes, in this order: the article's row, then the comment's."""

from django.utils.translation import gettext as _

from articles.models import Article
from comments import policy
from comments.errors import StaleVersion
from comments.models import Comment
from comments.querysets import CommentQuerySet
from skycrumbs.problems import NotThere


def lock_article(pk: int) -> Article:
    """The article's row, held until the transaction ends."""
    # Nothing joined: what a lock waited for changed the article, and a join would still be of the time before.
    return Article.objects.select_for_update().defer("draft_source").get(pk=pk)


def lock_open(article: Article, *, with_anchor: bool) -> Article:
    locked = lock_article(article.pk)
    policy.check_open(locked, with_anchor=with_anchor)
    return locked


def lock_comment(pk: int, seen_version: int | None) -> Comment:
    """The comment's row, held until the transaction ends.

    Raises NotThere where the sweep removed it since it was read, StaleVersion if it is not the version seen.
    """
    comments = Comment.objects.select_related("article", "section", "author", "guest", "head_revision")
    comment = comments.defer("article__draft_source").select_for_update(of=("self",)).filter(pk=pk).first()
    if comment is None:
        raise NotThere(_("Nothing is left of this comment."))
    if seen_version is not None and comment.version != seen_version:
        raise StaleVersion(_("The comment changed since you read it."), version=comment.version)
    return comment


def lock_both(comment: Comment, seen_version: int | None) -> Comment:
    lock_article(comment.article_id)
    return lock_comment(comment.pk, seen_version)


def lock_if_still(one: CommentQuerySet) -> Comment | None:
    """The one comment of `one` with its article and itself locked; None where it is none of them any more."""
    found = one.values_list("pk", "article").first()
    if found is None:
        return None
    lock_article(found[1])
    return lock_comment(found[0], None) if one.exists() else None

"""Who may report what; page and service ask here."""

from articles.models import Article
from comments.models import Comment
from comments.policy import is_author
from comments.scopes import Viewer


def can_flag(viewer: Viewer, comment: Comment) -> bool:
    """Whether to offer it: somebody else's comment, which anyone can read."""
    article = comment.article
    is_discussed = article.is_published and article.discussion != Article.Discussion.OFF
    return is_discussed and comment.is_public and not is_author(viewer, comment)

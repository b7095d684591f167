"""Who may report what, and who may do more than judge; page, admin and service ask here."""

from accounts.models import User
from articles.models import Article
from comments.models import Comment
from comments.policy import can_moderate, is_author
from comments.scopes import Viewer, scope_of


def can_flag(viewer: Viewer, comment: Comment) -> bool:
    """Whether to offer it: somebody else's comment, which anyone can read."""
    article = comment.article
    is_discussed = article.is_published and article.discussion != Article.Discussion.OFF
    return is_discussed and comment.is_public and not is_author(viewer, comment)


def can_hold(user: User, comment: Comment) -> bool:
    """Whether `user` may keep it from being erased, and end that."""
    return can_moderate(user, comment) and user.has_perm("comments.hold_comment")


def can_erase(user: User, comment: Comment) -> bool:
    """Whether `user` may wipe its text once it is removed."""
    return can_moderate(user, comment) and user.has_perm("comments.erase_comment")


def moderates_all(viewer: Viewer) -> bool:
    """Whether they are not limited to a part of the site: theirs alone are sanctions, which hold on all of it."""
    return scope_of(viewer).is_everything

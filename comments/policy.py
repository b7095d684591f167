"""Who may do what with a comment; page, API and admin ask here."""

from articles.models import Article
from comments.models import Comment
from comments.querysets import Viewer
from comments.states import State

_EDITABLE = frozenset({State.HELD, State.OPEN, State.APPROVED, State.HELD_EDIT})


def takes_comments(article: Article) -> bool:
    return article.is_published and article.is_open and article.discussion != Article.Discussion.OFF


def takes_anchors(article: Article) -> bool:
    """Whether single passages may be commented on."""
    return takes_comments(article) and article.discussion == Article.Discussion.FULL


def can_edit(viewer: Viewer, comment: Comment) -> bool:
    return comment.author_id == viewer.pk and comment.state in _EDITABLE


def can_withdraw(viewer: Viewer, comment: Comment) -> bool:
    return comment.author_id == viewer.pk and not comment.is_gone


def can_reply(comment: Comment) -> bool:
    """A public comment in an open discussion can be replied to."""
    return comment.is_public and takes_comments(comment.article)

"""Who may do what with a comment; page, API and admin ask here."""

from django.utils.translation import gettext as _

from articles.models import Article
from comments.errors import DiscussionClosed
from comments.models import Comment
from comments.querysets import Viewer
from comments.states import State

_EDITABLE = frozenset({State.HELD, State.OPEN, State.APPROVED, State.HELD_EDIT})


def takes_comments(article: Article) -> bool:
    return article.is_published and article.is_open and article.discussion != Article.Discussion.OFF


def takes_anchors(article: Article) -> bool:
    """Whether single passages may be commented on."""
    return takes_comments(article) and article.discussion == Article.Discussion.FULL


def check_open(article: Article, *, with_anchor: bool) -> None:
    """Raises DiscussionClosed where no comment, or none on a passage, is taken."""
    if not takes_comments(article):
        raise DiscussionClosed(_("This discussion is closed."))
    if with_anchor and not takes_anchors(article):
        raise DiscussionClosed(_("Single passages of this article are not open for comments."))


def can_edit(viewer: Viewer, comment: Comment) -> bool:
    return comment.author_id == viewer.pk and comment.state in _EDITABLE


def can_withdraw(viewer: Viewer, comment: Comment) -> bool:
    return comment.author_id == viewer.pk and not comment.is_gone


def can_reply(comment: Comment) -> bool:
    """A public comment in an open discussion can be replied to."""
    return comment.is_public and takes_comments(comment.article)

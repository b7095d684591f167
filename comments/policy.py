"""Who may do what with a comment, and for how long; page, API and admin ask here."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Guest
from articles.models import Article
from comments.anchoring.spans import LOST
from comments.errors import DiscussionClosed
from comments.models import Anchor, Comment, Decision
from comments.scopes import Viewer, scope_of
from comments.states import PUBLIC_STATES, UNPROVEN, WAITING_STATES, State

# A text may be replaced for so long after it was posted, but not under a reply, which answered the old one; for the
# first moments even then, because whoever answers that fast can look again.
EDIT_WINDOW = timedelta(minutes=15)
EDIT_DESPITE_REPLIES = timedelta(minutes=2)
RESTORE_WINDOW = timedelta(minutes=10)
# A rejected comment may be written anew and judged anew so often.
MOST_RESUBMISSIONS = 2

_STANDING = PUBLIC_STATES | WAITING_STATES


def takes_comments(article: Article) -> bool:
    return article.is_published and article.is_open and article.discussion != Article.Discussion.OFF


def takes_anchors(article: Article) -> bool:
    """Whether single passages may be commented on."""
    return takes_comments(article) and article.discussion == Article.Discussion.FULL


def takes_guests(visibility: Comment.Visibility) -> bool:
    """Whether somebody without an account may write so: what is private has to be theirs for good."""
    return visibility == Comment.Visibility.PUBLIC


def check_open(article: Article, *, with_anchor: bool) -> None:
    """Raises DiscussionClosed where no comment, or none on a passage, is taken."""
    if not takes_comments(article):
        raise DiscussionClosed(_("This discussion is closed."))
    if with_anchor and not takes_anchors(article):
        raise DiscussionClosed(_("Single passages of this article are not open for comments."))


def is_author(viewer: Viewer, comment: Comment) -> bool:
    """Whether `viewer` wrote it: by account, or as the guest who proved the address for this very comment."""
    if isinstance(viewer, Guest):
        # Before that, anybody may have written it in the guest's name.
        return comment.guest_id == viewer.pk and not is_unproven(comment)
    return viewer.is_authenticated and comment.author_id == viewer.pk


def can_moderate(viewer: Viewer, comment: Comment) -> bool:
    """Whether `viewer` may judge it: on an article they moderate, and not their own."""
    is_readable = comment.visibility == Comment.Visibility.PUBLIC and not is_unproven(comment)
    return is_readable and scope_of(viewer).holds(comment.article) and not is_author(viewer, comment)


def is_unproven(comment: Comment) -> bool:
    return comment.state == State.HELD and comment.state_reason == UNPROVEN


def can_edit(viewer: Viewer, comment: Comment) -> bool:
    """Whether `viewer` may give it another text now; `can_correct` may still be true where this is not."""
    return is_author(viewer, comment) and (may_resubmit(comment) or comment.state in _STANDING and is_fresh(comment))


def can_correct(viewer: Viewer, comment: Comment) -> bool:
    """Whether `viewer` may add a correction below a text that stands and can no longer be replaced."""
    is_due = comment.state in _STANDING and comment.kind != Comment.Kind.HIGHLIGHT and not is_fresh(comment)
    return is_author(viewer, comment) and is_due


def is_fresh(comment: Comment) -> bool:
    """Whether its text may still be replaced. What nobody but its author and moderators ever read always may."""
    if comment.published_at is None:
        return True
    age = timezone.now() - comment.created_at
    return age < EDIT_DESPITE_REPLIES or age < EDIT_WINDOW and comment.replies == 0


def may_resubmit(comment: Comment) -> bool:
    """Whether a rejected text may be written anew. One query where it is rejected."""
    if comment.state != State.REJECTED:
        return False
    return comment.decisions.filter(was=State.REJECTED, now=State.HELD).count() < MOST_RESUBMISSIONS


def can_withdraw(viewer: Viewer, comment: Comment) -> bool:
    return is_author(viewer, comment) and not comment.is_gone


def can_restore(viewer: Viewer, comment: Comment) -> bool:
    """Whether its author may still take the withdrawal back. One query where it is withdrawn."""
    return is_author(viewer, comment) and withdrawal_to_take_back(comment) is not None


def withdrawal_to_take_back(comment: Comment) -> Decision | None:
    if comment.state != State.WITHDRAWN:
        return None
    last = comment.decisions.filter(act=Decision.Act.STATE, at__gt=timezone.now() - RESTORE_WINDOW).last()
    return last if last is not None and last.now == State.WITHDRAWN else None


def can_attach(viewer: Viewer, comment: Comment, anchor: Anchor) -> bool:
    """Whether `viewer` may say where its passage is: who judges it or edits the article; its author where that is
    lost or uncertain."""
    if not comment.article.is_published or comment.is_gone:
        return False
    if is_author(viewer, comment):
        return anchor.now_status in LOST
    is_editor = viewer.is_authenticated and viewer.has_perm("articles.change_article")
    return comment.is_public and (is_editor or can_moderate(viewer, comment))


def takes_votes(comment: Comment) -> bool:
    """A public text in an open discussion; a highlight says nothing that could be agreed with."""
    return comment.is_counted and can_reply(comment)


def can_vote(viewer: Viewer, comment: Comment) -> bool:
    """An account, on what somebody else wrote."""
    return viewer.is_authenticated and takes_votes(comment) and not is_author(viewer, comment)


def can_reply(comment: Comment) -> bool:
    """A public comment in an open discussion can be replied to."""
    return comment.is_public and takes_comments(comment.article)

"""A passage put in its place by hand: found again where it had been lost, or confirmed where it was uncertain."""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from articles.models import Article
from comments import policy
from comments.anchoring import Status
from comments.errors import StaleVersion
from comments.models import BY_HAND, Anchor, AnchorMove, Comment
from comments.placing import Place, Selection, place, placed_still
from comments.recounting import recount_sections
from comments.scopes import Viewer
from comments.services.limiting import count_carry
from comments.services.locking import lock_article, lock_comment
from skycrumbs.problems import Forbidden


def attach(
    comment: Comment, *, by: Viewer, selection: Selection, seen: Anchor | None = None, network: str = ""
) -> Comment:
    """Say where the passage of a comment is now. What it was when it was written on stays as it is.

    The refusals of a selection are those of a new comment. Raises Forbidden for who may not, or where it is certain;
    StaleVersion where the passage is elsewhere than it was `seen`.
    """
    _may_be_attached(comment, by)
    article = Article.objects.with_current_text().get(pk=comment.article_id)
    count_carry(article, selection, account=by if isinstance(by, User) else None, network=network)
    found = place(article, selection)
    with transaction.atomic():
        return _attach(comment, by, found, seen)


def _may_be_attached(comment: Comment, by: Viewer) -> Anchor:
    """Its anchor, as it is now. Raises Forbidden."""
    anchor = Anchor.objects.filter(comment=comment).first()
    if anchor is None or not policy.can_attach(by, comment, anchor):
        raise Forbidden(_("Only a passage that is lost or uncertain is put in place by its author."))
    return anchor


def _attach(comment: Comment, by: Viewer, found: Place, seen: Anchor | None) -> Comment:
    article = lock_article(comment.article_id)
    fresh = lock_comment(comment.pk, None)
    anchor = _may_be_attached(fresh, by)
    if seen is not None and _where(seen) != _where(anchor):
        raise StaleVersion(_("This changed since you read it. Read it again first."))
    found = placed_still(article, found)
    _set(anchor, found)
    Comment.objects.filter(root_id=fresh.root_id).update(section_id=found.section_id)
    recount_sections(fresh.article_id)
    Article.objects.filter(pk=fresh.article_id).update(version=F("version") + 1)
    return fresh


def _where(anchor: Anchor) -> tuple[object, ...]:
    return anchor.now_revision_id, anchor.now_start, anchor.now_end, anchor.now_status, anchor.score


def _set(anchor: Anchor, found: Place) -> None:
    status = Status.KEPT if found.exact == anchor.exact else Status.CHANGED
    AnchorMove.objects.create(
        anchor=anchor,
        article_id=anchor.article_id,
        from_revision_id=anchor.now_revision_id,
        to_revision=found.revision,
        from_start=anchor.now_start,
        from_end=anchor.now_end,
        to_start=found.span.start,
        to_end=found.span.end,
        status=status,
        score=1.0,
        method=BY_HAND,
    )
    anchor.now_revision, anchor.now_status = found.revision, status
    anchor.now_start, anchor.now_end = found.span.start, found.span.end
    anchor.score, anchor.method = 1.0, BY_HAND
    anchor.save(update_fields=["now_revision", "now_start", "now_end", "now_status", "score", "method"])

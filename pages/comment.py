"""One comment: its own page, made for who asks."""

import uuid
from dataclasses import replace

from django.contrib.auth.views import redirect_to_login
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comments import paths, policy
from comments.models import Comment, Decision
from comments.querysets import NOBODY
from pages.addresses import article_path, place_path
from pages.discussion import first_page_shows
from pages.more import asked_place, first_of
from pages.rows import alone, public_rows, rows_for
from pages.viewers import is_somebody, viewer_of
from skycrumbs.failures import forbidden, gone
from skycrumbs.problems import Forbidden
from skycrumbs.same_origin import ProvenRequest, check_proven

REPLIES_PER_PAGE = 200


@require_safe
def page(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    comment = readable(request, public_id)
    if comment is None:
        return absent(request, public_id)
    replies, more_url = _below(comment, asked_place(request, Comment.objects.filter(parent=comment)))
    context = about(request, comment) | {
        "note": _note(request, comment),
        "ancestors": public_rows(_above(comment)),
        "replies": [alone(row) for row in public_rows(replies)],
        "reply_count": comment.replies,
        "more_url": more_url and f"{more_url}#replies_title",
        "place_url": _place(comment),
    }
    return render(request, "pages/comment.html", context)


def readable(request: HttpRequest, public_id: uuid.UUID) -> Comment | None:
    comments = Comment.objects.readable_by(viewer_of(request)).with_page_and_parent()
    return comments.filter(public_id=public_id).first()


def absent(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """410 for what anybody could read once; raises Http404 for the rest, whether it is there or not."""
    if Comment.objects.once_public().filter(public_id=public_id).exists():
        return gone(request)
    raise Http404


def _above(comment: Comment) -> list[Comment]:
    """The way down to it in its thread, as everybody sees it."""
    stems = Q(root_id=comment.root_id, path__in=paths.above(comment.path))
    # From the deepest level on a parent stands beside its replies.
    above = Comment.objects.in_threads(NOBODY).filter(stems | Q(pk=comment.parent_id))
    return list(above.with_page_and_parent().in_thread_order())


def _below(comment: Comment, after: Comment | None) -> tuple[list[Comment], str]:
    """Its direct replies, oldest first, as everybody sees them, from below `after`; and the query that leads on."""
    below = Comment.objects.in_threads(NOBODY).filter(parent=comment).with_page_and_parent()
    if after is not None:
        below = below.filter(path__gt=after.path)
    return first_of(below.in_thread_order(), REPLIES_PER_PAGE)


def _place(comment: Comment) -> str:
    """The comment among the others where the page of the article opens on it, else the article."""
    return place_path(comment) if first_page_shows(comment) else article_path(comment.article)


def _note(request: HttpRequest, comment: Comment) -> str:
    """What the moderator who judged it last wrote to its author; told to nobody else. One query for the author."""
    if not policy.is_author(viewer_of(request), comment):
        return ""
    judged = comment.decisions.filter(role=Decision.Role.MODERATOR, act=Decision.Act.STATE, now=comment.state)
    return judged.order_by("-id").values_list("note", flat=True).first() or ""


def about(request: HttpRequest, comment: Comment) -> dict[str, object]:
    """What every page of one comment shows of it."""
    viewer = viewer_of(request)
    (row,) = rows_for(viewer, [comment])
    is_voted = Comment.objects.voted_for_by(viewer).filter(pk=comment.pk).exists()
    return {
        "row": replace(alone(row), is_voted=is_voted),
        "article_title": comment.article.title,
        "article_url": article_path(comment.article),
    }


def not_theirs(request: HttpRequest) -> HttpResponse:
    return forbidden(request) if is_somebody(viewer_of(request)) else redirect_to_login(request.path)


def check_sender(request: ProvenRequest) -> None:
    """Raises Forbidden where a form was sent by nobody, or may have been sent by another site's page."""
    if not is_somebody(viewer_of(request)):
        raise Forbidden(_("You are signed out. Sign in in another window, then send this once more."))
    check_proven(request)

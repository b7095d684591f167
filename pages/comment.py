"""One comment: its own page, made for who asks, and what its author may do to it."""

import uuid
from http import HTTPStatus
from typing import cast

from django.contrib.auth.views import redirect_to_login
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from comments import policy, services
from comments.models import ORDINAL_DIGITS, Comment, CommentRevision
from comments.querysets import NOBODY
from pages.addresses import article_path, comment_path, place_path
from pages.answers import refused, see_other, with_headers
from pages.article_page import first_page_shows
from pages.composing import where_it_is_read
from pages.forms import EditForm
from pages.more import asked_place, first_of
from pages.rows import alone, public_rows, rows_for
from skycrumbs.failures import forbidden, gone
from skycrumbs.problems import Forbidden, Refusal
from skycrumbs.same_origin import ProvenRequest, same_origin

REPLIES_PER_PAGE = 200


@require_safe
def page(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    comment = _readable(request, public_id)
    if comment is None:
        return absent(request, public_id)
    replies, more_url = _below(comment, asked_place(request, Comment.objects.filter(parent=comment)))
    context = _context(request, comment) | {
        "ancestors": public_rows(_above(comment)),
        "replies": [alone(row) for row in public_rows(replies)],
        "reply_count": comment.replies,
        "more_url": more_url and f"{more_url}#replies_title",
        "place_url": _place(comment),
    }
    return render(request, "pages/comment.html", context)


def _readable(request: HttpRequest, public_id: uuid.UUID) -> Comment | None:
    comments = Comment.objects.readable_by(request.user).with_page().select_related("parent__author")
    return comments.filter(public_id=public_id).first()


def absent(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """410 for what anybody could read once; raises Http404 for the rest, whether it is there or not."""
    if Comment.objects.once_public().filter(public_id=public_id).exists():
        return gone(request)
    raise Http404


def _above(comment: Comment) -> list[Comment]:
    """The way down to it in its thread, as everybody sees it."""
    ends = range(0, len(comment.path), ORDINAL_DIGITS)
    stems = Q(root_id=comment.root_id, path__in=[comment.path[:end] for end in ends])
    # From the deepest level on a parent stands beside its replies.
    above = Comment.objects.in_threads(NOBODY).filter(stems | Q(pk=comment.parent_id))
    return list(above.with_page().select_related("parent__author").in_thread_order())


def _below(comment: Comment, after: Comment | None) -> tuple[list[Comment], str]:
    """Its direct replies, oldest first, as everybody sees them, from below `after`; and the query that leads on."""
    below = Comment.objects.in_threads(NOBODY).filter(parent=comment).with_page().select_related("parent__author")
    if after is not None:
        below = below.filter(path__gt=after.path)
    return first_of(below.in_thread_order(), REPLIES_PER_PAGE)


def _place(comment: Comment) -> str:
    """The comment among the others where the page of the article opens on it, else the article."""
    return place_path(comment) if first_page_shows(comment) else article_path(comment.article)


def _context(request: HttpRequest, comment: Comment) -> dict[str, object]:
    (row,) = rows_for(request.user, [comment])
    return {
        "row": alone(row),
        "article_title": comment.article.title,
        "article_url": article_path(comment.article),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@same_origin
def edit(request: ProvenRequest, public_id: uuid.UUID) -> HttpResponse:
    comment = _readable(request, public_id)
    if comment is None:
        return absent(request, public_id)
    # What was typed before the session ended comes back from `_save`.
    is_signed_out = request.method == "POST" and not request.user.is_authenticated
    if not is_signed_out and not policy.can_edit(request.user, comment):
        return _not_theirs(request)
    if request.method == "POST":
        return _save(request, comment)
    head = cast(CommentRevision, comment.head_revision)
    written = {"text": head.source, "version": comment.version}
    return _edit_page(request, comment, EditForm(initial=written, kind=comment.kind), HTTPStatus.OK)


def _not_theirs(request: HttpRequest) -> HttpResponse:
    return forbidden(request) if request.user.is_authenticated else redirect_to_login(request.path)


def _save(request: ProvenRequest, comment: Comment) -> HttpResponse:
    form = EditForm(request.POST, kind=comment.kind)
    if not form.is_valid():
        return _edit_page(request, comment, form, HTTPStatus.BAD_REQUEST)
    text, version = form.cleaned_data["text"], form.cleaned_data["version"]
    try:
        check_sender(request)
        comment = services.edit(comment, by=cast(User, request.user), text=text, seen_version=version)
    except Refusal as refusal:
        return _edit_refused(request, comment, form, refusal)
    return see_other(where_it_is_read(comment))


def check_sender(request: ProvenRequest) -> None:
    """Raises Forbidden where a form was sent by nobody, or may have been sent by another site's page."""
    if not request.user.is_authenticated:
        raise Forbidden(_("You are signed out. Sign in in another window, then send this once more."))
    if not request.is_proven:
        raise Forbidden(_("We could not tell whether this came from you. Send it once more."))


def _edit_refused(request: HttpRequest, comment: Comment, form: EditForm, refusal: Refusal) -> HttpResponse:
    """The form with what was typed; sent again, it is meant for the version that is there now."""
    current = refusal.extra.get("version", form.cleaned_data["version"])
    again = EditForm({"text": form.data["text"], "version": current}, kind=comment.kind)
    again.add_error(None, refusal.detail)
    return with_headers(refusal, _edit_page(request, comment, again, refusal.status))


def _edit_page(request: HttpRequest, comment: Comment, form: EditForm, status: int) -> HttpResponse:
    context = _context(request, comment) | {"form": form, "edit_url": request.path}
    return render(request, "pages/edit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@same_origin
def withdraw(request: ProvenRequest, public_id: uuid.UUID) -> HttpResponse:
    comment = _readable(request, public_id)
    if comment is None:
        return absent(request, public_id)
    if not policy.can_withdraw(request.user, comment):
        return _not_theirs(request)
    if request.method == "POST":
        return _take_back(request, comment)
    return render(request, "pages/withdraw.html", _context(request, comment) | {"withdraw_url": request.path})


def _take_back(request: ProvenRequest, comment: Comment) -> HttpResponse:
    try:
        check_sender(request)
        services.withdraw(comment, by=cast(User, request.user))
    except Refusal as refusal:
        return refused(request, refusal, comment_path(comment))
    return see_other(article_path(comment.article) if comment.article.is_published else reverse("pages:me"))

"""What an author takes back, and the few minutes in which that can be undone."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from comments import policy, services
from comments.models import Comment
from pages.addresses import article_path, comment_path
from pages.answers import refused
from pages.comment import about, absent, check_sender, not_theirs, readable
from pages.composing import where_it_is_read
from pages.viewers import viewer_of
from skycrumbs.answers import see_other
from skycrumbs.problems import Refusal
from skycrumbs.same_origin import ProvenRequest, same_origin


@require_http_methods(["GET", "HEAD", "POST"])
@same_origin
def withdraw(request: ProvenRequest, public_id: uuid.UUID) -> HttpResponse:
    comment = readable(request, public_id)
    if comment is None:
        # A second press: it is withdrawn already.
        withdrawn = _own_withdrawn(request, public_id) if request.method == "POST" else None
        return see_other(comment_path(withdrawn, "restore")) if withdrawn else absent(request, public_id)
    if not policy.can_withdraw(viewer_of(request), comment):
        return not_theirs(request)
    if request.method == "POST":
        return _take_back(request, comment)
    return render(request, "pages/withdraw.html", about(request, comment) | {"withdraw_url": request.path})


def _take_back(request: ProvenRequest, comment: Comment) -> HttpResponse:
    try:
        check_sender(request)
        services.withdraw(comment, by=viewer_of(request))
    except Refusal as refusal:
        return refused(request, refusal, comment_path(comment))
    return see_other(comment_path(comment, "restore"))


@require_http_methods(["GET", "HEAD", "POST"])
@same_origin
def restore(request: ProvenRequest, public_id: uuid.UUID) -> HttpResponse:
    """Says that the comment is withdrawn, and takes that back."""
    comment = _own_withdrawn(request, public_id)
    if comment is None:
        return absent(request, public_id)
    if request.method == "POST":
        return _bring_back(request, comment)
    return render(request, "pages/restore.html", _place(comment) | {"restore_url": request.path})


def _own_withdrawn(request: ProvenRequest, public_id: uuid.UUID) -> Comment | None:
    """What its own writer can still bring back."""
    viewer = viewer_of(request)
    comment = Comment.objects.written_by(viewer).select_related("article").filter(public_id=public_id).first()
    return comment if comment is not None and policy.can_restore(viewer, comment) else None


def _bring_back(request: ProvenRequest, comment: Comment) -> HttpResponse:
    try:
        check_sender(request)
        comment = services.restore(comment, by=viewer_of(request))
    except Refusal as refusal:
        return refused(request, refusal, article_path(comment.article))
    return see_other(where_it_is_read(comment))


def _place(comment: Comment) -> dict[str, object]:
    article = comment.article
    back_url = article_path(article) if article.is_published else reverse("pages:me")
    return {"article_title": article.title, "back_url": back_url}

"""The form that reports a comment, made for who asks: to everybody else there is no sign of a report."""

import uuid
from dataclasses import replace
from http import HTTPStatus
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.networks import network_of
from comments.models import Comment
from moderation import services
from moderation.models import Reason
from moderation.querysets import nameable_by
from pages.addresses import article_path, comment_path, place_path, sign_in_path
from pages.answers import refused
from pages.comment import absent, check_sender
from pages.forms import FlagForm
from pages.rows import Row, alone, public_rows
from skycrumbs.answers import see_other, with_headers
from skycrumbs.problems import Refusal
from skycrumbs.same_origin import ProvenRequest, same_origin


@require_http_methods(["GET", "HEAD", "POST"])
@same_origin
def flag(request: ProvenRequest, public_id: uuid.UUID) -> HttpResponse:
    comments = nameable_by(request.user).with_page_and_parent()
    comment = comments.filter(public_id=public_id).first()
    if comment is None:
        return absent(request, public_id)
    if request.user.is_authenticated:
        try:
            services.check_can_flag(comment, request.user)
        except Refusal as refusal:
            return refused(request, refusal, comment_path(comment))
    if request.method == "POST":
        return _receive(request, comment)
    if request.user.is_authenticated and services.open_flag(comment, request.user):
        return render(request, "pages/flagged.html", _place(comment))
    return _form_page(request, comment, FlagForm(), HTTPStatus.OK)


def _receive(request: ProvenRequest, comment: Comment) -> HttpResponse:
    """What was written is never thrown away: it is stored, or comes back on the form with the reason why not."""
    form = FlagForm(request.POST)
    if not form.is_valid():
        return _form_page(request, comment, form, HTTPStatus.BAD_REQUEST)
    try:
        check_sender(request)
        reason, note = Reason(form.cleaned_data["reason"]), form.cleaned_data["note"]
        by, network = cast(User, request.user), network_of(request)
        services.flag(comment, by=by, reason=reason, note=note, network=network)
    except Refusal as refusal:
        form.add_error(None, refusal.detail)
        return with_headers(refusal, _form_page(request, comment, form, refusal.status))
    # Where this very address now says that it is reported.
    return see_other(request.path)


def _form_page(request: HttpRequest, comment: Comment, form: FlagForm, status: int) -> HttpResponse:
    row = _as_reported(comment)
    context = {
        "row": row,
        "form": form,
        "flag_url": request.path,
        "sign_in_url": sign_in_path(request.path),
        "back_url": place_path(comment) if row else article_path(comment.article),
    }
    return render(request, "pages/flag.html", _place(comment) | context, status=status)


def _as_reported(comment: Comment) -> Row | None:
    """The text that everybody reads, which is the one that is reported; None where nobody reads it any more."""
    if not comment.is_public:
        return None
    (row,) = public_rows([comment])
    return replace(alone(row), reply_url="", flag_url="")


def _place(comment: Comment) -> dict[str, object]:
    return {"article_title": comment.article.title, "article_url": article_path(comment.article)}

"""The shapes of an answer: a page for everybody, a page for one reader, a refusal, another address."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from skycrumbs.answers import see_other, with_headers
from skycrumbs.context import site
from skycrumbs.problems import Refusal


def page_for_all(request: HttpRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """A page that cannot know who asks: its template is given no user, no messages and no CSRF token."""
    return HttpResponse(render_to_string(template, {**site(request), **context}))


def refused(request: HttpRequest, refusal: Refusal, back_url: str, *, back: str = "") -> HttpResponse:
    """The words of a refusal on a page of their own, where no form has to be given back.

    `back` says where `back_url` leads, where that is not the article.
    """
    context = {"problem": refusal.detail, "status": int(refusal.status), "back_url": back_url, "back": back}
    return with_headers(refusal, render(request, "pages/refused.html", context, status=refusal.status))


def done(request: HttpRequest, path: str) -> HttpResponse:
    """What a posted form is answered with when it did its work; `path` is where that is read.

    A script says `then`, and is told where to look: a redirect would have it load the whole page behind it.
    (RFC 9110, section 15.3.2)
    """
    if request.POST.get("then"):
        return HttpResponse(status=HTTPStatus.CREATED, headers={"Location": path})
    return see_other(path)

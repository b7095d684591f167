"""Whether a form came from this site's own pages.

Pages that are kept are the same for everyone, so their forms carry no token. What the browser says of where a
request comes from takes its place: a script of another site can set neither header.
"""

from collections.abc import Callable
from functools import wraps
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from skycrumbs.problems import Forbidden


class ProvenRequest(HttpRequest):
    """What a view under `same_origin` is given. Where `is_proven` is False it must store nothing."""

    is_proven: bool


def same_origin(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Tell `view` by `request.is_proven` whether this site's own page sent the form.

    Django's own check, which would answer in the view's place, is off: text that came unproven is not thrown away.
    """

    @csrf_exempt
    @wraps(view)
    def prove(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        proven = cast(ProvenRequest, request)
        proven.is_proven = request.method == "POST" and (_comes_from_here(request) or _has_token(request))
        return view(proven, *args, **kwargs)

    return prove


def check_proven(request: ProvenRequest) -> None:
    """Raises Forbidden where the form may have been sent by another site's page."""
    if not request.is_proven:
        raise Forbidden(_("We could not tell whether this came from you. Send it once more."))


def _comes_from_here(request: HttpRequest) -> bool:
    """By Sec-Fetch-Site (W3C Fetch Metadata), else by Origin, which is sent over plain http too. (RFC 6454)"""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


class _TokenCheck(CsrfViewMiddleware):
    """Django's check, which gives its reason to refuse, or None."""

    def _reject(self, request: HttpRequest, reason: str) -> str:
        return reason

    def _origin_verified(self, request: HttpRequest) -> bool:
        # What a page that tells its address to nobody sends (Fetch Standard, "append a request Origin header"). There
        # the token is proof enough: its cookie goes along with no other site's forms.
        return request.META["HTTP_ORIGIN"] == "null" or super()._origin_verified(request)  # type: ignore[misc]


def _has_token(request: HttpRequest) -> bool:
    def answer(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    return _TokenCheck(answer).process_view(request, answer, (), {}) is None

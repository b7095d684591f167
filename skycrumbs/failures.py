"""How a refusal looks: problem+json under /api/, a drawn page elsewhere, with one status and one set of words."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from skycrumbs import problems
from skycrumbs.answers import with_headers
from skycrumbs.problems import Refusal


def answer(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponse:
    """The refusal in the shape that fits who asked."""
    return _draw(request, problems.body(status, code, detail))


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A rule's refusal in the same shapes, with what it says beside its words, such as when to come back."""
    return with_headers(refusal, _draw(request, problems.of(refusal), refusal))


def _draw(request: HttpRequest, problem: dict[str, Any], refusal: Refusal | None = None) -> HttpResponse:
    status = problem["status"]
    if request.path.startswith("/api/"):
        return JsonResponse(problem, status=status, content_type=problems.CONTENT_TYPE)
    template = f"{status}.html" if status in (400, 403, 404, 410, 429) else "400.html"
    context = {"detail": problem["detail"], "status": status, "refusal": refusal}
    return render(request, template, context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, HTTPStatus.BAD_REQUEST, "invalid", _("This request cannot be read."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, HTTPStatus.FORBIDDEN, "forbidden", _("You may not do this."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, HTTPStatus.NOT_FOUND, "not_found", _("There is nothing at this address."))


def gone(request: HttpRequest) -> HttpResponse:
    return answer(request, HTTPStatus.GONE, "removed", _("What stood here was taken away."))


def server_error(request: HttpRequest) -> HttpResponse:
    """Uses nothing that may be what failed: no database, no context."""
    if request.path.startswith("/api/"):
        return answer(request, 500, "server_error", "Something failed here. It has been written to the log.")
    return HttpResponse(render_to_string("500.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    detail = _("This form is too old, or came from another site. Go back, reload the page, and send it again.")
    return answer(request, HTTPStatus.FORBIDDEN, "csrf_failed", detail)


class DrawnFailuresMiddleware:
    """What a view raises and does not draw itself: a rule's refusal, and the same 403 and 404 in development too.

    With DEBUG, Django would answer these two with a page of its own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_unknown = response.status_code == HTTPStatus.NOT_FOUND and request.resolver_match is None
        return not_found(request) if is_unknown else response

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        """Django's own lists would ask PostgreSQL for text with NUL, which fails. No address of ours has one."""
        is_in_admin = request.path.startswith("/admin/")
        has_nul = "\0" in request.path or "%00" in request.META.get("QUERY_STRING", "")
        return bad_request(request) if is_in_admin and has_nul else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refusal):
            return refused(request, exception)
        if isinstance(exception, Http404):
            return not_found(request)
        return forbidden(request) if isinstance(exception, PermissionDenied) else None

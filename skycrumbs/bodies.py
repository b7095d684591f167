"""How much a request may bring."""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from skycrumbs.failures import answer
from skycrumbs.headers import GetResponse


class BodyLimitMiddleware:
    """413 for a body over the limit, before any of it is read; editors' views in the admin take more.

    A body whose length is not told is not read at all: Django reads what CONTENT_LENGTH says, and no more.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_editors = request.path.startswith("/admin/")
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE if is_editors else settings.MAX_BODY_BYTES
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > most:
            detail = _("Send at most %d kilobytes at once.") % (most // 1024)
            return answer(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", detail)
        return self.get_response(request)

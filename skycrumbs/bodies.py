"""How much a request may bring."""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from skycrumbs.failures import answer
from skycrumbs.headers import GetResponse

MOST_DISCARDED_BYTES = 32 * 1024 * 1024
CHUNK_BYTES = 64 * 1024


def _discard(request: HttpRequest, length: int) -> None:
    """Read past what is refused: a sender who is cut off while sending never hears why. (RFC 9112, section 9.6)"""
    left = min(length, MOST_DISCARDED_BYTES)
    while left > 0 and (chunk := request.META["wsgi.input"].read(min(left, CHUNK_BYTES))):
        left -= len(chunk)


class BodyLimitMiddleware:
    """413 for a body over the limit, 411 for one of unknown length; editors' views in the admin take more."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_editors = request.path.startswith("/admin/")
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE if is_editors else settings.MAX_BODY_BYTES
        length = request.META.get("CONTENT_LENGTH") or "0"
        if request.headers.get("Transfer-Encoding"):
            # Django reads what Content-Length says, and no more: the body would be lost without a word.
            detail = _("Send a Content-Length with the body.")
            return answer(request, HTTPStatus.LENGTH_REQUIRED, "length_required", detail)
        if length.isdecimal() and int(length) > most:
            _discard(request, int(length))
            detail = _("Send at most %d kilobytes at once.") % (most // 1024)
            return answer(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", detail)
        return self.get_response(request)

"""The API is not spoken in clear."""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from skycrumbs.failures import answer
from skycrumbs.headers import GetResponse


class HttpsOnlyMiddleware:
    """403 where a page is redirected to https: a program follows, and goes on sending its token in clear first."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_in_clear = settings.SECURE_SSL_REDIRECT and not request.is_secure()
        if is_in_clear and request.path.startswith("/api/"):
            detail = _("Call this address by https. A token that was sent without it may have been read: replace it.")
            return answer(request, HTTPStatus.FORBIDDEN, "https_required", detail)
        return self.get_response(request)

"""Answers that were not changed since they were last asked for."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware
from django.utils.cache import patch_vary_headers


class ConditionalMiddleware(ConditionalGetMiddleware):
    """Django's, which leaves HEAD without an ETag and a 304 without the Vary of its 200.

    HEAD says what GET would (RFC 9110, section 9.3.2), a 304 what the 200 would (section 15.4.5). Views answer HEAD
    with the body, which the server leaves out.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        method = request.method
        if method not in ("GET", "HEAD"):
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        request.method = "GET"
        try:
            return super().process_response(request, response)
        finally:
            request.method = method

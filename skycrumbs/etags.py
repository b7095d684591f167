"""Answers that were not changed since they were last asked for, and requests that hold only for what was read."""

from hashlib import md5
from http import HTTPStatus

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import gettext as _

from skycrumbs.failures import refused
from skycrumbs.problems import Refusal


class PreconditionFailed(Refusal):
    """What the request was made for is not what stands there. (RFC 9110, section 15.5.13)"""

    code = "precondition_failed"
    status = HTTPStatus.PRECONDITION_FAILED

    def __init__(self) -> None:
        super().__init__(_("This changed since you read it. Read it again first."))


class ConditionalMiddleware(ConditionalGetMiddleware):
    """Django's, which leaves HEAD without an ETag and a 304 without the Vary of its 200.

    HEAD says what GET would (RFC 9110, section 9.3.2), a 304 what the 200 would (section 15.4.5). Views answer HEAD
    with the body, which the server leaves out. In the API also what nobody may keep has an ETag: whoever changes it
    can say what they read. And Django draws no 412, takes no tag that compression made weak, and refuses by
    If-Unmodified-Since what has no date, where that is to be ignored (section 13.1.4).
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        method = request.method
        if method not in ("GET", "HEAD"):
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        try:
            _check_asked_for(request, response)
        except PreconditionFailed as failed:
            return refused(request, failed)
        if _is_read_by_api(request, response):
            response["ETag"] = etag_of(response.content)  # type: ignore[attr-defined]
        request.method = "GET"
        try:
            return super().process_response(request, response)
        finally:
            request.method = method


def _check_asked_for(request: HttpRequest, response: HttpResponseBase) -> None:
    """Raises PreconditionFailed where If-Match names another answer than this one, which is whole."""
    request.META.pop("HTTP_IF_UNMODIFIED_SINCE", None)
    header = request.META.pop("HTTP_IF_MATCH", None)
    if header is not None and _is_whole(response):
        check_if_match(header, response.content)  # type: ignore[attr-defined]


def _is_whole(response: HttpResponseBase) -> bool:
    return response.status_code == HTTPStatus.OK and not response.streaming


def _is_read_by_api(request: HttpRequest, response: HttpResponseBase) -> bool:
    return _is_whole(response) and request.path.startswith("/api/v1/")


def etag_of(content: bytes) -> str:
    """The strong entity tag of an answer, which says nothing but whether two are the same."""
    return quote_etag(md5(content, usedforsecurity=False).hexdigest())


def check_if_match(header: str, content: bytes) -> None:
    """Raises PreconditionFailed unless If-Match names `content`, which GET would answer. (RFC 9110, section 13.1.1)

    Weak tags count: whatever compresses an answer on its way makes its tag weak, and here the same bytes stand
    behind both.
    """
    tags = [tag.removeprefix("W/") for tag in parse_etags(header)]
    if "*" not in tags and etag_of(content) not in tags:
        raise PreconditionFailed

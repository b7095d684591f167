"""What every address of the API does alike: read JSON, know its parameters, say who may keep the answer."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import resolve
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from rest_framework.exceptions import MethodNotAllowed, ParseError
from rest_framework.generics import GenericAPIView
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.permissions import SAFE_METHODS, IsAuthenticatedOrReadOnly
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from skycrumbs.api_problems import NotAnObject, UnknownParameter, below
from skycrumbs.failures import answer, not_found
from skycrumbs.paging import PARAMETERS as PAGING_PARAMETERS
from skycrumbs.problems import Invalid

VARIES_BY = ("Accept", "Authorization", "Cookie")


class NestedJSONParser(JSONParser):
    """Refuses what is nested past the reader's depth, like all that is no JSON."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().parse(*args, **kwargs)
        except RecursionError as error:
            raise ParseError(_("The JSON is nested too deeply.")) from error


class AcceptNegotiation(DefaultContentNegotiation):
    """By the Accept header alone: `format` in an address is a parameter like any other."""

    def filter_renderers(self, renderers: Iterable[BaseRenderer], format: str) -> list[BaseRenderer]:
        return list(renderers)


class ApiView(GenericAPIView):
    """The base of the API's views: anyone reads what is public, writing takes an account."""

    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    parser_classes = [NestedJSONParser]
    content_negotiation_class = AcceptNegotiation
    permission_classes = [IsAuthenticatedOrReadOnly]
    # Reads alike for everybody, whatever credentials come along: an answer that anybody's cache may keep.
    is_for_everybody = False

    def initialize_request(self, request: Any, *args: Any, **kwargs: Any) -> Request:
        # JSON and addresses are UTF-8, whatever charset a header claims. (RFC 8259, section 8.1; RFC 3986, 2.5)
        request.encoding = "utf-8"
        return super().initialize_request(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.method not in self.allowed_methods:
            raise MethodNotAllowed(str(request.method))
        super().initial(request, *args, **kwargs)
        self.check_parameters(request)

    def check_parameters(self, request: Request) -> None:
        """Raises Invalid for a parameter that is unknown, or that has no value."""
        known = self.known_parameters() if request.method in SAFE_METHODS else ()
        unknown = [below("", name) for name in request.query_params if name not in known]
        if unknown:
            raise UnknownParameter.field(unknown[0], "unknown_parameter", _("There is no such parameter here."))
        for name, values in request.query_params.lists():
            # Filters take no notice of spaces alone, and would answer with everything.
            if not all(value.strip() for value in values):
                raise Invalid.field(name, "blank", _("Give a value, or leave the parameter out."))

    def known_parameters(self) -> set[str]:
        filterset = getattr(self, "filterset_class", None)
        filters = set(filterset.base_filters) if filterset else set()
        return filters | set(PAGING_PARAMETERS) if self.pagination_class else filters

    def read_body(self, serializer_class: type[BaseSerializer]) -> Any:
        """A serializer that found the body valid."""
        if not isinstance(self.request.data, dict):
            raise NotAnObject(_("Send a JSON object."))
        serializer = serializer_class(data=self.request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        return serializer

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        final = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(final, VARIES_BY[:1] if self.is_for_everybody else VARIES_BY)
        final.headers["Cache-Control"] = "public, no-cache" if self._is_for_all(request) else "private, no-store"
        return final

    def _is_for_all(self, request: Request) -> bool:
        # Not by who is signed in: asking that after a refusal would refuse once more, and a session cookie that is
        # out of date is answered with one that ends it.
        has_credentials = "Authorization" in request.headers or settings.SESSION_COOKIE_NAME in request.COOKIES
        return request.method in SAFE_METHODS and (self.is_for_everybody or not has_credentials)


@csrf_exempt
def unknown_address(request: HttpRequest, rest: str) -> HttpResponse:
    """404 for every method; who only reads is sent on where nothing but the slash at the end is missing."""
    is_known_with_it = not rest.endswith("/") and resolve(f"{request.path_info}/").func is not unknown_address
    if not is_known_with_it:
        return not_found(request)
    if request.method in ("GET", "HEAD"):
        return HttpResponsePermanentRedirect(request.get_full_path(force_append_slash=True))
    # No redirect: clients follow it with a GET, and what was sent would be lost without a word.
    return answer(request, HTTPStatus.NOT_FOUND, "not_found", _("This address needs a slash at its end."))


def site_of(request: Request) -> str:
    """Scheme and host of the addresses in an answer, without a slash at the end."""
    return f"{request.scheme}://{request.get_host()}"

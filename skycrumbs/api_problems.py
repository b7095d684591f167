"""Whatever goes wrong under /api/, told as problem+json (RFC 9457) in one place."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.settings import api_settings

from skycrumbs import problems
from skycrumbs.problems import FieldError, Invalid

FIELD_MAX_LENGTH = 80

# The first that fits is taken. What is not here keeps the framework's own code.
_CODES: list[tuple[type[Exception], str]] = [
    (exceptions.AuthenticationFailed, "bad_token"),
    (exceptions.ParseError, "not_json"),
    (exceptions.PermissionDenied, "forbidden"),
    (exceptions.Throttled, "too_many_requests"),
    (exceptions.UnsupportedMediaType, "unsupported_media_type"),
]


class NotAnObject(Invalid):
    """The body is JSON, but no object."""

    code = "not_an_object"


class UnknownField(Invalid):
    """The body names a field that is not there; a misspelt one would otherwise be lost without a word."""

    code = "unknown_field"


class UnknownParameter(Invalid):
    """The address carries a parameter that is not there."""

    code = "unknown_parameter"


class ProblemResponse(Response):
    """JSON, whatever else its address answers with: YAML where the API is described, HTML on the page to try it."""

    @property
    def rendered_content(self) -> bytes:  # type: ignore[override]
        self["Content-Type"] = problems.CONTENT_TYPE
        return JSONRenderer().render(self.data)


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """The answer to `error`; None for what nobody foresaw, which is logged and answered with 500."""
    if isinstance(error, problems.Refusal):
        return _answer(problems.of(error), error.headers)
    if isinstance(error, RequestDataTooBig):
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        return _answer(problems.body(status, "too_large", _("This is too much at once.")))
    known = _as_known(error)
    if known is None:
        return None
    if isinstance(known, exceptions.ValidationError):
        return _answer(problems.of(_invalid(known)))
    code = _code_of(known, context["request"])
    return _answer(problems.body(known.status_code, code, str(known.detail)), _headers_of(known))


def _as_known(error: Exception) -> exceptions.APIException | None:
    if isinstance(error, Http404):
        return exceptions.NotFound(_("There is nothing at this address."))
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied(_("You may not do this."))
    return error if isinstance(error, exceptions.APIException) else None


def _answer(document: dict[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    fit: dict[str, Any] = _encodable(document)
    return ProblemResponse(fit, status=document["status"], headers=headers, content_type=problems.CONTENT_TYPE)


def _encodable(value: Any) -> Any:
    """`value` as UTF-8 can carry it: a name echoed from JSON may hold half a surrogate pair. (RFC 8259, 8.2)"""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {name: _encodable(inner) for name, inner in value.items()}
    return [_encodable(inner) for inner in value] if isinstance(value, list) else value


def _code_of(error: exceptions.APIException, request: Any) -> str:
    # Whoever is refused without having been recognised is asked to sign in (401). So a 403 for one who was not
    # recognised comes from recognising itself: a session that wrote without the proof against forgery.
    if isinstance(error, exceptions.PermissionDenied) and request.successful_authenticator is None:
        return "csrf_failed"
    return next((code for kind, code in _CODES if isinstance(error, kind)), error.default_code)


def _headers_of(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(int(error.wait))  # type: ignore[attr-defined]
    return headers


def _invalid(error: exceptions.ValidationError) -> Invalid:
    found = tuple(_field_errors(error.detail, ""))
    return Invalid(found[0].detail if found else _("This cannot be read."), errors=found)


def _field_errors(detail: Any, field: str) -> Iterator[FieldError]:
    """Each error of a nested answer under the name it has in the body: `anchor.start`."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            is_whole = name == api_settings.NON_FIELD_ERRORS_KEY
            yield from _field_errors(inner, field if is_whole else below(field, name))
    elif isinstance(detail, list):
        for inner in detail:
            yield from _field_errors(inner, field)
    else:
        yield FieldError(field, detail.code, str(detail))


def below(field: str, name: str) -> str:
    """The name of a field inside `field`, cut where a sender made it endless."""
    return f"{field}.{name}".removeprefix(".")[:FIELD_MAX_LENGTH]

"""Refusals, and the one shape in which they are told: problem+json (RFC 9457), the same words on pages."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, ClassVar

from django.utils import timezone

CONTENT_TYPE = "application/problem+json"
# RFC 9110's names, which Python has from 3.13 on.
_TITLES = {413: "Content Too Large", 422: "Unprocessable Content"}


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field: its name as the sender wrote it (`anchor.start`), a stable code, words."""

    field: str
    code: str
    detail: str


class Refusal(Exception):
    """A rule said no and nothing was changed. Subclasses fix `code` and `status`; `detail` is for people."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = HTTPStatus.CONFLICT

    def __init__(self, detail: str, *, errors: tuple[FieldError, ...] = (), **extra: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors
        self.extra = extra

    @property
    def headers(self) -> dict[str, str]:
        return {}


class Invalid(Refusal):
    """The input itself is wrong; `errors` names each field."""

    code = "invalid"
    status = HTTPStatus.BAD_REQUEST

    @classmethod
    def field(cls, name: str, code: str, detail: str) -> "Invalid":
        return cls(detail, errors=(FieldError(name, code, detail),))


class Forbidden(Refusal):
    code = "forbidden"
    status = HTTPStatus.FORBIDDEN


class NotThere(Refusal):
    """What is named is not there, not any more, or not to be read."""

    code = "not_found"
    status = HTTPStatus.NOT_FOUND


class Removed(Refusal):
    """What stood here was public once, and is not any more."""

    code = "removed"
    status = HTTPStatus.GONE


class TooManyRequests(Refusal):
    """Say when to come back: `retry_after` seconds."""

    code = "too_many_requests"
    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, detail: str, *, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after)}

    @property
    def until(self) -> datetime:
        """When to come back, a minute later at the most: for a page that tells the wait in whole minutes."""
        return timezone.now() + timedelta(seconds=self.retry_after + 60)


def body(status: int, code: str, detail: str, errors: tuple[FieldError, ...] = ()) -> dict[str, Any]:
    """The problem document. (RFC 9457, section 3.1; `code` and `errors` are extension members, section 3.2)"""
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": _TITLES.get(status) or HTTPStatus(status).phrase,
        "status": int(status),
        "code": code,
        "detail": detail,
    }
    if errors:
        document["errors"] = [{"field": e.field, "code": e.code, "detail": e.detail} for e in errors]
    return document


def of(refusal: Refusal) -> dict[str, Any]:
    return body(refusal.status, refusal.code, refusal.detail, refusal.errors) | refusal.extra

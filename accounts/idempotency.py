"""Requests that can be sent again: what one Idempotency-Key makes is made once.

(draft-ietf-httpapi-idempotency-key-header)
"""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import AnsweredRequest
from accounts.pruning import delete_in_batches
from skycrumbs.problems import Invalid, Refusal

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
PARAMETERS = [
    OpenApiParameter(
        HEADER,
        {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
        OpenApiParameter.HEADER,
        description="Sent again with the same key and body within 24 hours, nothing is made twice.",
    ),
    OpenApiParameter(
        REPLAYED,
        {"type": "string", "enum": ["true"]},
        OpenApiParameter.HEADER,
        description="This was done by an earlier request with the same key.",
        response=[200, 201, 202],
    ),
]
KEPT = timedelta(hours=24)
_KEY = re.compile(r"[!-~]{1,255}")


class IdempotencyMismatch(Refusal):
    """The key was sent before, with another body."""

    code = "idempotency_mismatch"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class IdempotencyInProgress(Refusal):
    """The first request with this key is still at work."""

    code = "idempotency_in_progress"
    status = HTTPStatus.CONFLICT

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": "1"}


def answer_once(
    request: Request,
    sender_of: Callable[[Request], str],
    write: Callable[[], tuple[Response, str]],
    show: Callable[[str], Response],
) -> Response:
    """What `write` answers; where the same sender sent the same before with its key, what `show` answers to that.

    `write` gives its answer and the id of what it made, at most 22 characters; `show` takes that id. The work and the
    row that remembers it are one transaction: what is refused leaves no row, and can be sent again with its key.
    Raises Invalid, IdempotencyMismatch or IdempotencyInProgress. Without the header it is `write` alone.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return write()[0]
    _check_key(key)
    # Before anybody asks for what was parsed: Django does not give a body that a parser took.
    body_digest = hashlib.sha256(request.body).hexdigest()
    # The address last: it alone may hold a line end.
    digest = _sha256("\n".join([sender_of(request), str(request.method), key, request.path]))
    with transaction.atomic():
        _lock(digest)
        earlier = AnsweredRequest.objects.filter(digest=digest, answered_at__gt=timezone.now() - KEPT).first()
        if earlier is None:
            try:
                response, made_id = write()
            except Refusal as error:
                # The transaction ends as it would without a key: what was counted of the try stays counted.
                refusal = error
            else:
                _remember(digest, body_digest=body_digest, status=response.status_code, made_id=made_id)
                return response
    if earlier is None:
        raise refusal
    if earlier.body_digest != body_digest:
        raise IdempotencyMismatch(_("This key was sent before with another body. Take a new key for it."))
    return _replayed(earlier, show)


def account_sender(request: Request) -> str:
    """The one who is signed in, as a sender."""
    return f"account:{request.user.pk}"


def prune() -> int:
    """Delete what was answered more than 24 hours ago; gives how many there were."""
    return delete_in_batches(AnsweredRequest.objects.filter(answered_at__lte=timezone.now() - KEPT))


def _check_key(key: str) -> None:
    if not _KEY.fullmatch(key):
        raise Invalid.field(HEADER, "bad_key", _("A key is 1 to 255 visible ASCII characters, without spaces."))


def _lock(digest: str) -> None:
    """Keep the others who send this out until the transaction ends. On SQLite the transaction itself is the lock."""
    if connection.vendor != "postgresql":
        return
    number = int.from_bytes(bytes.fromhex(digest)[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        (is_ours,) = cursor.fetchone()
    if not is_ours:
        raise IdempotencyInProgress(_("The first request with this key is not done yet. Ask again in a moment."))


def _remember(digest: str, **fields: str | int) -> None:
    # One that is over may still lie there.
    AnsweredRequest.objects.update_or_create(digest=digest, defaults=fields | {"answered_at": timezone.now()})


def _replayed(earlier: AnsweredRequest, show: Callable[[str], Response]) -> Response:
    response = show(earlier.made_id)
    response.status_code = earlier.status
    response.headers[REPLAYED] = "true"
    return response


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

"""Every kind of failure as problem+json."""

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404
from rest_framework import exceptions
from rest_framework.exceptions import ErrorDetail

from skycrumbs.api_problems import below, exception_handler
from skycrumbs.problems import Invalid, TooManyRequests


class Recognised:
    successful_authenticator = object()


class Stranger:
    successful_authenticator = None


def answer(error, request=Recognised):
    return exception_handler(error, {"request": request})


class TestExceptionHandler:
    def test_tells_a_refusal_in_full_when_a_rule_said_no(self):
        response = answer(Invalid.field("text", "blank", "Write something first."))
        assert response.status_code == 400
        assert response.content_type == "application/problem+json"
        assert response.data == {
            "type": "about:blank",
            "title": "Bad Request",
            "status": 400,
            "code": "invalid",
            "detail": "Write something first.",
            "errors": [{"field": "text", "code": "blank", "detail": "Write something first."}],
        }

    def test_says_when_to_come_back_when_it_was_too_often(self):
        response = answer(TooManyRequests("Wait.", retry_after=7))
        assert (response.status_code, response.data["code"]) == (429, "too_many_requests")
        assert response.headers["Retry-After"] == "7"

    def test_names_nested_fields_when_a_serializer_refuses(self):
        detail = {
            "anchor": {"start": [ErrorDetail("No.", "invalid")], "non_field_errors": [ErrorDetail("Oh.", "odd")]}
        }
        response = answer(exceptions.ValidationError(detail))
        assert response.data["errors"] == [
            {"field": "anchor.start", "code": "invalid", "detail": "No."},
            {"field": "anchor", "code": "odd", "detail": "Oh."},
        ]

    @pytest.mark.parametrize(
        ("error", "status", "code"),
        [
            (exceptions.ParseError(), 400, "not_json"),
            (exceptions.ValidationError("No."), 400, "invalid"),
            (exceptions.NotAuthenticated(), 401, "not_authenticated"),
            (exceptions.AuthenticationFailed(), 401, "bad_token"),
            (exceptions.PermissionDenied(), 403, "forbidden"),
            (PermissionDenied(), 403, "forbidden"),
            (exceptions.NotFound(), 404, "not_found"),
            (Http404(), 404, "not_found"),
            (exceptions.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
            (exceptions.NotAcceptable(), 406, "not_acceptable"),
            (RequestDataTooBig(), 413, "too_large"),
            (exceptions.UnsupportedMediaType("text/plain"), 415, "unsupported_media_type"),
            (exceptions.Throttled(wait=3), 429, "too_many_requests"),
        ],
    )
    def test_gives_each_failure_its_status_and_code(self, error, status, code):
        response = answer(error)
        assert (response.status_code, response.data["status"], response.data["code"]) == (status, status, code)
        assert response.content_type == "application/problem+json"

    def test_says_csrf_failed_when_a_session_was_refused_before_it_was_recognised(self):
        assert answer(exceptions.PermissionDenied(), Stranger).data["code"] == "csrf_failed"

    def test_leaves_what_nobody_foresaw_to_the_log(self):
        assert answer(ZeroDivisionError()) is None

    def test_can_be_sent_when_a_name_holds_half_a_surrogate_pair(self):
        response = answer(Invalid.field("\ud800", "unknown_field", "There is no such field here."))
        assert response.data["errors"][0]["field"] == "?"

    @pytest.mark.django_db
    @pytest.mark.parametrize(("method", "accept", "status"), [("POST", "*/*", 405), ("GET", "image/png", 406)])
    @pytest.mark.parametrize("address", ["/api/schema/", "/api/docs/", "/api/v1/articles/"])
    def test_is_json_whatever_its_address_answers_with(self, client, address, method, accept, status):
        response = client.generic(method, address, headers={"accept": accept})
        assert response.headers["Content-Type"] == "application/problem+json"
        assert (response.status_code, response.json()["status"]) == (status, status)


class TestBelow:
    def test_joins_names_with_a_dot(self):
        assert below("anchor", "start") == "anchor.start"
        assert below("", "text") == "text"

    def test_cuts_a_name_that_is_endless(self):
        assert len(below("", "x" * 100_000)) == 80

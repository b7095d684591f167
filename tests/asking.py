"""Asking the API as a program does."""

from django.http import HttpResponse
from rest_framework.test import APIClient

from accounts.models import User
from tests.factories import make_token


def client_of(user: User | None = None) -> APIClient:
    """A client with a token of `user`, or of nobody."""
    client = APIClient()
    if user is not None:
        client.credentials(HTTP_AUTHORIZATION=f"Token {make_token(user)}")
    return client


def problem(response: HttpResponse) -> tuple[int, str, list[str]]:
    """Status, code and the names of the wrong fields of an answer that must be a problem document."""
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == response.status_code
    return response.status_code, response.json()["code"], [field for field, _ in codes(response)]


def codes(response: HttpResponse) -> list[tuple[str, str]]:
    """(field, code) of each error."""
    return [(error["field"], error["code"]) for error in response.json().get("errors", [])]

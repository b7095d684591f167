"""What every address of the API does alike."""

import pytest
from django.conf import settings as site_settings
from rest_framework.test import APIClient

from tests.asking import client_of, problem
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

LIST = "/api/v1/comments/"
WRITING = ["post", "put", "patch", "delete"]


@pytest.fixture
def reader():
    """Signed in by a session, without the proof against forgery."""
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(make_user())
    return client


class TestRefusalOfASession:
    @pytest.mark.parametrize("method", ["put", "patch", "delete"])
    def test_is_told_when_the_method_is_not_there(self, reader, method):
        assert problem(getattr(reader, method)(LIST, {})) == (405, "method_not_allowed", [])

    def test_is_told_when_json_is_not_wanted(self, reader):
        assert problem(reader.post(LIST, {}, HTTP_ACCEPT="text/html")) == (406, "not_acceptable", [])

    def test_is_told_when_the_proof_against_forgery_is_missing(self, reader):
        assert problem(reader.post(LIST, {})) == (403, "csrf_failed", [])


class TestKeeping:
    @pytest.mark.parametrize("key", ["a" * 32, "", "short"])
    def test_is_private_when_a_session_cookie_came_that_is_out_of_date(self, key):
        response = APIClient().get(LIST, HTTP_COOKIE=f"{site_settings.SESSION_COOKIE_NAME}={key}")
        assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")

    def test_is_for_all_when_another_cookie_came(self):
        response = APIClient().get(LIST, HTTP_COOKIE="a=b")
        assert (response["Cache-Control"], response.cookies) == ("public, no-cache", {})


@pytest.mark.parametrize("debug", [True, False])
class TestAddressWithoutItsSlash:
    @pytest.fixture(autouse=True)
    def _debug(self, settings, debug):
        settings.DEBUG = debug

    @pytest.mark.parametrize("method", [*WRITING, "options"])
    @pytest.mark.parametrize("path", ["/api/v1/comments", "/api/v1/articles/birds", "/api/schema"])
    def test_is_404_with_the_reason_when_something_was_sent(self, path, method):
        response = getattr(client_of(make_user()), method)(path, {"article": "birds", "text": "Yes."})
        assert problem(response) == (404, "not_found", [])
        assert response.json()["detail"] == "This address needs a slash at its end."

    def test_needs_no_proof_against_forgery_to_be_told(self, reader):
        assert problem(reader.post("/api/v1/comments", {})) == (404, "not_found", [])

    @pytest.mark.parametrize("method", ["get", "head"])
    def test_is_sent_on_when_it_is_only_read(self, method):
        make_article("birds")
        response = getattr(APIClient(), method)("/api/v1/comments?article=birds&kind=%C3%A9")
        assert (response.status_code, response["Location"]) == (301, "/api/v1/comments/?article=birds&kind=%C3%A9")


@pytest.mark.parametrize("debug", [True, False])
class TestUnknownAddress:
    @pytest.mark.parametrize("method", ["get", *WRITING, "options"])
    @pytest.mark.parametrize(
        "path", ["/api/x", "/api/x/", "/api/v1/comments/no-key/", "/api/v1/comments//", "/api/%0A", "/api/%C3%A9%00"]
    )
    def test_is_404_for_every_method(self, settings, debug, path, method):
        settings.DEBUG = debug
        response = getattr(APIClient(enforce_csrf_checks=True), method)(path)
        assert response.json()["detail"] == "There is nothing at this address."
        assert problem(response) == (404, "not_found", [])

import pytest
from rest_framework.test import APIClient

from tests.asking import problem

pytestmark = pytest.mark.django_db

LIST = "/api/v1/comments/"
PATHS = [LIST, "/api/v1/comments", "/api/schema/", "/api/nothing/"]


@pytest.fixture
def api(settings):
    settings.SECURE_SSL_REDIRECT = True
    return APIClient()


class TestApiInClear:
    @pytest.mark.parametrize("method", ["get", "post", "patch", "delete", "put", "options"])
    @pytest.mark.parametrize("path", PATHS)
    def test_is_refused_and_not_redirected(self, api, path, method):
        response = getattr(api, method)(path, HTTP_AUTHORIZATION="Token x")
        assert problem(response) == (403, "https_required", [])
        assert (response["Cache-Control"], response["X-Content-Type-Options"]) == ("no-store", "nosniff")

    @pytest.mark.parametrize("path", PATHS)
    def test_is_refused_to_head_without_a_body(self, api, path):
        response = api.head(path, HTTP_AUTHORIZATION="Token x")
        assert (response.status_code, response["Content-Type"]) == (403, "application/problem+json")
        assert (response["Cache-Control"], response["X-Content-Type-Options"]) == ("no-store", "nosniff")
        assert response.content == b""

    def test_is_answered_when_it_came_by_https(self, api):
        assert api.get(LIST, secure=True).status_code == 200

    def test_is_answered_when_the_proxy_says_that_it_came_by_https(self, api, settings):
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        assert api.get(LIST, HTTP_X_FORWARDED_PROTO="https").status_code == 200

    def test_is_answered_when_nothing_is_redirected(self, api, settings):
        settings.SECURE_SSL_REDIRECT = False
        assert api.get(LIST).status_code == 200


class TestPageInClear:
    @pytest.mark.parametrize("path", ["/", "/apiary/", "/me/"])
    def test_is_redirected(self, api, path):
        response = api.get(path)
        assert (response.status_code, response["Location"]) == (301, f"https://testserver{path}")

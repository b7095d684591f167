import json
from io import BytesIO

import pytest

from skycrumbs.bodies import BodyLimitMiddleware

pytestmark = [pytest.mark.urls("tests.skycrumbs.trial_urls"), pytest.mark.django_db]

LIMIT = 256 * 1024
EDITORS_LIMIT = 5 * 1024 * 1024


def post(client, path, size, **headers):
    return client.post(path, b"x" * size, content_type="text/plain", **headers)


class TestBodyLimit:
    @pytest.mark.parametrize("path", ["/try/plain/", "/api/try/plain/"])
    def test_takes_a_body_of_256_kilobytes(self, client, path):
        response = post(client, path, LIMIT)
        assert (response.status_code, response.content) == (200, b"POST 262144")

    def test_refuses_one_byte_more_with_a_page(self, client):
        response = post(client, "/try/plain/", LIMIT + 1)
        assert response.status_code == 413
        assert response["Content-Type"] == "text/html; charset=utf-8"
        assert "Send at most 256 kilobytes at once." in response.content.decode()
        assert response["Cache-Control"] == "no-store"

    def test_refuses_one_byte_more_with_a_problem_document_in_the_api(self, client):
        response = post(client, "/api/try/plain/", LIMIT + 1)
        assert (response.status_code, response["Content-Type"]) == (413, "application/problem+json")
        problem = json.loads(response.content)
        assert {name: problem[name] for name in ("status", "code", "detail", "type")} == {
            "status": 413,
            "code": "too_large",
            "detail": "Send at most 256 kilobytes at once.",
            "type": "about:blank",
        }

    def test_takes_5_megabytes_in_the_admin(self, client):
        assert post(client, "/admin/try/plain/", EDITORS_LIMIT).content == b"POST 5242880"

    def test_refuses_more_than_5_megabytes_in_the_admin(self, client):
        response = post(client, "/admin/try/plain/", EDITORS_LIMIT + 1)
        assert response.status_code == 413
        assert "Send at most 5120 kilobytes at once." in response.content.decode()

    @pytest.mark.parametrize("path", ["/administration/", "/admin", "/x/admin/", "/api/admin/"])
    def test_gives_nobody_else_the_editors_limit(self, client, path):
        assert post(client, path, LIMIT + 1).status_code == 413

    # Whoever is cut off while sending never hears why; whoever sends for ever is.
    @pytest.mark.parametrize(("length", "read"), [(10**6, 10**6), (10**12, 32 * 1024 * 1024)])
    def test_reads_past_what_it_refuses_up_to_a_limit(self, rf, length, read):
        class Endless:
            given = 0

            def read(self, size):
                self.given += size
                return b"x" * size

        request = rf.post("/api/x/", CONTENT_LENGTH=str(length))
        request.META["wsgi.input"] = body = Endless()
        assert BodyLimitMiddleware(None)(request).status_code == 413
        assert body.given == read

    def test_reads_no_further_than_the_sender_sends(self, rf):
        request = rf.post("/api/x/", CONTENT_LENGTH=str(10**6))
        request.META["wsgi.input"] = BytesIO(b"x" * 10)
        assert BodyLimitMiddleware(None)(request).status_code == 413

    @pytest.mark.parametrize("length", ["", "0", "abc", "-1", "1e9"])
    def test_lets_a_request_through_that_tells_no_length(self, rf, length):
        request = rf.post("/api/x/", CONTENT_LENGTH=length)
        assert BodyLimitMiddleware(lambda request: "passed")(request) == "passed"


class TestChunked:
    @pytest.mark.parametrize("address", ["/api/v1/comments/", "/articles/birds/comment/"])
    def test_is_411_rather_than_lost(self, client, address):
        answer = client.post(address, {}, headers={"transfer-encoding": "chunked"})
        assert answer.status_code == 411

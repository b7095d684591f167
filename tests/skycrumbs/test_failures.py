import json
import re

import pytest
from django.test import Client

pytestmark = [pytest.mark.urls("tests.skycrumbs.trial_urls"), pytest.mark.django_db]

FAILURES = [
    ("misread", 400, "invalid", "This request cannot be read."),
    ("refuse", 403, "forbidden", "You may not do this."),
    ("lose", 404, "not_found", "There is nothing at this address."),
    ("gone", 410, "removed", "What stood here was taken away."),
    ("boom", 500, "server_error", "Something failed here. It has been written to the log."),
]


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


class TestInTheApi:
    @pytest.mark.parametrize(("name", "status", "code", "detail"), FAILURES)
    def test_is_a_problem_document(self, client, name, status, code, detail):
        response = client.get(f"/api/try/{name}/")
        assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
        problem = json.loads(response.content)
        assert problem.pop("title") != ""
        assert problem == {"type": "about:blank", "status": status, "code": code, "detail": detail}

    def test_is_a_problem_document_when_the_address_is_unknown(self, client):
        response = client.get("/api/nothing/here/")
        assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
        assert json.loads(response.content)["code"] == "not_found"


class TestOnPages:
    @pytest.mark.parametrize("name_and_status", [(name, status) for name, status, _code, _detail in FAILURES])
    def test_is_a_drawn_page_with_the_status(self, client, name_and_status):
        name, status = name_and_status
        response = client.get(f"/try/{name}/")
        assert (response.status_code, response["Content-Type"]) == (status, "text/html; charset=utf-8")
        html = response.content.decode()
        assert html.count("<h1") == 1
        assert html.lstrip().lower().startswith("<!doctype html>")

    @pytest.mark.parametrize("name", ["misread", "refuse", "lose", "boom"])
    @pytest.mark.parametrize("stem", ["/try", "/api/try"])
    def test_tells_nothing_of_what_went_wrong_inside(self, client, name, stem):
        html = client.get(f"{stem}/{name}/").content.decode()
        assert "a secret" not in html
        assert "Traceback" not in html

    def test_is_drawn_when_the_address_is_unknown(self, client):
        response = client.get("/nothing/here/")
        assert response.status_code == 404
        assert "<h1" in response.content.decode()

    def test_says_nothing_of_the_address_that_could_run(self, client):
        response = client.get("/<script>alert(1)</script>/")
        assert response.status_code == 404
        assert "<script>alert" not in response.content.decode()

    @pytest.mark.parametrize("debug", [True, False])
    def test_is_the_same_in_development(self, client, settings, debug):
        settings.DEBUG = debug
        for name, status in [("lose", 404), ("refuse", 403)]:
            response = client.get(f"/try/{name}/")
            assert response.status_code == status
            assert "URLconf" not in response.content.decode()
        assert "URLconf" not in client.get("/nothing/here/").content.decode()

    def test_holds_no_inline_script_but_the_import_map(self, client):
        for name, *_rest in FAILURES:
            html = client.get(f"/try/{name}/").content.decode()
            inline = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", html)
            assert set(inline) <= {' type="importmap"'}
            assert not re.search(r"\son\w+=|\sstyle=", html)


class TestRefusal:
    """What a rule refused and no view drew."""

    @pytest.mark.parametrize(
        ("name", "status", "words"),
        [("wait", 429, "Wait."), ("disagree", 409, "Not like this."), ("mistake", 400, "Write something.")],
    )
    def test_is_a_drawn_page_with_its_status_and_words(self, client, name, status, words):
        response = client.post(f"/try/{name}/")
        assert (response.status_code, response["Content-Type"]) == (status, "text/html; charset=utf-8")
        html = response.content.decode()
        assert f'<p class="code">{status}</p>' in html
        assert f'<p class="lead">{words}</p>' in html
        assert response["Cache-Control"] == "no-store"

    def test_says_on_the_page_and_in_a_header_when_to_come_back(self, client):
        response = client.post("/try/wait/")
        assert response["Retry-After"] == "90"
        # A minute and a half, rounded up.
        assert "Go back, and try again in 2\xa0minutes." in response.content.decode()

    def test_says_nothing_of_coming_back_when_it_does_not_end_by_itself(self, client):
        response = client.post("/try/disagree/")
        assert "Retry-After" not in response
        assert "try again" not in response.content.decode()

    def test_is_a_problem_document_in_the_api(self, client):
        response = client.post("/api/try/wait/")
        assert (response.status_code, response["Retry-After"]) == (429, "90")
        assert response["Content-Type"] == "application/problem+json"
        assert json.loads(response.content) == {
            "type": "about:blank",
            "title": "Too Many Requests",
            "status": 429,
            "code": "too_many_requests",
            "detail": "Wait.",
        }

    def test_tells_all_it_knows_in_the_api(self, client):
        assert json.loads(client.post("/api/try/disagree/").content)["seen"] == "7"
        errors = json.loads(client.post("/api/try/mistake/").content)["errors"]
        assert errors == [{"field": "text", "code": "blank", "detail": "Write something."}]


class TestServerError:
    def test_is_drawn_without_the_database(self, client, django_assert_num_queries):
        with django_assert_num_queries(0):
            response = client.get("/try/boom/")
        assert response.status_code == 500


class TestCsrfFailure:
    def test_is_a_page_that_says_what_to_do(self):
        response = Client(enforce_csrf_checks=True).post("/try/plain/", {"text": "x"})
        assert response.status_code == 403
        assert "reload the page" in response.content.decode()
        assert response["Cache-Control"] == "no-store"

    def test_is_a_problem_document_in_the_api(self):
        response = Client(enforce_csrf_checks=True).post("/api/try/plain/", {"text": "x"})
        assert (response.status_code, json.loads(response.content)["code"]) == (403, "csrf_failed")

"""The API described by itself."""

import re
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command
from django.test import Client

METHODS = {"put", "get", "post", "patch", "delete"}


@pytest.fixture(scope="module")
def schema(tmp_path_factory):
    path = tmp_path_factory.mktemp("api") / "schema.yaml"
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(path))
    return yaml.safe_load(Path(path).read_text())


class TestSchema:
    def test_knows_every_address(self, schema):
        methods = {path: sorted(METHODS & set(item)) for path, item in schema["paths"].items()}
        assert methods == {
            "/api/v1/articles/": ["get"],
            "/api/v1/articles/{slug}/": ["get"],
            "/api/v1/articles/{slug}/revisions/": ["get"],
            "/api/v1/articles/{slug}/revisions/{number}/": ["get"],
            "/api/v1/categories/": ["get"],
            "/api/v1/comments/": ["get", "post"],
            "/api/v1/comments/counts/": ["get"],
            "/api/v1/comments/{id}/": ["delete", "get", "patch"],
            "/api/v1/comments/{id}/flags/": ["post"],
            "/api/v1/comments/{id}/anchor/": ["get", "put"],
            "/api/v1/comments/{id}/passage/": ["get"],
            "/api/v1/comments/{id}/replies/": ["get"],
            "/api/v1/comments/{id}/restore/": ["post"],
            "/api/v1/comments/{id}/vote/": ["delete", "get", "put"],
        }

    def test_describes_every_refusal_as_a_problem(self, schema):
        problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        answers = [
            (status, answer)
            for item in schema["paths"].values()
            for method in METHODS & set(item)
            for status, answer in item[method]["responses"].items()
        ]
        refused = [answer["content"] for status, answer in answers if status.startswith("4")]
        assert len(refused) == 104
        assert all(content == problem for content in refused)

    def test_names_every_filter(self, schema):
        parameters = [each["name"] for each in schema["paths"]["/api/v1/comments/"]["get"]["parameters"]]
        assert sorted(parameters) == [
            "anchored", "article", "author", "created_after", "created_before", "cursor", "edited_after", "kind",
            "ordering", "page_size", "parent", "quote", "root", "search", "section",
        ]  # fmt: skip

    def test_requires_of_a_comment_what_every_reader_gets(self, schema):
        comment = schema["components"]["schemas"]["Comment"]
        assert set(comment["properties"]) - set(comment["required"]) == {"version", "state", "reason"}

    def test_lets_be_empty_what_may_be_sent_empty(self, schema):
        shapes = schema["components"]["schemas"]
        sent = [("NewCommentRequest", "text"), ("NewAnchorRequest", "prefix"), ("NewAnchorRequest", "suffix")]
        sent += [("NewFlagRequest", "note")]
        assert [shapes[shape]["properties"][field].get("minLength", 0) for shape, field in sent] == [0, 0, 0, 0]


class TestDocs:
    def test_needs_nothing_from_another_host(self, db):
        for address in ("/api/docs/", "/api/docs/?script="):
            text = Client().get(address).content.decode()
            assert re.findall(r"https?://[^\s\"'<]+", text) == []

    def test_allows_its_own_scripts_alone(self, db):
        assert "script-src 'self';" in Client().get("/api/docs/")["Content-Security-Policy"]

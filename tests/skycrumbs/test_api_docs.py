"""The API described by itself."""

import json
import re
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command
from django.test import Client

from tests.factories import make_article, make_comment, make_user, revise

SOURCE = "Small birds sing at dawn.\n\n## Nests\n\nHedges hold most nests."
TITLES = ("An article", "A comment", "Posting")
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


class TestExamples:
    """The documents that docs/api.md shows have the fields that are answered, and no others."""

    @pytest.fixture
    def shown(self):
        text = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
        return {name: json.loads(text.split(f"## {name}")[1].split("```json")[1].split("```")[0]) for name in TITLES}

    @pytest.fixture
    def comment(self, db):
        comment = make_comment(make_article("birds", SOURCE), make_user("Ada"), quote="Small birds sing")
        comment.article.authors.add(comment.author)
        revise(comment.article, SOURCE.replace("birds sing", "birds always sing"))
        return comment

    def get(self, address):
        return Client().get(f"/api/v1/{address}").json()

    def test_an_article(self, shown, comment):
        assert shape(shown["An article"]) == shape(self.get("articles/birds/"))

    def test_a_listed_article(self, shown, comment):
        (listed,) = self.get("articles/")["results"]
        assert set(shown["An article"]) - set(listed) == {"sha256", "sections"}

    def test_a_comment(self, shown, comment):
        answer = self.get(f"comments/{comment.key}/")
        # A comment on a root has no parent, and one that was not edited no moment of it.
        assert shape(shown["A comment"]) == shape(answer | {"section": ""})

    def test_a_passage(self, comment):
        text = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
        passage = json.loads(text.split("## A comment")[1].split("```json")[2].split("```")[0])
        assert shape(passage) == shape(self.get(f"comments/{comment.key}/passage/"))
        changes = {piece["change"] for piece in passage["diff"]}
        assert changes == {"equal", "deleted", "inserted"}
        for side, other in (("then", "inserted"), ("now", "deleted")):
            kept = [piece["text"] for piece in passage["diff"] if piece["change"] != other]
            assert "".join(kept) == passage[side]["text"]

    def test_what_is_posted(self, shown, schema):
        shapes = schema["components"]["schemas"]
        assert set(shown["Posting"]) | {"guest"} == set(shapes["NewCommentRequest"]["properties"])
        assert set(shown["Posting"]["anchor"]) == set(shapes["NewAnchorRequest"]["properties"])


def shape(value):
    """The fields of a document, with the kind of each; of a list its first row's."""
    if isinstance(value, dict):
        return {name: shape(part) for name, part in value.items()}
    if isinstance(value, list):
        return [shape(part) for part in value[:1]]
    return type(value)


class TestDocs:
    def test_needs_nothing_from_another_host(self, db):
        for address in ("/api/docs/", "/api/docs/?script="):
            text = Client().get(address).content.decode()
            assert re.findall(r"https?://[^\s\"'<]+", text) == []

    def test_allows_its_own_scripts_alone(self, db):
        assert "script-src 'self';" in Client().get("/api/docs/")["Content-Security-Policy"]

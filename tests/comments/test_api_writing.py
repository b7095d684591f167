"""Comments as programs write them, and every way in which they are refused."""

import json
import unicodedata

import pytest
from rest_framework.test import APIClient

from articles.models import Article
from articles.services import unpublish
from comments.checking import Result
from comments.models import Comment
from comments.states import State, Verdict
from tests.asking import client_of, codes, problem
from tests.factories import make_article, make_comment, make_user, revise

pytestmark = pytest.mark.django_db

LIST = "/api/v1/comments/"


@pytest.fixture
def user():
    return make_user("Ada")


@pytest.fixture
def api(user):
    return client_of(user)


@pytest.fixture
def birds():
    return make_article("birds")


def hold_everything(submission):
    return Result(Verdict.HOLD, "too-new")


HOLD = ["tests.comments.test_api_writing.hold_everything"]


class TestPost:
    def test_stores_a_comment_on_the_article(self, api, birds):
        response = api.post(LIST, {"article": "birds", "text": "*Yes*"})
        assert response.status_code == 201
        found = response.json()
        comment = Comment.objects.get()
        assert found["id"] == comment.key
        assert response["Location"] == f"http://testserver/api/v1/comments/{comment.key}/"
        assert response["Cache-Control"] == "private, no-store"
        assert (found["text"], found["html"]) == ("*Yes*", '<p dir="auto"><em>Yes</em></p>\n')
        assert (found["kind"], found["visibility"], found["author"]["name"]) == ("comment", "public", "Ada")
        assert (found["state"], found["reason"]) == ("open", None)
        assert client_of().get(response["Location"]).status_code == 200

    def test_stores_a_comment_on_a_section(self, api, birds):
        found = api.post(LIST, {"article": "birds", "section": "where-they-nest", "text": "Yes."}).json()
        assert (found["section"], found["anchor"]) == ("where-they-nest", None)

    def test_stores_a_comment_on_a_passage_named_by_place(self, api, birds):
        text = birds.current_revision.canonical_text
        start = text.index("Small birds")
        anchor = {"exact": "Small birds", "start": start, "end": start + 11, "revision": 1}
        response = api.post(LIST, {"article": "birds", "text": "Yes.", "anchor": anchor})
        assert response.status_code == 201
        found = response.json()
        assert (found["anchor"]["start"], found["anchor"]["end"]) == (start, start + 11)
        assert (found["section"], found["anchor"]["now"]["status"]) == ("how-birds-sing", "kept")

    def test_stores_a_comment_on_a_passage_named_by_quote_alone(self, api, birds):
        response = api.post(LIST, {"article": "birds", "text": "Yes.", "anchor": {"exact": "A few prefer"}})
        assert response.status_code == 201
        assert response.json()["section"] == "where-they-nest"

    def test_counts_code_points_when_emoji_stand_before_the_passage(self, api):
        make_article("emoji", source="Ein 🐦‍⬛ und 🙂 singen.")
        response = api.post(LIST, {"article": "emoji", "text": "🙂", "anchor": {"exact": "🙂 singen"}})
        anchor = response.json()["anchor"]
        assert (anchor["start"], anchor["end"], anchor["exact"]) == (12, 20, "🙂 singen")

    @pytest.mark.parametrize(
        "words", ["a \u202eb\u202c c", "a\u202dbc", "a \x1b[0m b", "\xe1" + "\u0301" * 40, "a\u0316\u0301" * 2]
    )
    def test_quotes_whatever_stands_in_the_article(self, api, words):
        source = f"Before {words} behind."
        text = make_article("odd", source=source).current_revision.canonical_text
        anchor = {"exact": words, "prefix": text[:7], "suffix": text[-8:]}
        response = api.post(LIST, {"article": "odd", "text": "Yes.", "anchor": anchor})
        assert response.status_code == 201, response.json()
        found = response.json()["anchor"]
        assert text[found["start"] : found["end"]] == found["exact"] == unicodedata.normalize("NFC", words)

    def test_locates_by_quote_when_the_revision_is_an_old_one(self, api, birds):
        start = birds.current_revision.canonical_text.index("Large birds")
        revise(birds, birds.draft_source.replace("A first paragraph", "One more first paragraph"))
        anchor = {"exact": "Large birds", "start": start, "end": start + 11, "revision": 1}
        found = api.post(LIST, {"article": "birds", "text": "Yes.", "anchor": anchor}).json()
        assert (found["anchor"]["start"], found["anchor"]["revision"]) == (start + 7, 2)

    def test_quotes_the_words_of_an_old_revision_when_they_read_otherwise_now(self, api, birds):
        text = birds.current_revision.canonical_text
        revise(birds, birds.draft_source.replace("Large birds wait", "Most large birds wait"))
        quote = "dawn because the air is still. Large birds wait"
        start = text.index(quote)
        anchor = {"exact": quote, "start": start, "end": start + len(quote), "revision": 1}
        found = api.post(LIST, {"article": "birds", "text": "Yes.", "anchor": anchor}).json()["anchor"]
        assert (found["exact"], found["revision"], found["start"]) == (quote, 1, start)
        assert (found["now"]["status"], found["now"]["revision"]) == ("changed", 2)

    def test_stores_a_reply(self, api, birds):
        root = make_comment(birds, make_user())
        found = api.post(LIST, {"article": "birds", "parent": root.key, "text": "No."}).json()
        assert (found["parent"], found["root"], found["depth"]) == (root.key, root.key, 1)

    def test_stores_a_highlight_without_a_text(self, api, birds):
        body = {"article": "birds", "kind": "highlight", "anchor": {"exact": "Small birds"}}
        response = api.post(LIST, body)
        assert (response.status_code, response.json()["text"], response.json()["visibility"]) == (201, "", "public")

    @pytest.mark.parametrize(
        ("sent", "visibility"),
        [
            ({"kind": "note"}, "private"),
            ({"kind": "note", "visibility": "public"}, "public"),
            ({"kind": "highlight", "anchor": {"exact": "Small birds"}, "visibility": "private"}, "private"),
        ],
    )
    def test_keeps_a_note_private_unless_told_otherwise(self, api, birds, sent, visibility):
        response = api.post(LIST, {"article": "birds", "text": "Mine.", **sent})
        assert (response.status_code, response.json()["visibility"]) == (201, visibility)

    def test_takes_null_for_what_is_optional(self, api, birds):
        body = {"article": "birds", "section": None, "parent": None, "anchor": None, "text": "Yes."}
        assert api.post(LIST, body).status_code == 201

    def test_answers_202_with_the_reason_when_a_check_holds_it(self, api, birds, settings):
        settings.COMMENT_CHECKS = HOLD
        response = api.post(LIST, {"article": "birds", "text": "Buy."})
        assert response.status_code == 202
        assert (response.json()["state"], response.json()["reason"]) == ("held", "too-new")
        assert response["Location"] == response.json()["links"]["self"]
        assert client_of().get(response["Location"]).status_code == 404

    def test_normalises_the_text(self, api, birds):
        found = api.post(LIST, {"article": "birds", "text": "  Cafe\u0301\r\nau lait\n"}).json()
        assert found["text"] == "Caf\u00e9\nau lait"

    def test_takes_five_thousand_code_points(self, api, birds):
        assert api.post(LIST, {"article": "birds", "text": "🙂" * 5000}).status_code == 201

    def test_shows_html_in_the_text_as_text(self, api, birds):
        found = api.post(LIST, {"article": "birds", "text": "<script>alert(1)</script>"}).json()
        assert found["text"] == "<script>alert(1)</script>"
        assert "<script" not in found["html"] and "&lt;script&gt;" in found["html"]


class TestPostRefusals:
    @pytest.mark.parametrize(
        ("sent", "field", "code"),
        [
            ({"text": ""}, "text", "blank"),
            ({"text": " \n\t "}, "text", "blank"),
            ({"text": "\u200b\u2060"}, "text", "blank"),
            ({"text": None}, "text", "null"),
            ({"text": 5}, "text", "invalid"),
            ({"text": True}, "text", "invalid"),
            ({"text": ["Yes."]}, "text", "invalid"),
            ({"text": "x" * 5001}, "text", "too_long"),
            ({"text": "a\0b"}, "text", "control_character"),
            ({"text": "a\x07b"}, "text", "control_character"),
            ({"text": "a\u202eb"}, "text", "control_character"),
            ({"text": "a\ud800b"}, "text", "control_character"),
            ({"article": None}, "article", "null"),
            ({"article": "none"}, "article", "unknown"),
            ({"article": "draft"}, "article", "unknown"),
            ({"article": "gone"}, "article", "unknown"),
            ({"article": "a\0b"}, "article", "control_character"),
            ({"article": "\ud800"}, "article", "control_character"),
            ({"article": "x" * 201}, "article", "too_long"),
            ({"article": 1}, "article", "invalid"),
            ({"article": {"slug": "birds"}}, "article", "invalid"),
            ({"section": "none"}, "section", "unknown"),
            ({"section": "a\0b"}, "section", "control_character"),
            ({"section": 1}, "section", "invalid"),
            ({"parent": "none"}, "parent", "unknown"),
            ({"parent": "A" * 22}, "parent", "unknown"),
            ({"parent": "a\0b"}, "parent", "control_character"),
            ({"parent": 1}, "parent", "invalid"),
            ({"kind": "poem"}, "kind", "invalid_choice"),
            ({"kind": "\ud800"}, "kind", "invalid_choice"),
            ({"kind": None}, "kind", "null"),
            ({"kind": ["note"]}, "kind", "invalid_choice"),
            ({"kind": "highlight"}, "anchor", "required"),
            ({"visibility": "private"}, "visibility", "not_for_kind"),
            ({"visibility": "group"}, "visibility", "invalid_choice"),
            ({"anchor": "Small birds"}, "anchor", "not_an_object"),
            ({"anchor": []}, "anchor", "not_an_object"),
            ({"anchor": {}}, "anchor.exact", "required"),
        ],
    )
    def test_names_the_field_when_it_is_wrong(self, api, birds, sent, field, code):
        make_article("draft", is_published=False)
        unpublish(make_article("gone"), by=None)
        # By hand: the test client refuses to write half a surrogate pair.
        body = json.dumps({"article": "birds", "text": "Yes.", **sent})
        response = api.post(LIST, body, content_type="application/json")
        assert problem(response) == (400, "invalid", [field])
        assert codes(response) == [(field, code)]
        assert not Comment.objects.exists()

    def test_names_everything_that_is_missing(self, api):
        response = api.post(LIST, {"anchor": {}})
        assert problem(response) == (400, "invalid", ["article", "anchor.exact"])

    @pytest.mark.parametrize(
        ("sent", "field"),
        [
            ({"texte": "Yes."}, "texte"),
            ({"id": "x"}, "id"),
            ({"author": {"name": "Bo"}}, "author"),
            ({"state": "approved"}, "state"),
            ({"created": "2020-01-01T00:00:00Z"}, "created"),
            ({"\ud800": 1}, "?"),
            ({"a\0b": 1}, "a\0b"),
            ({"anchor": {"exact": "Small birds", "now": {}}}, "anchor.now"),
            ({"anchor": {"exact": "Small birds", "status": "kept"}}, "anchor.status"),
        ],
    )
    def test_names_a_field_that_is_not_there(self, api, birds, sent, field):
        body = json.dumps({"article": "birds", "text": "Yes.", **sent})
        response = api.post(LIST, body, content_type="application/json")
        assert problem(response) == (400, "unknown_field", [field])
        assert codes(response) == [(field, "unknown_field")]
        assert not Comment.objects.exists()

    @pytest.mark.parametrize(
        ("anchor", "field", "code"),
        [
            ({"exact": ""}, "anchor.exact", "blank"),
            ({"exact": " "}, "anchor.exact", "blank"),
            ({"exact": None}, "anchor.exact", "null"),
            ({"exact": 7}, "anchor.exact", "invalid"),
            ({"exact": "a\0b"}, "anchor.exact", "control_character"),
            ({"exact": "x" * 10_001}, "anchor.exact", "too_long"),
            ({"exact": "Small birds", "prefix": "\0"}, "anchor.prefix", "control_character"),
            ({"exact": "Small birds", "suffix": "x" * 201}, "anchor.suffix", "too_long"),
            ({"exact": "Small birds", "start": 3}, "anchor.end", "required"),
            ({"exact": "Small birds", "end": 3}, "anchor.start", "required"),
            ({"exact": "Small birds", "start": -1, "end": 5}, "anchor.start", "out_of_range"),
            ({"exact": "Small birds", "start": 5, "end": 5}, "anchor.start", "out_of_range"),
            ({"exact": "Small birds", "start": 0, "end": 10_000}, "anchor.end", "out_of_range"),
            ({"exact": "Small birds", "start": 0, "end": 2**80}, "anchor.end", "out_of_range"),
            ({"exact": "Small birds", "start": "1", "end": 5}, "anchor.start", "invalid"),
            ({"exact": "Small birds", "start": 1.5, "end": 5}, "anchor.start", "invalid"),
            ({"exact": "Small birds", "start": True, "end": 5}, "anchor.start", "invalid"),
            ({"exact": "Small birds", "revision": 7}, "anchor.revision", "unknown"),
            ({"exact": "Small birds", "revision": 0}, "anchor.revision", "unknown"),
            ({"exact": "Small birds", "revision": -(2**80)}, "anchor.revision", "unknown"),
            ({"exact": "Small birds", "revision": 2**80}, "anchor.revision", "unknown"),
            ({"exact": "for the sun.\nWhere they nest"}, "anchor.exact", "crosses_sections"),
        ],
    )
    def test_names_what_is_wrong_with_the_passage(self, api, birds, anchor, field, code):
        response = api.post(LIST, {"article": "birds", "text": "Yes.", "anchor": anchor})
        assert problem(response) == (400, "invalid", [field])
        assert codes(response) == [(field, code)]
        assert not Comment.objects.exists()

    @pytest.mark.parametrize(
        ("anchor", "code"),
        [
            ({"exact": "Penguins"}, "anchor_not_found"),
            ({"exact": "birds"}, "anchor_ambiguous"),
            ({"exact": "Penguins", "start": 0, "end": 8}, "anchor_not_found"),
            ({"exact": "birds", "start": 0, "end": 5}, "anchor_mismatch"),
        ],
    )
    def test_is_422_when_the_passage_cannot_be_told(self, api, birds, anchor, code):
        response = api.post(LIST, {"article": "birds", "text": "Yes.", "anchor": anchor})
        assert problem(response) == (422, code, [])
        assert not Comment.objects.exists()

    def test_is_422_when_an_old_revisions_passage_is_gone(self, api, birds):
        revise(birds, "Everything is new.")
        anchor = {"exact": "Small birds", "revision": 1}
        response = api.post(LIST, {"article": "birds", "text": "Yes.", "anchor": anchor})
        assert problem(response) == (422, "anchor_not_found", [])

    @pytest.mark.parametrize("fields", [{"is_open": False}, {"discussion": "off"}])
    def test_is_409_when_the_discussion_is_closed(self, api, birds, fields):
        Article.objects.update(**fields)
        assert problem(api.post(LIST, {"article": "birds", "text": "Yes."})) == (409, "discussion_closed", [])

    def test_is_409_when_only_sections_are_discussed(self, api, birds):
        Article.objects.update(discussion="sections")
        response = api.post(LIST, {"article": "birds", "text": "Yes.", "anchor": {"exact": "Small birds"}})
        assert problem(response) == (409, "discussion_closed", [])
        assert api.post(LIST, {"article": "birds", "text": "Yes."}).status_code == 201

    def test_names_the_parent_when_it_is_on_another_article(self, api, birds):
        other = make_comment(make_article("trains"), make_user())
        response = api.post(LIST, {"article": "birds", "parent": other.key, "text": "Yes."})
        assert (response.status_code, codes(response)) == (400, [("parent", "other_article")])

    def test_does_not_tell_of_a_parent_one_may_not_read(self, api, birds):
        note = make_comment(birds, make_user(), kind="note", visibility="private")
        held = make_comment(birds, make_user(), state=State.HELD)
        for parent in (note, held):
            response = api.post(LIST, {"article": "birds", "parent": parent.key, "text": "Yes."})
            assert (response.status_code, codes(response)) == (400, [("parent", "unknown")])

    def test_refuses_a_reply_to_ones_own_comment_that_waits(self, api, user, birds):
        held = make_comment(birds, user, state=State.HELD)
        response = api.post(LIST, {"article": "birds", "parent": held.key, "text": "Yes."})
        assert (response.status_code, codes(response)) == (400, [("parent", "not_public")])

    def test_refuses_a_section_that_is_no_longer_there(self, api, birds):
        revise(birds, "Everything is new.")
        response = api.post(LIST, {"article": "birds", "section": "where-they-nest", "text": "Yes."})
        assert (response.status_code, codes(response)) == (400, [("section", "unknown")])

    @pytest.mark.parametrize(
        ("body", "status", "code"),
        [
            (b"{", 400, "not_json"),
            (b"{'text': 1}", 400, "not_json"),
            (b'{"text": NaN}', 400, "not_json"),
            (b"\xff\xfe", 400, "not_json"),
            (b"[" * 100_000, 400, "not_json"),
            (b'{"text": ' + b"9" * 5_000 + b"}", 400, "not_json"),
            (b"[]", 400, "not_an_object"),
            (b'[{"text": "Yes."}]', 400, "not_an_object"),
            (b'"text"', 400, "not_an_object"),
            (b"null", 400, "not_an_object"),
            (b"5", 400, "not_an_object"),
            (b'{"text": "' + b"x" * 256 * 1024 + b'"}', 413, "too_large"),
        ],
    )
    def test_refuses_what_is_no_object(self, api, body, status, code):
        response = api.post(LIST, body, content_type="application/json")
        assert problem(response) == (status, code, [])

    @pytest.mark.parametrize(
        "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "json"]
    )
    def test_is_415_when_it_is_not_sent_as_json(self, api, content_type):
        response = api.post(LIST, '{"article": "birds", "text": "Yes."}', content_type=content_type)
        assert problem(response) == (415, "unsupported_media_type", [])

    def test_reads_utf_8_when_the_header_claims_another_charset(self, api, birds):
        body = '{"article": "birds", "text": "é"}'.encode()
        response = api.post(LIST, body, content_type="application/json; charset=latin-1")
        assert (response.status_code, response.json()["text"]) == (201, "é")

    def test_refuses_parameters(self, api, birds):
        response = api.post(f"{LIST}?article=birds", {"article": "birds", "text": "Yes."})
        assert problem(response) == (400, "unknown_parameter", ["article"])

    def test_is_401_when_nobody_signs_it(self, birds):
        response = client_of().post(LIST, {"article": "birds", "text": "Yes."})
        assert problem(response) == (401, "not_authenticated", [])
        assert response["WWW-Authenticate"] == "Token"

    def test_is_401_when_the_token_is_not_known(self, birds):
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION="Token 0123456789abcdef")
        assert problem(client.post(LIST, {"article": "birds", "text": "Yes."})) == (401, "bad_token", [])

    def test_is_401_when_the_account_was_closed(self, api, user, birds):
        user.is_active = False
        user.save()
        assert problem(api.post(LIST, {"article": "birds", "text": "Yes."})) == (401, "bad_token", [])

    def test_is_429_and_says_when_to_come_back_when_a_check_says_it_is_too_often(self, api, birds, settings):
        settings.COMMENT_CHECKS = ["tests.factories.refuse"]
        response = api.post(LIST, {"article": "birds", "text": "Yes."})
        assert problem(response) == (429, "too_many_requests", [])
        assert response["Retry-After"] == "3600"

    @pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
    def test_is_405_when_the_method_is_not_there(self, api, method):
        response = getattr(api, method)(LIST, {})
        assert problem(response) == (405, "method_not_allowed", [])
        assert response["Allow"] == "GET, HEAD, POST"


class TestSession:
    def test_writes_when_it_brings_the_proof_against_forgery(self, user, birds):
        client = APIClient(enforce_csrf_checks=True)
        client.force_login(user)
        token = "a" * 32
        client.cookies["__Host-skycsrf"] = token
        response = client.post(LIST, {"article": "birds", "text": "Yes."}, HTTP_X_CSRFTOKEN=token)
        assert response.status_code == 201

    def test_is_403_when_it_does_not(self, user, birds):
        client = APIClient(enforce_csrf_checks=True)
        client.force_login(user)
        response = client.post(LIST, {"article": "birds", "text": "Yes."})
        assert problem(response) == (403, "csrf_failed", [])
        assert not Comment.objects.exists()

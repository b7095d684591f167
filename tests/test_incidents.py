"""Faults other systems really had, each held off by a test. The numbers are those of docs/incidents.md."""

import hashlib
import re
import socket
from html import escape
from html.parser import HTMLParser

import pytest
from django.test import Client, override_settings
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts import guests
from accounts.models import User
from articles.models import Category
from comments import services
from comments.models import Comment
from comments.policy import is_author
from comments.rendering import render_comment
from comments.services import Submission, prove
from comments.states import State
from skycrumbs.problems import Invalid
from tests.clock import later
from tests.factories import make_article, make_comment, make_guest_comment, make_token, make_user

SOURCE = "## Song\n\nSmall birds sing at dawn.\n"
SAME_ORIGIN = {"sec-fetch-site": "same-origin"}
PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<details open ontoggle=alert(1)>",
    "<svg/onload=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](https://example.org/x.svg)",
    "<a href='x' onmouseover='alert(1)'>x</a>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]
pytestmark = pytest.mark.django_db


class _Reader(HTMLParser):
    """Collects what a browser would run or load, and the site's own pages never hold."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attributes):
        names = {name for name, _value in attributes}
        is_own = bool(names & {"src", "type", "viewbox", "rel"}) and tag in ("script", "svg", "link")
        if tag in ("script", "svg", "img", "math", "style", "iframe", "object", "base", "link") and not is_own:
            self.found.append(tag)
        self.found += [name for name in names if name.startswith("on")]
        self.found += [value for _name, value in attributes if re.match(r"\s*(javascript|data):", value or "", re.I)]


def dangers(html: str) -> list[str]:
    reader = _Reader()
    reader.feed(html)
    return reader.found


@pytest.fixture
def article():
    return make_article("birds", SOURCE, title="Birds")


@pytest.fixture
def ada():
    return make_user("Ada")


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def writes(article, user) -> dict:
    """Every way a text gets in, as a function of the text that gives the answer."""
    client, token = signed_in(user), {"authorization": f"Token {make_token(user)}"}
    own, aged = make_comment(article, user), make_comment(article, user)
    compose, json = f"/articles/{article.slug}/comment/", "application/json"

    def in_time(text):
        with later(minutes=16):
            return client.post(
                f"/comments/{aged.key}/correct/", {"text": text, "version": aged.version}, headers=SAME_ORIGIN
            )

    def by_api(text):
        return Client().post("/api/v1/comments/", {"article": article.slug, "text": text}, json, headers=token)

    def edited_by_api(text):
        return Client().patch(f"/api/v1/comments/{own.key}/", {"text": text}, json, headers=token)

    def corrected_by_api(text):
        with later(minutes=16):
            return Client().patch(f"/api/v1/comments/{aged.key}/", {"correction": text}, json, headers=token)

    return {
        "page": lambda text: client.post(compose, {"text": text, "do": "post"}, headers=SAME_ORIGIN),
        "preview": lambda text: client.post(compose, {"text": text, "do": "preview"}, headers=SAME_ORIGIN),
        "edit": lambda text: client.post(
            f"/comments/{own.key}/edit/", {"text": text, "version": own.version}, headers=SAME_ORIGIN
        ),
        "correction": in_time,
        "API": by_api,
        "edit by API": edited_by_api,
        "correction by API": corrected_by_api,
    }


class TestDangers:
    """The reader itself: it finds each payload where it is not escaped."""

    @pytest.mark.parametrize("payload", [one for one in PAYLOADS if one.startswith(("<", '"'))])
    def test_are_found_where_they_are_live(self, payload):
        assert dangers(f"<p>{payload}</p>") != []
        assert dangers(f"<p>{escape(payload)}</p>") == []


class TestT01EveryWayIn:
    @pytest.mark.parametrize("text", ["a\x00b", "a\u202eb", "x" * 5001, "\u200b", "\x1b[31m"])
    def test_refuses_the_same(self, article, ada, text):
        answers = {name: write(text).status_code for name, write in writes(article, ada).items()}
        assert set(answers.values()) == {400}, answers

    @pytest.mark.parametrize("payload", PAYLOADS)
    def test_escapes_the_same(self, article, ada, payload):
        for write in writes(article, ada).values():
            write(payload)
        # A new one by the page and one by the API; and those that were edited and corrected.
        comments = list(Comment.objects.all())
        assert len(comments) == 4
        assert [len(comment.text.corrections) for comment in comments].count(2) == 1
        for comment in comments:
            assert dangers(comment.text.html) == []
            assert [dangers(one["html"]) for one in comment.text.corrections if dangers(one["html"])] == []


class TestT02EditIsCheckedAsNewTextIs(TestCase):
    def setUp(self):
        self.article, self.ada = make_article(source=SOURCE), make_user()
        self.comment = make_comment(self.article, self.ada)

    @given(st.text(max_size=40) | st.text("\u0300\u200b \n\x00a", max_size=40))
    def test_whatever_is_sent(self, text):
        new = self.outcome(lambda: services.submit(Submission(self.article, self.ada, text)))
        changed = self.outcome(lambda: services.edit(self.comment, by=self.ada, text=text))
        self.assertEqual(new, changed)

    def outcome(self, write) -> tuple:
        try:
            stored = write()
        except Invalid as invalid:
            return tuple((error.field, error.code) for error in invalid.errors)
        return (stored.text.source, stored.text.html)


def public_answers(comment: Comment) -> list[str]:
    slug = comment.article.slug
    paths = [
        f"/articles/{slug}/",
        f"/comments/{comment.key}/",
        "/",
        f"/articles/{slug}/comment/?parent={comment.key}",
    ]
    paths += [f"/api/v1/comments/{comment.key}/", f"/api/v1/comments/?article={slug}", f"/api/v1/articles/{slug}/"]
    return [Client().get(path).content.decode() for path in paths]


class TestT03AddressesAreNotGivenAsDigests:
    def test_nor_as_they_are(self, article):
        email = "nora@example.org"
        comments = [make_comment(article, make_user("Nora", email=email)), make_guest_comment(article, email=email)]
        digests = [hashlib.new(name, email.encode()).hexdigest() for name in ("md5", "sha1", "sha256")]
        for comment in comments:
            for content in public_answers(comment):
                assert [word for word in (email, *digests) if word in content] == []


class TestT04T05T07NothingIsFetched:
    def test_when_texts_name_addresses(self, article, ada, monkeypatch):
        asked = []
        monkeypatch.setattr(socket, "getaddrinfo", lambda *where, **options: asked.append(where) or [])
        text = "https://example.org/a.png ![x](https://example.org/x.svg) [y](http://127.0.0.1:9/)"
        for write in writes(article, ada).values():
            write(text)
        assert asked == []
        assert "<img" not in render_comment(text)


class TestT06AuthorsHaveNoAddressOfTheirOwn:
    @pytest.mark.parametrize("name", ["url", "website", "page_url", "author_url"])
    def test_to_smuggle_a_script_in(self, article, ada, name):
        headers = {"authorization": f"Token {make_token(ada)}"}
        sent = {"article": article.slug, "text": "Yes.", name: "javascript:alert(1)"}
        answer = Client().post("/api/v1/comments/", sent, "application/json", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "unknown_field")


class TestT08AGuestWithAMembersNameAndAddress:
    def test_changes_nothing_of_the_member_and_is_told_from_them(self, article):
        member = make_user("Ada", email="ada@example.org")
        own, before = make_comment(article, member), User.objects.filter(pk=member.pk).values().get()
        sent = {"article": article.slug, "text": "Me, too.", "guest": {"name": "Ada", "email": "Ada@example.org"}}
        assert Client().post("/api/v1/comments/", sent, "application/json").status_code == 202
        unproven = Comment.objects.get(guest__isnull=False)
        prove(guests.make_link(unproven.guest, guests.Purpose.PROVE, unproven.pk))
        assert User.objects.filter(pk=member.pk).values().get() == before
        theirs = Client().get(f"/api/v1/comments/{unproven.key}/").json()["author"]
        assert theirs == {"name": "Ada", "kind": "guest"}
        assert Client().get(f"/api/v1/comments/{own.key}/").json()["author"] == {"name": "Ada", "kind": "account"}
        assert not is_author(member, unproven)
        assert unproven not in Comment.objects.written_by(member)


class TestT10PreviewAndEditForm:
    @pytest.mark.parametrize("payload", PAYLOADS)
    def test_hold_raw_text_in_the_field_alone(self, article, ada, payload):
        comment = make_comment(article, ada, payload)
        client = signed_in(ada)
        preview = client.post(f"/articles/{article.slug}/comment/", {"text": payload}, headers=SAME_ORIGIN)
        for answer in (preview, client.get(f"/comments/{comment.key}/edit/")):
            page = answer.content.decode()
            assert escape(payload) in page
            assert dangers(page) == []


class TestT11Headers:
    @pytest.mark.parametrize("path", ["/", "/api/v1/articles/", "/api/nothing/", "/nothing/", "/admin/login/"])
    def test_tell_no_version(self, path):
        headers = Client().get(path).headers
        assert not {"server", "x-powered-by"} & {name.lower() for name in headers}
        assert not re.search(r"(?i)django|python|\d+\.\d+\.\d+", " ".join(headers.values()))


class TestT12WhatTheServerSays:
    @pytest.mark.parametrize(
        "name", ["created", "created_at", "state", "version", "published_at", "author", "network", "id"]
    )
    def test_is_not_taken_from_who_writes(self, article, ada, name):
        headers = {"authorization": f"Token {make_token(ada)}"}
        sent = {"article": article.slug, "text": "Yes.", name: "2020-01-01T00:00:00Z"}
        answer = Client().post("/api/v1/comments/", sent, "application/json", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "unknown_field")


class TestT14AddressesOfPeople:
    def test_are_in_no_answer_of_the_api_whoever_asks(self, article):
        author, moderator = (
            make_user("Nora", email="nora@example.org"),
            make_user("Mo", is_superuser=True, is_staff=True),
        )
        comment = make_comment(article, author)
        held = make_guest_comment(article, "Nils", email="nils@example.org")
        make_comment(article, moderator, parent=comment)
        for viewer in (None, author, moderator):
            client = signed_in(viewer) if viewer else Client()
            for path in ("/api/v1/comments/", f"/api/v1/comments/{comment.key}/", f"/api/v1/comments/{held.key}/"):
                assert "@" not in client.get(path).content.decode()

    def test_are_in_no_schema(self):
        schema = Client().get("/api/schema/?format=json").json()["components"]["schemas"]
        answers = {name: one for name, one in schema.items() if not name.endswith("Request")}
        assert not re.search(r"(?i)\b(e-?mail|ip|user_agent|network)\b", str(answers))


class TestT16OlderTexts:
    def test_cannot_be_asked_for(self, article, ada):
        comment = make_comment(article, ada, "Canary.")
        services.edit(comment, by=ada, text="Kind words.")
        for query in ("version=1", "revision=1", "number=1"):
            for path in (f"/comments/{comment.key}/", f"/api/v1/comments/{comment.key}/"):
                assert b"Canary" not in Client().get(f"{path}?{query}").content


class TestT18Refusals:
    def test_are_kept_by_nobody(self, article, ada):
        held, gone = make_comment(article, ada, state=State.HELD), make_comment(article, ada, state=State.REJECTED)
        paths = ["/nothing/", "/articles/nothing/", f"/comments/{held.key}/", f"/comments/{gone.key}/"]
        paths += [
            f"/api/v1/comments/{held.key}/",
            f"/api/v1/comments/{gone.key}/",
            "/api/v1/comments/?x=1",
            "/?page=99",
        ]
        for path in paths:
            answer = Client().get(path)
            assert answer.status_code in (400, 404, 410)
            assert answer.headers["Cache-Control"] == "no-store", path

    def test_of_what_is_sent_are_too(self, article):
        answer = Client().post("/api/v1/comments/", {}, "application/json")
        assert answer.headers["Cache-Control"] == "no-store"


class TestT19WordsOfTheSite:
    @pytest.mark.parametrize("payload", PAYLOADS[:4])
    def test_are_escaped_where_they_come_back(self, payload):
        Category.objects.create(slug="odd", name=payload)
        make_article("odd", "A text.\n", title=payload, category=Category.objects.get(slug="odd"), by_line=payload)
        for path in ("/", "/category/odd/", "/articles/odd/", "/articles/odd/comment/"):
            assert dangers(Client().get(path).content.decode()) == []

    @pytest.mark.parametrize("payload", PAYLOADS[:4])
    def test_are_plain_in_errors(self, payload):
        for path in ("/api/v1/comments/", "/articles/birds/", "/comments/"):
            answer = Client().get(path, {"after": payload, payload: payload})
            assert dangers(answer.content.decode()) == []


class TestT20NamesOfPeople:
    @pytest.mark.parametrize("payload", PAYLOADS[:5])
    def test_are_escaped_everywhere(self, article, payload):
        named = make_user(payload[:60])
        root = make_comment(article, named, payload, quote="Small birds")
        for _depth in range(8):
            root = make_comment(article, named, payload, parent=root)
        client = signed_in(named)
        own = ["/me/", *(f"/comments/{root.key}/{act}" for act in ("", "edit/", "withdraw/", "flag/"))]
        for path in [*own, f"/articles/{article.slug}/", f"/articles/{article.slug}/comment/?parent={root.key}"]:
            assert dangers(client.get(path).content.decode()) == [], path

    def test_are_data_in_json(self, article):
        named = make_user("<script>alert(1)</script>")
        make_comment(article, named)
        with override_settings(DEBUG=False):
            answer = Client().get("/api/v1/comments/")
        assert answer.headers["Content-Type"].startswith("application/json")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"

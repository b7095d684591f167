import base64
import hashlib
import json
import re

import pytest
from django.conf import settings as site_settings

from skycrumbs.headers import page_policy
from skycrumbs.templatetags.skycrumbs import importmap, importmap_hash, importmap_json
from tests.factories import make_user

pytestmark = [pytest.mark.urls("tests.skycrumbs.trial_urls"), pytest.mark.django_db]

LOCKED = {
    "default-src": {"'none'"},
    "style-src": {"'self'"},
    "img-src": {"'self'", "data:"},
    "font-src": {"'self'"},
    "connect-src": {"'self'"},
    "form-action": {"'self'"},
    "base-uri": {"'none'"},
    "frame-ancestors": {"'none'"},
    "object-src": {"'none'"},
}
MALFORMED = [
    "__Host-skysession=",
    "__Host-skysession=short",
    "__Host-skysession=a.stale.key.of.long.ago",
    "__Host-skycsrf=",
    "__Host-skycsrf=short",
    "__Host-skycsrf=!" + "x" * 31,
]
SECURE = {"upgrade-insecure-requests": set()}


def policy(response):
    """{directive: its sources} of an answer's policy; a directive named twice is an error."""
    parts = [part.split() for part in response["Content-Security-Policy"].split(";")]
    names = [part[0] for part in parts]
    assert len(names) == len(set(names))
    return {part[0]: set(part[1:]) for part in parts}


def varies_by(response):
    return {name.strip() for name in response.get("Vary", "").split(",")}


def page(importmap_source):
    return LOCKED | {
        "script-src": {"'self'", importmap_source},
        "require-trusted-types-for": {"'script'"},
        "trusted-types": {"skycrumbs"},
    }


def inline_hash(html):
    """The inline script of a page as a source expression, worked out from the bytes between its tags."""
    (script,) = re.findall(rb'<script type="importmap">(.*?)</script>', html, re.DOTALL)
    return f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'"


class TestContentSecurityPolicy:
    def test_of_pages_has_the_import_map_by_its_hash_and_no_nonce(self, client):
        response = client.get("/")
        assert policy(response) == page(inline_hash(response.content)) | SECURE

    def test_of_pages_is_the_same_each_time(self, client):
        assert client.get("/")["Content-Security-Policy"] == client.get("/")["Content-Security-Policy"]

    @pytest.mark.parametrize("path", ["/no-such-page/", "/try/boom/", "/try/refuse/", "/try/gone/", "/try/misread/"])
    def test_of_drawn_failures_is_that_of_pages(self, client, path):
        client.raise_request_exception = False
        assert policy(client.get(path)) == page(f"'{importmap_hash()}'") | SECURE

    def test_of_the_admin_lets_its_own_scripts_run(self, client):
        client.force_login(make_user(is_staff=True))
        response = client.get("/admin/")
        assert response.status_code == 200
        allowed = {"script-src": {"'self'", f"'{importmap_hash()}'"}}
        assert policy(response) == LOCKED | allowed | SECURE

    def test_of_what_the_admin_refuses_lets_the_scripts_of_its_page_run(self, client):
        client.force_login(make_user(is_staff=True))
        response = client.get("/admin/articles/article/")
        assert response.status_code == 403
        assert inline_hash(response.content) in policy(response)["script-src"]

    def test_of_the_api_allows_nothing(self, client):
        expected = {"default-src": {"'none'"}, "frame-ancestors": {"'none'"}} | SECURE
        assert policy(client.get("/api/try/plain/")) == expected

    def test_of_the_api_docs_allows_their_style_attributes(self, client):
        expected = LOCKED | {"script-src": {"'self'"}, "style-src": {"'self'", "'unsafe-inline'"}} | SECURE
        assert policy(client.get("/api/docs/try/plain/")) == expected

    @pytest.mark.parametrize("path", ["/", "/admin/login/", "/api/try/plain/", "/api/docs/try/plain/"])
    def test_does_not_ask_for_https_in_development(self, client, settings, path):
        settings.DEBUG = True
        assert "upgrade-insecure-requests" not in client.get(path)["Content-Security-Policy"]

    def test_stays_as_a_view_set_it(self, client):
        assert client.get("/try/own/")["Content-Security-Policy"] == "default-src *"

    @pytest.mark.parametrize("forbidden", ["unsafe-inline", "unsafe-eval", "nonce", "*", "http:", "https:"])
    def test_of_pages_holds_nothing_loose(self, forbidden):
        assert forbidden not in page_policy()


class TestCacheControl:
    @pytest.mark.parametrize("path", ["/try/plain/", "/api/try/plain/", "/admin/try/plain/"])
    def test_keeps_nothing_that_says_nothing(self, client, path):
        assert client.get(path)["Cache-Control"] == "private, no-store"

    def test_stays_as_a_view_set_it(self, client):
        assert client.get("/try/own/")["Cache-Control"] == "max-age=60"

    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("/no-such-page/", 404),
            ("/try/lose/", 404),
            ("/try/refuse/", 403),
            ("/try/gone/", 410),
            ("/try/misread/", 400),
            ("/try/boom/", 500),
            ("/api/try/lose/", 404),
            ("/api/try/boom/", 500),
            ("/try/kept/?status=404", 404),
            ("/try/kept/?status=503", 503),
        ],
    )
    def test_is_no_store_on_every_failure(self, client, path, status):
        client.raise_request_exception = False
        response = client.get(path)
        assert (response.status_code, response["Cache-Control"]) == (status, "no-store")


class TestKept:
    def test_may_be_kept_by_anyone_and_is_asked_after_each_time(self, client):
        response = client.get("/try/kept/")
        assert response["Cache-Control"] == "public, no-cache"
        assert response["ETag"]

    def test_answers_304_with_the_same_rules_when_nothing_changed(self, client):
        etag = client.get("/try/kept/")["ETag"]
        response = client.get("/try/kept/", headers={"if-none-match": etag})
        assert (response.status_code, response.content) == (304, b"")
        assert (response["Cache-Control"], response["ETag"]) == ("public, no-cache", etag)

    def test_is_not_said_of_an_answer_to_a_post(self, client):
        assert client.post("/try/kept/")["Cache-Control"] == "private, no-store"

    @pytest.mark.parametrize("status", [201, 302])
    def test_is_not_said_of_another_status(self, client, status):
        assert client.get(f"/try/kept/?status={status}")["Cache-Control"] == "private, no-store"

    def test_sets_no_cookie_and_varies_by_none(self, client):
        response = client.get("/try/kept/")
        assert response.cookies == {}
        assert "Cookie" not in response.get("Vary", "")

    @pytest.mark.parametrize("path", ["/try/kept/", "/"])
    @pytest.mark.parametrize("cookie", MALFORMED)
    def test_is_the_same_when_a_cookie_is_malformed(self, client, path, cookie):
        first, again = client.get(path), client.get(path, headers={"cookie": cookie})
        assert (again.status_code, again["Cache-Control"]) == (200, "public, no-cache")
        assert again.cookies == {}
        assert again.get("Vary") == first.get("Vary")
        assert again.content == first.content

    @pytest.mark.parametrize("cookie", MALFORMED)
    def test_stays_so_when_it_is_asked_after(self, client, cookie):
        etag = client.get("/try/kept/")["ETag"]
        response = client.get("/try/kept/", headers={"cookie": cookie, "if-none-match": etag})
        assert (response.status_code, response.cookies) == (304, {})
        assert "Cookie" not in varies_by(response)

    @pytest.mark.parametrize("cookie", MALFORMED)
    def test_still_varies_by_what_else_the_bytes_depend_on(self, client, cookie):
        response = client.get("/", headers={"cookie": cookie, "accept-encoding": "gzip"})
        assert (response["Content-Encoding"], response["Vary"]) == ("gzip", "Accept-Encoding")

    def test_leaves_the_cookies_of_what_is_private(self, client):
        response = client.get("/try/plain/", headers={"cookie": "__Host-skysession=short"})
        assert response.cookies["__Host-skysession"]["max-age"] == 0
        assert "Cookie" in varies_by(response)


class TestApiAnswersForAll:
    @pytest.mark.parametrize("cookie", ["__Host-skycsrf=", "__Host-skycsrf=short", "__Host-skycsrf=!" + "x" * 31])
    def test_set_no_cookie_when_the_proof_against_forgery_is_malformed(self, client, cookie):
        response = client.get("/api/v1/articles/", headers={"cookie": cookie})
        assert (response.status_code, response["Cache-Control"]) == (200, "public, no-cache")
        assert response.cookies == {}
        assert {"Accept", "Authorization", "Cookie"} <= varies_by(response)


class TestOtherHeaders:
    @pytest.mark.parametrize("path", ["/", "/api/try/plain/", "/admin/login/", "/no-such-page/"])
    def test_stand_on_every_answer(self, client, path):
        self.stand_on(client.get(path))

    @pytest.mark.parametrize("path", ["/", "/api/try/plain/", "/admin/login/"])
    def test_stand_on_what_is_refused_before_any_view(self, client, settings, path):
        self.stand_on(client.post(path, b"x" * (6 * 1024 * 1024), content_type="text/plain"))
        self.stand_on(client.get(path, headers={"host": "evil.example"}))
        settings.SECURE_SSL_REDIRECT = True
        self.stand_on(client.get(path, headers={"host": "evil.example"}))

    def test_stand_on_static_files(self, client):
        response = client.get("/static/skycrumbs/base.css")
        assert response.status_code == 200
        self.stand_on(response)
        response.close()

    def stand_on(self, response):
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["X-Frame-Options"] == "DENY"
        assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert response["Cross-Origin-Opener-Policy"] == "same-origin"
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"
        for feature in ("camera", "microphone", "geolocation", "payment", "usb"):
            assert f"{feature}=()" in response["Permissions-Policy"]

    def test_ask_for_https_for_two_years_when_it_is_served_so(self, client):
        response = client.get("/try/plain/", secure=True)
        assert response["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"

    def test_give_the_session_a_host_cookie(self):
        assert site_settings.SESSION_COOKIE_NAME == "__Host-skysession"
        assert site_settings.CSRF_COOKIE_NAME == "__Host-skycsrf"
        assert (site_settings.SESSION_COOKIE_SECURE, site_settings.CSRF_COOKIE_SECURE) == (True, True)


class TestImportMap:
    def test_names_every_module_at_its_address(self):
        imports = json.loads(importmap_json())["imports"]
        folder = site_settings.BASE_DIR / "static" / "skycrumbs"
        assert sorted(imports) == sorted(f"skycrumbs/{path.name}" for path in folder.glob("*.js"))
        assert imports["skycrumbs/canonical.js"] == "/static/skycrumbs/canonical.js"

    def test_stands_in_the_page_byte_for_byte_as_it_was_hashed(self):
        text = importmap_json()
        assert importmap() == f'<script type="importmap">{text}</script>'
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert importmap_hash() == f"sha256-{digest}"

    def test_cannot_end_its_script(self):
        assert "<" not in importmap_json()

from types import SimpleNamespace

import pytest

from skycrumbs import checks
from skycrumbs import settings as defaults


def ids(check):
    return [message.id for message in check(None)]


class TestSqliteCanWrite:
    @pytest.fixture(autouse=True)
    def _patch(self, monkeypatch):
        # Not the `settings` fixture: Django warns of DATABASES changed behind its connections.
        self.patch = monkeypatch.setattr

    def use(self, engine, name):
        databases = {"default": {"ENGINE": engine, "NAME": name}}
        self.patch(checks, "settings", SimpleNamespace(DATABASES=databases))

    def test_is_silent_when_the_folder_is_there(self, tmp_path):
        self.use("django.db.backends.sqlite3", tmp_path / "skycrumbs.sqlite3")
        assert ids(checks.sqlite_can_write) == []

    def test_complains_when_the_folder_is_missing(self, tmp_path):
        folder = tmp_path / "missing"
        self.use("django.db.backends.sqlite3", folder / "skycrumbs.sqlite3")
        [message] = checks.sqlite_can_write(None)
        assert message.id == "skycrumbs.E001"
        assert message.msg == f"The database folder {folder} is not there or cannot be written to."

    @pytest.mark.parametrize(
        ("engine", "name"),
        [
            ("django.db.backends.sqlite3", ":memory:"),
            ("django.db.backends.sqlite3", "file:memorydb_default?mode=memory&cache=shared"),
            ("django.db.backends.postgresql", "missing/skycrumbs"),
        ],
    )
    def test_is_silent_when_there_is_no_file(self, engine, name):
        self.use(engine, name)
        assert ids(checks.sqlite_can_write) == []


class TestCommentChecksAreThere:
    def test_is_silent_about_those_of_the_settings_file(self, settings):
        settings.COMMENT_CHECKS = defaults.COMMENT_CHECKS
        assert ids(checks.comment_checks_are_there) == []

    @pytest.mark.parametrize(
        "path", ["moderation.checks.links.linsk", "moderation.chekcs.rate", "rate", "", "os.sep"]
    )
    def test_complains_about_what_is_no_function(self, settings, path):
        settings.COMMENT_CHECKS = ["moderation.checks.links.links", path]
        [message] = checks.comment_checks_are_there(None)
        assert message.id == "skycrumbs.E003"
        assert message.msg == f"COMMENT_CHECKS names {path}, which is no function, or the name of two."

    def test_complains_about_a_name_that_stands_twice(self, settings):
        settings.COMMENT_CHECKS = ["moderation.checks.links.links"] * 2
        assert ids(checks.comment_checks_are_there) == ["skycrumbs.E003"]


class TestSiteUrlIsHttps:
    @pytest.mark.parametrize(
        ("debug", "site_url", "expected"),
        [
            (False, "https://talk.example.org", []),
            (False, "http://talk.example.org", ["skycrumbs.E002"]),
            (False, "http://talk.example.org:8000", ["skycrumbs.E002"]),
            (False, "http://127.0.0.1:8000", []),
            (False, "http://[::1]:8000", []),
            (True, "http://talk.example.org", []),
        ],
    )
    def test_complains_when_cookies_would_not_be_sent(self, settings, debug, site_url, expected):
        settings.DEBUG, settings.SITE_URL = debug, site_url
        assert ids(checks.site_url_is_https) == expected


class TestDebugStaysAtHome:
    @pytest.mark.parametrize(
        ("debug", "hosts", "expected"),
        [
            (True, ["localhost", "127.0.0.1", "[::1]", ".localhost"], []),
            (True, ["localhost", "talk.example.org"], ["skycrumbs.W001"]),
            (True, ["*"], ["skycrumbs.W001"]),
            (False, ["talk.example.org"], []),
        ],
    )
    def test_warns_when_strangers_could_see_error_pages(self, settings, debug, hosts, expected):
        settings.DEBUG, settings.ALLOWED_HOSTS = debug, hosts
        assert ids(checks.debug_stays_at_home) == expected


class TestSiteUrlIsServed:
    @pytest.mark.parametrize(
        ("site_url", "hosts", "expected"),
        [
            ("https://talk.example.org", ["talk.example.org"], []),
            ("https://talk.example.org:8443", [".example.org"], []),
            ("https://talk.example.org", ["*"], []),
            ("http://[::1]:8000", ["[::1]"], []),
            ("https://localhost", ["talk.example.org"], ["skycrumbs.W002"]),
        ],
    )
    def test_warns_when_links_in_mail_would_fail(self, settings, site_url, hosts, expected):
        settings.SITE_URL, settings.ALLOWED_HOSTS = site_url, hosts
        assert ids(checks.site_url_is_served) == expected

"""The settings file, read again as another environment would have it."""

import runpy

import pytest
from django.conf import settings
from environs import EnvError

LIMITS = ["COMMENT", "FLAG", "SIGN_IN", "SIGN_IN_NETWORK", "SIGN_UP_NETWORK", "MAIL", "MAIL_NETWORK"]


@pytest.fixture
def read(monkeypatch):
    def read(**variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(settings.BASE_DIR / "skycrumbs" / "settings.py"))

    return read


class TestLimits:
    @pytest.mark.parametrize("name", LIMITS)
    def test_are_generous_in_development_alone(self, read, name):
        assert read(DEBUG="true")[f"{name}_LIMITS"] == [(600, 600)]
        assert read(DEBUG="false")[f"{name}_LIMITS"] != [(600, 600)]

    def test_leave_none_to_the_cache_of_one_process(self, read):
        assert read()["ACCOUNT_RATE_LIMITS"] is False


class TestBehindTlsProxy:
    @pytest.mark.parametrize(("variable", "count"), [("true", 1), ("false", 0)])
    def test_says_how_many_proxies_are_believed(self, read, variable, count):
        found = read(BEHIND_TLS_PROXY=variable)
        assert (found["TRUSTED_PROXY_COUNT"], found["ALLAUTH_TRUSTED_PROXY_COUNT"]) == (count, count)
        assert ("SECURE_PROXY_SSL_HEADER" in found) == bool(count)


class TestEmailUrl:
    @pytest.mark.parametrize(
        ("url", "host", "port", "tls", "ssl"),
        [
            ("smtp://mail.example.org", "mail.example.org", 25, False, False),
            ("smtp+tls://mail.example.org", "mail.example.org", 587, True, False),
            ("smtp+ssl://mail.example.org/", "mail.example.org", 465, False, True),
            ("smtp+tls://[::1]:2525", "::1", 2525, True, False),
        ],
    )
    def test_says_where_the_server_is_and_how_to_talk_to_it(self, read, url, host, port, tls, ssl):
        found = read(DEBUG="false", EMAIL_URL=url)
        assert found["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
        assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == (host, port)
        assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (tls, ssl)

    def test_unquotes_who_signs_in(self, read):
        found = read(EMAIL_URL="smtp+tls://me%40example.org:a%2Fb@mail.example.org:587")
        assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("me@example.org", "a/b")

    def test_is_not_used_in_development(self, read):
        assert read(DEBUG="true")["EMAIL_BACKEND"] == "django.core.mail.backends.filebased.EmailBackend"


class TestLists:
    def test_may_have_spaces_around_their_commas(self, read):
        found = read(ALLOWED_HOSTS="a.example, b.example ,", COMMENT_CHECKS="x.y, z.w")
        assert found["ALLOWED_HOSTS"] == ["a.example", "b.example"]
        assert found["COMMENT_CHECKS"] == ["x.y", "z.w"]

    def test_may_be_empty(self, read):
        assert read(COMMENT_CHECKS="")["COMMENT_CHECKS"] == []


class TestDatabase:
    @pytest.mark.parametrize(("most", "at_once"), [("1", 1), ("3", 3), ("10", 4)])
    def test_opens_no_more_connections_than_the_pool_may_have(self, read, most, at_once):
        database = read(DATABASE_URL="postgres://me@localhost/it", DATABASE_POOL=most)["DATABASES"]["default"]
        pool = database["OPTIONS"]["pool"]
        assert (pool["min_size"], pool["max_size"]) == (at_once, int(most))

    def test_is_waited_for_and_looked_for_for_seconds(self, read):
        pool = read(DATABASE_URL="postgres://me@localhost/it")["DATABASES"]["default"]["OPTIONS"]["pool"]
        assert (pool["timeout"], pool["reconnect_timeout"]) == (5, 5)

    def test_gives_away_no_connection_that_a_restart_has_cut(self, read):
        assert read(DATABASE_URL="postgres://me@localhost/it")["DATABASES"]["default"]["CONN_HEALTH_CHECKS"] is True

    def test_lies_in_the_folder_of_the_project_whatever_its_name(self, read, tmp_path, monkeypatch):
        folder = tmp_path / "50% of #1?" / "skycrumbs"
        folder.mkdir(parents=True)
        (folder / "settings.py").write_text((settings.BASE_DIR / "skycrumbs" / "settings.py").read_text())
        monkeypatch.delenv("DATABASE_URL", raising=False)
        found = runpy.run_path(str(folder / "settings.py"))
        assert found["DATABASES"]["default"]["NAME"] == str(folder.parent / "var" / "skycrumbs.sqlite3")


class TestWrongValues:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("ALLOWED_HOSTS", "https://a.example"),
            ("ALLOWED_HOSTS", "a.example:8000"),
            ("ALLOWED_HOSTS", "a.example/"),
            ("ALLOWED_HOSTS", "a.example b.example"),
            ("ALLOWED_HOSTS", "a.example,::1"),
            ("ALLOWED_HOSTS", "müller.example"),
            ("EMAIL_URL", ""),
            ("EMAIL_URL", "mail.example.org:25"),
            ("EMAIL_URL", "http://mail.example.org"),
            ("EMAIL_URL", "smtp+tls://"),
            ("EMAIL_URL", "smtp://host:port"),
            ("EMAIL_URL", "smtp://host?tls=true"),
            ("DATABASE_URL", ""),
            ("DATABASE_URL", "nothing"),
            ("DATABASE_URL", "mysql://root@localhost/it"),
            ("DATABASE_URL", "postgres://localhost"),
            ("DATABASE_POOL", "0"),
            ("DATABASE_POOL", "-3"),
            ("SITE_URL", "https://[::1"),
            ("SITE_URL", "https://user:password@example.org"),
            ("SITE_URL", "https://example.org?x=1"),
            ("SITE_NAME", ""),
            ("SITE_NAME", "Two\nlines"),
            ("SITE_NAME", "\u200b"),
            ("DEFAULT_FROM_EMAIL", ""),
            ("DEFAULT_FROM_EMAIL", "nobody"),
            ("DEFAULT_FROM_EMAIL", "a@example.org\nBcc: b@example.org"),
            ("DEFAULT_FROM_EMAIL", "Name <a@example.org"),
        ],
    )
    def test_stop_the_start_and_name_their_variable(self, read, name, value):
        with pytest.raises(EnvError, match=f'^Environment variable "{name}" invalid: .*([Uu]se |ust be )'):
            read(**{name: value})

    @pytest.mark.parametrize("value", ["*", ".example.org", "[::1]", "192.0.2.1", "A.Example", "xn--mller-kva.de"])
    def test_are_no_hosts_that_can_be_named(self, read, value):
        assert read(ALLOWED_HOSTS=value)["ALLOWED_HOSTS"] == [value]

    @pytest.mark.parametrize("value", ["site@localhost", "My site <site@example.org>"])
    def test_are_no_senders_that_can_be_written_to(self, read, value):
        assert read(DEFAULT_FROM_EMAIL=value)["DEFAULT_FROM_EMAIL"] == value

    @pytest.mark.parametrize("value", ["https://example.org/", "https://[::1]:8000", "http://müller.example"])
    def test_are_no_sites_that_can_be_visited(self, read, value):
        assert read(SITE_URL=value)["SITE_URL"] == value.rstrip("/")

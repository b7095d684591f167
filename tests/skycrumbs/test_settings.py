"""The settings file, read again as another environment would have it."""

import runpy

import pytest
from django.conf import settings

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

"""Fixtures every test may use."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    """On SQLite, test on a file of our own: threads in one in-memory database lock each other's tables."""
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


class Clock:
    """Stands still until it is moved: `clock.now`, or `clock.forward(minutes=1)`."""

    def __init__(self):
        # What the database dates by itself is past.
        self.now = timezone.now() + timedelta(days=1)

    def forward(self, **span):
        self.now += timedelta(**span)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    return clock

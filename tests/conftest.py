"""Fixtures every test may use."""

import gc
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from django.utils import timezone
from hypothesis import settings as hypothesis_settings

from articles.rendering import render
from comments.previewing import kept_farings

# What drops each trigger, and what makes it again. On PostgreSQL those before TRUNCATE alone, bit 5 of their type.
TRIGGERS = {
    "sqlite": "SELECT 'DROP TRIGGER ' || name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": """
        SELECT format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass), pg_get_triggerdef(oid) FROM pg_trigger
        WHERE NOT tgisinternal AND tgtype & 32 = 32
    """,
}

# No test is timed: a busy machine is no reason to fail.
hypothesis_settings.register_profile("untimed", deadline=None)
hypothesis_settings.load_profile("untimed")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """On PostgreSQL, leave out what asks no database or is the same on any: it runs on SQLite."""
    if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
        return
    left_out = {item for item in items if item.get_closest_marker("any_database") or not asks_database(item)}
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=list(left_out))


def pytest_collection_finish():
    """What was imported and collected stays to the end, and migrations make models by the hundred: to look through
    all of them again and again would take a sixth of the time of all tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


def asks_database(item):
    if item.cls is not None and issubclass(item.cls, TransactionTestCase):
        return True
    return bool(item.get_closest_marker("django_db") or {"db", "django_db_setup"} & {*item.fixturenames})


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    """On SQLite, test on a file of our own: threads in one in-memory database lock each other's tables."""
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(autouse=True)
def nothing_kept():
    """Each test begins with the same ids, and is a stranger to what others kept under them."""
    kept_farings.cache_clear()
    render.cache_clear()


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


@pytest.fixture(autouse=True, scope="session")
def empty_append_only_tables():
    """Between tests tables are emptied by DELETE or TRUNCATE, which some of them refuse: not to this."""
    operations = type(connection.ops)
    emptied = operations.execute_sql_flush

    def execute_sql_flush(self, sql_list):
        with self.connection.cursor() as cursor:
            cursor.execute(TRIGGERS[self.connection.vendor])
            triggers = cursor.fetchall()
            for drop, _create in triggers:
                cursor.execute(drop)
            emptied(self, sql_list)
            for _drop, create in triggers:
                cursor.execute(create)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "execute_sql_flush", execute_sql_flush)
        yield

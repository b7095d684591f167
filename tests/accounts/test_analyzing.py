import pytest
from django.db import connection

from accounts.analyzing import analyze_hourly
from tests.clock import later
from tests.factories import make_user

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL counts by itself"),
]


def counted() -> set[str]:
    """The tables that SQLite knows the number of rows of."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name = 'sqlite_stat1'")
        if cursor.fetchone() is None:
            return set()
        cursor.execute("SELECT tbl FROM sqlite_stat1")
        return {table for (table,) in cursor.fetchall()}


def test_counts_the_rows_of_every_index():
    make_user()
    assert "accounts_user" not in counted()
    assert analyze_hourly() == 1
    assert "accounts_user" in counted()


def test_does_so_once_an_hour():
    with later(hours=1):
        assert analyze_hourly() == 1
        assert analyze_hourly() == 0
    with later(hours=2):
        assert analyze_hourly() == 1

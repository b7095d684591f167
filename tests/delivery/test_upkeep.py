from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from delivery.upkeep import analyze_hourly, clear_daily
from tests.clock import later
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def session(key, **age):
    return Session.objects.create(session_key=key, session_data="", expire_date=timezone.now() + timedelta(**age))


def task(status, **age):
    at = timezone.now() - timedelta(**age)
    return DBTaskResult.objects.create(
        status=status,
        finished_at=at if status in ("SUCCESSFUL", "FAILED") else None,
        args_kwargs={"args": [], "kwargs": {}},
        task_path="nowhere.task",
        backend_name="default",
        run_after=at,
    )


def broken():
    raise RuntimeError("no")


def counted() -> set[str]:
    """The tables that SQLite knows the number of rows of."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name = 'sqlite_stat1'")
        if cursor.fetchone() is None:
            return set()
        cursor.execute("SELECT tbl FROM sqlite_stat1")
        return {table for (table,) in cursor.fetchall()}


class TestClearDaily:
    def test_deletes_sessions_that_ran_out_and_tasks_done_two_weeks_ago(self):
        kept = [session("lasts", minutes=1), task("SUCCESSFUL", days=13)]
        kept += [task(status, days=99) for status in ("READY", "RUNNING")]
        session("over", minutes=-1)
        for status in ("SUCCESSFUL", "FAILED"):
            task(status, days=15)
        assert clear_daily() == 3
        assert {*Session.objects.all(), *DBTaskResult.objects.all()} == set(kept)

    def test_does_so_once_a_day(self):
        with later(days=1):
            assert clear_daily() == 0
            session("over", minutes=-1)
            assert clear_daily() == 0
        with later(days=2):
            assert clear_daily() == 1

    def test_is_done_again_where_it_broke(self, monkeypatch):
        session("over", minutes=-1)
        with monkeypatch.context() as patch, pytest.raises(RuntimeError):
            patch.setattr(DBTaskResult.objects, "finished", broken)
            clear_daily()
        assert clear_daily() == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL counts by itself")
class TestAnalyzeHourly:
    def test_counts_the_rows_of_every_index(self):
        make_user()
        assert "accounts_user" not in counted()
        assert analyze_hourly() == 1
        assert "accounts_user" in counted()

    def test_does_so_once_an_hour(self):
        with later(hours=1):
            assert analyze_hourly() == 1
            assert analyze_hourly() == 0
        with later(hours=2):
            assert analyze_hourly() == 1

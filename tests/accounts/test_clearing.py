from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.clearing import clear_daily
from tests.clock import later

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


def test_deletes_sessions_that_ran_out_and_tasks_done_two_weeks_ago():
    kept = [session("lasts", minutes=1), task("SUCCESSFUL", days=13)]
    kept += [task(status, days=99) for status in ("READY", "RUNNING")]
    session("over", minutes=-1)
    for status in ("SUCCESSFUL", "FAILED"):
        task(status, days=15)
    assert clear_daily() == 3
    assert {*Session.objects.all(), *DBTaskResult.objects.all()} == set(kept)


def test_does_so_once_a_day():
    with later(days=1):
        assert clear_daily() == 0
        session("over", minutes=-1)
        assert clear_daily() == 0
    with later(days=2):
        assert clear_daily() == 1


def test_is_done_again_where_it_broke(monkeypatch):
    session("over", minutes=-1)
    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr(DBTaskResult.objects, "finished", broken)
        clear_daily()
    assert clear_daily() == 1


def broken():
    raise RuntimeError("no")

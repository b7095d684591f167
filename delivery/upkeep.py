"""What the database needs now and then: that what ran out goes, and on SQLite that its indexes are counted."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts import limits

HOUR, DAY = 3600, 86_400
TASKS_KEPT = timedelta(days=14)
# Rows of an index that are looked at; then the rest is guessed. So it takes some milliseconds at any size.
# (SQLite, "Approximate ANALYZE For Large Databases")
ROWS = 1000


@transaction.atomic
def clear_daily() -> int:
    """Delete sessions that ran out and tasks that are long done, which other packages leave lying.

    The first time that it is called on a day (UTC); gives how many there were.
    """
    if not limits.is_first_in_window("clearing", DAY):
        return 0
    now = timezone.now()
    sessions = Session.objects.filter(expire_date__lt=now).delete()[0]
    tasks = DBTaskResult.objects.finished().filter(finished_at__lte=now - TASKS_KEPT).delete()[0]
    return sessions + tasks


@transaction.atomic
def analyze_hourly() -> int:
    """Let SQLite count what its indexes hold, by which it chooses between them; PostgreSQL does so by itself.

    The first time that this is called in an hour; gives 1 if it did.
    """
    if connection.vendor != "sqlite" or not limits.is_first_in_window("analyzing", HOUR):
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit = {ROWS}")
        cursor.execute("ANALYZE")
    return 1

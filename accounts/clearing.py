"""What nobody needs any more and other packages leave lying: sessions that ran out, tasks that are long done."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts import limits

DAY = 86_400
TASKS_KEPT = timedelta(days=14)


@transaction.atomic
def clear_daily() -> int:
    """Delete them, the first time that it is called on a day (UTC); gives how many there were."""
    if not limits.is_first_in_window("clearing", DAY):
        return 0
    now = timezone.now()
    sessions = Session.objects.filter(expire_date__lt=now).delete()[0]
    tasks = DBTaskResult.objects.finished().filter(finished_at__lte=now - TASKS_KEPT).delete()[0]
    return sessions + tasks

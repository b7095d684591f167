"""The queue's pages timed, each as a whole answer."""

import gc
import re
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median, quantiles

from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases

from accounts.models import User
from benchmarks.options import options
from benchmarks.queue_rows import COMMENTS, WAITING, fill
from comments.models import Comment
from moderation import services
from moderation.rulings import Ruling
from moderation.services import Fate, Seen
from moderation.waiting import Cursor, page_of, queue_of

TIMES, GOAL_MS = 40, 150
BULK, BULK_GOAL_SECONDS = 500, 3
QUEUE = "/admin/moderation/waiting/"


def pages_of(client: Client) -> list[str]:
    """The address of every page, as the links lead."""
    found = [QUEUE]
    while following := re.search(r'<a href="([^"]*)" data-next>', client.get(found[-1]).content.decode()):
        found.append(following[1].replace("&amp;", "&"))
    return found


def time_it(name: str, act: Callable[[], object]) -> None:
    """By the clock, and the processor's own time, which a busy machine stretches less."""
    with CaptureQueriesContext(connection) as asked:
        act()
    queries = len(asked)
    taken, worked = zip(*(once(act) for _ in range(TIMES)), strict=True)
    last = quantiles(taken, n=20)[-1]
    verdict = "within" if last <= GOAL_MS else "PAST"
    print(f"{name:<32} {median(taken):7.1f} {last:7.1f} {median(worked):7.1f} {queries:8}   {verdict} {GOAL_MS} ms")


def once(act: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds by the clock, and of the processor."""
    start, began = time.perf_counter(), time.process_time()
    act()
    return 1000 * (time.perf_counter() - start), 1000 * (time.process_time() - began)


def time_pages(everywhere: User, here: User) -> None:
    clients = [Client(), Client()]
    for client, user in zip(clients, (everywhere, here), strict=True):
        client.force_login(user)
    everything, part = clients
    pages = pages_of(everything)
    print(f"{len(pages)} pages\n{'':<32}  median     p95     CPU  queries")
    for number in (1, len(pages) // 2, 90):
        time_it(f"page {number}", partial(everything.get, pages[number - 1]))
    time_it("edits that wait", lambda: everything.get(f"{QUEUE}?what=edited"))
    time_it("limited to one category of ten", lambda: part.get(QUEUE))


def explain(everywhere: User) -> None:
    """How the database finds a page far in; it must be by the index of the queue."""
    far = Comment.objects.waiting()[WAITING - 100]
    with CaptureQueriesContext(connection) as asked:
        page_of(queue_of(everywhere).only("pk", "waiting_order", "waiting_since"), Cursor.behind(far))
    how = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    with connection.cursor() as cursor:
        cursor.execute(how + asked.captured_queries[-1]["sql"])
        plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
    print(plan)
    print("The index of the queue is", "used." if "comments_that_wait" in plan else "NOT USED.")


@override_settings(TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}})
def judge_many(everywhere: User) -> None:
    """As a server does it: the worker, which is not here, numbers the events."""
    seen = [Seen(one.pk, one.version, one.open_flags) for one in queue_of(everywhere)[:BULK]]
    start, began = time.perf_counter(), time.process_time()
    judged = services.judge_many(seen, Ruling.REJECT, by=everywhere, reason="duplicate")
    taken, worked = time.perf_counter() - start, time.process_time() - began
    done = sum(one.fate is Fate.DONE for one in judged)
    verdict = "within" if taken <= BULK_GOAL_SECONDS else "PAST"
    print(f"{done} judged at once in {taken:.2f} s, {worked:.2f} s of CPU   {verdict} {BULK_GOAL_SECONDS} s")


def main() -> None:
    options().parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if connection.vendor == "sqlite":
            connection.settings_dict["TEST"]["NAME"] = str(Path(folder, "queue.sqlite3"))
        databases = setup_databases(verbosity=0, interactive=False)
        try:
            start = time.perf_counter()
            everywhere, here = fill()
            print(f"{connection.vendor}: {COMMENTS} comments, {WAITING} of them waiting;", end=" ")
            print(f"filled in {time.perf_counter() - start:.0f} s")
            # What was made to fill the tables is not to be walked through by the collector.
            gc.collect()
            gc.freeze()
            time_pages(everywhere, here)
            explain(everywhere)
            judge_many(everywhere)
        finally:
            teardown_databases(databases, verbosity=0)

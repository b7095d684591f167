"""Several people at once: threads that start together, each with a database connection of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

WAIT_SECONDS = 30


def race(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run all `acts` at the same moment; gives what each returned or raised, in the order given.

    The test needs `transactional_db`: other connections see only what is committed.
    """
    if not connection.in_atomic_block:
        # Ours would be one too many for the pool.
        connection.close()
    barrier = Barrier(len(acts), timeout=WAIT_SECONDS)
    with ThreadPoolExecutor(len(acts)) as pool:
        waiting = [pool.submit(_act, barrier, act) for act in acts]
        return [future.result(timeout=WAIT_SECONDS) for future in waiting]


def _act(barrier: Barrier, act: Callable[[], Any]) -> Any:
    try:
        connection.ensure_connection()
        barrier.wait()
        return act()
    except Exception as error:  # noqa: BLE001  what was raised is the result
        return error
    finally:
        connection.close()


def in_other_thread(act: Callable[[], Any]) -> Any:
    """Run `act` on another connection while this thread's transaction stays open; raises what it raises."""
    (result,) = race([act])
    if isinstance(result, Exception):
        raise result
    return result


def start_and_let_wait(pool: ThreadPoolExecutor, act: Callable[[], Any]) -> Future:
    """Start `act` in `pool` and return once it waits for a lock of our open transaction.

    SQLite does not tell who waits: there it may be that `act` has not begun yet.
    """
    future = pool.submit(_act, Barrier(1), act)
    while connection.vendor == "postgresql" and not (_is_waited_for() or future.done()):
        pass
    return future


def _is_waited_for() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")
        return cursor.fetchone() is not None

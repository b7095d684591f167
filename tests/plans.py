"""How the database finds what is asked for, as its own plans say."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

# PostgreSQL reads a small table whole. What it would do with a large one is asked here.
_OF_SMALL_TABLES = ("enable_seqscan", "enable_bitmapscan", "enable_hashjoin", "enable_mergejoin")


def plans_of(ask: Callable[[], object]) -> list[str]:
    """The plan of each query that `ask` makes."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    how = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    explain = [how + query["sql"] for query in asked.captured_queries if query["sql"].startswith("SELECT")]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            analyze()
            for name in _OF_SMALL_TABLES:
                cursor.execute(f"SET LOCAL {name} = off")
        return [_answer(cursor, sql) for sql in explain]


def looked_up(ask: Callable[[], object]) -> str:
    """What the queries of `ask` look up in indexes, a line for each.

    As "SEARCH … (article_id=? AND root_id>?)" on SQLite, as "Index Cond: ((article_id = 1) AND (root_id >= 7))" on
    PostgreSQL. What is tried on each row that was found does not stand there.
    """
    lines = "\n".join(plans_of(ask)).splitlines()
    return "\n".join(line for line in lines if "SEARCH" in line or "Index Cond" in line)


def most_tables(ask: Callable[[], object]) -> int:
    """How many tables the widest query of `ask` joins. PostgreSQL is slow to plan what joins nine."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    return max(1 + query["sql"].count(" JOIN ") for query in asked.captured_queries)


def analyze() -> None:
    """Let the database count its rows, as it does by itself after a while."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _answer(cursor, sql: str) -> str:
    cursor.execute(sql)
    return "\n".join(str(row[-1]) for row in cursor.fetchall())

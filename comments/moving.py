"""Writes a carry: what was worked out for each anchor, in one INSERT and one UPDATE however many there are.

The article is locked meanwhile, and ten thousand statements take a database long. So the rows are put where they can
be joined with a table: on SQLite a temporary one, on PostgreSQL a JSON array; or they were written ahead.
"""

import json
from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from articles.models import Revision
from comments.models import Anchor, AnchorMove, ComingMove


class Carried(NamedTuple):
    """Where the anchor of this id was, and what is known of where it is: code points, half-open; None for an orphan.

    `status` is of this one step, `now_status` of the whole way since the comment was written.
    """

    id: int
    was_status: str
    was_start: int | None
    was_end: int | None
    status: str
    now_status: str
    start: int | None
    end: int | None
    score: float
    method: str


_TYPES = {int: "bigint", float: "double precision", str: "text", int | None: "bigint"}


_FIELDS = list(enumerate(Carried.__annotations__.items()))
_PARAMETERS = ", ".join(["%s"] * len(_FIELDS))
_TEMPORARY = f"""CREATE TEMPORARY TABLE IF NOT EXISTS carried_now
    ({", ".join(f'"{name}" {"PRIMARY KEY" if name == "id" else ""}' for _at, (name, _kind) in _FIELDS)})"""


def load(carried: Sequence[Carried]) -> None:
    """Put these where `write_loaded` finds them. Outside of a transaction it keeps nobody from writing."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(_TEMPORARY)
            cursor.execute("DELETE FROM carried_now")
            cursor.executemany(f"INSERT INTO carried_now VALUES ({_PARAMETERS})", carried)  # noqa: S608


def _loaded(carried: Sequence[Carried]) -> tuple[str, list[str]]:
    """A SELECT of what is carried, by the names of its fields, and the parameters of that."""
    if connection.vendor == "sqlite":
        return "SELECT * FROM carried_now", []
    columns = [f'(value->>{at})::{_TYPES[kind]} AS "{name}"' for at, (name, kind) in _FIELDS]
    rows = f"SELECT {', '.join(columns)} FROM json_array_elements(%s::json) AS rows(value)"  # noqa: S608
    return rows, [json.dumps(carried)]


# What was moved by hand meanwhile is left as it is. (The plus keeps SQLite from looking through every anchor of the
# revision for each row.)
_STILL = """a.id = r.id AND +a.now_revision_id = %s AND a.now_status = r.was_status
    AND coalesce(a.now_start, -1) = coalesce(r.was_start, -1) AND coalesce(a.now_end, -1) = coalesce(r.was_end, -1)"""
_MOVES = f"""INSERT INTO {AnchorMove._meta.db_table} (anchor_id, article_id, from_revision_id, to_revision_id,
    from_start, from_end, to_start, to_end, status, score, method, at)
    SELECT a.id, a.article_id, a.now_revision_id, %s,
    a.now_start, a.now_end, r."start", r."end", r.status, r.score, r.method, %s
    FROM ({{rows}}) r JOIN {Anchor._meta.db_table} a ON {_STILL}"""  # noqa: S608
_ANCHORS = f"""UPDATE {Anchor._meta.db_table} AS a SET now_revision_id = %s, now_start = r."start", now_end = r."end",
    now_status = r.now_status, score = r.score, method = r.method
    FROM ({{rows}}) r WHERE {_STILL}"""  # noqa: S608


_AHEAD = f"""SELECT anchor_id AS id, was_status, was_start, was_end, status, now_status, start, "end", score, method
    FROM {ComingMove._meta.db_table} WHERE article_id = %s"""  # noqa: S608
_KEEP = f"""INSERT INTO {ComingMove._meta.db_table} (article_id, anchor_id, was_status, was_start, was_end, status,
    now_status, start, "end", score, method) VALUES (%s, {_PARAMETERS})"""  # noqa: S608
_RECORD = f"""INSERT INTO {AnchorMove._meta.db_table} (anchor_id, article_id, from_revision_id, to_revision_id,
    from_start, from_end, to_start, to_end, status, score, method, at)
    SELECT anchor_id, article_id, %s, %s, was_start, was_end, start, "end", status, score, method, %s
    FROM {ComingMove._meta.db_table} WHERE article_id = %s AND anchor_id <= %s"""  # noqa: S608


_KEPT_MOVES = f"""INSERT INTO {AnchorMove._meta.db_table} (anchor_id, article_id, from_revision_id, to_revision_id,
    from_start, from_end, to_start, to_end, status, score, method, at)
    SELECT id, article_id, now_revision_id, %s, now_start, now_end, now_start, now_end,
    CASE WHEN now_start IS NULL THEN 'orphaned' ELSE 'kept' END, CASE WHEN now_start IS NULL THEN score ELSE 1.0 END,
    CASE WHEN now_start IS NULL THEN method ELSE 'same text' END, %s
    FROM {Anchor._meta.db_table} WHERE article_id = %s"""  # noqa: S608


def write(carried: Sequence[Carried], old: Revision, new: Revision) -> None:
    """Move the anchors that are still where they were in `old`, each with its AnchorMove, to `new`."""
    load(carried)
    write_loaded(carried, old, new)


def write_loaded(carried: Sequence[Carried], old: Revision, new: Revision) -> None:
    """As `write`, what this connection loaded last."""
    rows, parameters = _loaded(carried)
    at = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        # Before the anchors say where they are now.
        cursor.execute(_MOVES.format(rows=rows), [new.pk, at, *parameters, old.pk])
        cursor.execute(_ANCHORS.format(rows=rows), [new.pk, *parameters, old.pk])


def write_kept(new: Revision) -> None:
    """Move all anchors to a revision of the same text, where each stands as it stood."""
    at = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(_KEPT_MOVES, [new.pk, at, new.article_id])
    Anchor.objects.filter(article=new.article_id).update(now_revision=new)


def write_ahead(article_id: int, carried: Sequence[Carried]) -> None:
    """Keep these for the swap that comes, less those that the sweep removed meanwhile. Call it in a transaction."""
    # Held until they are written: those that are still there stay so long.
    there = Anchor.objects.select_for_update(no_key=True).filter(pk__in=[row.id for row in carried]).order_by("pk")
    ids = set(there.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.executemany(_KEEP, [(article_id, *row) for row in carried if row.id in ids])


def take_over(old: Revision, new: Revision) -> None:
    """Move the anchors that are still where it was written ahead that they were; `record` is to follow."""
    with connection.cursor() as cursor:
        cursor.execute(_ANCHORS.format(rows=_AHEAD), [new.pk, old.article_id, old.pk])


def record(old: Revision, new: Revision, most: int) -> int:
    """Make AnchorMoves of at most so many of those that were taken over; gives how many."""
    ahead = ComingMove.objects.filter(article=old.article_id).order_by("anchor")
    ids = list(ahead.values_list("anchor", flat=True)[:most])
    if ids:
        at = connection.ops.adapt_datetimefield_value(new.created_at)
        with connection.cursor() as cursor:
            cursor.execute(_RECORD, [old.pk, new.pk, at, old.article_id, ids[-1]])
        ComingMove.objects.filter(article=old.article_id, anchor__lte=ids[-1]).delete()
    return len(ids)

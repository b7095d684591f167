"""The versions that kept answers are checked against, read on a connection of the front's own."""

import sqlite3
from collections.abc import Collection
from threading import Lock
from typing import Any

from django.db import connections

from articles.models import Article
from skycrumbs.front import SITE, Unreadable, Versions
from skycrumbs.models import SiteVersion

_SQL = (
    f"SELECT {SITE}, version FROM {SiteVersion._meta.db_table} UNION ALL "  # noqa: S608  names of our own tables
    f"SELECT id, CAST(version AS varchar(32)) FROM {Article._meta.db_table} WHERE id IN ({{places}})"
)


class SqliteVersions:
    """`PRAGMA data_version` tells in microseconds that nothing was committed. (SQLite, "Pragma statements")"""

    def __init__(self, path: str) -> None:
        self._path = path
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None

    def mark(self) -> object:
        return self._ask("PRAGMA data_version", ())[0][0]

    def read(self, articles: Collection[int]) -> dict[int, str]:
        return dict(self._ask(_SQL.format(places=", ".join("?" * len(articles))), tuple(articles)))

    def _ask(self, sql: str, values: tuple[int, ...]) -> list[Any]:
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
                return self._connection.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                self.close()
                raise Unreadable from error

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class PostgresVersions:
    """One indexed read for each question."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._connection: Any = None

    def mark(self) -> object:
        return None

    def read(self, articles: Collection[int]) -> dict[int, str]:
        import psycopg

        sql = _SQL.format(places=", ".join(["%s"] * len(articles)) or "NULL")
        with self._lock:
            try:
                if self._connection is None:
                    parameters = connections["default"].get_connection_params()
                    self._connection = psycopg.connect(**parameters | {"autocommit": True})
                return dict(self._connection.execute(sql, tuple(articles)).fetchall())
            except psycopg.Error as error:
                self.close()
                raise Unreadable from error

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def versions() -> Versions:
    """Those of the default database."""
    database = connections["default"]
    if database.vendor == "sqlite":
        return SqliteVersions(str(database.settings_dict["NAME"]))
    return PostgresVersions()

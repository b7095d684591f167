"""What SQLite has to be told to do: count what its indexes hold, by which it chooses between them."""

from django.db import connection, transaction

from accounts import limits

HOUR = 3600
# Rows of an index that are looked at; then the rest is guessed. So it takes some milliseconds at any size.
# (SQLite, "Approximate ANALYZE For Large Databases")
ROWS = 1000


@transaction.atomic
def analyze_hourly() -> int:
    """Let SQLite count, the first time that this is called in an hour; gives 1 if it did.

    PostgreSQL does so by itself.
    """
    if connection.vendor != "sqlite" or not limits.is_first_in_window("analyzing", HOUR):
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit = {ROWS}")
        cursor.execute("ANALYZE")
    return 1

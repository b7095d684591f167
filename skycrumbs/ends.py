"""When something may end at the latest."""

from datetime import UTC, datetime

# In some time zone the last days of the year 9999 are past what Python can count, and reading them fails.
LATEST_YEAR = 2999
_LATEST = datetime(LATEST_YEAR + 1, 1, 1, tzinfo=UTC)


def is_too_late(ends_at: datetime) -> bool:
    return ends_at >= _LATEST

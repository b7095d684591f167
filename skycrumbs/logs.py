"""What the log says."""

from logging import LogRecord


def without_traceback_of_refusals(record: LogRecord) -> bool:
    """Leave one line of a request that Django refused: a wrong Host header, say, which anybody can send. (A callback
    of `django.utils.log.CallbackFilter`)"""
    if record.name.startswith("django.security."):
        record.exc_info = record.exc_text = None
    return True

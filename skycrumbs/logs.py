"""What the log says."""

from logging import LogRecord


def refusals_in_one_line(record: LogRecord) -> bool:
    """Leave one line of a request that Django refused: a wrong Host header, say, which anybody can send. (A callback
    of `django.utils.log.CallbackFilter`)

    Without the traceback, and without line ends and other signs of control that somebody sent: Django escapes those
    of addresses, but not of what it names in its words, such as a parameter of a list of the admin.
    """
    if record.name.startswith("django.security."):
        record.exc_info = record.exc_text = None
        record.msg, record.args = _escaped(record.getMessage()), ()
    return True


def _escaped(text: str) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)

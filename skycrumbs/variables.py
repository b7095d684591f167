"""What an operator may write in an environment variable, where that is more than a word or a number."""

import re
from typing import Any
from urllib.parse import unquote, urlsplit

import dj_database_url
from environs import ValidationError, validate

from skycrumbs.blank import is_blank

# Without a scheme in it, `.../?x` or `user@host` would be a part of every link in mail.
SITE_ADDRESS = validate.Regexp(
    r"https?://(\[[0-9A-Fa-f:.]+\]|[^\s/?#@:\[\]]+)(:[0-9]{1,5})?/?\Z",
    error="Use an address such as https://example.org.",
)
SENDER = validate.Regexp(
    r"([^\r\n<>]*<)?[^\s@<>]+@[^\s@<>]+(?(1)>)\Z",
    error="Use an address such as site@example.org, or Name <site@example.org>.",
)

# The port of each way to talk to a mail server: in clear, with STARTTLS, with TLS from the start.
MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}
# What a Host header is compared with: no scheme, no port, and of another script than Latin what browsers make of it.
_HOST = re.compile(r"\*|[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]")
_ENGINES = ("django.db.backends.sqlite3", "django.db.backends.postgresql")


def one_line(value: str) -> None:
    """A text on one line of which something can be seen."""
    if "\n" in value or "\r" in value or is_blank(value):
        raise ValidationError("Use one line of text.")


def words(value: str) -> list[str]:
    """What stands between commas, without the spaces around it."""
    return [word.strip() for word in value.split(",") if word.strip()]


def hosts(value: str) -> list[str]:
    """Host names between commas, each such that a request can be for it."""
    found = words(value)
    if not all(_HOST.fullmatch(host) for host in found):
        raise ValidationError("Use host names without https:// and port, with commas: example.org,www.example.org.")
    return found


def mail_server(value: str) -> dict[str, Any]:
    """Django's settings for the mail server at an address of one of MAIL_PORTS."""
    try:
        parts = urlsplit(value)
        host, port = parts.hostname, parts.port or MAIL_PORTS[parts.scheme]
    except (KeyError, ValueError):
        host = None
    if host is None or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValidationError("Use smtp://host:25, smtp+tls://user:password@host:587 or smtp+ssl://...:465.")
    return {
        "EMAIL_HOST": host,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtp+ssl",
    }


def database(value: str) -> dict[str, Any]:
    """Django's settings for the database at `value`, which is of a kind that is tested here."""
    try:
        found = dict(dj_database_url.parse(value))
    except Exception:  # noqa: BLE001  whatever that library raises at what is no address
        found = {}
    if found.get("ENGINE") not in _ENGINES or not found["NAME"]:
        raise ValidationError("Use sqlite:////path/file.sqlite3 or postgres://user:password@host:5432/name.")
    return found

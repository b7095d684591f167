"""System checks: mistakes an operator can make, found by `manage.py check` and before every command."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.http.request import validate_host
from django.utils.module_loading import import_string

LOOPBACK = ("localhost", ".localhost", "127.0.0.1", "[::1]")


@register()
def sqlite_can_write(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """E001: SQLite writes its journal beside the database, so the folder itself must be writable."""
    database = settings.DATABASES["default"]
    if database["ENGINE"] != "django.db.backends.sqlite3" or ":memory:" in str(database["NAME"]):
        return []
    folder = Path(database["NAME"]).absolute().parent
    if folder.is_dir() and os.access(folder, os.W_OK | os.X_OK):
        return []
    return [
        Error(
            f"The database folder {folder} is not there or cannot be written to.",
            hint="Make the folder, give it to the user that runs Skycrumbs, or change DATABASE_URL.",
            id="skycrumbs.E001",
        )
    ]


@register()
def site_url_is_https(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """E002: outside DEBUG the cookies are Secure: over http nobody could sign in."""
    site = urlsplit(settings.SITE_URL)
    if settings.DEBUG or site.scheme == "https" or _is_loopback(site.netloc):
        return []
    return [
        Error(
            f"SITE_URL is {settings.SITE_URL}, but browsers send the sign-in cookie over https only.",
            hint="Serve Skycrumbs over https and set SITE_URL to its https address.",
            id="skycrumbs.E002",
        )
    ]


@register()
def comment_checks_are_there(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """E003: a check that cannot be imported, or stands there twice, would fail every comment."""
    names = [path.rpartition(".")[2] for path in settings.COMMENT_CHECKS]
    wrong = [path for path in settings.COMMENT_CHECKS if not _is_callable(path)]
    wrong += sorted({name for name in names if names.count(name) > 1})
    return [
        Error(
            f"COMMENT_CHECKS names {path}, which is no function, or the name of two.",
            hint="Give the dotted path of each function once, with commas; their last names must differ.",
            id="skycrumbs.E003",
        )
        for path in wrong
    ]


@register()
def debug_stays_at_home(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """W001: a DEBUG error page shows settings, paths and code to whoever reaches it."""
    public = [host for host in settings.ALLOWED_HOSTS if not _is_loopback(host)]
    if not settings.DEBUG or not public:
        return []
    return [
        Warning(
            f"DEBUG is on while ALLOWED_HOSTS lets others in: {', '.join(public)}.",
            hint="Set DEBUG=false, or keep ALLOWED_HOSTS to localhost.",
            id="skycrumbs.W001",
        )
    ]


@register()
def site_url_is_served(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """W002: links in mail lead to SITE_URL; a host outside ALLOWED_HOSTS answers them with 400."""
    host = _hostname(urlsplit(settings.SITE_URL).netloc)
    allowed = settings.ALLOWED_HOSTS or (LOOPBACK if settings.DEBUG else [])
    if validate_host(host, allowed):
        return []
    return [
        Warning(
            f"SITE_URL is {settings.SITE_URL}, but ALLOWED_HOSTS lacks {host}: links in mail would fail.",
            hint="Set SITE_URL to the address readers use, and name its host in ALLOWED_HOSTS.",
            id="skycrumbs.W002",
        )
    ]


def _is_callable(path: str) -> bool:
    try:
        return callable(import_string(path))
    except ImportError:
        return False


def _is_loopback(host: str) -> bool:
    return validate_host(_hostname(host), LOOPBACK)


def _hostname(netloc: str) -> str:
    """`netloc` without its port; an IPv6 address keeps its brackets, as in ALLOWED_HOSTS."""
    head, colon, tail = netloc.rpartition(":")
    return (head if colon and tail.isdigit() else netloc).lower()

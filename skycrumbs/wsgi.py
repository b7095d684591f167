"""The WSGI application that granian serves."""

import os
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

from skycrumbs.front import Application, Front

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "skycrumbs.settings")
_django = get_wsgi_application()


def django(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Django's, which is not told of parameters of a Content-Type that it would fail at before any view.

    Nor of any where nothing is sent: it would read the address in that charset, though addresses are UTF-8 (RFC 3986,
    section 2.5), and what it made of that would be kept for everybody who asks for the same address.
    """
    content_type = environ.get("CONTENT_TYPE", "")
    if environ.get("REQUEST_METHOD") in ("GET", "HEAD") or not _is_readable(content_type):
        environ["CONTENT_TYPE"] = content_type.partition(";")[0]
    return _django(environ, start_response)


def _is_readable(content_type: str) -> bool:
    """Whether any bytes can be read as text in its charset: `hex`, `idna` and others are codecs, but not for that."""
    try:
        _media_type, parameters = parse_header_parameters(content_type)
        b"=\xff".decode(parameters.get("charset", "utf-8"), "replace")
    except (LookupError, ValueError):
        return False
    return True


def _fronted() -> Application:
    """Behind the front, unless that is switched off."""
    # Models can be imported from here on.
    from articles.freshness import versions

    most = settings.FRONT_MEGABYTES * 1024 * 1024
    return Front(django, versions(), most) if most else django


application = _fronted()

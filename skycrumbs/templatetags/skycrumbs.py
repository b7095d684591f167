"""Tags that any template may load."""

import base64
import hashlib
import json
from functools import cache
from pathlib import Path

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@cache
def _modules() -> dict[str, str]:
    """Every module of static/skycrumbs: its bare name ("skycrumbs/paint.js"), and its hashed address.

    Read once: a module added while the process runs is not seen.
    """
    folder = Path(settings.STATICFILES_DIRS[0], "skycrumbs")
    names = sorted(f"skycrumbs/{path.name}" for path in folder.glob("*.js"))
    return {name: static(name) for name in names}


@cache
def importmap_json() -> str:
    """The import map's text, byte for byte as it stands in a page: the Content-Security-Policy hashes it."""
    text = json.dumps({"imports": _modules()}, separators=(",", ":"))
    return text.replace("<", "\\u003c")


@cache
def importmap_hash() -> str:
    """The import map as a source expression of script-src. (Content Security Policy Level 3, section 2.3.1)"""
    digest = hashlib.sha256(importmap_json().encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


@register.simple_tag
def importmap() -> SafeString:
    """The page's one inline script. It must stand before the first module."""
    # The text is JSON of our own file names, with "<" escaped.
    return format_html('<script type="importmap">{}</script>', mark_safe(importmap_json()))  # noqa: S308


@register.simple_tag
def modulepreloads() -> SafeString:
    """Has every module fetched at once: each names others, which a browser would ask for when it has read it.

    It must stand behind the import map.
    """
    links = ((address,) for address in _modules().values())
    return format_html_join("\n", '<link rel="modulepreload" href="{}">', links)

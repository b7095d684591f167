"""Tags for the pages of readers."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from pages.rows import Row

register = template.Library()

# Comments whose HTML each process remembers: the first pages of twenty articles.
MOST_REMEMBERED = 1000


@register.simple_tag
def public_comment(row: Row) -> SafeString:
    """A comment as everybody sees it, remembered.

    After a write most comments of a page are as they were, and their templates are what takes longest. It cannot be
    stale: all that the template reads is in the row, and the row is what it is remembered by.
    """
    return _comment(row, get_language())


@lru_cache(MOST_REMEMBERED)
def _comment(row: Row, language: str | None) -> SafeString:
    return render_to_string("pages/_comment.html", {"row": row})

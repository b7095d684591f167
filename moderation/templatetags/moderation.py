"""Tags for the admin's pages."""

from typing import Any

from django import template

from comments.scopes import scope_of
from moderation.waiting import COUNTED, capped_count

register = template.Library()


@register.simple_tag(takes_context=True)
def queue_count(context: dict[str, Any]) -> str:
    """How much waits for whoever looks, “100+” at the most; "" for those who moderate nothing. One query."""
    user = context["request"].user
    if scope_of(user).is_nothing:
        return ""
    count = capped_count(user)
    return f"{COUNTED}+" if count > COUNTED else str(count)

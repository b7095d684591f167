"""Tags for the admin's pages."""

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.forms import Form
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from comments.models import Decision
from comments.scopes import scope_of
from comments.states import State
from moderation.models import Reason
from moderation.rulings import RejectionReason
from moderation.waiting import capped_count, figure, queue_of

register = template.Library()

# `get_…_display` builds a dictionary of all choices each time it is asked, which is hundreds of times for a page.
_STATES, _ACTS, _ROLES = (dict(choices) for choices in (State.choices, Decision.Act.choices, Decision.Role.choices))
_REPORTS = dict(Reason.choices)


@register.filter
def state(value: str) -> str:
    """A state of a comment, in words."""
    return str(_STATES.get(value, value))


@register.filter
def act(value: str) -> str:
    """What a decision did, in words."""
    return str(_ACTS.get(value, value))


@register.filter
def role(value: str) -> str:
    """In which role somebody decided, in words."""
    return str(_ROLES.get(value, value))


@register.filter
def reported_for(value: str) -> str:
    """The reason of a report, in words."""
    return str(_REPORTS.get(value, value))


@register.filter
def waits(since: datetime) -> str:
    """How long something has waited, in words; a wait of less than a minute is no figure."""
    now = timezone.now()
    if now - since < timedelta(minutes=1):
        return _("waits for less than a minute")
    return _("waits for %(time)s") % {"time": timesince(since, now)}


@register.simple_tag
def reason_options(form: Form | None) -> SafeString:
    """The reasons for rejecting as numbered options, the one chosen that `form` was sent with."""
    chosen = form.data.get("reason") if form else None
    numbered = enumerate(RejectionReason.choices, 1)
    options = ((value, "selected" if value == chosen else "", number, label) for number, (value, label) in numbered)
    return format_html_join("", '<option value="{}" {}>{} {}</option>', options)


@register.simple_tag(takes_context=True)
def queue_count(context: dict[str, Any]) -> str:
    """How much waits for whoever looks, “100+” at the most; "" for those who moderate nothing. One query."""
    user = context["request"].user
    if scope_of(user).is_nothing:
        return ""
    return figure(capped_count(queue_of(user)))

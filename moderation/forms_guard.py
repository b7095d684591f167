"""What a guest's form carries against programs: a field that nobody sees, and a signed token for one use.

On pages that nobody keeps, and in the call for what is personal: a kept page would give one token to everybody.
"""

import secrets
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from django import forms
from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext_lazy as _

from comments.submission import PostedForm

# Longer than any of ours: what is sent is not read further.
_MOST_CHARACTERS = 200


class Token(NamedTuple):
    nonce: str
    # Seconds since 1970, to the millisecond.
    made_at: float


def new_token() -> str:
    """For one form; it tells when it was made and nothing of whom it was made for."""
    return _signer().sign(f"{secrets.token_urlsafe(16)}.{int(1000 * time.time())}")


def read_token(token: str) -> Token | None:
    """None if it is none of ours."""
    try:
        nonce, _dot, milliseconds = _signer().unsign(token).partition(".")
    except BadSignature:
        return None
    return Token(nonce, int(milliseconds) / 1000)


def _signer() -> Signer:
    return Signer(salt="moderation.forms_guard")


class _FreshToken(forms.HiddenInput):
    """Carries a new token each time it is drawn: the one that was sent may be used up."""

    def format_value(self, value: Any) -> str:
        return new_token()


class GuardFields(forms.Form):
    """To be mixed into a form for guests, and drawn by `pages/_guard.html`. Neither field is ever wrong."""

    website = forms.Field(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}),
    )
    guard = forms.Field(required=False, widget=_FreshToken)


def posted_form(data: Mapping[str, Any]) -> PostedForm:
    """What the fields of GuardFields brought, of whatever was sent."""
    trap, token = (str(data.get(name) or "")[:_MOST_CHARACTERS] for name in ("website", "guard"))
    return PostedForm(trap=trap, token=token)

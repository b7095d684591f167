"""Where allauth asks us."""

import secrets
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.forms import Form
from django.http import HttpRequest

from accounts.models import User


class Site:
    """What mail calls this site: allauth would name the host of the request, which anybody can choose."""

    name = settings.SITE_NAME
    domain = urlsplit(settings.SITE_URL).netloc


def at_site(url: str) -> str:
    """The same path and query at SITE_URL."""
    parts = urlsplit(url)
    return settings.SITE_URL + parts._replace(scheme="", netloc="").geturl()


class AccountAdapter(DefaultAccountAdapter):
    def populate_username(self, request: HttpRequest, user: User) -> None:
        """A random handle: one made from the address would tell it to whoever sees the handle."""
        user.username = f"reader-{secrets.token_hex(8)}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Mail leads to SITE_URL and names this site, whatever host the request was sent to."""
        here = {name: at_site(value) for name, value in context.items() if name.endswith("_url")}
        super().send_mail(template_prefix, email, context | here | {"current_site": Site()})

    def save_user(self, request: HttpRequest, user: User, form: Form, commit: bool = True) -> User:
        user.name = form.cleaned_data["name"]
        return super().save_user(request, user, form, commit)

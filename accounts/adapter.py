"""Where allauth asks us."""

import secrets
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.forms import Form
from django.http import HttpRequest

from accounts import limits
from accounts.models import User
from accounts.post_limits import mail_to


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

    def should_send_confirmation_mail(self, request: HttpRequest, email_address: EmailAddress, signup: bool) -> bool:
        """Always; raises TooManyRequests where somebody signs in unconfirmed too often. Sign-up counts its own."""
        if not signup:
            limits.take_all(mail_to(request, email_address.email))
        return True

    def save_user(self, request: HttpRequest, user: User, form: Form, commit: bool = True) -> User:
        user.name = form.cleaned_data["name"]
        return super().save_user(request, user, form, commit)

"""Where allauth asks us."""

import logging
import secrets
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.forms import Form
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts import limits
from accounts.forms import clean_email
from accounts.models import User
from accounts.post_limits import mail_to
from skycrumbs.problems import Refusal

logger = logging.getLogger(__name__)


class MailNotSent(Refusal):
    """The mail server did not take it; what was asked for stands, and the mail can be asked for again."""

    code = "mail_not_sent"
    status = HTTPStatus.SERVICE_UNAVAILABLE


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

    def clean_email(self, email: str) -> str:
        """As for guests; asked wherever an account names an address, and has it in small letters by then."""
        return clean_email(email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Mail leads to SITE_URL and names this site, whatever host the request was sent to.

        Raises MailNotSent where the mail server does not take it.
        """
        here = {name: at_site(value) for name, value in context.items() if name.endswith("_url")}
        try:
            super().send_mail(template_prefix, email, context | here | {"current_site": Site()})
        except OSError as error:
            # The kind alone: its words hold the address. (Every error of smtplib is an OSError.)
            logger.warning("Mail %s was not sent: %s", template_prefix, type(error).__name__)
            raise MailNotSent(_("The mail could not be sent. Try again in a few minutes.")) from None

    def should_send_confirmation_mail(self, request: HttpRequest, email_address: EmailAddress, signup: bool) -> bool:
        """Always; raises TooManyRequests where somebody signs in unconfirmed too often. Sign-up counts its own."""
        if not signup:
            limits.take_all(mail_to(request, email_address.email))
        return True

    def save_user(self, request: HttpRequest, user: User, form: Form, commit: bool = True) -> User:
        user.name = form.cleaned_data["name"]
        return super().save_user(request, user, form, commit)

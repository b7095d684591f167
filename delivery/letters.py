"""What every mail to a reader is made of."""

import unicodedata
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.encoding import punycode

from accounts.models import Guest, User
from delivery.models import Dropped


class NotSent(Exception):
    """There is no mail to be sent, now or later."""

    def __init__(self, code: Dropped) -> None:
        super().__init__(code.value)
        self.code = code


class NotYet(Exception):
    """The mail is to wait for so many seconds, with all others of its kind to the same reader."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def letter(to: str, name: str, *, subject: str, text: str, headers: dict[str, str] | None = None) -> EmailMessage:
    """A plain mail from this site. `name` is the mail's own: sent twice, it is the same mail to whoever gets it."""
    host = punycode(urlsplit(settings.SITE_URL).hostname or "localhost")
    own = {
        "Message-ID": f"<{name}@{host}>",
        # No machine should answer it. (RFC 3834, section 5)
        "Auto-Submitted": "auto-generated",
    }
    title = one_line(f"{settings.SITE_NAME}: {subject}")
    return EmailMessage(title, text, to=[to], headers=own | (headers or {}))


def address_of(reader: User | Guest) -> str:
    """Where they proved that they read mail; raises NotSent where there is no such place."""
    if isinstance(reader, Guest):
        return _address_of_guest(reader)
    if not reader.is_active:
        raise NotSent(Dropped.INACTIVE)
    address = EmailAddress.objects.filter(user=reader, primary=True, verified=True).first()
    if address is None:
        raise NotSent(Dropped.NO_ADDRESS)
    return address.email


def _address_of_guest(guest: Guest) -> str:
    if guest.proven_at is None:
        raise NotSent(Dropped.NO_ADDRESS)
    return guest.email


def link(view: str, *args: str) -> str:
    """The address of a page of ours, for somebody who is elsewhere."""
    return settings.SITE_URL + reverse(view, args=args)


def one_line(text: str) -> str:
    """`text` without line ends and other control characters: a header made of it stays one header."""
    return "".join(c for c in " ".join(text.split()) if unicodedata.category(c) != "Cc")


def quoted(text: str) -> str:
    """Somebody else's words, each line marked, so that none can pass for ours."""
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())

"""Guests: people known by an address alone, and the secrets that are mailed to it."""

import hashlib
import secrets
import unicodedata
from datetime import timedelta
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import limits
from accounts.models import Guest, GuestLink
from accounts.pruning import delete_in_batches
from skycrumbs.problems import Refusal
from skycrumbs.text import UnfitText, clean

# What an envelope can carry. (RFC 5321, section 4.5.3.1, erratum 1690)
EMAIL_MAX_LENGTH = 254

Purpose = GuestLink.Purpose
LASTS = {
    Purpose.PROVE: timedelta(days=7),
    Purpose.MANAGE: timedelta(hours=1),
    Purpose.SESSION: timedelta(minutes=15),
}
# How long a link stays that has run out.
KEPT = timedelta(days=30)


class LinkUnknown(Refusal):
    """No such link was mailed, or what it was about is gone."""

    code = "link_unknown"
    status = HTTPStatus.NOT_FOUND


class LinkUsed(Refusal):
    """The link did its work before."""

    code = "link_used"
    status = HTTPStatus.GONE


class LinkExpired(Refusal):
    code = "link_expired"
    status = HTTPStatus.GONE


def unknown_link() -> LinkUnknown:
    return LinkUnknown(_("This link leads nowhere. Perhaps it was cut off when it was copied."))


def used_link() -> LinkUsed:
    return LinkUsed(_("This link was used already."))


def normal(email: str) -> str:
    """An address as one however it is written. (Unicode Standard Annex 15)

    In small letters, not case-folded: straße.example and strasse.example are two domains. (RFC 5892)
    """
    return unicodedata.normalize("NFKC", email[: limits.ADDRESS_MAX_LENGTH]).strip().lower()


def fit_email(value: str) -> str:
    """An address that mail can be sent to, as guests are known by it. Raises UnfitText."""
    email = normal(clean(value, max_length=EMAIL_MAX_LENGTH))
    if not email:
        raise UnfitText("blank", _("Write your e-mail address."))
    if len(email) > EMAIL_MAX_LENGTH or email != email.lower() or not _is_mailed_as_written(email):
        raise no_address()
    try:
        validate_email(email)
    except ValidationError as error:
        raise no_address() from error
    return email


def _is_mailed_as_written(email: str) -> bool:
    """Whether mail to it goes to the very mailbox that it names.

    Django takes quotes and encoded words apart as it sends (RFC 5322, section 3.4.1; RFC 2047): both would give one
    mailbox thousands of names, each with limits of its own. A domain is sent in Punycode (RFC 3490), which is that of
    another one for some, such as straße.example, and for some there is none.
    """
    local, _at, domain = email.rpartition("@")
    try:
        is_own_domain = domain.isascii() or domain.encode("idna").decode("idna") == domain
    except UnicodeError:
        return False
    return is_own_domain and not any(sign in local for sign in ('"', "=?"))


def no_address() -> UnfitText:
    return UnfitText("no_address", _("Write an e-mail address such as name@example.org."))


def count_mail(email: str, network: str) -> None:
    """Count a mail to `email` that somebody in `network` (of `network_of`) asks for, sent or not.

    Raises TooManyRequests. They are counted with the mails that accounts ask for.
    """
    uses = {f"mail:address:{limits.address_key(email)}": settings.MAIL_LIMITS}
    if network:
        uses[f"mail:network:{network}"] = settings.MAIL_NETWORK_LIMITS
    limits.take_all(uses)


@transaction.atomic
def guest_of(email: str) -> Guest:
    """The guest with that address, made if need be; kept from being forgotten until the transaction ends.

    An account with the same address is not looked at.
    """
    return Guest.objects.select_for_update().get_or_create(email=normal(email))[0]


def set_proven(guest: Guest) -> Guest:
    if guest.proven_at is None:
        guest.proven_at = timezone.now()
        guest.save(update_fields=["proven_at"])
    return guest


def forget_if_unknown(guest: Guest) -> None:
    """Delete a guest who never proved the address and left nothing."""
    try:
        with transaction.atomic():
            # Whoever writes with that address right now is waited for, and then protects it.
            list(Guest.objects.select_for_update().filter(pk=guest.pk))
            Guest.objects.filter(pk=guest.pk, proven_at=None).delete()
    except ProtectedError:
        # Another comment waits for the same proof.
        return


def make_link(guest: Guest, purpose: Purpose, comment_id: int | None = None) -> str:
    """A new secret for `purpose`; its text is told here and stored nowhere."""
    token = secrets.token_urlsafe(32)
    GuestLink.objects.create(
        guest=guest,
        comment_id=comment_id,
        purpose=purpose,
        digest=_digest(token),
        expires_at=timezone.now() + LASTS[purpose],
    )
    return token


def find_link(token: str, purpose: Purpose) -> GuestLink:
    """The link, if it can be used now; writes nothing. Raises LinkUnknown, LinkUsed or LinkExpired."""
    return _usable(GuestLink.objects.select_related("guest").filter(digest=_digest(token), purpose=purpose).first())


def comment_id_of(token: str) -> int | None:
    """What a link was mailed for, used up or not; None where no such link was."""
    return GuestLink.objects.filter(digest=_digest(token)).values_list("comment_id", flat=True).first()


def guest_by_session(token: str) -> Guest | None:
    """The guest a browser may act as, by its cookie; None once that has run out."""
    try:
        return find_link(token, Purpose.SESSION).guest
    except Refusal:
        return None


def use_link(token: str, purpose: Purpose) -> GuestLink:
    """The link, used up in the caller's transaction. Of two who use it at once one is refused."""
    links = GuestLink.objects.select_for_update(of=("self",)).select_related("guest")
    link = _usable(links.filter(digest=_digest(token), purpose=purpose).first())
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
    return link


def prune() -> int:
    """Delete the links that ran out more than 30 days ago; gives how many there were.

    Until then a used or old link can say so.
    """
    return delete_in_batches(GuestLink.objects.filter(expires_at__lt=timezone.now() - KEPT))


def _usable(link: GuestLink | None) -> GuestLink:
    if link is None:
        raise unknown_link()
    if link.used_at is not None:
        raise used_link()
    if link.expires_at <= timezone.now():
        raise LinkExpired(_("This link has run out."))
    return link


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

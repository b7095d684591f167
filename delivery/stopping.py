"""Whether somebody wants mail about replies, and the link in each of them that stops it."""

from django.core.signing import BadSignature, Signer

from accounts.models import Guest, User
from delivery.letters import link

# Good for nothing else, and for ever: an old mail must be able to stop new ones.
_SIGNER = Signer(salt="delivery.stop_replies", sep=".")


# Before the number of a guest; an account's stands alone.
_GUEST = "guest-"


def stop_link(reader: User | Guest) -> str:
    """Whoever has it can stop mail about replies to `reader`, and do nothing else."""
    prefix = _GUEST if isinstance(reader, Guest) else ""
    return link("pages:stop_mail", _SIGNER.sign(f"{prefix}{reader.pk}"))


def reader_of(token: str) -> User | Guest | None:
    """Whose mail the token of a `stop_link` stops; None for what we did not sign."""
    try:
        who = _SIGNER.unsign(token)
    except BadSignature:
        return None
    if who.startswith(_GUEST):
        return Guest.objects.filter(pk=who.removeprefix(_GUEST)).first()
    return User.objects.filter(pk=who).first()


def set_reply_mail(reader: User | Guest, *, is_wanted: bool) -> None:
    """What is due already keeps to it too: it is asked at the moment of sending."""
    reader.wants_reply_mail = is_wanted
    reader.save(update_fields=["wants_reply_mail"])

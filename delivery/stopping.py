"""Whether somebody wants mail about replies, and the link in each of them that stops it."""

from django.core.signing import BadSignature, Signer

from accounts.models import User
from delivery.letters import link

# Good for nothing else, and for ever: an old mail must be able to stop new ones.
_SIGNER = Signer(salt="delivery.stop_replies", sep=".")


def stop_link(person: User) -> str:
    """Whoever has it can stop mail about replies to `person`, and do nothing else."""
    return link("pages:stop_mail", _SIGNER.sign(str(person.pk)))


def person_of(token: str) -> User | None:
    """Whose mail the token of a `stop_link` stops; None for what we did not sign."""
    try:
        return User.objects.filter(pk=_SIGNER.unsign(token)).first()
    except BadSignature:
        return None


def set_reply_mail(person: User, *, is_wanted: bool) -> None:
    """What is due already keeps to it too: it is asked at the moment of sending."""
    User.objects.filter(pk=person.pk).update(wants_reply_mail=is_wanted)

"""Who a guest says to be: the name everybody will read, and the address nobody will."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.guests import fit_email
from accounts.models import User
from accounts.names import fit_name, reads_as_one_of
from articles.models import Article
from comments.submission import GuestName
from skycrumbs.problems import FieldError, Invalid
from skycrumbs.text import UnfitText


def fit_guest(guest: GuestName) -> GuestName:
    """Name and address as they are stored. Raises Invalid, which names `guest.name`, `guest.email` or both.

    Other people's names may be used, since a guest's is marked as one; but not those of the people who speak for the
    site. An account with the same address is not looked at. At most two queries.
    """
    errors: list[FieldError] = []
    name = _fit(_fit_free_name, guest.name, "guest.name", errors)
    email = _fit(fit_email, guest.email, "guest.email", errors)
    if errors:
        raise Invalid(errors[0].detail, errors=tuple(errors))
    return replace(guest, name=name, email=email)


def _fit(fit: Callable[[str], str], value: str, field: str, errors: list[FieldError]) -> str:
    """What `fit` makes of it, or "" with what is wrong added to `errors`."""
    try:
        return fit(value)
    except UnfitText as unfit:
        errors.append(FieldError(field, unfit.code, str(unfit)))
        return ""


def _fit_free_name(value: str) -> str:
    name = fit_name(value)
    if reads_as_one_of(name, _names_of_the_site()):
        raise UnfitText("name_taken", _("Somebody who writes or works for this site goes by that name. Use another."))
    return name


def _names_of_the_site() -> Iterator[str]:
    """Of its staff and of those who wrote an article, accounts or by-lines."""
    people = User.objects.filter(Q(is_staff=True, is_active=True) | Q(articles__isnull=False))
    yield from people.values_list("name", flat=True).distinct()
    yield from Article.objects.exclude(by_line="").values_list("by_line", flat=True).distinct()

"""What an answer is made from, noted by its view, so that the front can tell later whether it still holds."""

from collections.abc import Mapping
from typing import Protocol

from django.http import HttpRequest

# In the WSGI environment, which the front and the request share. (PEP 3333, "environ Variables")
NOTED = "skycrumbs.made_from"


class Versioned(Protocol):
    @property
    def pk(self) -> int: ...

    @property
    def version(self) -> int: ...


def made_from(request: HttpRequest, *articles: Versioned) -> None:
    """Say that the answer shows these articles, their comments included, and the site as a whole.

    The rows are to be read before anything else the answer shows of them: what changes in between then counts as
    changed since. An answer without articles may be made from the site alone. What no view says so of is not kept.
    """
    versions: dict[int, int] = request.META.setdefault(NOTED, {})
    for article in articles:
        # Of two the first that was read stands.
        versions.setdefault(article.pk, article.version)


def noted(environ: Mapping[str, object]) -> dict[int, int] | None:
    """The versions by article id that an answer was made from; None where its view did not say."""
    return environ.get(NOTED)  # type: ignore[return-value]

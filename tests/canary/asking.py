"""A question to the site, and what exactly its answer may give away."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import connection

from comments.models import Comment
from tests.canary.scene import SHOWN, Planted, Site
from tests.canary.sight import ANONYMOUS, MODERATOR, Viewer


@dataclass(frozen=True)
class Ask:
    """GET `path`. `words`, and `ids` (numbers of comments), are all that is in the answer, no more and no less.

    `status` None: whatever it is, below 500. `is_at_most`: less will do. `ignoring`: letters of words that the page
    shows by right, because it lists people ("n") or holds the article's text ("p").
    """

    path: str
    status: int | None = 200
    words: frozenset[str] = frozenset()
    ids: frozenset[int] = frozenset()
    is_at_most: bool = False
    ignoring: str = ""


Asks = Callable[[Site, Viewer], Iterable[Ask]]


@dataclass(frozen=True)
class Surface:
    """A URL pattern: how it is asked, and `why` it cannot show a comment if it cannot; it is asked all the same."""

    asks: Asks
    why: str = ""
    # The same bytes for everybody.
    is_kept: bool = False
    # Tokens are of use here.
    is_api: bool = False


def static(why: str, *paths: str, ignoring: str = "") -> Surface:
    """A surface without comments. In its paths `{comment}`, `{article}` and so on are ids of rows that are there."""

    def asks(site: Site, viewer: Viewer) -> Iterator[Ask]:
        own_name = {viewer.user.name} if viewer.user else set()
        for path in paths:
            asked = path.format(**_ids(site))
            yield Ask(asked, None, frozenset(own_name), is_at_most=True, ignoring=ignoring)

    return Surface(asks, why)


def _ids(site: Site) -> dict[str, object]:
    article = site.articles[SHOWN]
    first = site.shown[0]
    return {
        "article": article.pk,
        "slug": article.slug,
        "category": article.category_id,
        "person": first.account.pk,
        "comment": first.pk,
        "comment_type": ContentType.objects.get_for_model(Comment).pk,
        "key": first.key,
    }


def asked_by(site: Site, viewer: Viewer, most: int = 2) -> list[Planted]:
    """The comments a viewer asks a surface for, those up to rank `most`; an author only their own.

    PostgreSQL is asked by others for one of each kind: what may be read is one queryset on both databases, and its
    lists, which are asked for whole, hold every situation.
    """
    is_sqlite = connection.vendor == "sqlite"
    if viewer.role == "author" and viewer.writer:
        return [one for one in site.by(viewer.writer) if one.rank <= min(most, viewer.effort, 2 if is_sqlite else 0)]
    if viewer.effort < 0 or not is_sqlite:
        return _one_of_each(site)
    return [one for one in site.planted if one.rank <= min(most, viewer.effort)]


def _one_of_each(site: Site) -> list[Planted]:
    """Of what anybody, and a moderator, see alike one comment: public and private, of accounts and of guests."""
    found: dict[tuple[object, ...], Planted] = {}
    for one in site.planted:
        if one.rank == 0:
            alike = (ANONYMOUS.sight(one), MODERATOR.sight(one), one.visibility, one.account is None)
            found.setdefault(alike, one)
    return list(found.values())

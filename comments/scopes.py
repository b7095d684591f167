"""What a moderator moderates: everything, or the categories and articles they are limited to."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Union

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from articles.models import Article

if TYPE_CHECKING:
    from accounts.models import Guest, User

Viewer = Union["User", "Guest", AnonymousUser]

MODERATE = "comments.moderate_comment"


@dataclass(frozen=True)
class Scope:
    """The articles a viewer moderates: all of them, or those named and those in the categories named (ids)."""

    is_everything: bool = False
    categories: frozenset[int] = frozenset()
    articles: frozenset[int] = frozenset()

    @property
    def is_nothing(self) -> bool:
        return not (self.is_everything or self.categories or self.articles)

    def holds(self, article: Article) -> bool:
        return self.is_everything or article.category_id in self.categories or article.pk in self.articles

    def on(self, article: str) -> Q:
        """The condition on rows whose relation `article` leads to an article."""
        if self.is_everything:
            return Q()
        return Q(**{f"{article}__category__in": self.categories}) | Q(**{f"{article}__in": self.articles})


NOTHING = Scope()
EVERYTHING = Scope(is_everything=True)


def scope_of(viewer: Viewer) -> Scope:
    """What `viewer` moderates. Asked once for each viewer object, as Django does with permissions: one query more."""
    if not viewer.is_authenticated:
        return NOTHING
    known: Scope | None = getattr(viewer, "_moderation_scope", None)
    if known is None:
        known = _ask(viewer)
        viewer._moderation_scope = known  # type: ignore[union-attr]
    return known


def _ask(viewer: Viewer) -> Scope:
    if not viewer.has_perm(MODERATE):
        return NOTHING
    if viewer.is_superuser:  # type: ignore[union-attr]
        return EVERYTHING
    limits = list(viewer.moderation_scopes.values_list("category", "article"))  # type: ignore[union-attr]
    if not limits:
        return EVERYTHING
    return Scope(
        categories=frozenset(category for category, _article in limits if category),
        articles=frozenset(article for _category, article in limits if article),
    )

"""An article's address: which it may be, and giving it another."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from articles.errors import BadArticle
from articles.models import SLUG_MAX_LENGTH, Article, FormerSlug, validate_slug
from articles.services.locking import found_in
from skycrumbs.models import site_changed


@transaction.atomic
def rename(article: Article, slug: str) -> None:
    """Give an article another address; the old one leads to it from now on."""
    former = found_in(Article.objects.only("slug"), article).slug
    if former == slug:
        return
    check_slug(slug)
    with address_free():
        Article.objects.filter(pk=article.pk).update(slug=slug, version=F("version") + 1)
    site_changed()
    FormerSlug.objects.filter(slug=slug).delete()
    FormerSlug.objects.update_or_create(slug=former, defaults={"article": article})


@contextmanager
def address_free() -> Iterator[None]:
    """Leave it to the database whether an address is taken: somebody may take it this very moment."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise BadArticle.field("slug", "taken", _("Another article has this address.")) from error


def check_slug(slug: str) -> None:
    """Raises BadArticle for what cannot stand in an address."""
    try:
        validate_slug(slug)
    except ValidationError as error:
        raise BadArticle.field("slug", "invalid", error.messages[0]) from error
    if len(slug) > SLUG_MAX_LENGTH:
        raise BadArticle.field("slug", "too_long", _("Use at most %d characters.") % SLUG_MAX_LENGTH)

"""An article made of what was read from a file, or its next draft."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from articles.errors import BadArticle
from articles.importing import ImportedArticle, slug_of
from articles.models import CATEGORY_NAME_MAX_LENGTH, SLUG_MAX_LENGTH, Article, Category, Revision
from articles.section_keys import first_free
from articles.services.drafting import fit, save_draft
from articles.services.facts import set_facts
from articles.services.publishing import publish
from articles.services.renaming import address_free, check_slug
from skycrumbs.blank import is_blank


@dataclass(frozen=True)
class Taken:
    """What an import did: `revision` is None where nothing was published or nothing changed."""

    article: Article
    is_new: bool
    revision: Revision | None


@transaction.atomic
def take_in(imported: ImportedArticle, *, slug: str = "", is_published: bool = False) -> Taken:
    """Make an article of what was read, or the next draft of the one that has its slug; publish it if asked.

    What a reader of a published article sees stays as it is until it is published again.
    """
    slug = slug or imported.slug or slug_of(imported.title)[:SLUG_MAX_LENGTH].strip("-")
    if not slug:
        raise BadArticle.field("slug", "required", _("No address can be made of this title. Name one, as the slug."))
    check_slug(slug)
    article = Article.objects.select_for_update().filter(slug=slug).first()
    is_new = article is None
    if article is None:
        article = _new_article(imported, slug)
    article = save_draft(article, title=imported.title, source=imported.source, seen_version=article.draft_version)
    if is_new or is_published or not article.is_published:
        _take_in_facts(article, imported)
    revision = publish(article, by=None) if is_published else None
    article.refresh_from_db()
    return Taken(article, is_new, revision)


def _new_article(imported: ImportedArticle, slug: str) -> Article:
    title, _source = fit(imported.title, imported.source)
    category = _category(imported)
    with address_free():
        return Article.objects.create(slug=slug, title=title, draft_title=title, category=category)


def _take_in_facts(article: Article, imported: ImportedArticle) -> None:
    """What the file says of the article beside its text; what it does not say stays as it is."""
    said = {
        "category": _category(imported, article),
        "by_line": imported.by_line,
        "language": imported.language,
        "published_on": imported.published_on,
    }
    changed = {name: value for name, value in said.items() if value and value != getattr(article, name)}
    if changed:
        set_facts(article, changed)


def _category(imported: ImportedArticle, article: Article | None = None) -> Category:
    """The category named, made if there is none of that name; of a file that names none, the article's own."""
    if not imported.category and article is not None:
        return article.category
    name = imported.category or _("Articles")
    if len(name) > CATEGORY_NAME_MAX_LENGTH:
        raise BadArticle.field("category", "too_long", _("Use at most %d characters.") % CATEGORY_NAME_MAX_LENGTH)
    if is_blank(name):
        raise BadArticle.field("category", "blank", _("Write something that can be seen."))
    there = Category.objects.filter(name__iexact=name).first()
    try:
        with transaction.atomic():
            return there or Category.objects.create(slug=_free_category_slug(name), name=name)
    except IntegrityError:
        # Somebody made it, or took its address, this very moment.
        return _category(imported, article)


def _free_category_slug(name: str) -> str:
    # Ten below the column's length: room for a number.
    stem = slug_of(name)[: CATEGORY_NAME_MAX_LENGTH - 10].strip("-") or "category"
    return first_free(stem, set(Category.objects.filter(slug__startswith=stem).values_list("slug", flat=True)))

"""Saving a draft, and refusing what was begun on another one."""

import unicodedata

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from articles.errors import BadArticle, BeingPublished, StaleDraft
from articles.models import SOURCE_MAX_LENGTH, TITLE_MAX_LENGTH, Article, Publishing
from articles.services.locking import lock
from skycrumbs.blank import is_blank


@transaction.atomic
def save_draft(article: Article, *, title: str, source: str, seen_version: int) -> Article:
    """Keep a draft that was begun on `seen_version`; gives the article as it is now.

    Raises StaleDraft if it was saved by somebody else since, BeingPublished while the worker publishes it, BadArticle
    for a blank title or too long a text, NotThere if it was deleted.
    """
    title, source = fit(title, source)
    # Nothing begins to be published between the question and the answer.
    lock(article)
    refuse_while_published(article)
    fresh = Article.objects.filter(pk=article.pk, draft_version=seen_version)
    changed = fresh.update(draft_title=title, draft_source=source, draft_version=F("draft_version") + 1)
    if not changed:
        raise StaleDraft(_("This draft was saved by somebody else since you opened it."))
    return Article.objects.get(pk=article.pk)


def fit(title: str, source: str) -> tuple[str, str]:
    """Title and text in NFC, so that the rendered text is too. (Unicode Standard Annex 15)"""
    title, source = (unicodedata.normalize("NFC", text).replace("\r\n", "\n") for text in (title, source))
    if is_blank(title) or len(title) > TITLE_MAX_LENGTH:
        raise BadArticle.field("title", "length", _("A title has 1 to %d characters.") % TITLE_MAX_LENGTH)
    if len(source) > SOURCE_MAX_LENGTH:
        raise BadArticle.field("source", "too_long", _("Use at most %d characters.") % SOURCE_MAX_LENGTH)
    if "\0" in source + title:
        raise BadArticle.field("source", "control_character", _("The text holds a NUL character."))
    return title.strip(), source


def refuse_stale(draft: Article, seen_version: int) -> None:
    """Raises StaleDraft if the draft is not the one of `seen_version`."""
    if draft.draft_version != seen_version:
        raise StaleDraft(_("This draft was saved by somebody else since you opened it."))


def refuse_while_published(article: Article) -> None:
    """Raises BeingPublished while the worker publishes the article."""
    if Publishing.objects.under_way().filter(article=article.pk).exists():
        raise BeingPublished(_("The draft is being published. Wait until that is done, or stop it."))

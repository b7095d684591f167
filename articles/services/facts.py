"""What a reader sees of an article beside its text."""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from articles.errors import BadArticle
from articles.models import Article
from skycrumbs.models import site_changed


@transaction.atomic
def set_facts(article: Article, facts: Mapping[str, Any]) -> None:
    """Write columns that a reader sees beside the text (date, category, by-line …); readers see them at once.

    Raises BadArticle, naming the field, for what does not fit; then nothing is written.
    """
    for name, value in facts.items():
        setattr(article, name, value)
    _check_facts(article, facts)
    Article.objects.filter(pk=article.pk).update(version=F("version") + 1, **facts)
    site_changed()


def _check_facts(article: Article, names: Collection[str]) -> None:
    """Raises BadArticle, naming the field, if one of `names` does not fit its column."""
    others = {field.name for field in Article._meta.fields} - set(names)
    try:
        article.clean_fields(exclude=others)
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise BadArticle.field(name, "invalid", messages[0]) from error

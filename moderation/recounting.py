"""`comments.recounting`, and the open reports of comments; reported, or mended under the article's lock."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import Count, F, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from articles.models import Article
from comments import recounting
from comments.models import Comment
from comments.recounting import CHUNK, Drift
from comments.services import lock_article
from moderation.models import Flag


def drifts_of(article: Article) -> list[Drift]:
    """What is wrong on an article. Nothing is locked while nothing is: what is found is looked at again under the
    lock, because somebody may have been writing.
    """
    if not list(_find(article)):
        return []
    with transaction.atomic():
        lock_article(article.pk)
        return list(_find(article))


def mend(article: Article) -> list[Drift]:
    """Put right what is wrong on an article; gives what it was."""
    if not list(_find(article)):
        return []
    with transaction.atomic():
        lock_article(article.pk)
        found = list(_find(article))
        for drift in found:
            recounting.mend(drift)
        if found:
            Article.objects.filter(pk=article.pk).update(version=F("version") + 1)
    return found


def _find(article: Article) -> Iterator[Drift]:
    yield from _of_flags(article)
    yield from recounting.drifts_of(article)


def _of_flags(article: Article) -> Iterator[Drift]:
    open_ones = Flag.objects.open().filter(comment=OuterRef("pk")).order_by().values("comment")
    counted = Coalesce(
        Subquery(open_ones.annotate(number=Count("pk")).values("number")), 0, output_field=IntegerField()
    )
    comments = Comment.objects.filter(article=article).annotate(counted=counted).exclude(open_flags=F("counted"))
    for pk, public_id, said, number in (
        comments.order_by("pk").values_list("pk", "public_id", "open_flags", "counted").iterator(CHUNK)
    ):
        yield recounting.tell(pk, public_id, "open_flags", said, number)

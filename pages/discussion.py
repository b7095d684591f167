"""The comments below an article, as anybody sees them: in one of three orders, some at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from comments.models import Anchor, Comment
from comments.querysets import NOBODY, CommentQuerySet
from pages.more import asked_place

COMMENTS_PER_PAGE = 50


class Sort(models.TextChoices):
    """Which thread stands first; replies always stand below what they answer, the oldest first."""

    OLDEST = "oldest", _("Oldest first")
    NEWEST = "newest", _("Newest first")
    PLACE = "place", _("In the order of the text")


@dataclass(frozen=True)
class Listed:
    """One part of a discussion. `more`: the parameters that lead on below it, none where it ends here."""

    comments: list[Comment]
    sort: Sort
    more: dict[str, str]


def listed(request: HttpRequest, article: Article) -> Listed:
    """What `sort` and `after` in an address ask for. At most ten queries. Raises Http404 for an unknown place."""
    asked = request.GET.get("sort", "")
    sort = Sort(asked) if asked in Sort.values else Sort.OLDEST
    after = asked_place(request, Comment.objects.filter(article=article))
    return part(article, sort, after)


def part(article: Article, sort: Sort, after: Comment | None = None) -> Listed:
    """The first comments in this order, or those below `after`. At most four queries; by place eight."""
    ordered = _ORDERS[sort](discussion(article), after)
    found = list(ordered.with_public_page()[: COMMENTS_PER_PAGE + 1])
    for comment in found:
        comment.article = article
    comments, has_more = found[:COMMENTS_PER_PAGE], len(found) > COMMENTS_PER_PAGE
    order = {} if sort == Sort.OLDEST else {"sort": sort.value}
    return Listed(comments, sort, {**order, "after": comments[-1].key} if has_more else {})


def discussion(article: Article) -> CommentQuerySet:
    """What stands below the text. A highlight is only painted, until it is replied to."""
    comments = Comment.objects.in_threads(NOBODY).filter(article=article)
    return comments.exclude(kind=Comment.Kind.HIGHLIGHT, replies=0)


def _further(comment: Comment) -> Q:
    """Further down in the same thread."""
    return Q(root_id=comment.root_id, path__gt=comment.path)


def _oldest(comments: CommentQuerySet, after: Comment | None) -> CommentQuerySet:
    if after is not None:
        # The bound takes nothing away; but it is looked up in the index, and an OR is tried on every row before.
        comments = comments.filter(Q(root_id__gt=after.root_id) | _further(after), root_id__gte=after.root_id)
    return comments.in_thread_order()


def _newest(comments: CommentQuerySet, after: Comment | None) -> CommentQuerySet:
    if after is not None:
        comments = comments.filter(Q(root_id__lt=after.root_id) | _further(after), root_id__lte=after.root_id)
    return comments.order_by("-root_id", "path")


# Past the end of every text: threads on no passage, or on one that is gone.
_NOWHERE = 2**31 - 1
_PLACE = Coalesce(F("root__anchor__now_start"), Value(_NOWHERE), output_field=models.BigIntegerField())


def _by_place(comments: CommentQuerySet, after: Comment | None) -> CommentQuerySet:
    """By where the passage of the thread begins; of one place the oldest thread first. At most four queries.

    No index is in this order. Two are in that of the threads: so many are looked up as can be shown, and of these the
    ids alone are sorted, for the texts would be carried along for nothing.
    """
    place, threads, later = 0, [], Q()
    if after is not None:
        place = Comment.objects.filter(pk=after.pk).values_list(_PLACE, flat=True)[0]
        threads = [after.root_id]
        later = Q(place__gt=place) | Q(place=place) & (Q(root_id__gt=after.root_id) | _further(after))
    threads += _threads(comments.filter(depth=0), place, after)
    shown = comments.filter(root_id__in=threads).annotate(place=_PLACE).order_by("place", "root_id", "path")
    ids = list(shown.filter(later).values_list("pk", flat=True)[: COMMENTS_PER_PAGE + 1])
    return comments.filter(pk__in=ids).annotate(place=_PLACE).order_by("place", "root_id", "path")


def _threads(roots: CommentQuerySet, place: int, after: Comment | None) -> list[int]:
    """The ids of so many threads as a page can show, from `place` on, or in that below the one of `after`."""
    below = Q() if after is None else Q(root_id__gt=after.root_id)
    placed = roots.filter(Q(anchor__now_start__gt=place) | Q(anchor__now_start=place) & below)
    # The index `anchors_by_place` is in this order; the bound is looked up in it, which an OR is not.
    placed = placed.filter(anchor__article=F("article"), anchor__now_start__gte=place)
    ids = list(placed.order_by("anchor__now_start", "root_id").values_list("pk", flat=True)[: COMMENTS_PER_PAGE + 1])
    standing = Anchor.objects.filter(comment=OuterRef("pk"), now_start__isnull=False)
    nowhere = roots.exclude(Exists(standing)).filter(below if place == _NOWHERE else Q())
    left = COMMENTS_PER_PAGE + 1 - len(ids)
    return ids + list(nowhere.order_by("root_id").values_list("pk", flat=True)[:left])


_ORDERS: dict[Sort, Callable[[CommentQuerySet, Comment | None], CommentQuerySet]] = {
    Sort.OLDEST: _oldest,
    Sort.NEWEST: _newest,
    Sort.PLACE: _by_place,
}


def sorts(article_url: str, chosen: Sort) -> list[dict[str, Any]]:
    """The three orders as links."""
    return [
        {
            "order": sort.value,
            "label": sort.label,
            "is_chosen": sort == chosen,
            "url": f"{article_url}{'' if sort == Sort.OLDEST else f'?sort={sort.value}'}#all_comments",
        }
        for sort in Sort
    ]


def first_page_shows(comment: Comment) -> bool:
    """Whether the page of its article, as it opens, holds this comment. One query."""
    ids = discussion(comment.article).in_thread_order().values_list("pk", flat=True)
    return comment.pk in list(ids[:COMMENTS_PER_PAGE])

"""Counters and the queue, counted anew from the rows they speak of."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from django.db.models import Count, F, Model, Q

from articles.models import Article, Section
from comments import paths
from comments.models import Comment, WaitingOrder
from comments.states import UNPROVEN, WAITING_STATES
from comments.transitions import set_waiting
from skycrumbs.ids import to_key

CHUNK = 1000

# As `Comment.is_counted` and `is_public` say of one.
_COUNTED = Q(public_revision__isnull=False) & ~Q(kind=Comment.Kind.HIGHLIGHT)
_WAITS = Q(visibility="public") & (
    Q(open_flags__gt=0) | Q(state__in=sorted(WAITING_STATES)) & ~Q(state_reason=UNPROVEN)
)


@dataclass(frozen=True)
class Drift:
    """A column that says something else than what stands there: `said` in place of `counted`."""

    row: Model
    where: str
    column: str
    said: int | datetime | None
    counted: int | str

    def __str__(self) -> str:
        return f"{self.where}: {self.column} is {self.said}, counted {self.counted}"


def drifts_of(article: Article) -> Iterator[Drift]:
    """Every counter of an article, its sections and its comments that is not right; what waits, and should not."""
    yield from _of_article(article)
    yield from _of_sections(article)
    yield from _of_replies(article)
    yield from _of_votes(article)
    yield from _of_the_queue(article)


def recount_sections(article_id: int) -> None:
    """Set the counter of each section to what stands there. The caller holds the lock of the article."""
    for drift in _of_sections(Article.objects.only("slug").get(pk=article_id)):
        mend(drift)


def mend(drift: Drift) -> None:
    """Write what was counted. The caller holds the lock of the article, and moves its version."""
    if drift.column in ("open_flags", "waiting_since"):
        _mend_waiting(drift)
    else:
        type(drift.row)._default_manager.filter(pk=drift.row.pk).update(**{drift.column: drift.counted})


def _mend_waiting(drift: Drift) -> None:
    """Reports and what waits for them in one write: the database lets neither stand without the other."""
    comment = Comment.objects.get(pk=drift.row.pk)
    if isinstance(drift.counted, int):
        comment.open_flags = drift.counted
    if comment.open_flags:
        comment.waiting_order = min(comment.waiting_order, WaitingOrder.FLAGGED)
    set_waiting(comment)
    comment.save(update_fields=["open_flags", "waiting_since", "waiting_order"])


def tell(comment_id: int, public_id: UUID, column: str, said: int | datetime | None, counted: int | str) -> Drift:
    """A drift of a comment."""
    return Drift(Comment(pk=comment_id), f"comment {to_key(public_id)}", column, said, counted)


def _of_article(article: Article) -> Iterator[Drift]:
    counted = Comment.objects.filter(_COUNTED, article=article).count()
    # A draft may be deleted while articles are gone through.
    rows = Article.objects.filter(pk=article.pk).exclude(comment_count=counted)
    for said in rows.values_list("comment_count", flat=True):
        yield Drift(article, f"article {article.slug}", "comment_count", said, counted)


def _of_sections(article: Article) -> Iterator[Drift]:
    rows = Comment.objects.filter(_COUNTED, article=article, section__isnull=False)
    counts = dict(rows.values_list("section").annotate(count=Count("pk")))
    for section in Section.objects.filter(article=article).order_by("pk"):
        counted = counts.get(section.pk, 0)
        if section.comment_count != counted:
            where = f"section {article.slug}#{section.key}"
            yield Drift(section, where, "comment_count", section.comment_count, counted)


# Id, public id, root, path, parent, public text, replies.
_Row = tuple[int, UUID, int | None, str, int | None, int | None, int]


def _of_replies(article: Article) -> Iterator[Drift]:
    comments = Comment.objects.filter(article=article).in_thread_order()
    rows = comments.values_list("pk", "public_id", "root", "path", "parent", "public_revision", "replies")
    for _root, thread in groupby(rows.iterator(CHUNK), key=itemgetter(2)):
        yield from _of_thread(list(thread))


def _of_thread(thread: list[_Row]) -> Iterator[Drift]:
    places = {path: pk for pk, _id, _root, path, *_rest in thread}
    counts: Counter[int] = Counter()
    for _pk, _id, _root, path, parent, public_revision, _replies in thread:
        if public_revision is not None and parent is not None:
            counts.update(_above(places, path) | {parent})
    for pk, public_id, *_place, replies in thread:
        if replies != counts[pk]:
            yield tell(pk, public_id, "replies", replies, counts[pk])


def _above(places: dict[str, int], path: str) -> set[int]:
    """Ids of those above a path, the root's "" with them."""
    return {places[stem] for stem in paths.above(path) if stem in places}


def _of_votes(article: Article) -> Iterator[Drift]:
    comments = Comment.objects.filter(article=article).annotate(given=Count("votes_given"))
    wrong = comments.exclude(votes=F("given")).order_by("pk")
    for pk, public_id, said, counted in wrong.values_list("pk", "public_id", "votes", "given").iterator(CHUNK):
        yield tell(pk, public_id, "votes", said, counted)


def _of_the_queue(article: Article) -> Iterator[Drift]:
    comments = Comment.objects.filter(article=article)
    for waits, wrong in ((False, ~_WAITS & Q(waiting_since__isnull=False)), (True, _WAITS & Q(waiting_since=None))):
        found = comments.filter(wrong).order_by("pk").values_list("pk", "public_id", "waiting_since")
        for pk, public_id, since in found.iterator(CHUNK):
            yield tell(pk, public_id, "waiting_since", since, "it waits" if waits else "nothing to wait for")

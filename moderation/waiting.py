"""The queue: what waits for one moderator, a page at a time, without ever counting it all."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from comments.models import Comment
from comments.querysets import CommentQuerySet
from comments.states import State
from skycrumbs.tokens import packed, unpacked

CARDS_PER_PAGE = 20
# Up to here it is counted; past it nobody needs to know exactly.
COUNTED = 100

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class What(models.TextChoices):
    """Why something waits, as a moderator chooses it."""

    HELD = "held", _("never read before")
    EDITED = "edited", _("an edit that waits")
    FLAGGED = "flagged", _("reported")


_WHAT = {
    What.HELD: Q(state=State.HELD),
    What.EDITED: Q(state=State.HELD_EDIT),
    What.FLAGGED: Q(open_flags__gt=0),
}


@dataclass(frozen=True)
class Narrowing:
    """The part of the queue that is asked for: ids of a category and an article; None and "" leave all."""

    what: What | None = None
    category: int | None = None
    article: int | None = None

    @property
    def condition(self) -> Q:
        condition = _WHAT[self.what] if self.what else Q()
        if self.category is not None:
            condition &= Q(article__category=self.category)
        if self.article is not None:
            condition &= Q(article=self.article)
        return condition


@dataclass(frozen=True)
class Cursor:
    """The place behind one comment in the queue. It stays good when that comment has left."""

    order: int
    since: datetime
    pk: int

    @classmethod
    def behind(cls, comment: Comment) -> "Cursor":
        if comment.waiting_since is None:
            raise LookupError(f"comment {comment.pk} does not wait")
        return cls(comment.waiting_order, comment.waiting_since, comment.pk)

    def __str__(self) -> str:
        return packed(f"{self.order}.{(self.since - _EPOCH) // timedelta(microseconds=1)}.{self.pk}")

    @classmethod
    def read(cls, token: str) -> "Cursor | None":
        """The cursor written as `token`; None for anything that `str` does not give."""
        try:
            order, since, pk = (int(part) for part in unpacked(token).split("."))
            cursor = cls(order, _EPOCH + timedelta(microseconds=since), pk)
        except (ValueError, OverflowError):
            return None
        # Numbers that no column holds.
        fits = 0 <= order < 2**15 and 0 < pk < 2**63
        return cursor if fits and str(cursor) == token else None


@dataclass(frozen=True)
class Page:
    """Some of the queue in its order, and where it goes on, if it does."""

    comments: list[Comment]
    next: Cursor | None


def queue_of(moderator: User) -> CommentQuerySet:
    """What waits for `moderator`, in its order: on what they moderate, and never their own."""
    return Comment.objects.moderated_by(moderator).waiting().exclude(author=moderator)


def page_of(queue: CommentQuerySet, after: Cursor | None = None) -> Page:
    """The next cards of `queue`, in one query whose cost does not grow with how far in it is."""
    if after is not None:
        queue = queue.filter(_is_behind(after))
    found = list(queue[: CARDS_PER_PAGE + 1])
    comments = found[:CARDS_PER_PAGE]
    return Page(comments, Cursor.behind(comments[-1]) if len(found) > CARDS_PER_PAGE else None)


def capped_count(queue: CommentQuerySet) -> int:
    """How much `queue` holds, counted no further than to one more than COUNTED."""
    return queue.values("pk")[: COUNTED + 1].count()


def figure(count: int) -> str:
    """A capped count as it is told: “100+” at the most."""
    return f"{COUNTED}+" if count > COUNTED else str(count)


def _is_behind(cursor: Cursor) -> Func:
    """A comparison of rows, which both databases look up in the index of the queue.

    The usual chain of ORs they would have to try on every row before the cursor.
    """
    columns = _row(F("waiting_order"), F("waiting_since"), F("pk"))
    values = _row(
        Value(cursor.order, models.SmallIntegerField()),
        Value(cursor.since, models.DateTimeField()),
        Value(cursor.pk, models.BigIntegerField()),
    )
    return Func(columns, values, template="%(expressions)s", arg_joiner=" > ", output_field=models.BooleanField())


def _row(*expressions: F | Value) -> Func:
    # The type is of no use, but an expression has one.
    return Func(*expressions, template="(%(expressions)s)", output_field=models.BooleanField())

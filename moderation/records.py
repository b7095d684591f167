"""What was decided: about the comments on a page, and lately by the moderator who looks at it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import IntegerField, QuerySet, Subquery, Value, Window
from django.db.models.functions import RowNumber

from accounts.models import User
from comments.models import Comment, Decision
from comments.scopes import scope_of
from comments.states import State

MOST_ON_A_COMMENT = 3
MOST_OF_ONES_OWN = 5
LOOKED_THROUGH = 10_000

_SHOWN = (
    "act", "role", "was", "now", "version", "reason", "note", "private_note", "reverses", "at",
    "actor__name", "article__title", "comment__author__name", "comment__guest_name",
)  # fmt: skip
# So marked in the one query are those of the moderator who looks; others have their place on their comment, from 1.
_OWN = 0


@dataclass(frozen=True)
class Records:
    """Decisions, the newest first: the last on each comment by its id, and the moderator's own last ones."""

    on: dict[int, list[Decision]] = field(default_factory=lambda: defaultdict(list))
    own: list[Decision] = field(default_factory=list)


def records_of(comments: Iterable[Comment], moderator: User | None = None) -> Records:
    """One query, with or without the own ones of `moderator`."""
    records = Records()
    rows = _last_on(comments)
    if moderator is not None:
        rows = rows.union(_own_of(moderator), all=True)
    for decision in rows.order_by("-pk"):
        if decision.place == _OWN:  # type: ignore[attr-defined]
            records.own.append(decision)
        else:
            records.on[decision.comment_id].append(decision)
    return records


def _shown() -> QuerySet[Decision]:
    return Decision.objects.select_related("actor", "article", "comment__author").only(*_SHOWN).order_by()


def _last_on(comments: Iterable[Comment]) -> QuerySet[Decision]:
    place = Window(RowNumber(), partition_by="comment", order_by="-id")
    decisions = _shown().filter(comment__in=[comment.pk for comment in comments])
    return decisions.annotate(place=place).filter(place__lte=MOST_ON_A_COMMENT)


def _own_of(moderator: User) -> QuerySet[Decision]:
    """On what they moderate still; of the site's newest decisions alone, so that few have to be looked through."""
    newest = Decision.objects.order_by("-pk").values("pk")[:1]
    own = Decision.objects.filter(
        scope_of(moderator).on("article"),
        pk__gt=Subquery(newest) - LOOKED_THROUGH,
        actor=moderator,
        role=Decision.Role.MODERATOR,
        act__in=[Decision.Act.STATE, Decision.Act.KEPT],
    )
    last = own.exclude(comment__state=State.ERASED).order_by("-pk").values("pk")[:MOST_OF_ONES_OWN]
    return _shown().filter(pk__in=last).annotate(place=Value(_OWN, IntegerField()))

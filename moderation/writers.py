"""Who wrote a comment, as far as it helps to judge it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from comments.models import Comment
from comments.states import REMOVED_STATES, State
from moderation.models import Sanction

# Stands for "until it is lifted" where the database has to sort it behind every end.
_FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
# By account or by guest, never both.
Key = tuple[int | None, int | None]


@dataclass(frozen=True)
class Standing:
    """A hold or a suspension that holds now. `ends_at` None: until it is lifted."""

    kind: Sanction.Kind
    ends_at: datetime | None


@dataclass(frozen=True)
class Writer:
    """How many of their comments, among those the moderator moderates, were approved and how many removed."""

    approved: int = 0
    removed: int = 0
    warnings: int = 0
    sanctions: tuple[Standing, ...] = ()


def writers_of(moderator: User, comments: Iterable[Comment]) -> dict[Key, Writer]:
    """Everybody who wrote one of `comments`, in one query."""
    keys = {(comment.author_id, comment.guest_id) for comment in comments}
    accounts = [account for account, _guest in keys if account]
    guests = [guest for _account, guest in keys if guest]
    written = Comment.objects.moderated_by(moderator).filter(Q(author__in=accounts) | Q(guest__in=guests))
    rows = written.values("author", "guest").annotate(
        approved=Count("pk", filter=Q(state=State.APPROVED)),
        removed=Count("pk", filter=Q(state__in=sorted(REMOVED_STATES))),
        warnings=_count_of_warnings(),
        held_until=_last_end(Sanction.Kind.HOLD),
        suspended_until=_last_end(Sanction.Kind.SUSPEND),
    )
    found: dict[Key, Writer] = {(row["author"], row["guest"]): _writer(dict(row)) for row in rows}
    return {key: found.get(key, Writer()) for key in keys}


class _OfWriter(Subquery):
    """Asked once for each writer: by what it is about the rows are grouped anyway."""

    def get_group_by_cols(self) -> list[Any]:
        return []


def _theirs() -> Q:
    return Q(person=OuterRef("author")) | Q(guest=OuterRef("guest"))


def _count_of_warnings() -> Subquery:
    warnings = Sanction.objects.standing().filter(_theirs(), kind=Sanction.Kind.WARN).order_by()
    return _OfWriter(warnings.annotate(all=Value(1)).values("all").annotate(count=Count("pk")).values("count"))


def _last_end(kind: Sanction.Kind) -> Subquery:
    standing = Sanction.objects.standing().filter(_theirs(), kind=kind)
    return _OfWriter(standing.annotate(end=Coalesce("ends_at", Value(_FOREVER))).order_by("-end").values("end")[:1])


def _writer(row: dict[str, Any]) -> Writer:
    ends = {Sanction.Kind.HOLD: row["held_until"], Sanction.Kind.SUSPEND: row["suspended_until"]}
    standing = (Standing(kind, None if end == _FOREVER else end) for kind, end in ends.items() if end)
    return Writer(row["approved"], row["removed"], row["warnings"] or 0, tuple(standing))

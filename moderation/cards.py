"""Everything a moderator is shown of a comment, for many comments in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When, Window
from django.db.models.functions import Left, RowNumber
from django.utils.translation import gettext as _

from accounts.models import User
from articles.comparing import Row, compare
from articles.models import SectionText
from comments import paths
from comments.models import CheckResult, Comment, CommentRevision, Decision
from comments.querysets import CommentQuerySet
from comments.states import State
from moderation.explaining import Explanation, explain
from moderation.models import Flag
from moderation.passages import Passage, passage_of, passage_of_thread
from moderation.records import records_of
from moderation.rulings import Ruling, offered
from moderation.services import Seen
from moderation.writers import Writer, writers_of

MOST_ABOVE = 5
ABOVE_MAX_LENGTH = 400
MOST_FLAGS = 5


@dataclass(frozen=True)
class Above:
    """A comment further up in the thread: the beginning of its text as Markdown."""

    pk: int
    name: str
    words: str
    state: str
    is_public: bool


@dataclass(frozen=True)
class Card:
    """A comment as it is put before a moderator.

    `differences` are those between the text that readers see and the edit that waits; `reasons` what the checks said
    that were not content with it. What is cut off at a number has a property beside it that says how much is missing.
    """

    comment: Comment
    writer: Writer
    section: str | None = None
    passage: Passage | None = None
    above: list[Above] = field(default_factory=list)
    differences: list[Row] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    reasons: list[Explanation] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    # Whose turn it is when this one is judged: the id of the card behind it, or of the last one before.
    after: int | None = None

    @property
    def rulings(self) -> list[Ruling]:
        return offered(State(self.comment.state), self.comment.open_flags)

    @property
    def seen(self) -> Seen:
        return Seen(self.comment.pk, self.comment.version, self.comment.open_flags)

    @property
    def above_left_out(self) -> int:
        return max(0, self.comment.depth - len(self.above))

    @property
    def flags_left_out(self) -> int:
        return max(0, self.comment.open_flags - len(self.flags))


def with_card(comments: CommentQuerySet) -> CommentQuerySet:
    """`comments` with what a card reads of the row itself, in the same query and without any long text."""
    texts = SectionText.objects.filter(revision=OuterRef("article__current_revision"), section=OuterRef("section"))
    loaded = comments.select_related("article", "section", "author", "head_revision", "public_revision")
    return loaded.defer(
        "article__draft_source", "author__password", "author__email", "public_revision__html"
    ).annotate(found=passage_of_thread(), heading=Subquery(texts.order_by().values("heading")[:1]))


def cards_for(moderator: User, comments: Sequence[Comment], decisions: Mapping[int, list[Decision]]) -> list[Card]:
    """The cards of `comments`, found `with_card`, in their order; at most four queries, and one for the scope."""
    writers, above = writers_of(moderator, comments), _above(moderator, comments)
    flags, reasons = _flags(comments), _reasons(comments)
    following = [comment.pk for comment in comments[1:]] + [comment.pk for comment in comments[-2:-1]] + [None]
    return [
        Card(
            comment=comment,
            writer=writers[comment.author_id, comment.guest_id],
            section=_section(comment),
            passage=passage_of(comment.found),  # type: ignore[attr-defined]
            above=above[comment.pk],
            differences=_differences(comment),
            flags=flags[comment.pk],
            reasons=reasons[comment.head_revision_id],
            decisions=decisions.get(comment.pk, []),
            after=after,
        )
        for comment, after in zip(comments, following, strict=False)
    ]


def card_of(moderator: User, comment: Comment) -> Card:
    """One card, with the decisions on it."""
    (card,) = cards_for(moderator, [comment], records_of([comment]).on)
    return card


def _section(comment: Comment) -> str | None:
    """The heading of the section it is on; None where it is on the article as a whole."""
    if comment.section is None:
        return None
    heading: str | None = comment.heading  # type: ignore[attr-defined]
    return heading or (_("Introduction") if heading == "" else comment.section.key)


def _differences(comment: Comment) -> list[Row]:
    if comment.state != State.HELD_EDIT or comment.public_revision is None:
        return []
    return compare(whole(comment.public_revision), whole(comment.text))


def whole(revision: CommentRevision) -> str:
    """A text with the corrections below it, as one."""
    return "\n\n".join([revision.source, *(correction["source"] for correction in revision.corrections)])


def _above(moderator: User, comments: Iterable[Comment]) -> dict[int, list[Above]]:
    """By the id of a comment: what stands above it in its thread, from its root down."""
    replies = [comment for comment in comments if comment.parent_id]
    found: dict[int, list[Above]] = defaultdict(list)
    if not replies:
        return found
    rows = _rows_above(moderator, replies)
    for reply in replies:
        stems = _stems(reply)
        own = (row for row in rows if row["root"] == reply.root_id)
        found[reply.pk] = [_as_above(row) for row in own if row["path"] in stems or row["pk"] == reply.parent_id]
    return found


def _rows_above(moderator: User, replies: Iterable[Comment]) -> list[dict[str, Any]]:
    above = Q()
    for reply in replies:
        above |= Q(root=reply.root_id, path__in=_stems(reply)) | Q(pk=reply.parent_id)
    columns = ("pk", "root", "path", "author__name", "guest_name", "state", "public_revision")
    rows = Comment.objects.moderated_by(moderator).filter(above).order_by("depth", "pk")
    return list(rows.annotate(words=Left("head_revision__source", ABOVE_MAX_LENGTH)).values(*columns, "words"))


def _stems(comment: Comment) -> list[str]:
    """The paths of those that stand nearest above it."""
    return paths.above(comment.path)[-MOST_ABOVE:]


def _as_above(row: dict[str, Any]) -> Above:
    return Above(
        pk=row["pk"],
        name=row["author__name"] or row["guest_name"],
        words=row["words"],
        state=str(State(row["state"]).label),
        is_public=row["public_revision"] is not None,
    )


def _flags(comments: Iterable[Comment]) -> dict[int, list[Flag]]:
    """By the id of a comment: its first open flags, each with `reported`, the text where it is another than now."""
    reported = [comment.pk for comment in comments if comment.open_flags]
    found: dict[int, list[Flag]] = defaultdict(list)
    if not reported:
        return found
    is_newest = Q(revision=F("comment__head_revision"))
    flags = Flag.objects.open().filter(comment__in=reported)
    flags = flags.annotate(
        place=Window(RowNumber(), partition_by="comment", order_by="id"),
        reported=Case(When(is_newest, then=Value(None)), default=F("revision__source")),
    )
    for flag in flags.filter(place__lte=MOST_FLAGS).order_by("id"):
        found[flag.comment_id].append(flag)
    return found


def _reasons(comments: Iterable[Comment]) -> dict[int | None, list[Explanation]]:
    """By the id of a newest text: what the checks said that were not content with it."""
    found: dict[int | None, list[Explanation]] = defaultdict(list)
    texts = [comment.head_revision_id for comment in comments]
    results = CheckResult.objects.filter(run__revision__in=texts).exclude(verdict="pass").select_related("run")
    for result in results:
        found[result.run.revision_id].append(explain(result))
    return found

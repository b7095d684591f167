"""The publish step of comments: every anchor of an article is carried to its next revision."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from articles.models import Article, Revision, SectionText
from articles.services import Impact, PassageFate
from comments.anchoring import Placement, Span, Status, carry
from comments.anchoring.difference import difference
from comments.models import Anchor, AnchorMove, Comment

BATCH = 500
# What of an anchor is carried, and what says where it comes from.
_CARRIED = (
    "article_id", "comment_id", "revision_id", "start", "end",
    "now_revision_id", "now_start", "now_end", "now_status", "score", "method",
)  # fmt: skip
# Written row by row with one statement: bulk_create and bulk_update take seconds for ten thousand, under the lock.
_MOVE = (
    "anchor_id", "article_id", "from_revision_id", "to_revision_id", "from_start", "from_end",
    "to_start", "to_end", "status", "score", "method", "at",
)  # fmt: skip
_INSERT = (
    f"INSERT INTO {AnchorMove._meta.db_table} ({', '.join(_MOVE)}) "  # noqa: S608  our own
    f"VALUES ({', '.join(['%s'] * len(_MOVE))})"
)
_UPDATE = (
    f"UPDATE {Anchor._meta.db_table} SET now_revision_id = %s, now_start = %s, now_end = %s, "  # noqa: S608  our own
    "now_status = %s, score = %s, method = %s WHERE id = %s"
)
# So many passages that change are shown to an editor before publishing.
MOST_LISTED = 100
# What a reader is told first of what happened to a passage comes last.
_GRAVITY = [Status.KEPT, Status.MOVED, Status.CHANGED, Status.UNCERTAIN]


@dataclass(frozen=True)
class CarryPlan:
    """Placements worked out before the article is locked: by anchor id the anchor as it was, and where it goes."""

    old: Revision | None
    new_text: str
    anchors: dict[int, Anchor]
    placements: dict[int, Placement]

    def apply(self, revision: Revision) -> None:
        """Write the carry to `revision`; anchors that came or were moved since `prepare` are carried now."""
        if self.old is None:
            return
        late = self._late(self.old)
        anchors = [*(self.anchors | late).values()]
        placements = self.placements | _carried(self.old, self.new_text, list(late.values()))
        # Before the anchors say where they are now.
        _write_moves(anchors, placements, revision)
        for anchor in anchors:
            _set_now(anchor, placements[anchor.pk], revision)
        _write(anchors)
        _follow_sections(anchors, revision)

    def _late(self, old: Revision) -> dict[int, Anchor]:
        there = Anchor.objects.filter(article=old.article_id).values_list("pk", "now_start", "now_end")
        seen = {pk: (anchor.now_start, anchor.now_end) for pk, anchor in self.anchors.items()}
        late = [pk for pk, *now in there.iterator() if seen.get(pk) != tuple(now)]
        return {anchor.pk: anchor for anchor in _anchors_of(old).filter(pk__in=late)} if late else {}

    def preview(self) -> Impact:
        """What becomes of the passages that public comments are on: a private note is nobody's news."""
        counts: Counter[str] = Counter()
        passages: Counter[tuple[Span, Placement]] = Counter()
        for anchor in self.anchors.values():
            place = self.placements[anchor.pk]
            # What had lost its passage before loses nothing now.
            if not anchor.comment.is_public or (anchor.now is None and place.start is None):
                continue
            counts[place.status] += 1
            if anchor.now is not None and place.status != Status.KEPT:
                passages[anchor.now, place] += 1
        ordered = sorted(passages, key=lambda passage: (passage[0].start, passage[0].end))
        fates = [self._fate(*passage, passages[passage]) for passage in ordered[:MOST_LISTED]]
        return Impact(counts, fates, max(0, len(ordered) - MOST_LISTED))

    def _fate(self, span: Span, place: Placement, count: int) -> PassageFate:
        then = self.old.canonical_text[span.start : span.end] if self.old else ""
        now = None if place.start is None else self.new_text[place.start : place.end]
        pieces = [(piece.change.value, piece.text) for piece in difference(then, now or "")]
        return PassageFate(place.status.value, count, then, now, pieces)


def prepare(article: Article, new_text: str) -> CarryPlan:
    """Carry all anchors from the current revision's text to `new_text`; writes nothing."""
    old = article.current_revision
    anchors = {anchor.pk: anchor for anchor in _anchors_of(old)} if old else {}
    return CarryPlan(old, new_text, anchors, _carried(old, new_text, list(anchors.values())) if old else {})


def _anchors_of(revision: Revision) -> QuerySet[Anchor]:
    """With what carrying needs of each and of its comment, and no words."""
    anchors = Anchor.objects.filter(article=revision.article_id).select_related("comment")
    only = [f"comment__{name}" for name in ("section_id", "public_revision_id")]
    # Prefetched, not joined: one copy of each old text, however many anchors were made on it.
    return anchors.only(*_CARRIED, *only).prefetch_related("revision")


def _carried(old: Revision, new_text: str, anchors: Sequence[Anchor]) -> dict[int, Placement]:
    spans = {anchor.pk: anchor.now for anchor in anchors if anchor.now is not None}
    found = carry(old.canonical_text, new_text, list(spans.values()))
    carried = dict(zip(spans, found, strict=True))
    return carried | _found_again([anchor for anchor in anchors if anchor.now is None], new_text)


def _found_again(orphans: Sequence[Anchor], new_text: str) -> dict[int, Placement]:
    """Passages looked for from the revisions they were written on: text that comes back is found."""
    by_revision: dict[int, list[Anchor]] = defaultdict(list)
    for anchor in orphans:
        by_revision[anchor.revision_id].append(anchor)
    found: dict[int, Placement] = {}
    for together in by_revision.values():
        spans = [Span(anchor.start, anchor.end) for anchor in together]
        places = carry(together[0].revision.canonical_text, new_text, spans)
        found |= {anchor.pk: place for anchor, place in zip(together, places, strict=True)}
    return found


def _write_moves(anchors: Iterable[Anchor], placements: Mapping[int, Placement], revision: Revision) -> None:
    at = connection.ops.adapt_datetimefield_value(timezone.now())
    rows = [
        (
            *(a.pk, a.article_id, a.now_revision_id, revision.pk, a.now_start, a.now_end),
            *(place.start, place.end, place.status.value, place.score, place.method, at),
        )
        for a, place in ((anchor, placements[anchor.pk]) for anchor in anchors)
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT, rows)


def _write(anchors: Iterable[Anchor]) -> None:
    rows = [(a.now_revision_id, a.now_start, a.now_end, a.now_status, a.score, a.method, a.pk) for a in anchors]
    with connection.cursor() as cursor:
        cursor.executemany(_UPDATE, rows)


def _set_now(anchor: Anchor, place: Placement, revision: Revision) -> None:
    anchor.now_revision = revision
    anchor.now_start, anchor.now_end = place.start, place.end
    anchor.now_status = _since_written(anchor, place)
    anchor.score, anchor.method = place.score, place.method


def _since_written(anchor: Anchor, place: Placement) -> Status:
    """What to tell a reader of the whole way from the writing to now, of which this carry is the last step.

    An orphan that is found again was looked for from where it was written: that is the whole way.
    """
    earlier = Status(anchor.now_status)
    if Status.ORPHANED in (earlier, place.status):
        return place.status
    return max(earlier, place.status, key=_GRAVITY.index)


def _follow_sections(anchors: Sequence[Anchor], revision: Revision) -> None:
    """A comment goes to the section its passage is in now, its replies with it; an orphan stays where it was."""
    texts = list(SectionText.objects.filter(revision=revision).order_by("start"))
    moved: dict[int, list[int]] = defaultdict(list)
    for anchor in anchors:
        section_id = _section_at(texts, anchor)
        if section_id is not None and section_id != anchor.comment.section_id:
            moved[section_id].append(anchor.comment_id)
    for section_id, roots in moved.items():
        for batch in _batched(roots):
            Comment.objects.filter(root_id__in=batch).update(section_id=section_id)
    recount_sections(revision.article_id)


def _batched(ids: list[int]) -> Iterable[list[int]]:
    return (ids[at : at + BATCH] for at in range(0, len(ids), BATCH))


def _section_at(texts: Sequence[SectionText], anchor: Anchor) -> int | None:
    if anchor.now_start is None:
        return None
    holds = (text.section_id for text in texts if text.start <= anchor.now_start < text.end)
    return next(holds, None)


def recount_sections(article_id: int) -> None:
    """Set each section's counter to what stands there."""
    counted = Q(public_revision__isnull=False) & ~Q(kind=Comment.Kind.HIGHLIGHT)
    rows = Comment.objects.filter(counted, article_id=article_id, section__isnull=False)
    counts = dict(rows.values_list("section").annotate(count=Count("pk")))
    for section in Article.objects.get(pk=article_id).sections.all():
        count = counts.get(section.pk, 0)
        if section.comment_count != count:
            section.comment_count = count
            section.save(update_fields=["comment_count"])

"""Every anchor of an article is carried to its next revision."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter, sleep

from django.db import transaction
from django.db.models import Max

from articles.models import Article, Revision, SectionText
from articles.steps import ByHand, Passage, Told
from comments.anchoring import Placement, Status, carry
from comments.anchors_to_carry import AnchorToCarry, anchors_to_carry
from comments.models import BY_HAND, Anchor, ComingMove, Comment
from comments.moving import Carried, load, record, take_over, write, write_ahead, write_kept, write_loaded
from comments.recounting import recount_sections
from comments.returning import GONE_BY_HAND, Way, brought_back

BATCH = 500
# So many are written in one transaction ahead of a swap, or after it: in some milliseconds.
AHEAD_BATCH = 500
# By the section that comments are in: (where their passage begins in the new text, the comment's id), in order.
Standing = Mapping[int | None, Sequence[tuple[int, int]]]
# What a reader is told first of what happened to a passage comes last.
GRAVITY = [Status.KEPT, Status.MOVED, Status.CHANGED, Status.UNCERTAIN]


@dataclass(frozen=True)
class CarryPlan:
    """A carry worked out before the article is locked."""

    old: Revision | None
    new_text: str
    rows: list[Carried]
    standing: Standing
    by_hand: Mapping[Passage, ByHand]

    def ready(self) -> None:
        load(self.rows)

    def apply(self, revision: Revision) -> None:
        """Write the carry to `revision`; anchors that came or were moved since `prepare` are carried now."""
        if self.old is None:
            return
        if _is_same(self.old, self.new_text, self.by_hand):
            write_kept(revision)
            _keep_sections(self.old, revision)
            return
        write_loaded(self.rows, self.old, revision)
        self.complete(self.old, revision)

    def complete(self, old: Revision, revision: Revision) -> None:
        """What is left once most anchors are where they go: their sections, and the anchors that are late."""
        _follow_sections(self.standing, revision)
        late = anchors_to_carry(revision.article_id, not_on=revision.pk)
        if late:
            # They are carried from where they are by now.
            ComingMove.objects.filter(anchor__in=[anchor.pk for anchor in late]).delete()
            ways = ways_of(old, self.new_text, late, self.by_hand)
            write(_rows(late, ways), old, revision)
            _follow_sections(_by_section(late, ways), revision)
        recount_sections(revision.article_id)

    def ahead(self, told: Told) -> "CarriedAhead":
        """Keep the placements in the database, where the swap takes them over in half the time."""
        if self.old is not None:
            # Of a worker that died; not if it is this one that was given up.
            forget(self.old.article_id, told)
            for done in range(0, len(self.rows), AHEAD_BATCH):
                batch = self.rows[done : done + AHEAD_BATCH]
                with _letting_others_in(), transaction.atomic():
                    write_ahead(self.old.article_id, batch)
                    told(done + len(batch))
        return CarriedAhead(self)


@dataclass(frozen=True)
class CarriedAhead:
    """A carry whose placements are in the database already."""

    plan: CarryPlan

    def apply(self, revision: Revision) -> None:
        """As the plan would; how each anchor moved is written after the swap."""
        if self.plan.old is not None:
            take_over(self.plan.old, revision)
            self.plan.complete(self.plan.old, revision)


def finish(old: Revision, new: Revision, told: Told) -> None:
    """After a swap of what was written ahead: write how each anchor moved, in short transactions."""
    done = 0
    while count := _record(old, new, told, done):
        done += count


def _record(old: Revision, new: Revision, told: Told, done: int) -> int:
    with _letting_others_in(), transaction.atomic():
        count = record(old, new, AHEAD_BATCH)
        told(done + count)
    return count


@contextmanager
def _letting_others_in() -> Iterator[None]:
    """After a transaction, a pause as long as it took: on SQLite who waits asks only from time to time."""
    start = perf_counter()
    yield
    sleep(perf_counter() - start)


def forget(article_id: int, told: Told = lambda done: None) -> None:
    """Delete what was written ahead, a batch at a time; what `told` raises leaves the rest.

    What somebody writes meanwhile, since it was begun again, is theirs.
    """
    ahead = ComingMove.objects.filter(article=article_id)
    last = ahead.aggregate(last=Max("pk"))["last"]
    ahead = ahead.filter(pk__lte=last or 0)
    while ids := list(ahead.values_list("pk", flat=True)[:AHEAD_BATCH]):
        with _letting_others_in(), transaction.atomic():
            ComingMove.objects.filter(pk__in=ids).delete()
            told(0)


def prepare(article: Article, new_text: str, by_hand: Sequence[ByHand] = ()) -> CarryPlan:
    """Carry all anchors from the current revision's text to `new_text`; writes nothing.

    Where an editor said where a passage goes, it goes there.
    """
    old = article.current_revision
    said = {one.passage: one for one in by_hand}
    anchors = anchors_to_carry(article.pk) if old and not _is_same(old, new_text, said) else []
    ways = ways_of(old, new_text, anchors, said) if old else {}
    return CarryPlan(old, new_text, _rows(anchors, ways), _by_section(anchors, ways), said)


def _is_same(old: Revision, new_text: str, by_hand: Mapping[Passage, ByHand]) -> bool:
    """Whether nothing need be carried, since everything stands where it stood."""
    return old.canonical_text == new_text and not by_hand


def ways_of(
    old: Revision, new_text: str, anchors: Sequence[AnchorToCarry], by_hand: Mapping[Passage, ByHand]
) -> dict[int, Way]:
    """By anchor id, where each goes."""
    said = {
        anchor.pk: _placed(anchor, by_hand[passage], new_text)
        for anchor in anchors
        if by_hand and (passage := anchor.passage) in by_hand
    }
    others = [anchor for anchor in anchors if anchor.pk not in said]
    spans = {anchor.pk: anchor.now for anchor in others if anchor.now is not None}
    found = carry(old.canonical_text, new_text, list(spans.values()))
    carried = dict(zip(spans, found, strict=True))
    stood = {anchor: _way(anchor, carried[anchor.pk]) for anchor in others if anchor.pk in carried}
    orphans = [anchor for anchor in others if anchor.now is None]
    again = brought_back(orphans, stood, old.canonical_text, new_text)
    places = carried | said | again.found
    return {anchor.pk: _way(anchor, places[anchor.pk]) for anchor in anchors} | again.ways


def _way(anchor: AnchorToCarry, place: Placement) -> Way:
    return Way(place, _since_written(anchor, place))


def _placed(anchor: AnchorToCarry, said: ByHand, new_text: str) -> Placement:
    if said.to_start is None or said.to_end is None:
        return GONE_BY_HAND
    is_as_written = new_text[said.to_start : said.to_end] == anchor.written
    status = Status.KEPT if is_as_written else Status.CHANGED
    return Placement(said.to_start, said.to_end, status, 1.0, BY_HAND)


def _rows(anchors: Iterable[AnchorToCarry], ways: Mapping[int, Way]) -> list[Carried]:
    return [_row(anchor, ways[anchor.pk]) for anchor in anchors]


def _row(anchor: AnchorToCarry, way: Way) -> Carried:
    was, place = anchor.now, way.place
    return Carried(
        anchor.pk,
        anchor.now_status,
        was.start if was else None,
        was.end if was else None,
        place.status,
        way.status,
        place.start,
        place.end,
        place.score,
        place.method,
    )


def _since_written(anchor: AnchorToCarry, place: Placement) -> Status:
    """What to tell a reader of the whole way from the writing to now, of which this carry is the last step.

    An orphan that is found again was looked for from where it was written: that is the whole way. What is placed by
    hand was compared with what it was then.
    """
    earlier = Status(anchor.now_status)
    if place.method == BY_HAND:
        return place.status
    if Status.ORPHANED in (earlier, place.status):
        return place.status
    return max(earlier, place.status, key=GRAVITY.index)


def _by_section(anchors: Iterable[AnchorToCarry], ways: Mapping[int, Way]) -> Standing:
    standing: dict[int | None, list[tuple[int, int]]] = defaultdict(list)
    for anchor in anchors:
        start = ways[anchor.pk].place.start
        if start is not None:
            standing[anchor.section_id].append((start, anchor.comment_id))
    return {section_id: sorted(places) for section_id, places in standing.items()}


def _follow_sections(standing: Standing, revision: Revision) -> None:
    """A comment goes to the section its passage is in now, its replies with it; an orphan stays where it was."""
    for text in SectionText.objects.filter(revision=revision):
        for section_id, places in standing.items():
            if section_id == text.section_id:
                continue
            here = places[bisect_left(places, (text.start, 0)) : bisect_left(places, (text.end, 0))]
            for batch in _batched([comment_id for _start, comment_id in here]):
                Comment.objects.filter(root_id__in=batch).update(section_id=text.section_id)


def _keep_sections(old: Revision, new: Revision) -> None:
    """Of the same text: comments change sections only where it is cut in another way."""
    before, after = (
        set(SectionText.objects.filter(revision=one).values_list("section", "start", "end")) for one in (old, new)
    )
    if before == after:
        return
    rows = Anchor.objects.filter(article=new.article_id, now_start__isnull=False)
    standing: dict[int | None, list[tuple[int, int]]] = defaultdict(list)
    for section_id, start, comment_id in rows.values_list("comment__section", "now_start", "comment"):
        standing[section_id].append((start or 0, comment_id))
    _follow_sections({section_id: sorted(places) for section_id, places in standing.items()}, new)
    recount_sections(new.article_id)


def _batched(ids: list[int]) -> Iterable[list[int]]:
    return (ids[at : at + BATCH] for at in range(0, len(ids), BATCH))

"""What an edit brings back: passages that were lost, and passages that read again as they were written on."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from articles.models import Revision
from comments.anchoring import Arrivals, Placement, Span, Status, carry, context_of
from comments.anchors_to_carry import AnchorToCarry
from comments.models import BY_HAND, AnchorMove

GONE_BY_HAND = Placement(None, None, Status.ORPHANED, 0.0, BY_HAND)
_NOT_SOUGHT = Placement(None, None, Status.ORPHANED, 0.0, "no new words")
BATCH = 500
_CERTAIN = Status.KEPT, Status.MOVED


class Way(NamedTuple):
    """Where one publish takes an anchor, and how its passage fared on the whole way since it was written on."""

    place: Placement
    status: Status


class BroughtBack(NamedTuple):
    """By the ids of anchors: where orphans are, and the ways of those that read again as they were written on."""

    found: dict[int, Placement]
    ways: dict[int, Way]


def brought_back(
    orphans: Sequence[AnchorToCarry], stood: Mapping[AnchorToCarry, Way], old_text: str, new_text: str
) -> BroughtBack:
    """What an edit brings back, of orphans and of anchors that stood in the text.

    It takes a comparison with each of the revisions they were written on, so orphans are sought only where their
    words may have come. What somebody said to be gone stays so: the same search would find what they saw and did not
    mean.
    """
    again, arrivals = _same_texts([*orphans, *stood], new_text), Arrivals(old_text, new_text)
    sought = [anchor for anchor in orphans if anchor.method != BY_HAND]
    may_be_there = [
        anchor
        for anchor in sought
        if anchor.revision.pk in again or arrivals.may_hold(anchor.revision.canonical_text, anchor.written_on)
    ]
    may_be_back = [
        anchor for anchor, way in stood.items() if anchor.revision.pk in again or _reads_again(anchor, way, new_text)
    ]
    direct = _from_writing([*may_be_there, *may_be_back], new_text)
    found = {anchor.pk: GONE_BY_HAND if anchor.method == BY_HAND else _NOT_SOUGHT for anchor in orphans}
    found |= {anchor.pk: direct[anchor.pk] for anchor in may_be_there}
    lost = [anchor for anchor in sought if found[anchor.pk].start is None]
    found |= _found_from_last_seen(lost, arrivals, new_text)
    return BroughtBack(found, _taken_back({anchor: stood[anchor] for anchor in may_be_back}, direct, old_text))


def _found_from_last_seen(lost: Sequence[AnchorToCarry], arrivals: Arrivals, new_text: str) -> dict[int, Placement]:
    """Where orphans are that are not found from the revisions they were written on: from those they were on last.

    Words that changed step by step, or were put in place by hand, may be far from those that were written on: so what
    is found is for a person to confirm.
    """
    places = _carried_from(_last_seen(lost, arrivals), new_text) if lost else {}
    return {pk: place._replace(status=Status.UNCERTAIN) for pk, place in places.items() if place.start is not None}


def _taken_back(stood: Mapping[AnchorToCarry, Way], direct: Mapping[int, Placement], old_text: str) -> dict[int, Way]:
    """The ways of anchors that read again as they were written on: where `direct` takes them from there with
    certainty.

    They stay where a last step that is certain too leads to other words, and where they were put by hand, for that
    need not be what was written on; if what they were put on is gone, what was written on is better than nothing.
    """
    ways: dict[int, Way] = {}
    elsewhere: list[AnchorToCarry] = []
    for anchor, way in stood.items():
        step, whole = way.place, direct[anchor.pk]
        if whole.status not in _CERTAIN:
            continue
        if (step.start, step.end) == (whole.start, whole.end):
            # Nobody has to check a place that is certain from the writing on.
            sure = step if step.status != Status.UNCERTAIN else _as_step(anchor, whole, old_text)
            ways[anchor.pk] = Way(sure, whole.status)
        elif step.status not in _CERTAIN or _overlap(step, whole):
            elsewhere.append(anchor)
    would_be_lost = [anchor for anchor in elsewhere if stood[anchor].place.start is None]
    others = [anchor for anchor in elsewhere if stood[anchor].place.start is not None]
    for anchor in [*would_be_lost, *_never_put_by_hand(others)]:
        whole = direct[anchor.pk]
        ways[anchor.pk] = Way(_as_step(anchor, whole, old_text), whole.status)
    return ways


def _as_step(anchor: AnchorToCarry, whole: Placement, old_text: str) -> Placement:
    """The way from the writing as the last step on it: from words that may have been others."""
    is_same = anchor.now is not None and old_text[anchor.now.start : anchor.now.end] == anchor.written
    return whole if is_same else whole._replace(status=Status.CHANGED)


def _overlap(one: Placement, other: Placement) -> bool:
    return max(one.start or 0, other.start or 0) < min(one.end or 0, other.end or 0)


def _same_texts(anchors: Iterable[AnchorToCarry], new_text: str) -> set[int]:
    """Which of the revisions that these were written on have this text."""
    revisions = {anchor.revision for anchor in anchors}
    return {revision.pk for revision in revisions if revision.canonical_text == new_text}


def _never_put_by_hand(anchors: Sequence[AnchorToCarry]) -> list[AnchorToCarry]:
    by_hand: set[int] = set()
    for at in range(0, len(anchors), BATCH):
        ids = [anchor.pk for anchor in anchors[at : at + BATCH]]
        moves = AnchorMove.objects.filter(anchor__in=ids, method=BY_HAND)
        by_hand |= set(moves.values_list("anchor", flat=True))
    return [anchor for anchor in anchors if anchor.pk not in by_hand]


def _reads_again(anchor: AnchorToCarry, way: Way, new_text: str) -> bool:
    """Whether a carry may show that edits were taken back: the words stand somewhere between what stood around them.

    What moved took its neighbours along. Where a passage stands as it was written, this very step was its first.
    """
    is_first = anchor.revision.pk == anchor.now_revision_id and anchor.now == anchor.written_on
    if way.status in _CERTAIN or is_first:
        return False
    context = context_of(anchor.revision.canonical_text, anchor.written_on)
    return context.prefix + anchor.written + context.suffix in new_text


def _from_writing(anchors: Sequence[AnchorToCarry], new_text: str) -> dict[int, Placement]:
    by_revision: dict[Revision, dict[int, Span]] = defaultdict(dict)
    for anchor in anchors:
        by_revision[anchor.revision][anchor.pk] = anchor.written_on
    return _carried_from(by_revision, new_text)


def _carried_from(by_revision: Mapping[Revision, Mapping[int, Span]], new_text: str) -> dict[int, Placement]:
    found: dict[int, Placement] = {}
    for revision, spans in by_revision.items():
        found |= zip(spans, carry(revision.canonical_text, new_text, list(spans.values())), strict=True)
    return found


def _last_seen(orphans: Sequence[AnchorToCarry], arrivals: Arrivals) -> Mapping[Revision, Mapping[int, Span]]:
    """Where these orphans were before they were lost, by revision, if it was on other words that may have come. Two
    queries.
    """
    article_id = orphans[0].revision.article_id
    of_orphans = AnchorMove.objects.filter(anchor__article=article_id, anchor__now_status=Status.ORPHANED)
    moves = of_orphans.filter(from_start__isnull=False, to_start__isnull=True).order_by("pk")
    rows = moves.values_list("anchor", "from_revision", "from_start", "from_end")
    last = {pk: (revision, Span(start or 0, end or 0)) for pk, revision, start, end in rows}
    seen = {anchor: last[anchor.pk] for anchor in orphans if anchor.pk in last}
    texts = Revision.objects.only("canonical_text").in_bulk({revision for revision, _span in seen.values()})
    by_revision: dict[Revision, dict[int, Span]] = defaultdict(dict)
    for anchor, (revision, span) in seen.items():
        text = texts[revision].canonical_text
        if text[span.start : span.end] != anchor.written and arrivals.may_hold(text, span):
            by_revision[texts[revision]][anchor.pk] = span
    return by_revision

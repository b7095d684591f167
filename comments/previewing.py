"""What an editor is shown before publishing: what becomes of the passages that public comments are on."""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache, partial
from typing import NamedTuple

from django.db.models import Count, Max

from articles.models import Article, Revision
from articles.steps import FOUND, Affected, Impact, Passage, PassageFate
from comments.anchoring import Placement, Span, Status, context_of
from comments.anchoring.difference import difference
from comments.anchors_to_carry import anchors_to_carry
from comments.carrying import GRAVITY, ways_of
from comments.models import Anchor

_WORST_FIRST = [Status.ORPHANED, *reversed(GRAVITY)]
# Some 4 MB for 9 000 passages that all change, in every process.
MOST_KEPT = 2


def preview(article: Article, new_text: str) -> Impact:
    """What carrying every anchor from the current text to `new_text` would do; writes nothing.

    The passages are listed a part at a time, and carrying takes nearly all of the time: what was carried last is kept
    while everything stands where it stood. It takes two queries then.
    """
    counts, farings = kept_farings(_state(article), new_text)
    return Impact(counts, [Affected(one.passage, partial(_fate, one, new_text)) for one in farings])


class _State(NamedTuple):
    """Of what stands on an article. It is another after whatever moves a place, or brings or takes one.

    The article's `version` moves when a comment gets or loses its public text, and when a passage is put in another
    place, a private note's too; the others come and go with their anchors, whose ids are not given twice.
    """

    revision_id: int
    version: int
    anchors: int
    last_anchor: int


def _state(article: Article) -> _State:
    # Read before what it tells of: what changes in between is kept under a state that never comes again.
    row = Article.objects.filter(pk=article.pk).values_list("current_revision", "version").get()
    found = Anchor.objects.filter(article=article.pk).aggregate(anchors=Count("pk"), last=Max("pk"))
    return _State(*row, found["anchors"], found["last"] or 0)


class _Faring(NamedTuple):
    """A passage, where it goes, the text it stands in, and how many comments are on it."""

    passage: Passage
    place: Placement
    text: str
    comments: int = 0

    def gravity(self) -> tuple[int, bool, int, int]:
        """What the worst come first by; those found again, which have no place in the text as it is, come last of
        those that fare alike.
        """
        start, end, _written_on = self.passage
        return _WORST_FIRST.index(self.place.status), self.passage.was_lost, start, end


@lru_cache(maxsize=MOST_KEPT)
def kept_farings(state: _State, new_text: str) -> tuple[Counter[str], Sequence[_Faring]]:
    """How many fare how, and those that change, the worst first. A private note is nobody's news."""
    old = Revision.objects.get(pk=state.revision_id)
    anchors = anchors_to_carry(old.article_id)
    ways = ways_of(old, new_text, anchors, {})
    counts: Counter[str] = Counter()
    alike: Counter[_Faring] = Counter()
    for anchor in anchors:
        place, was_lost = ways[anchor.pk].place, anchor.now is None
        # What had lost its passage before loses nothing now.
        if not anchor.is_public or (was_lost and place.start is None):
            continue
        counts[FOUND if was_lost else place.status] += 1
        if was_lost or place.status != Status.KEPT:
            alike[_Faring(anchor.passage, place, (anchor.revision if was_lost else old).canonical_text)] += 1
    farings = [one._replace(comments=count) for one, count in alike.items()]
    return counts, sorted(farings, key=_Faring.gravity)


def _fate(faring: _Faring, new_text: str) -> PassageFate:
    passage, place = faring.passage, faring.place
    then, around_then = _to_read(faring.text, passage.start, passage.end)
    now, around_now = _to_read(new_text, place.start, place.end)
    pieces = [(piece.change.value, piece.text) for piece in difference(then or "", now or "")]
    return PassageFate(
        status=place.status.value,
        was_lost=passage.was_lost,
        count=faring.comments,
        then=then or "",
        now=now,
        pieces=pieces,
        to_start=place.start,
        to_end=place.end,
        around_then=around_then,
        around_now=around_now,
    )


def _to_read(text: str, start: int | None, end: int | None) -> tuple[str | None, tuple[str, str]]:
    """The words from `start` to `end`, and what stands before and behind them."""
    if start is None or end is None:
        return None, ("", "")
    context = context_of(text, Span(start, end))
    return text[start:end], (context.before, context.behind)

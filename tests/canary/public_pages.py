"""What the kept pages show: the same to everybody, so what they show is what anybody may read."""

from collections.abc import Iterable, Iterator, Sequence

from tests.canary.asking import Ask, Surface
from tests.canary.finding import numbers
from tests.canary.scene import DEEP_REPLY, SHOWN, STAGES, Planted, Site
from tests.canary.sight import ANONYMOUS, GONE, WORDS, Viewer

COMMENTS_PER_PAGE = 50
DEEPEST_INDENT = 6
# The article itself; a draft that another article links to is announced, another one is not known.
ARTICLE_STATUS = {
    ("published", "full"): 200,
    ("published", "off"): 200,
    ("draft", "full"): 200,
    ("draft", "off"): 404,
    ("unpublished", "full"): 410,
    ("unpublished", "off"): 410,
}
BELOW_STATUS = {"published": 200, "draft": 404, "unpublished": 410}


def in_thread_order(site: Site) -> list[Planted]:
    """All comments of the article with a discussion, each above its replies, the oldest first."""
    return [one for root in site.shown if root.parent is None for one in _thread(site.shown, root)]


def _thread(planted: Sequence[Planted], top: Planted) -> Iterator[Planted]:
    yield top
    for child in planted:
        if child.parent is not None and child.parent.number == top.number:
            yield from _thread(planted, child)


def stands_below_the_text(planted: Planted) -> bool:
    """Highlights are painted only."""
    return ANONYMOUS.has_listed(planted) and planted.form.kind != "highlight"


def is_painted(planted: Planted) -> bool:
    return ANONYMOUS.sight(planted) is WORDS and planted.form.passage in ("own", "shared")


def is_orphan(planted: Planted) -> bool:
    return ANONYMOUS.sight(planted) is WORDS and planted.form.passage in ("lost", "cut")


def first_of_each_passage(site: Site) -> list[Planted]:
    firsts = {planted.quote: planted for planted in reversed(site.shown) if is_painted(planted)}
    return list(firsts.values())


def to_line(planted: Planted) -> list[Planted]:
    """Whom its row leads to as answered, where that does not stand right above it."""
    return answered(planted) if planted.depth > DEEPEST_INDENT else []


def answered(planted: Planted) -> list[Planted]:
    """Whom its row says it answers, to screen readers alone where that stands right above it."""
    parent = planted.parent
    return [parent] if parent and ANONYMOUS.sight(parent) is WORDS else []


def row_words(rows: Iterable[Planted]) -> set[str]:
    """What the rows of a thread show to anybody."""
    shown = [row for row in rows if ANONYMOUS.words_of(row)]
    names = {parent.name for row in shown for parent in answered(row)}
    return names.union(*(ANONYMOUS.words_of(row) for row in shown))


def row_ids(rows: Sequence[Planted]) -> set[int]:
    shown = [row for row in rows if ANONYMOUS.words_of(row)]
    return numbers(rows) | {parent.number for row in shown for parent in to_line(row)}


def _article_page(site: Site, path: str, rows: Sequence[Planted]) -> Ask:
    orphans = [planted for planted in site.shown if is_orphan(planted)]
    words = row_words(rows) | {word for one in orphans for word in (one.name, one.passage)}
    ids = row_ids(rows) | numbers(orphans) | numbers(first_of_each_passage(site))
    return Ask(path, words=frozenset(words), ids=frozenset(ids))


def _article(site: Site, viewer: Viewer) -> Iterator[Ask]:
    for stage, status in ARTICLE_STATUS.items():
        if stage != SHOWN:
            yield Ask(f"/articles/{site.slug(stage)}/", status)
    rows = [planted for planted in in_thread_order(site) if stands_below_the_text(planted)]
    path = f"/articles/{site.slug(SHOWN)}/"
    for start in range(0, len(rows), COMMENTS_PER_PAGE):
        query = f"?after={rows[start - 1].key}" if start else ""
        yield _article_page(site, path + query, rows[start : start + COMMENTS_PER_PAGE])


def _article_after(site: Site, viewer: Viewer) -> Iterator[Ask]:
    """The list goes on after any comment that was public once, wherever that has gone."""
    order = in_thread_order(site)
    path = f"/articles/{site.slug(SHOWN)}/"
    for index, planted in enumerate(order):
        if planted.rank > 1 and planted.form != DEEP_REPLY:
            continue
        rows = [one for one in order[index + 1 :] if stands_below_the_text(one)][:COMMENTS_PER_PAGE]
        asked = f"{path}?after={planted.key}"
        yield _article_page(site, asked, rows) if planted.is_once_public else Ask(asked, 404)
    for planted in site.planted:
        if planted.rank == 1:
            yield Ask(f"{path}?after={planted.key}", 404)


def _revision(site: Site, viewer: Viewer) -> Iterator[Ask]:
    for stage in STAGES:
        for number in (1, 2):
            yield Ask(f"/articles/{site.slug(stage)}/revisions/{number}/", BELOW_STATUS[stage[0]])


def _compose(site: Site, viewer: Viewer) -> Iterator[Ask]:
    text = site.articles[SHOWN].current_revision.canonical_text
    start = text.index("zqp")
    passage = f"revision=2&start={start}&end={start + 7}"
    for stage in STAGES:
        path, status = f"/articles/{site.slug(stage)}/comment/", BELOW_STATUS[stage[0]]
        yield Ask(path, 409 if stage == ("published", "off") else status)
    path = f"/articles/{site.slug(SHOWN)}/comment/"
    yield Ask(f"{path}?section=passages")
    yield Ask(f"{path}?{passage}", words=frozenset({text[start : start + 7]}))


def _compose_reply(site: Site, viewer: Viewer) -> Iterator[Ask]:
    for planted in site.planted:
        if planted.rank > 1 and planted.form != DEEP_REPLY:
            continue
        asked = f"/articles/{site.slug(planted.stage)}/comment/?parent={planted.key}"
        if ANONYMOUS.sight(planted) is WORDS:
            words, ids = row_words([planted]), row_ids([planted])
            yield Ask(asked, words=frozenset(words), ids=frozenset(ids))
        else:
            is_out = planted.stage[0] == "unpublished"
            yield Ask(asked, 410 if is_out else 404)


def _on_passages(page: str) -> Surface:
    """`page` of a comment shows what stands on its passage, or around it: each has a paragraph of its own."""

    def whole(site: Site, viewer: Viewer) -> Iterator[Ask]:
        """Some of which moderators see more than others."""
        for situation in ("held_edit", "rejected", "held"):
            there = (one for one in site.shown if one.rank == 0 and one.visibility == "public")
            yield _on_passage(site, page, next(one for one in there if one.situation == situation))

    def each(site: Site, viewer: Viewer) -> Iterator[Ask]:
        for planted in site.planted:
            if planted.rank <= 1:
                yield _on_passage(site, page, planted)

    return _asked_once(whole, each)


def _on_passage(site: Site, page: str, planted: Planted) -> Ask:
    """A passage is shown where anybody may read who is on it."""
    asked = f"/comments/{planted.key}/{page}/"
    painted = [one for one in site.shown if is_painted(one)]
    if planted not in painted:
        return Ask(asked, 410 if ANONYMOUS.sight(planted) is GONE else 404)
    rows = [one for one in painted if one.quote == planted.quote]
    words = row_words(rows) | {planted.quote}
    return Ask(asked, words=frozenset(words), ids=frozenset(row_ids(rows)))


def _lists(*paths: str) -> Surface:
    return Surface(lambda site, viewer: [Ask(path) for path in paths], is_kept=True)


def _asked_once(*parts: object) -> Surface:
    """What nobody's page differs in is asked comment by comment by one viewer alone."""

    def asks(site: Site, viewer: Viewer) -> Iterator[Ask]:
        whole, each = parts
        yield from whole(site, viewer)
        if viewer.role == "anonymous":
            yield from each(site, viewer)

    return Surface(asks, is_kept=True)


SURFACES = {
    "": _lists("/", "/?page=1"),
    "category/<slug:slug>/": _lists("/category/nature/"),
    "articles/<slug:slug>/": _asked_once(_article, _article_after),
    "articles/<slug:slug>/revisions/<int:number>/": Surface(_revision, is_kept=True),
    "comments/<key:public_id>/around/": _on_passages("around"),
    "comments/<key:public_id>/beside/": _on_passages("beside"),
    "articles/<slug:slug>/comment/": _asked_once(_compose, _compose_reply),
}

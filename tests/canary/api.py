"""What the API shows."""

import base64
from collections.abc import Callable, Iterator, Sequence

from tests.canary.asking import Ask, Surface, asked_by, static
from tests.canary.finding import numbers
from tests.canary.own_pages import STATUS, children
from tests.canary.scene import SHOWN, STAGES, Planted, Site
from tests.canary.sight import EDIT, GONE, Viewer

# Read by page sizes that make several pages of what there is.
LIST, PAGE_SIZE = "/api/v1/comments/", 60
ARTICLE_STATUS = {"published": 200, "draft": 404, "unpublished": 410}
VARIANTS: dict[str, Callable[[Planted], bool]] = {
    "article=published-full": lambda planted: planted.stage == SHOWN,
    "article=published-off": lambda planted: planted.stage == ("published", "off"),
    "article=published-full&section=lead": lambda planted: planted.stage == SHOWN and planted.section == "lead",
    "article=published-full&section=how-they-sing": lambda planted: (
        planted.stage == SHOWN and planted.section == "how-they-sing"
    ),
    "article=published-full&section=passages": lambda planted: (
        planted.stage == SHOWN and planted.section == "passages"
    ),
    "article=published-full&section=passages-that-go": lambda planted: (
        planted.stage == SHOWN and planted.section == "passages-that-go"
    ),
    "kind=comment": lambda planted: planted.form.kind == "comment",
    "kind=highlight": lambda planted: planted.form.kind == "highlight",
    "kind=note": lambda planted: planted.form.kind == "note",
    "parent=none": lambda planted: planted.parent is None,
}


def shown_rows(viewer: Viewer, rows: Sequence[Planted]) -> list[Planted]:
    return sorted((row for row in rows if viewer.has_listed(row)), key=lambda row: row.public_id)


def _rows(path: str, viewer: Viewer, rows: Sequence[Planted]) -> Ask:
    words = {word for row in rows for word in viewer.words_of(row)}
    related = {one.number for row in rows if row.parent for one in (row.parent, row.root)}
    return Ask(path, words=frozenset(words), ids=frozenset(numbers(rows) | related))


def pages(query: str, viewer: Viewer, rows: Sequence[Planted], size: int) -> Iterator[Ask]:
    """Each page of a list, continued after its last row as the cursor names it."""
    path = f"{LIST}?{query}&page_size={size}" if query else f"{LIST}?page_size={size}"
    yield _rows(path, viewer, rows[:size])
    for start in range(size, len(rows), size):
        token = base64.urlsafe_b64encode(f">{rows[start - 1].key}".encode()).decode().rstrip("=")
        yield _rows(f"{path}&cursor={token}", viewer, rows[start : start + size])


def _list(site: Site, viewer: Viewer) -> Iterator[Ask]:
    rows = shown_rows(viewer, site.planted)
    yield from pages("", viewer, rows, 200)
    if viewer.effort > 0:
        yield from _variants(site, viewer, rows)


def _variants(site: Site, viewer: Viewer, rows: Sequence[Planted]) -> Iterator[Ask]:
    yield from pages("ordering=-created", viewer, rows[::-1], PAGE_SIZE)
    moment = site.planted[len(site.planted) // 2].created_at
    later = [row for row in rows if row.created_at > moment]
    yield from pages(f"created_after={moment:%Y-%m-%dT%H:%M:%S.%fZ}", viewer, later, 200)
    earlier = [row for row in rows if row.created_at < moment]
    yield from pages(f"created_before={moment:%Y-%m-%dT%H:%M:%S.%fZ}", viewer, earlier, 200)
    for query, is_in in VARIANTS.items():
        yield from pages(query, viewer, [row for row in rows if is_in(row)], 200)
    # Of a removed one that keeps its place nobody is told that it was on a passage.
    on_passages = [row for row in rows if row.quote and viewer.words_of(row)]
    yield from pages("anchored=true", viewer, on_passages, 200)
    yield from pages("anchored=false", viewer, [row for row in rows if row not in on_passages], 200)
    yield from _searches(viewer, rows)
    yield from _by_name(site, viewer, rows)
    for stage in STAGES:
        if stage[0] != "published":
            yield Ask(f"{LIST}?article={site.slug(stage)}", 400)


def _searches(viewer: Viewer, rows: Sequence[Planted]) -> Iterator[Ask]:
    """What is found by its words is what shows those words: an edit that waits, or a removed text, is not."""
    here, on = [row for row in rows if row.stage == SHOWN], "article=published-full"
    for word, letter in (("THEY SAID zqt", "t"), ("zqe", "e"), ("no such words", "")):
        said = [row for row in here if letter and row.word(letter) in viewer.words_of(row)]
        yield from pages(f"{on}&search={word}", viewer, said, 200)
    passages = [row for row in here if {row.passage} & viewer.words_of(row)]
    yield from pages(f"{on}&quote=zqp", viewer, passages, 200)
    shared = [row for row in here if row.form.passage == "shared" and viewer.words_of(row)]
    yield from pages(f"{on}&quote=Many people", viewer, shared, 200)
    # Nothing else was ever edited.
    edits = [row for row in rows if viewer.sight(row) is EDIT]
    yield from pages("edited_after=2000-01-01T00:00:00Z", viewer, edits, 200)
    own = [row for row in rows if viewer.has_written(row) and viewer.words_of(row)]
    yield _rows(f"{LIST}?author=@me", viewer, own) if viewer.user else Ask(f"{LIST}?author=@me", 400)


def _by_name(site: Site, viewer: Viewer, rows: Sequence[Planted]) -> Iterator[Ask]:
    """Whose a removed comment was is not told by finding it under a name."""
    for name in {planted.name for planted in site.shown if planted.rank == 0}:
        named = [row for row in rows if row.stage == SHOWN and name in viewer.words_of(row)]
        yield _rows(f"{LIST}?article=published-full&author={name}", viewer, named)


def _list_below(site: Site, viewer: Viewer) -> Iterator[Ask]:
    for planted in asked_by(site, viewer, 1):
        yield _thread(site, viewer, planted)
        path = f"{LIST}?parent={planted.key}"
        if viewer.has_listed(planted):
            yield _rows(path, viewer, shown_rows(viewer, children(site, planted)))
        else:
            yield Ask(path, 400)


def _thread(site: Site, viewer: Viewer, planted: Planted) -> Ask:
    path = f"{LIST}?root={planted.key}"
    if planted.parent is not None or not viewer.has_listed(planted):
        return Ask(path, 400)
    below = [one for one in site.on(planted.stage) if one.root.number == planted.number]
    return _rows(path, viewer, shown_rows(viewer, below))


def _both_lists(site: Site, viewer: Viewer) -> Iterator[Ask]:
    """Authors ask for the whole list where theirs is on the article with a discussion."""
    if viewer.role != "author":
        yield from _list(site, viewer)
    elif site.by(viewer.user)[0].stage == SHOWN:
        rows = shown_rows(viewer, site.planted)
        yield from pages("", viewer, rows, 200)
        yield from _searches(viewer, rows)
    yield from _list_below(site, viewer)


def _counts(site: Site, viewer: Viewer) -> list[Ask]:
    return [Ask(counts_of_all(site)), Ask(f"{LIST}counts/", 400)]


def counts_of_all(site: Site) -> str:
    return f"{LIST}counts/?" + "&".join(f"article={site.slug(stage)}" for stage in STAGES)


def _detail(site: Site, viewer: Viewer) -> Iterator[Ask]:
    for planted in asked_by(site, viewer):
        status, path = STATUS[viewer.sight(planted)], f"{LIST}{planted.key}/"
        yield _rows(path, viewer, [planted]) if status == 200 else Ask(path, status)


def _passage(site: Site, viewer: Viewer) -> Iterator[Ask]:
    return _of_passage(site, viewer, "passage", 2)


def _anchor(site: Site, viewer: Viewer) -> Iterator[Ask]:
    return _of_passage(site, viewer, "anchor", 1)


def _of_passage(site: Site, viewer: Viewer, name: str, most: int) -> Iterator[Ask]:
    """The passage, to whoever reads the comment."""
    for planted in asked_by(site, viewer, most):
        status = STATUS[viewer.sight(planted)]
        asked = f"{LIST}{planted.key}/{name}/"
        if status == 200 and planted.form.passage:
            yield Ask(asked, words=frozenset({planted.passage} - {""}))
        else:
            yield Ask(asked, 404 if status == 200 else status)


def _vote(site: Site, viewer: Viewer) -> Iterator[Ask]:
    """Whoever reads a comment reads how many voted for it, and no word or name."""
    for planted in asked_by(site, viewer, 1):
        yield Ask(f"{LIST}{planted.key}/vote/", STATUS[viewer.sight(planted)])


def _replies(site: Site, viewer: Viewer) -> Iterator[Ask]:
    for planted in asked_by(site, viewer, 1):
        path, sight = f"{LIST}{planted.key}/replies/", viewer.sight(planted)
        if viewer.has_listed(planted):
            yield _rows(path, viewer, shown_rows(viewer, children(site, planted)))
        else:
            yield Ask(path, 410 if sight is GONE else 404)


def _article(site: Site, viewer: Viewer) -> Iterator[Ask]:
    for stage in STAGES:
        yield Ask(f"/api/v1/articles/{site.slug(stage)}/", ARTICLE_STATUS[stage[0]])


def _revision(site: Site, viewer: Viewer) -> Iterator[Ask]:
    for stage in STAGES:
        for number in (1, 2):
            path = f"/api/v1/articles/{site.slug(stage)}/revisions/{number}/"
            yield Ask(path, ARTICLE_STATUS[stage[0]], ignoring="p")


def _revisions(site: Site, viewer: Viewer) -> Iterator[Ask]:
    for stage in STAGES:
        yield Ask(f"/api/v1/articles/{site.slug(stage)}/revisions/", ARTICLE_STATUS[stage[0]])


def _categories(site: Site, viewer: Viewer) -> list[Ask]:
    return [Ask("/api/v1/categories/")]


def _articles(site: Site, viewer: Viewer) -> list[Ask]:
    return [Ask("/api/v1/articles/"), Ask("/api/v1/articles/?category=nature&page_size=1")]


SURFACES = {
    "api/v1/articles/": Surface(_articles, is_api=True),
    "api/v1/articles/<slug:slug>/": Surface(_article, is_api=True),
    "api/v1/articles/<slug:slug>/revisions/": Surface(_revisions, is_api=True),
    "api/v1/articles/<slug:slug>/revisions/<int:number>/": Surface(_revision, is_api=True),
    "api/v1/categories/": Surface(_categories, is_api=True),
    "api/v1/comments/": Surface(_both_lists, is_api=True),
    "api/v1/comments/counts/": Surface(_counts, is_api=True, is_kept=True),
    "api/v1/comments/<key:id>/": Surface(_detail, is_api=True),
    "api/v1/comments/<key:id>/restore/": static("takes a deletion back", "/api/v1/comments/{key}/restore/"),
    "api/v1/comments/<key:id>/vote/": Surface(_vote, is_api=True),
    "api/v1/comments/<key:id>/anchor/": Surface(_anchor, is_api=True),
    "api/v1/comments/<key:id>/passage/": Surface(_passage, is_api=True),
    "api/v1/comments/<key:id>/replies/": Surface(_replies, is_api=True),
    "api/v1/comments/<key:id>/flags/": static("takes reports and shows none", "/api/v1/comments/{key}/flags/"),
    "api/schema/": static("describes the API from its code", "/api/schema/", "/api/schema/?format=json"),
    "api/docs/": static("describes the API from its code", "/api/docs/", "/api/docs/?script="),
    "api/<path:rest>": static("there is nothing there", "/api/nothing/"),
}

"""What the pages show that are made for one reader."""

from collections.abc import Iterator

from delivery.stopping import stop_link
from tests.canary.asking import Ask, Surface, asked_by, static
from tests.canary.finding import numbers
from tests.canary.public_pages import row_ids, row_words
from tests.canary.scene import Planted, Site
from tests.canary.sight import ANONYMOUS, EDIT, GONE, NOTHING, WORDS, Viewer

STATUS = {WORDS: 200, EDIT: 200, GONE: 410, NOTHING: 404}
EDITABLE = ("held", "open", "approved", "held_edit", "rejected", "rejected unseen")


def _comment(site: Site, viewer: Viewer) -> Iterator[Ask]:
    for planted in asked_by(site, viewer):
        # The API is asked for every one; pages are slower to draw.
        if planted.rank > 1 and viewer.role != "author" and not (viewer.role == "anonymous" and planted.above):
            continue
        status = STATUS[viewer.sight(planted)]
        asked = f"/comments/{planted.key}/"
        yield Ask(asked, status, *_with_its_thread(site, viewer, planted)) if status == 200 else Ask(asked, status)


def _with_its_thread(site: Site, viewer: Viewer, planted: Planted) -> tuple[frozenset[str], frozenset[int]]:
    """The comment as the viewer sees it; what is above and below it as anybody does."""
    above = [one for one in planted.above if ANONYMOUS.has_listed(one)]
    below = [one for one in children(site, planted) if ANONYMOUS.has_listed(one)]
    words = viewer.words_of(planted) | row_words(above)
    words |= {word for one in below for word in ANONYMOUS.words_of(one)}
    return frozenset(words), frozenset(numbers([planted, *below]) | row_ids(above))


def children(site: Site, planted: Planted) -> list[Planted]:
    return [one for one in site.planted if one.parent is not None and one.parent.number == planted.number]


def _edit(site: Site, viewer: Viewer) -> Iterator[Ask]:
    for planted in asked_by(site, viewer, 1):
        asked = f"/comments/{planted.key}/edit/"
        if viewer.has_written(planted) and planted.situation in EDITABLE:
            words = frozenset(viewer.words_of(planted) - {planted.name})
            # What was answered can be edited for two minutes, and is corrected after that.
            is_answered = planted.form.is_answered and planted.is_once_public
            yield Ask(asked, None if is_answered else 200, words, _id(planted), is_at_most=is_answered)
        else:
            yield _not_theirs(viewer, planted, asked)


def _withdraw(site: Site, viewer: Viewer) -> Iterator[Ask]:
    for planted in asked_by(site, viewer, 1):
        asked = f"/comments/{planted.key}/withdraw/"
        if viewer.has_written(planted) and viewer.words_of(planted):
            yield Ask(asked, words=frozenset(viewer.words_of(planted)), ids=_id(planted))
        else:
            yield _not_theirs(viewer, planted, asked)


def _correct(site: Site, viewer: Viewer) -> Iterator[Ask]:
    """When a text can be corrected is a matter of minutes: whoever wrote it sees their own, and nobody more."""
    for planted in asked_by(site, viewer, 1):
        asked = f"/comments/{planted.key}/correct/"
        if viewer.has_written(planted) and planted.situation in EDITABLE:
            yield Ask(asked, None, frozenset(viewer.words_of(planted)), _id(planted), is_at_most=True)
        else:
            yield _not_theirs(viewer, planted, asked)


def _restore(site: Site, viewer: Viewer) -> Iterator[Ask]:
    """Of what was withdrawn its author is shown the place alone, and nobody else anything."""
    for planted in asked_by(site, viewer, 1):
        yield Ask(f"/comments/{planted.key}/restore/", None, ids=_id(planted), is_at_most=True)


def _flag(site: Site, viewer: Viewer) -> Iterator[Ask]:
    """The form quotes what everybody reads, whoever asks: no text that waits, and nothing of what is hidden."""
    for planted in asked_by(site, viewer, 1):
        own_name = {viewer.user.name} if viewer.user else set()
        words = frozenset(ANONYMOUS.words_of(planted) | own_name)
        yield Ask(f"/comments/{planted.key}/flag/", None, words, _id(planted), is_at_most=True)


def _not_theirs(viewer: Viewer, planted: Planted, asked: str) -> Ask:
    """What they can read they may not change; of what they cannot they learn nothing more by asking to."""
    status = STATUS[viewer.sight(planted)]
    if status != 200:
        return Ask(asked, status)
    return Ask(asked, 403) if viewer.writer else Ask(asked, 302, ids=_id(planted))


def _id(planted: Planted) -> frozenset[int]:
    return frozenset(numbers([planted]))


def _passage(site: Site, viewer: Viewer) -> Iterator[Ask]:
    """The passage, to whoever reads the comment; not its words, and not its writer's name."""
    for planted in asked_by(site, viewer, 1):
        status = STATUS[viewer.sight(planted)]
        asked = f"/comments/{planted.key}/passage/"
        if status != 200:
            yield Ask(asked, status)
        elif planted.form.passage:
            yield Ask(asked, words=frozenset({planted.passage} - {""}), ids=_id(planted))
        else:
            yield Ask(asked, 404)


def _me(site: Site, viewer: Viewer) -> Iterator[Ask]:
    own = site.by(viewer.writer) if viewer.writer else []
    rows = [planted for planted in own if viewer.words_of(planted)]
    # An account is named at the head of its page; a guest beside what they wrote alone.
    names = {planted.name for planted in own} if viewer.user else set()
    words = names.union(*(viewer.words_of(row) for row in rows))
    yield Ask("/me/", words=frozenset(words), ids=frozenset(numbers(rows)))


def _marks(site: Site, viewer: Viewer) -> Iterator[Ask]:
    """What the viewer wrote on the one article, as far as they may read it: ids, and the words of what has both a
    text and a place in the article."""
    for stage, article in site.articles.items():
        own = [one for one in (site.by(viewer.writer) if viewer.writer else []) if one.stage == stage]
        rows = [planted for planted in own if viewer.words_of(planted)]
        asked = f"/me/article/{article.slug}.json"
        if stage[0] == "published":
            placed = [row for row in rows if row.form.passage == "own" and row.form.kind == "comment"]
            words = frozenset().union(*(viewer.words_of(row) - {row.passage} for row in placed))
            yield Ask(asked, words=words, ids=frozenset(numbers(rows)))
        else:
            yield Ask(asked, 404)


def _stop(site: Site, viewer: Viewer) -> Iterator[Ask]:
    """The link in a mail to somebody: it names nobody, not even them, whoever opens it."""
    token = stop_link(site.shown[0].author).rstrip("/").rsplit("/")[-1]
    yield Ask(f"/mail/stop/{token}/")
    yield Ask("/mail/stop/zq/", 404)


SURFACES = {
    "comments/<key:public_id>/": Surface(_comment),
    "comments/<key:public_id>/edit/": Surface(_edit),
    "comments/<key:public_id>/withdraw/": Surface(_withdraw),
    "comments/<key:public_id>/correct/": Surface(_correct),
    "comments/<key:public_id>/restore/": Surface(_restore),
    "comments/<key:public_id>/flag/": Surface(_flag),
    "comments/<key:public_id>/passage/": Surface(_passage),
    "comments/<key:public_id>/vote/": static("is posted to, and shows nothing", "/comments/{key}/vote/"),
    "me/": Surface(_me),
    "me/mail/": static("takes a form with one word in it", "/me/mail/"),
    "mail/stop/<str:token>/": Surface(_stop),
    "me/article/<slug:slug>.json": Surface(_marks),
    "me/summary.json": static("tells the reader's own name, or gives nobody a token for a form", "/me/summary.json"),
    "me/warnings/<int:pk>/": static("is posted to, and shows nothing", "/me/warnings/1/"),
}

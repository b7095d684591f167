"""What the admin shows to those who may look at its lists, and that it shows nothing to those who may not."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import ceil

from tests.canary.asking import Ask, Surface, asked_by, static
from tests.canary.finding import numbers
from tests.canary.scene import Planted, Site
from tests.canary.sight import ANONYMOUS, EDIT, WORDS, Viewer

COMMENTS, DECISIONS = "/admin/comments/comment/", "/admin/comments/decision/"
QUEUE, SANCTIONS = "/admin/moderation/waiting/", "/admin/moderation/sanction/"
PASSAGES = "/admin/moderation/lostpassage/"
PER_PAGE = 100
# Who may look at comments and decisions in the admin; whoever else is staff is refused, all others sign in first.
# The limited moderator looks at lists without a row.
LOOKERS = ("moderator", "limited moderator", "superuser")
MODERATORS = ("moderator", "superuser")
# So many of those above a reply are shown on its card.
ABOVE = 5


def _refusal(viewer: Viewer) -> int:
    return 403 if viewer.is_staff else 302


def _is_in_admin(viewer: Viewer, planted: Planted) -> bool:
    """What a moderator reads, and private ones not even for superusers."""
    is_readable = planted.visibility == "public" and viewer.sight(planted) in (WORDS, EDIT)
    return is_readable and viewer.role in MODERATORS


def _accounts(rows: Sequence[Planted]) -> set[str]:
    """The names in a column for accounts, which a guest's row leaves empty."""
    return {row.name for row in rows if row.account}


def _comments(site: Site, viewer: Viewer) -> Iterator[Ask]:
    if viewer.role not in LOOKERS:
        yield Ask(COMMENTS, _refusal(viewer))
        return
    rows = [planted for planted in site.planted if _is_in_admin(viewer, planted)]
    rows.sort(key=lambda planted: planted.public_id, reverse=True)
    yield from _pages(COMMENTS, rows)
    yield from _pages(f"{COMMENTS}?q=zq", rows)
    for state in ("held", "rejected", "withdrawn", "held_edit"):
        listed = [planted for planted in rows if planted.situation.split()[0] == state]
        yield from _pages(f"{COMMENTS}?state__exact={state}", listed)
    yield from _pages(f"{COMMENTS}?kind__exact=note", [p for p in rows if p.form.kind == "note"])


def _pages(path: str, rows: Sequence[Planted]) -> Iterator[Ask]:
    sign = "&" if "?" in path else "?"
    for number in range(max(1, ceil(len(rows) / PER_PAGE))):
        listed = rows[number * PER_PAGE : (number + 1) * PER_PAGE]
        names, ids = {row.name for row in listed}, numbers(listed)
        yield Ask(f"{path}{sign}p={number + 1}", words=frozenset(names), ids=frozenset(ids))


def _comment(page: str, shows_name: bool) -> Surface:
    def asks(site: Site, viewer: Viewer) -> Iterator[Ask]:
        for planted in asked_by(site, viewer, 1):
            path = f"{COMMENTS}{planted.pk}/{page}/"
            if viewer.role not in LOOKERS:
                yield Ask(path, None)
            elif _is_in_admin(viewer, planted):
                words = {planted.name} if shows_name else set()
                yield Ask(path, words=frozenset(words), ids=frozenset(numbers([planted])))
            else:
                yield Ask(path, 302)

    return Surface(asks)


def _decisions(site: Site, viewer: Viewer) -> Iterator[Ask]:
    """Of one comment each; the whole list, page by page, may show no more than all of these."""
    if viewer.role not in LOOKERS:
        yield Ask(DECISIONS, _refusal(viewer))
        return
    rows = [planted for planted in site.planted if _is_in_admin(viewer, planted)]
    words, ids = frozenset(_accounts(rows)), frozenset(numbers(rows))
    for number in range(1, 9):
        yield Ask(f"{DECISIONS}?p={number}", None, words, ids, is_at_most=True)
    for planted in asked_by(site, viewer, 0):
        yield _decisions_on(viewer, planted)


def _decisions_on(viewer: Viewer, planted: Planted) -> Ask:
    path = f"{DECISIONS}?comment__id__exact={planted.pk}"
    # What was never held or judged before it was public has one decision; held ones have none yet.
    if not _is_in_admin(viewer, planted) or planted.situation == "held":
        return Ask(path)
    acted = planted.situation.split()[0] in ("held_edit", "withdrawn")
    words = _accounts([planted]) if acted else set()
    return Ask(path, words=frozenset(words), ids=frozenset(numbers([planted])))


def _decision(page: str) -> Surface:
    def asks(site: Site, viewer: Viewer) -> Iterator[Ask]:
        for planted in asked_by(site, viewer, 0):
            if planted.decision is None:
                continue
            path = f"{DECISIONS}{planted.decision}/{page}/"
            if viewer.role not in LOOKERS:
                yield Ask(path, None)
            elif page == "change" and _is_in_admin(viewer, planted):
                yield replace(_decisions_on(viewer, planted), path=path)
            else:
                yield Ask(path, 200 if _is_in_admin(viewer, planted) else 302)

    return Surface(asks)


def _flags(path: str) -> Surface:
    """What was flagged, to moderators alone; `{flag}` in the path is the id of a flag."""

    def asks(site: Site, viewer: Viewer) -> Iterator[Ask]:
        if viewer.role not in ("moderator", "superuser"):
            yield Ask(path.format(flag=site.flags[0]), None)
            return
        flagged = site.flagged
        words = frozenset().union(*(viewer.words_of(p) | ANONYMOUS.words_of(p) for p in flagged))
        yield Ask(path.format(flag=site.flags[0]), None, words, frozenset(numbers(flagged)), is_at_most=True)

    return Surface(asks)


def _card_words(viewer: Viewer, planted: Planted) -> set[str]:
    """Text and edit, name, the passage of the thread, and the beginnings of those above it that can be read."""
    texts = {planted.word("t")} | ({planted.word("e")} if planted.situation == "held_edit" else set())
    above = {word for one in planted.above[:ABOVE] for word in viewer.words_of(one) - {one.passage}}
    return (texts | above | {planted.name, planted.root.passage}) - {""}


def _waits(planted: Planted) -> bool:
    return planted.visibility == "public" and planted.situation in ("held", "held_edit")


def _queue(site: Site, viewer: Viewer) -> Iterator[Ask]:
    """The edits that wait on each article, which are few enough for a page; of other pages, no more than waits."""
    if viewer.role not in LOOKERS:
        yield Ask(QUEUE, _refusal(viewer))
        return
    waiting = [planted for planted in site.planted if viewer.role in MODERATORS and _waits(planted)]
    every = frozenset().union(*(_card_words(viewer, one) for one in [*waiting, *(site.flagged if waiting else [])]))
    for query in ("", "?what=held", "?what=edited", "?what=flagged"):
        yield Ask(QUEUE + query, words=every, is_at_most=True)
    for stage, article in site.articles.items():
        edited = [one for one in waiting if one.stage == stage and one.situation == "held_edit"]
        words = frozenset().union(*(_card_words(viewer, one) for one in edited))
        yield Ask(f"{QUEUE}?what=edited&article={article.pk}", words=words)


def _waiting_comment(site: Site, viewer: Viewer) -> Iterator[Ask]:
    for planted in asked_by(site, viewer, 1 if viewer.role == "moderator" else 0):
        path = f"{QUEUE}{planted.pk}/"
        if viewer.role not in LOOKERS:
            yield Ask(path, _refusal(viewer))
        elif _is_in_admin(viewer, planted):
            yield Ask(path, words=frozenset(_card_words(viewer, planted)))
        else:
            yield Ask(path, 404)


def _passages(site: Site, viewer: Viewer) -> Iterator[Ask]:
    """Of public comments alone, and of no more than those: whose passage is lost another surface says."""
    if viewer.role not in (*LOOKERS, "editor"):
        yield Ask(PASSAGES, _refusal(viewer))
        return
    shown = [p for p in site.planted if viewer.role == "editor" or _is_in_admin(viewer, p)]
    public = [p for p in shown if ANONYMOUS.sight(p) is WORDS]
    words = frozenset().union(*({p.name, p.passage} - {""} for p in public))
    for query in ("", "?state=orphaned", "?state=uncertain", "?p=2"):
        yield Ask(PASSAGES + query, words=words, ids=frozenset(numbers(public)), is_at_most=True)


def _sanction(site: Site, viewer: Viewer) -> Iterator[Ask]:
    """The form names whom it is about."""
    for planted in asked_by(site, viewer, 0):
        path = f"{SANCTIONS}add/?comment={planted.pk}"
        if viewer.role not in LOOKERS:
            yield Ask(path, _refusal(viewer))
        elif _is_in_admin(viewer, planted):
            yield Ask(path, words=frozenset({planted.name}))
        else:
            yield Ask(path, 404)


def _model(name: str, row: str, why: str, ignoring: str = "") -> dict[str, Surface]:
    """The six patterns that Django makes for a model."""
    base, on_row = f"admin/{name}/", f"admin/{name}/<path:object_id>/"
    pages = {page: f"/admin/{name}/{row}/{page}/" for page in ("history", "delete", "change")}
    return {
        base: static(why, f"/{base}", f"/{base}?q=zq", ignoring=ignoring),
        f"{base}add/": static(why, f"/{base}add/", ignoring=ignoring),
        **{f"{on_row}{page}/": static(why, path, ignoring=ignoring) for page, path in pages.items()},
        on_row: static(why, f"/admin/{name}/{row}/", ignoring=ignoring),
    }


def _read_only(name: str) -> dict[str, Surface]:
    """Nothing is written here, and the row's own address only leads on to its page."""
    why, base = "refuses, or leads to the page of the row", f"admin/{name}/"
    return {
        f"{base}add/": static(why, f"/{base}add/"),
        f"{base}<path:object_id>/delete/": static(why, f"/{base}{{comment}}/delete/"),
        f"{base}<path:object_id>/": static(why, f"/{base}{{comment}}/"),
    }


def _autocomplete() -> Surface:
    path = "/admin/autocomplete/?app_label={}&model_name={}&field_name={}&term=zq"
    people = path.format("articles", "article", "authors")
    others = [path.format("comments", "comment", field) for field in ("author", "parent", "head_revision")]
    return static("finds people for articles and nothing else", people, *others, ignoring="n")


SIGN_IN = "asks for a password, or says that it was changed"
POSTED = "is posted to, and leads elsewhere or refuses when it is looked at"
PEOPLE, TEXT, OTHERS = "lists people", "holds the text of articles", "has nothing to do with comments"
SURFACES = {
    "admin/": static("lists the lists", "/admin/"),
    "admin/login/": static(SIGN_IN, "/admin/login/"),
    "admin/logout/": static(SIGN_IN, "/admin/logout/"),
    "admin/password_change/": static(SIGN_IN, "/admin/password_change/"),
    "admin/password_change/done/": static(SIGN_IN, "/admin/password_change/done/"),
    "admin/autocomplete/": _autocomplete(),
    "admin/jsi18n/": static("holds words of the admin itself", "/admin/jsi18n/"),
    "admin/r/<path:content_type_id>/<path:object_id>/": static(
        "leads to a row's own address; no row has one", "/admin/r/{comment_type}/{comment}/"
    ),
    "admin/^(?P<app_label>)/$": static("lists the lists", "/admin/comments/", "/admin/articles/"),
    "admin/(?P<url>.*)$": static("adds a slash, or finds nothing", "/admin/comments/comment", "/admin/zq/"),
    **_model("auth/group", "1", OTHERS),
    **_model("accounts/user", "{person}", PEOPLE, ignoring="n"),
    "admin/accounts/user/<id>/password/": static(PEOPLE, "/admin/accounts/user/{person}/password/", ignoring="n"),
    **_model("accounts/apitoken", "1", PEOPLE, ignoring="n"),
    **_model("articles/category", "{category}", OTHERS),
    **_model("articles/article", "{article}", TEXT, ignoring="p"),
    "admin/articles/article/<int:pk>/preview/": static(
        TEXT, "/admin/articles/article/{article}/preview/", ignoring="p"
    ),
    "admin/articles/article/<int:pk>/publish/": static(
        TEXT, "/admin/articles/article/{article}/publish/", ignoring="p"
    ),
    "admin/articles/article/<int:pk>/publishing/": static(
        "says how far publishing is, or leads to the article", "/admin/articles/article/{article}/publishing/"
    ),
    "admin/articles/article/<int:pk>/revisions/<int:number>/take-up/": static(
        "the number of a revision", "/admin/articles/article/{article}/revisions/1/take-up/"
    ),
    "admin/articles/article/<int:pk>/unpublish/": static(TEXT, "/admin/articles/article/{article}/unpublish/"),
    "admin/comments/comment/": Surface(_comments),
    "admin/comments/comment/<path:object_id>/change/": _comment("change", shows_name=True),
    "admin/comments/comment/<path:object_id>/history/": _comment("history", shows_name=False),
    **_read_only("comments/comment"),
    "admin/comments/decision/": Surface(_decisions),
    "admin/comments/decision/<path:object_id>/change/": _decision("change"),
    "admin/comments/decision/<path:object_id>/history/": _decision("history"),
    **_read_only("comments/decision"),
    "admin/moderation/flag/": _flags("/admin/moderation/flag/?q=zq"),
    "admin/moderation/flag/add/": _flags("/admin/moderation/flag/add/"),
    "admin/moderation/flag/<path:object_id>/": _flags("/admin/moderation/flag/{flag}/"),
    **{
        f"admin/moderation/flag/<path:object_id>/{page}/": _flags(f"/admin/moderation/flag/{{flag}}/{page}/")
        for page in ("change", "delete", "history")
    },
    "admin/moderation/waiting/": Surface(_queue),
    "admin/moderation/waiting/<int:pk>/": Surface(_waiting_comment),
    "admin/moderation/waiting/many/": static(POSTED, f"{QUEUE}many/"),
    **{
        f"admin/moderation/waiting/<int:pk>/{page}/": static(POSTED, f"{QUEUE}{{comment}}/{page}/")
        for page in ("hold", "release", "erase")
    },
    "admin/moderation/lostpassage/": Surface(_passages),
    "admin/moderation/lostpassage/<int:pk>/attach/": static(POSTED, f"{PASSAGES}1/attach/"),
    **_model("moderation/sanction", "1", "lists sanctions, of which there are none"),
    "admin/moderation/sanction/add/": Surface(_sanction),
    "admin/moderation/sanction/<int:pk>/lift/": static("lifts a sanction", f"{SANCTIONS}1/lift/"),
    **_model("comments/legalhold", "1", "lists legal holds, of which there are none"),
    **_model("account/emailaddress", "1", OTHERS),
    **_model("django_tasks_database/dbtaskresult", "1", OTHERS),
}

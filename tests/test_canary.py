"""No word of a comment stands where it may not: every surface × state × visibility × article × viewer.

The site of `canary.scene` holds a comment in every situation, with words of its own. The surfaces of `canary` say
of each address what exactly its answer may give away, worked out from the table in `canary.sight`.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import product

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.client import ClientHandler
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from accounts.guests import guest_of, make_link
from accounts.models import GuestLink
from articles.models import Article
from comments import services
from comments.models import Comment
from comments.services import GuestName
from comments.states import State
from delivery.models import Delivery
from delivery.queue import remind
from events.models import Event
from skycrumbs.front import SITE, Front
from skycrumbs.ids import new_id, to_key
from skycrumbs.models import SiteVersion
from tests.canary import admin, api, guest_links, own_pages, public_pages, sign_in
from tests.canary.asking import Ask, Surface
from tests.canary.finding import KeyFinder, all_of, numbers, words
from tests.canary.mail import (
    addresses,
    answered_in_public,
    as_read,
    by_reader,
    everybody_reads_mail,
    everything_is_judged_by,
    guests_write,
)
from tests.canary.scene import SHOWN, STAGES, THREAD, Planted, Site, make_site
from tests.canary.sight import ANONYMOUS, EDIT, GONE, NOTHING, WORDS, Viewer, make_viewers
from tests.clock import stopped_at
from tests.delivery.mailing import deliver
from tests.factories import bring_to, make_comment, make_token, make_user

SURFACES: dict[str, Surface] = {
    **public_pages.SURFACES,
    **own_pages.SURFACES,
    **guest_links.SURFACES,
    **api.SURFACES,
    **admin.SURFACES,
    **sign_in.SURFACES,
}
LIVELY = [pattern for pattern, surface in SURFACES.items() if not surface.why]
STATIC = [pattern for pattern, surface in SURFACES.items() if surface.why]
API = [pattern for pattern in LIVELY if SURFACES[pattern].is_api]
COMMENTS_API = [pattern for pattern in API if pattern.startswith("api/v1/comments/")]
KEPT = [pattern for pattern in LIVELY if SURFACES[pattern].is_kept]
ROLES = ["anonymous", "reader", "staff", "editor", "moderator", "limited moderator", "superuser"]
# Staff and editors are asked for by the same queries as readers, the superuser by those of a moderator.
ALIKE = ["staff", "editor", "superuser"]
BY_ROLE = [pytest.param(role, marks=pytest.mark.any_database if role in ALIKE else []) for role in ROLES]
# What authors may do where there is no discussion is the same wherever that is.
BY_STAGE = [
    pytest.param(stage, id="-".join(stage), marks=[] if stage == SHOWN else pytest.mark.any_database)
    for stage in STAGES
]
REMOVED = ["rejected", "illegal", "spam", "withdrawn", "erased"]
SAME_ORIGIN = {"headers": {"Sec-Fetch-Site": "same-origin"}}

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker) -> Iterator[Site]:
    """Made once, and never committed: every test works in a savepoint within. Then the clock stops, as what may be
    done to a comment changes while it grows older."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = make_site()
        if connection.vendor == "postgresql":
            # What is not committed nobody counts for it, and without figures it plans long joins badly. Ours alone:
            # other processes of tests would wait for the tables that all databases share.
            with connection.cursor() as cursor:
                tables = map(connection.ops.quote_name, connection.introspection.table_names(cursor))
                cursor.execute(f"ANALYZE {', '.join(tables)}")
        with stopped_at(timezone.now()):
            yield made
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def viewers(site) -> dict[str, Viewer]:
    return make_viewers(site)


@pytest.fixture(scope="module")
def find_keys(site) -> KeyFinder:
    return KeyFinder(site)


def client_of(viewer: Viewer, *, by_token: bool = False) -> Client:
    if viewer.user is None:
        return guest_client(viewer.guest)
    if by_token:
        return Client(headers={"Authorization": f"Token {make_token(viewer.user)}"})
    client = Client()
    client.force_login(viewer.user)
    return client


def guest_client(guest: GuestName | None) -> Client:
    """A browser without an account, which proved an address where `guest` has one."""
    client = Client()
    if guest is not None:
        session = make_link(guest_of(guest.email), GuestLink.Purpose.SESSION)
        client.cookies[settings.GUEST_COOKIE_NAME] = session
    return client


def wrong_in(response: HttpResponse, ask: Ask, find_keys: KeyFinder) -> list[str]:
    """What the answer gives away and should not, or keeps back and should not, each in a few words."""
    text = all_of(response)
    found = {word for word in words(text) if word[2] not in ask.ignoring}
    ids = find_keys(text)
    wrong = [f"shows {word}" for word in sorted(found - ask.words)]
    wrong += [f"names comment {number}" for number in sorted(ids - ask.ids)]
    if not ask.is_at_most:
        wrong += [f"lacks {word}" for word in sorted(ask.words - found)]
        wrong += [f"does not name comment {number}" for number in sorted(ask.ids - ids)]
    if response.status_code != ask.status and (ask.status is not None or response.status_code >= 500):
        wrong.append(f"answers {response.status_code} for {ask.status}")
    return wrong


def all_wrong(client: Client, asks, find_keys: KeyFinder) -> dict[str, list[str]]:
    answers = {ask.path: wrong_in(client.get(ask.path), ask, find_keys) for ask in asks}
    return {path: wrong for path, wrong in answers.items() if wrong}


def walk(patterns, before: str = "") -> Iterator[str]:
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield re.sub(r"\(\?P<app_label>[^)]*\)", "(?P<app_label>)", here)
        else:
            yield from walk(pattern.url_patterns, here)


class TestSurfaces:
    def test_are_all_the_addresses_that_there_are(self):
        assert sorted(walk(get_resolver().url_patterns)) == sorted(SURFACES)

    @pytest.mark.parametrize("role", BY_ROLE)
    @pytest.mark.parametrize("pattern", LIVELY)
    def test_show_each_viewer_what_the_table_says_and_no_more(self, site, viewers, find_keys, pattern, role):
        asks = SURFACES[pattern].asks(site, viewers[role])
        assert all_wrong(client_of(viewers[role]), asks, find_keys) == {}

    @pytest.mark.any_database
    @pytest.mark.parametrize("role", ["reader", "moderator"])
    @pytest.mark.parametrize("pattern", API)
    def test_show_the_same_to_a_token(self, site, viewers, find_keys, pattern, role):
        """A token is another way to say who one is: what they then may read is asked of every comment above."""
        asks = SURFACES[pattern].asks(site, Viewer(role, viewers[role].user, effort=-1))
        assert all_wrong(client_of(viewers[role], by_token=True), asks, find_keys) == {}

    @pytest.mark.any_database
    @pytest.mark.parametrize("role", ROLES)
    def test_that_cannot_show_a_comment_show_none(self, site, viewers, find_keys, role):
        asks = [ask for pattern in STATIC for ask in SURFACES[pattern].asks(site, viewers[role])]
        assert all_wrong(client_of(viewers[role]), asks, find_keys) == {}

    @pytest.mark.parametrize("address", [
        "comments/comment/?head_revision__source__contains=zq", "comments/comment/?revisions__source__contains=zq",
        "comments/decision/?comment__head_revision__source__contains=zq",
        "articles/article/?comments__head_revision__source__contains=zq", "articles/article/?comments__state=held",
        "accounts/user/?comments__head_revision__source__contains=zq", "accounts/user/?comments__state=held",
        "comments/comment/?guest__email__contains=zqm",
        "comments/decision/?comment__guest__email__startswith=zqm", "moderation/flag/?comment__guest__email=zqm",
    ])  # fmt: skip
    def test_of_the_admin_are_not_searched_by_what_they_do_not_show(self, viewers, address):
        """How many rows are found would tell what stands in them."""
        assert client_of(viewers["superuser"]).get(f"/admin/{address}").status_code == 400

    @pytest.mark.parametrize("role", admin.LOOKERS)
    def test_of_the_admin_do_not_show_even_their_own_private_notes(self, site, viewers, role):
        viewer = viewers[role]
        note = make_comment(site.articles[SHOWN], viewer.user, kind=Comment.Kind.NOTE, visibility="private")
        for address in (admin.COMMENTS, admin.DECISIONS, f"{admin.COMMENTS}{note.pk}/change/"):
            response = client_of(viewer).get(address)
            assert note.key not in all_of(response)

    @pytest.mark.parametrize("stage", BY_STAGE)
    def test_show_authors_their_own_and_no_more(self, site, find_keys, stage):
        found = {}
        for author in {planted.account for planted in site.on(stage) if planted.account}:
            viewer = Viewer("author", author, effort=1)
            clients = {by_token: client_of(viewer, by_token=by_token) for by_token in (False, True)}
            for surface in (SURFACES[pattern] for pattern in [*own_pages.SURFACES, *COMMENTS_API]):
                wrong = all_wrong(clients[surface.is_api], surface.asks(site, viewer), find_keys)
                found |= {(author.name, path): what for path, what in wrong.items()}
        assert found == {}

    @pytest.mark.parametrize("stage", BY_STAGE)
    def test_show_guests_their_own_and_no_more(self, site, find_keys, stage):
        """What waits for proof not even to who proved the address for something else."""
        found, theirs = {}, [guest for guest in site.guests if site.by(guest)[0].stage == stage]
        for guest in theirs:
            client, viewer = client_of(Viewer("author", guest=guest)), Viewer("author", guest=guest)
            for surface in (SURFACES[pattern] for pattern in [*own_pages.SURFACES, *guest_links.SURFACES]):
                wrong = all_wrong(client, surface.asks(site, viewer), find_keys)
                found |= {(guest.name, path): what for path, what in wrong.items()}
        assert len(theirs) == 10
        assert found == {}

    def test_show_no_guest_what_another_one_wrote(self, site, find_keys):
        one = next(one for one in site.shown if one.author in site.guests and one.situation == "open")
        asks = SURFACES["comments/<key:public_id>/"].asks(site, Viewer("other", guest=one.author, effort=0))
        assert all_wrong(client_of(Viewer("other", guest=one.author)), asks, find_keys) == {}

    def test_of_pages_are_nobodys_to_a_token(self, site, find_keys):
        asks = {ask.path: ask for ask in SURFACES["comments/<key:public_id>/"].asks(site, ANONYMOUS)}
        for one in (one for one in site.planted if one.rank == 0 and one.account):
            client = client_of(Viewer("author", one.account), by_token=True)
            assert all_wrong(client, [asks[f"/comments/{one.key}/"], Ask("/me/")], find_keys) == {}


def read(path: str) -> tuple[bytes, dict[str, str]]:
    """What anybody gets, whole."""
    response = Client().get(path)
    return response.content, dict(response.headers)


class FrontHandler(ClientHandler):
    """Answers a test client through one front, which many clients share."""

    def __init__(self, front: Front) -> None:
        super().__init__(enforce_csrf_checks=False)
        self.front = front

    def __call__(self, environ):
        said: list = []
        body = b"".join(self.front(environ, lambda status, headers: said.extend([status, headers])))
        response = HttpResponse(body, status=int(said[0][:3]))
        response.wsgi_request = WSGIRequest(environ)
        for name, value in said[1]:
            response[name] = value
        return response


class VersionsInside:
    """The versions, read in the transaction that never commits the site."""

    def mark(self) -> None:
        return None

    def read(self, articles) -> dict[int, str]:
        here = Article.objects.filter(pk__in=articles).values_list("pk", "version")
        return {SITE: SiteVersion.objects.get().version} | {pk: str(version) for pk, version in here}


@pytest.fixture(scope="module")
def front(site) -> Front:
    """Whoever asks first makes what others are given."""
    made_by = ClientHandler(enforce_csrf_checks=False)

    def application(environ, start_response):
        SiteVersion.objects.get_or_create(pk=1)
        response = made_by(environ)
        start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
        return [response.content]

    return Front(application, VersionsInside(), 100_000_000)


@pytest.mark.any_database
class TestBehindTheFront:
    @pytest.mark.parametrize("pattern", [*KEPT, *API])
    def test_each_viewer_is_shown_what_the_table_says_and_no_more(self, site, viewers, find_keys, front, pattern):
        """The superuser first, then who may see less; the second answer to nobody in particular is a kept one.

        The front tells addresses and viewers apart, and knows nothing of comments: one of each kind is enough.
        """
        for role in ["superuser", "anonymous", "anonymous", "reader", "superuser"]:
            viewer = Viewer(role, viewers[role].user, effort=-1)
            client = client_of(viewer)
            client.handler = FrontHandler(front)
            assert all_wrong(client, SURFACES[pattern].asks(site, viewer), find_keys) == {}, role


@pytest.fixture(scope="module")
def read_once(site):
    """What anybody gets, asked for once an address."""
    return cache(read)


@pytest.mark.any_database
class TestKeptPages:
    @pytest.mark.parametrize("role", [*ROLES[1:], "author", "guest"])
    def test_are_the_same_bytes_to_everybody(self, site, viewers, read_once, role):
        author = next(planted.account for planted in site.shown if planted.situation == "held_edit")
        own = {"author": Viewer(role, author), "guest": Viewer(role, guest=site.guests[-1])}
        viewer = viewers.get(role) or own[role]
        client = client_of(viewer)
        for surface in (SURFACES[pattern] for pattern in KEPT):
            for ask in surface.asks(site, viewer):
                response = client.get(ask.path)
                assert (response.content, dict(response.headers)) == read_once(ask.path), ask.path
                assert not response.cookies

    def test_do_not_ask_who_asks(self, site):
        for surface in (SURFACES[pattern] for pattern in KEPT):
            for ask in surface.asks(site, Viewer("nobody", effort=0)):
                assert "Cookie" not in read(ask.path)[1].get("Vary", ""), ask.path

    def test_may_be_kept_and_what_is_personal_may_not(self, site, viewers):
        comment, slug = next(one for one in site.shown if one.situation == "open").key, site.slug(SHOWN)
        kept = ["/", "/category/nature/", f"/articles/{slug}/", f"/articles/{slug}/revisions/1/"]
        kept += [f"/articles/{slug}/comment/", f"/articles/{slug}/comment/?parent={comment}"]
        kept += ["/api/v1/comments/", f"/api/v1/comments/{comment}/", f"/api/v1/comments/{comment}/replies/"]
        assert {read(path)[1]["Cache-Control"] for path in kept} == {"public, no-cache"}
        for viewer in viewers.values():
            own = ["/me/", "/me/summary.json", f"/comments/{comment}/"]
            own += ["/api/v1/comments/", f"/api/v1/comments/{comment}/"] if viewer.user else []
            client = client_of(viewer)
            assert {client.get(path).headers["Cache-Control"] for path in own} == {"private, no-store"}


def article_page(site: Site, query: str = "") -> str:
    return Client().get(f"/articles/{site.slug(SHOWN)}/{query}").content.decode()


def first_page(site: Site) -> list:
    rows = [one for one in public_pages.in_thread_order(site) if public_pages.stands_below_the_text(one)]
    return rows[:50]


class TestArticlePage:
    """What the table of words cannot say: which word stands in which row, and what scripts are given."""

    def test_shows_each_row_its_own_words(self, site):
        rows = re.findall(
            r'<article class="comment (.*?)" id="comment-(.*?)".*?>(.*?)</article>', article_page(site), re.S
        )
        assert [(key, words(row), "tombstone" in kind) for kind, key, row in rows] == [
            (one.key, public_pages.row_words([one]), one.situation in REMOVED) for one in first_page(site)
        ]

    def test_says_nothing_more_of_a_removed_comment(self, site):
        said = {"withdrawn": "Deleted by its author"}
        rows = re.findall(r'id="comment-([^"]*)" tabindex="-1">(.*?)</article>', article_page(site), re.S)
        removed = {one.key: said.get(one.situation, "Removed") for one in site.shown if one.situation in REMOVED}
        assert {key: row for key, row in rows if key in removed} == {
            one.key: f"\n<p>{removed[one.key]}</p>\n\n" for one in first_page(site) if one.key in removed
        }

    def test_paints_the_passages_of_public_comments_alone(self, site):
        text, on_page = site.articles[SHOWN].current_revision.canonical_text, first_page(site)
        painted: dict[str, list] = {}
        for one in filter(public_pages.is_painted, site.shown):
            painted.setdefault(one.quote, []).append(one)
        expected = [
            {
                "start": text.index(quote),
                "end": text.index(quote) + len(quote),
                "count": len(there),
                "ids": list(dict.fromkeys([there[0].key, *(one.key for one in there if one in on_page)])),
            }
            for quote, there in painted.items()
        ]
        given = re.search(r'<script id="highlights" type="application/json">(.*?)</script>', article_page(site))
        assert given and json.loads(given[1]) == sorted(expected, key=lambda passage: passage["start"])
        assert [passage["count"] for passage in expected if passage["ids"][0] in shared(site)] == [3]

    def test_lists_the_orphans_of_public_comments_alone(self, site):
        listed = re.findall(r'<li><a href="[^"]*">(.*?)</a>.*? <q dir="auto">(.*?)</q></li>', article_page(site))
        orphans = [(one.name, one.passage) for one in site.shown if public_pages.is_orphan(one)]
        assert len(orphans) == 9
        assert sorted(listed) == sorted(orphans)

    def test_shows_nothing_of_a_discussion_that_is_off(self, site):
        content = Client().get(f"/articles/{site.slug(('published', 'off'))}/").content.decode()
        assert '<script id="highlights" type="application/json">[]</script>' in content
        assert not re.search(r'class="(comment|orphans|count|talk)', content)


def shared(site: Site) -> set[str]:
    return {one.key for one in site.shown if one.form.passage == "shared"}


class TestCounts:
    """Numbers are words too: each counts what anybody can see, and nothing else."""

    def test_of_several_articles_are_told_to_everybody_alike(self, site, viewers):
        expected = {"-".join(stage): 0 for stage in STAGES} | {"published-full": 64}
        for viewer in viewers.values():
            response = client_of(viewer, by_token=viewer.user is not None).get(api.counts_of_all(site))
            assert response.json() == expected

    def test_on_pages(self, site):
        assert public_number(site) == 64
        home = Client().get("/").content.decode()
        assert re.findall(r"#all_comments\">(\d+) comment", home) == ["64"]
        assert re.findall(r"#all_comments\">(\d+) comment", Client().get("/category/nature/").content.decode()) == [
            "64"
        ]
        page = article_page(site)
        assert re.findall(r'id="all_comments_title">Comments <span class="count">(\d+)<', page) == ["64"]
        assert re.findall(r"comments: </span>(\d+)</span>", page) == [str(n) for n in by_section(site).values() if n]

    def test_in_the_api(self, site):
        listed = Client().get("/api/v1/articles/").json()["results"]
        counts = {site.slug(SHOWN): 64, site.slug(("published", "off")): 0}
        assert {one["slug"]: one["comment_count"] for one in listed} == counts
        for stage, expected in {SHOWN: by_section(site), ("published", "off"): {"passages": 0}}.items():
            article = Client().get(f"/api/v1/articles/{site.slug(stage)}/").json()
            found = {section["key"]: section["comment_count"] for section in article["sections"]}
            assert found == {key: expected.get(key, 0) for key in found}

    def test_of_replies(self, site):
        listed = {}
        for ask in api.pages("", ANONYMOUS, api.shown_rows(ANONYMOUS, site.planted), 200):
            listed |= {one["id"]: one["replies"] for one in Client().get(ask.path).json()["results"]}
        public = [one for one in site.shown if ANONYMOUS.sight(one) is WORDS]
        assert listed == {
            one.key: sum(one.number in numbers(reply.above) for reply in public)
            for one in site.shown
            if ANONYMOUS.has_listed(one)
        }


def public_number(site: Site) -> int:
    return len([one for one in site.shown if ANONYMOUS.sight(one) is WORDS and one.form.kind != "highlight"])


def by_section(site: Site) -> dict[str, int]:
    """How many public comments stand in each section that is there."""
    there = [one.section for one in site.shown if ANONYMOUS.sight(one) is WORDS and one.form.kind != "highlight"]
    return {key: there.count(key) for key in ("lead", "how-they-sing", "passages")}


class TestApi:
    def test_gives_a_removed_comment_no_more_than_its_place(self, site):
        removed = [one for one in site.shown if one.situation in REMOVED and one.form.is_answered]
        for one in removed:
            (found,) = [row for row in below(one, Client()) if row["id"] == one.key]
            assert found["removed"] is True
            assert {name for name, value in found.items() if value is None} >= {"text", "html", "author", "anchor"}
            assert not {"state", "reason"} & set(found)

    def test_tells_author_and_moderators_the_state_and_nobody_else(self, site, viewers):
        one = next(one for one in site.shown if one.situation == "held_edit" and one.visibility == "public")
        path = f"/api/v1/comments/{one.key}/"
        shown = {role: client_of(viewer).get(path).json() for role, viewer in viewers.items()}
        shown["author"] = client_of(Viewer("author", one.author)).get(path).json()
        assert {role: found.get("state") for role, found in shown.items()} == {
            "anonymous": None, "reader": None, "staff": None, "editor": None,
            "limited moderator": None, "moderator": "held_edit", "superuser": "held_edit", "author": "held_edit",
        }  # fmt: skip
        assert shown["reader"]["edited"] is None
        assert shown["author"]["edited"] is not None


def below(planted, client: Client) -> list[dict]:
    parent = planted.parent.key if planted.parent else "none"
    return client.get(f"/api/v1/comments/?parent={parent}&article=published-full&page_size=200").json()["results"]


def soon(site: Site) -> list[Planted]:
    """Every situation, on the article with a discussion and on some without."""
    return [one for one in site.planted if one.rank <= 1]


class TestUnknown:
    """What may not be known to be there is answered word for word as what is not there."""

    @pytest.mark.parametrize("address", [
        "/comments/{}/", "/comments/{}/edit/", "/comments/{}/withdraw/", "/api/v1/comments/{}/",
        "/api/v1/comments/{}/replies/", "/api/v1/comments/?parent={}",
        "/articles/published-full/?after={}", "/articles/published-full/comment/?parent={}",
    ])  # fmt: skip
    def test_reads_as_what_never_was(self, site, address):
        unknown = to_key(new_id())
        expected = read(address.format(unknown))
        for one in soon(site):
            if ANONYMOUS.sight(one) is NOTHING and not (one.is_once_public and "after" in address):
                content, headers = read(address.format(one.key))
                assert (content.replace(one.key.encode(), unknown.encode()), headers) == expected

    def test_parents_are_refused_alike(self, site, viewers):
        client, answers = client_of(viewers["reader"], by_token=True), set()
        for key in [to_key(new_id()), *(one.key for one in site.shown if viewers["reader"].sight(one) is NOTHING)]:
            sent = {"article": site.slug(SHOWN), "parent": key, "text": "Yes."}
            response = client.post("/api/v1/comments/", sent, content_type="application/json")
            answers.add((response.status_code, response.content))
        assert [status for status, _content in answers] == [400]

    @pytest.mark.any_database
    @pytest.mark.parametrize("method", ["patch", "delete"])
    def test_cannot_be_written_to(self, site, viewers, find_keys, method):
        client, status = client_of(viewers["reader"], by_token=True), {WORDS: 403, GONE: 410, NOTHING: 404}
        for one in soon(site):
            response = getattr(client, method)(
                f"/api/v1/comments/{one.key}/", {"text": "Mine."}, content_type="application/json"
            )
            asked = Ask(one.key, status[viewers["reader"].sight(one)])
            assert wrong_in(response, asked, find_keys) == []

    @pytest.mark.any_database
    @pytest.mark.parametrize("page", ["edit", "withdraw"])
    def test_cannot_be_posted_to(self, site, viewers, find_keys, page):
        client, status = client_of(viewers["moderator"]), {WORDS: 403, EDIT: 403, GONE: 410, NOTHING: 404}
        for one in soon(site):
            response = client.post(f"/comments/{one.key}/{page}/", {"text": "Mine.", "version": 9}, **SAME_ORIGIN)
            asked = Ask(one.key, status[viewers["moderator"].sight(one)])
            assert wrong_in(response, asked, find_keys) == []

    @pytest.mark.any_database
    def test_cannot_be_answered_by_a_form(self, site, viewers, find_keys):
        client, path = client_of(viewers["moderator"]), f"/articles/{site.slug(SHOWN)}/comment/"
        for one in (one for one in site.shown if one.rank == 0 and ANONYMOUS.sight(one) is not WORDS):
            for do in ("preview", "post", "change"):
                response = client.post(path, {"parent": one.key, "text": "Yes.", "do": do}, **SAME_ORIGIN)
                asked = Ask(one.key, 200 if do == "change" else 404)
                assert wrong_in(response, asked, find_keys) == []


class TestWhatNobodySees:
    """What happens out of sight leaves every public answer as it is, byte for byte, with its ETag."""

    def public_answers(self, site: Site, watched) -> dict[str, tuple]:
        slug = site.slug(SHOWN)
        paths = ["/", "/category/nature/", f"/articles/{slug}/", f"/articles/{slug}/?after={watched.key}"]
        paths += [f"/articles/{slug}/comment/?parent={watched.key}", f"/comments/{watched.key}/"]
        paths += ["/api/v1/articles/", f"/api/v1/articles/{slug}/", f"/api/v1/comments/?article={slug}&page_size=200"]
        paths += [f"/api/v1/comments/{watched.key}/", f"/api/v1/comments/{watched.key}/replies/"]
        return {path: read(path) for path in paths}

    @pytest.fixture
    def watched(self, site):
        return next(one for one in site.shown if one.situation == "open" and one.form == THREAD)

    @pytest.mark.parametrize("kind", ["note", "highlight"])
    def test_is_a_private_one_written_edited_and_deleted(self, site, watched, kind):
        before, author = self.public_answers(site, watched), watched.author
        note = make_comment(
            site.articles[SHOWN], author, kind=Comment.Kind(kind), visibility="private", quote=watched.passage
        )
        assert self.public_answers(site, watched) == before
        services.edit(note, by=author, text="Something else.")
        assert self.public_answers(site, watched) == before
        services.withdraw(note, by=author)
        assert self.public_answers(site, watched) == before

    @pytest.mark.parametrize("then", ["rejected", "illegal", "spam", "withdrawn"])
    def test_is_one_held_and_never_published(self, site, watched, then):
        before = self.public_answers(site, watched)
        parent = Comment.objects.get(pk=watched.pk)
        held = make_comment(site.articles[SHOWN], watched.author, parent=parent, state=State.HELD)
        assert self.public_answers(site, watched) == before
        bring_to(held, State(then))
        assert self.public_answers(site, watched) == before

    @override_settings(COMMENT_CHECKS=["tests.factories.hold"])
    def test_is_an_edit_that_waits(self, site, watched):
        before = self.public_answers(site, watched)
        comment = Comment.objects.get(pk=watched.pk)
        for text in ("One try.", "Another."):
            # In time: others have answered it.
            with stopped_at(comment.created_at):
                services.edit(comment, by=watched.author, text=text)
            assert self.public_answers(site, watched) == before

    def test_is_an_approval(self, site, watched):
        before = self.public_answers(site, watched)
        bring_to(Comment.objects.get(pk=watched.pk), State.APPROVED)
        assert self.public_answers(site, watched) == before


# Where the words of people and articles are kept. No other column holds any.
KEPT_IN = {
    "accounts.user": {"name"},
    "accounts.guest": {"email"},
    "comments.comment": {"guest_name"},
    "articles.article": {"draft_source"},
    "articles.revision": {"source", "html", "canonical_text"},
    "articles.sectiontext": {"html"},
    "comments.commentrevision": {"source", "html"},
    "comments.anchor": {"exact"},
}


def kept_in() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    # A proxy shows the rows of another once more.
    for model in (model for model in apps.get_models() if not model._meta.proxy):
        for row in model._base_manager.values():
            names = {name for name, value in row.items() if words(str(value), with_article_text=True)}
            if names:
                found.setdefault(model._meta.label_lower, set()).update(names)
    return found


class TestStores:
    def test_hold_words_where_they_belong_and_nowhere_else(self, site):
        assert kept_in() == KEPT_IN

    def test_hold_events_of_ids_alone(self, site):
        assert Event.objects.count() > 300
        assert list(Event.objects.exclude(data={})) == []

    def test_of_mail_are_empty_before_the_worker_comes(self, site):
        assert site.mails == 0


class TestMail:
    """What is sent when everything that is due is sent: to one person each, what anybody may read or their own."""

    def test_about_replies_holds_the_words_of_public_ones_alone(self, site, find_keys, clock):
        everybody_reads_mail(site)
        sent = [message for message in deliver() if "replied to you" in message.subject]
        expected = [
            (one.parent.author.email, [one.name, one.word("t")], [one.number]) for one in answered_in_public(site)
        ]
        assert len(expected) == 24
        assert by_reader(sent, find_keys) == sorted(expected)

    def test_about_decisions_holds_no_words_at_all(self, site, find_keys, clock):
        everybody_reads_mail(site)
        everything_is_judged_by(make_user("Moderator"))
        sent = [message for message in deliver() if message.subject.startswith("Skycrumbs: Your comment on")]
        judged = [one for one in site.planted if one.account and one.situation.split()[0] in ("rejected", "illegal")]
        assert by_reader(sent, find_keys) == sorted((one.author.email, [], [one.number]) for one in judged)

    def test_to_confirm_an_address_holds_the_words_of_that_comment_alone(self, site, find_keys, clock):
        guests_write(site)
        unproven = Comment.objects.unproven().select_related("guest", "head_revision")
        expected = sorted((one.guest.email, sorted(words(one.text.source))) for one in unproven)
        sent = [message for message in deliver() if message.subject.startswith("Skycrumbs: Confirm your comment")]
        assert [(reader, found) for reader, found, _keys in by_reader(sent, find_keys)] == expected
        assert ("guest-9703@example.org", ["zqt9703"]) in expected

    def test_of_every_kind_goes_to_one_reader_and_holds_no_other_address(self, site, viewers, clock):
        everybody_reads_mail(site)
        moderator = viewers["moderator"].user
        EmailAddress.objects.create(user=moderator, email=moderator.email, verified=True, primary=True)
        guests_write(site)
        everything_is_judged_by(moderator)
        remind()
        everyone, wrong, sent = addresses(), [], deliver()
        for message in sent:
            (reader,) = message.recipients()
            text = as_read(message)
            wrong += [(message.subject, address) for address in everyone - {reader} if address in text]
        assert wrong == []
        kinds = Delivery.objects.filter(sent_at__isnull=False).values_list("kind", flat=True)
        assert set(kinds) == {"reply", "decision", "proof", "manage", "queue"}

    def test_about_what_waits_holds_no_words_and_names_no_comment(self, site, viewers, find_keys, clock):
        moderator = viewers["moderator"].user
        EmailAddress.objects.create(user=moderator, email=moderator.email, verified=True, primary=True)
        assert remind() == 1
        sent = [message for message in deliver() if message.to == [moderator.email]]
        assert by_reader(sent, find_keys) == [(moderator.email, [], [])]

    def test_holds_nothing_of_what_is_not_confirmed_but_to_confirm_it(self, site, viewers, clock):
        everybody_reads_mail(site)
        guests_write(site)
        sent = [message for message in deliver() if "Confirm your comment" not in message.subject]
        found = {word for message in sent for word in words(as_read(message))}
        assert found & {"zqt9701", "zqn9701", "zqt9702"} == {"zqt9701", "zqn9701", "zqt9702"}
        assert found & {"zqt9703", "zqn9703", "zqt9704", "zqn9704"} == set()

    def test_leaves_no_word_behind_where_it_was_noted(self, site, clock):
        everybody_reads_mail(site)
        deliver()
        assert set(Delivery.objects.values_list("dropped", flat=True)) == {
            "",
            "not_readable",
            "parent_gone",
            "unsubscribed",
        }
        assert kept_in() == KEPT_IN


class TestSite:
    def test_holds_every_state_in_every_visibility_on_every_article(self, site):
        rows = Comment.objects.values_list("article__status", "article__discussion", "visibility", "state").distinct()
        statuses, discussions = ["draft", "published", "unpublished"], ["off", "full"]
        states = ["held", "open", "approved", "held_edit", "rejected", "illegal", "spam", "withdrawn", "erased"]
        assert set(rows) == set(product(statuses, discussions, ["public", "private"], states))

    def test_is_as_it_was_planned(self, site):
        found = Comment.objects.values_list("pk", "state", "visibility", "published_at", "section__key", "depth")
        assert {
            pk: (state, visibility, at is not None, key, depth) for pk, state, visibility, at, key, depth in found
        } == {
            one.pk: (one.situation.split()[0], one.visibility, one.is_once_public, one.section, one.depth)
            for one in site.planted
        }

"""What is kept for everybody: by browsers and proxies, and by the front."""

from functools import cache

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.test.client import ClientHandler

from articles.models import Article
from skycrumbs.front import SITE, Front
from skycrumbs.models import SiteVersion
from tests.canary.checking import all_wrong, client_of, read
from tests.canary.scene import SHOWN
from tests.canary.sight import ROLES, Viewer
from tests.canary.surfaces import API, KEPT, SURFACES

pytestmark = pytest.mark.django_db


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

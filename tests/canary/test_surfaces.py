"""No word of a comment stands where it may not: every surface × state × visibility × article × viewer.

The site of `canary.scene` holds a comment in every situation, with words of its own. The surfaces of `canary` say
of each address what exactly its answer may give away, worked out from the table in `canary.sight`.
"""

import re
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, get_resolver

from comments.models import Comment
from tests.canary import admin, guest_links, own_pages
from tests.canary.asking import Ask
from tests.canary.checking import all_wrong, client_of
from tests.canary.finding import all_of
from tests.canary.scene import SHOWN, STAGES
from tests.canary.sight import ANONYMOUS, ROLES, Viewer
from tests.canary.surfaces import API, COMMENTS_API, LIVELY, STATIC, SURFACES
from tests.factories import make_comment

# Staff and editors are asked for by the same queries as readers, the superuser by those of a moderator.
ALIKE = ["staff", "editor", "superuser"]
BY_ROLE = [pytest.param(role, marks=pytest.mark.any_database if role in ALIKE else []) for role in ROLES]
# What authors may do where there is no discussion is the same wherever that is.
BY_STAGE = [
    pytest.param(stage, id="-".join(stage), marks=[] if stage == SHOWN else pytest.mark.any_database)
    for stage in STAGES
]

pytestmark = pytest.mark.django_db


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

    @pytest.mark.any_database
    def test_of_pages_are_nobodys_to_a_token(self, site, find_keys):
        asks = {ask.path: ask for ask in SURFACES["comments/<key:public_id>/"].asks(site, ANONYMOUS)}
        for one in (one for one in site.planted if one.rank == 0 and one.account):
            client = client_of(Viewer("author", one.account), by_token=True)
            assert all_wrong(client, [asks[f"/comments/{one.key}/"], Ask("/me/")], find_keys) == {}

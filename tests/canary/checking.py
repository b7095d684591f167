"""Who asks, and what is wrong with an answer."""

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from accounts.guests import guest_of, make_link
from accounts.models import GuestLink
from comments.services import GuestName
from tests.canary.asking import Ask
from tests.canary.finding import KeyFinder, all_of, words
from tests.canary.sight import Viewer
from tests.factories import make_token


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


def read(path: str) -> tuple[bytes, dict[str, str]]:
    """What anybody gets, whole."""
    response = Client().get(path)
    return response.content, dict(response.headers)

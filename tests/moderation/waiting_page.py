"""What tests of the queue in the admin share: how a comment comes into it, its cards, and the form of a ruling."""

import re

from django.test import Client

from comments.models import Comment
from comments.states import State
from moderation import services
from moderation.models import Reason
from tests.factories import make_comment, make_user

QUEUE = "/admin/moderation/waiting/"
MANY = f"{QUEUE}many/"


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def held(article, author=None, text: str = "A thought.", **fields) -> Comment:
    return make_comment(article, author or make_user("Ada"), text, state=State.HELD, **fields)


def reported(comment: Comment, reason: Reason = Reason.ABUSE, note: str = "") -> Comment:
    services.flag(comment, by=make_user("Grace Flagger"), reason=reason, note=note)
    return Comment.objects.get(pk=comment.pk)


def card(client: Client, comment: Comment, path: str = QUEUE) -> str:
    """What stands on the card of `comment`."""
    content = client.get(path).content.decode()
    found = re.search(rf'<article class="card" id="comment-{comment.pk}".*?</article>', content, re.S)
    assert found is not None
    return found[0]


def shown(client: Client, path: str = QUEUE) -> list[int]:
    """The ids of the cards, in their order."""
    return [int(pk) for pk in re.findall(r'id="comment-(\d+)"', client.get(path).content.decode())]


def address(comment: Comment, page: str = "") -> str:
    return f"{QUEUE}{comment.pk}/{page}"


def post(client: Client, comment: Comment, ruling: str, **sent):
    """The form of the card, as the queue sends it; `back` None: as the page of the comment does."""
    form = {"ruling": ruling, "seen": f"{comment.version}.{comment.open_flags}", "back": ""} | sent
    return client.post(address(comment), {name: value for name, value in form.items() if value is not None})

"""How often a passage may be chosen on an older revision, which two whole texts are compared for."""

import pytest

from accounts.models import LimitWindow
from comments.models import Comment
from tests.asking import client_of, problem
from tests.factories import make_article, make_comment, make_user, passage, revise

pytestmark = pytest.mark.django_db

LIST = "/api/v1/comments/"
NORA = {"name": "Nora", "email": "nora@example.org"}


@pytest.fixture
def birds():
    return make_article("birds", source="Larks sing early.\n\nNobody knows why they do.")


@pytest.fixture
def gone(birds):
    """A passage of the first revision that no revision since has."""
    chosen = passage(birds, "Nobody knows")
    revise(birds, "Larks sing early.\n\nOwls do it late.")
    return {"exact": chosen.exact, "start": chosen.start, "end": chosen.end, "revision": 1}


def post(api, anchor, key="", **fields):
    headers = {"Idempotency-Key": key} if key else {}
    return api.post(LIST, {"article": "birds", "text": "Why?", "anchor": anchor} | fields, headers=headers)


@pytest.mark.parametrize("key", ["", "8e03978e-40d5-43dd-bc93-6894a57f9324"])
def test_refused_ones_count_by_account(gone, settings, key):
    settings.COMMENT_LIMITS = [(2, 86_400)]
    api = client_of(make_user("Ada"))
    assert [post(api, gone, key).status_code for _ in range(3)] == [422, 422, 429]
    assert post(client_of(make_user("Bo")), gone).status_code == 422


@pytest.mark.parametrize("key", ["", "8e03978e-40d5-43dd-bc93-6894a57f9324"])
def test_refused_ones_count_by_network(gone, settings, key):
    settings.NETWORK_LIMITS = [(2, 86_400)]
    api = client_of()
    assert [post(api, gone, key, guest=NORA).status_code for _ in range(2)] == [422, 422]
    refused = post(api, gone, key, guest=NORA)
    assert problem(refused)[:2] == (429, "too_many_requests")
    assert int(refused["Retry-After"]) > 0


def test_private_notes_count_too(gone, settings):
    settings.COMMENT_LIMITS = [(1, 86_400)]
    api = client_of(make_user("Ada"))
    assert [post(api, gone, kind="note").status_code for _ in range(2)] == [422, 429]


def test_those_that_are_taken_count_once(birds, gone):
    stands = {"exact": "Larks sing", "revision": 1}
    assert post(client_of(make_user("Ada")), stands).status_code == 201
    counted = LimitWindow.objects.filter(seconds=60).values_list("key", "count")
    assert {key.rpartition(":")[0]: count for key, count in counted} == {"carry:account": 1, "carry:network": 1}


def test_passages_put_in_their_place_count_too(birds, settings):
    settings.COMMENT_LIMITS = [(1, 86_400)]
    comment = make_comment(birds, make_user("Ada"), quote="Nobody knows")
    sings = passage(birds, "Larks sing")
    revise(birds, "Larks sing early.\n\nOwls do it late.")
    address, api = f"{LIST}{comment.key}/anchor/", client_of(comment.author)
    seen = {"exact": "Larks sing", "revision": 1, "start": sings.start, "end": sings.end}
    assert problem(client_of(make_user("Bo")).put(address, seen))[:2] == (403, "forbidden")
    assert api.put(address, seen | {"exact": "Owls lark"}).status_code == 422
    assert problem(api.put(address, seen))[:2] == (429, "too_many_requests")
    assert api.put(address, {"exact": "Owls do"}).status_code == 200


def test_passages_of_the_current_revision_do_not_count(birds, gone):
    api = client_of(make_user("Ada"))
    for chosen in ({"exact": "Nobody knows"}, {"exact": "Larks sing", "revision": 2}):
        post(api, chosen)
    assert Comment.objects.count() == 1
    assert not LimitWindow.objects.filter(key__startswith="carry:").exists()

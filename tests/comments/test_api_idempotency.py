"""Comments that are sent again with their Idempotency-Key."""

import hashlib
import json

import pytest
from django.db import connection

from accounts import guests
from accounts.models import AnsweredRequest, Guest, GuestLink, LimitWindow
from articles.models import Article
from articles.services import unpublish
from comments import services
from comments.models import Comment
from comments.services import prove
from comments.states import State
from tests.asking import client_of, codes, problem
from tests.clock import later
from tests.factories import bring_to, make_article, make_comment, make_user

pytestmark = pytest.mark.django_db

LIST = "/api/v1/comments/"
KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"
HELLO = {"article": "birds", "text": "Hello."}
NORA = {"name": "Nora", "email": "nora@example.org"}


@pytest.fixture
def ada():
    return make_user("Ada")


@pytest.fixture
def api(ada):
    return client_of(ada)


@pytest.fixture(autouse=True)
def birds():
    return make_article("birds")


def post(api, sent=HELLO, key=KEY, **extra):
    return api.post(LIST, sent, headers={"Idempotency-Key": key}, **extra)


class TestTheSameAgain:
    def test_is_made_once_and_answered_alike(self, api):
        first, second = post(api), post(api)
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json() == second.json()
        assert first["Location"] == second["Location"] == first.json()["links"]["self"]
        assert ("Idempotency-Replayed" in first, second["Idempotency-Replayed"]) == (False, "true")
        assert second["Cache-Control"] == "private, no-store"
        assert Comment.objects.count() == 1

    def test_is_made_twice_without_a_key(self, api):
        assert api.post(LIST, HELLO).status_code == api.post(LIST, HELLO).status_code == 201
        assert (Comment.objects.count(), AnsweredRequest.objects.count()) == (2, 0)

    def test_uses_up_no_limit(self, api, settings):
        settings.COMMENT_CHECKS = ["moderation.checks.rate.rate"]
        settings.COMMENT_LIMITS = [(1, 60)]
        assert [post(api).status_code for _ in range(3)] == [201, 201, 201]
        assert set(LimitWindow.objects.values_list("count", flat=True)) == {1}

    def test_keeps_its_202_and_tells_what_it_is_by_now(self, api, settings):
        settings.COMMENT_CHECKS = ["tests.factories.hold"]
        assert post(api).status_code == 202
        bring_to(Comment.objects.get(), State.APPROVED)
        second = post(api)
        assert (second.status_code, second.json()["state"]) == (202, "approved")

    def test_keeps_its_201_and_tells_the_text_that_stands_there(self, api, ada):
        post(api)
        services.edit(Comment.objects.get(), by=ada, text="Hello, all.")
        second = post(api)
        assert (second.status_code, second.json()["text"]) == (201, "Hello, all.")

    def test_is_answered_though_it_could_not_be_written_any_more(self, api, birds):
        root = make_comment(birds, make_user())
        reply = HELLO | {"parent": root.key}
        first = post(api, reply)
        bring_to(root, State.REJECTED)
        Article.objects.update(is_open=False)
        assert post(api, reply).json()["id"] == first.json()["id"]
        unpublish(birds, by=None)
        assert post(api, reply).json()["id"] == first.json()["id"]

    def test_is_made_anew_after_24_hours(self, api):
        first = post(api)
        with later(hours=23, minutes=59):
            assert post(api)["Location"] == first["Location"]
        with later(hours=24, minutes=1):
            third = post(api)
            assert (third.status_code, third["Location"] == first["Location"]) == (201, False)
            assert post(api)["Location"] == third["Location"]
        assert (Comment.objects.count(), AnsweredRequest.objects.count()) == (2, 1)

    def test_is_410_when_what_was_made_is_withdrawn_or_removed(self, api, ada):
        post(api)
        services.withdraw(Comment.objects.get(), by=ada)
        response = post(api)
        assert problem(response) == (410, "removed", [])
        assert Comment.objects.count() == 1

    def test_is_404_when_what_was_made_is_gone_and_nobody_read_it(self, api, ada):
        note = HELLO | {"kind": "note"}
        post(api, note)
        services.withdraw(Comment.objects.get(), by=ada)
        assert problem(post(api, note)) == (404, "not_found", [])


class TestAnotherRequest:
    def test_is_made_with_another_key(self, api):
        assert post(api)["Location"] != post(api, key="another")["Location"]

    def test_is_made_for_another_account(self, api):
        first, second = post(api), post(client_of(make_user("Ben")))
        assert (second.status_code, second.json()["author"]["name"]) == (201, "Ben")
        assert first["Location"] != second["Location"]
        assert "Idempotency-Replayed" not in second

    def test_is_made_for_another_guest_or_from_another_network(self):
        sent = HELLO | {"guest": NORA}
        others = [HELLO | {"guest": NORA | {"email": "ben@example.org"}}, sent]
        first = post(client_of(), sent, REMOTE_ADDR="192.0.2.7")
        second = post(client_of(), others[0], REMOTE_ADDR="192.0.2.7")
        third = post(client_of(), others[1], REMOTE_ADDR="192.0.2.8")
        assert [one.status_code for one in (first, second, third)] == [202, 202, 202]
        assert len({one["Location"] for one in (first, second, third)}) == 3


class TestGuests:
    SENT = HELLO | {"guest": NORA}

    def test_get_the_answer_again_though_nobody_else_can_read_it_yet(self):
        first, second = post(client_of(), self.SENT), post(client_of(), self.SENT)
        assert (first.status_code, second.status_code) == (202, 202)
        assert first.json() == second.json()
        assert second["Idempotency-Replayed"] == "true"
        assert Comment.objects.count() == 1

    def test_get_what_everybody_reads_once_the_address_is_proven(self):
        post(client_of(), self.SENT)
        prove(guests.make_link(Guest.objects.get(), GuestLink.Purpose.PROVE, Comment.objects.get().pk))
        second = post(client_of(), self.SENT)
        assert (second.status_code, second.json()["text"], "state" in second.json()) == (202, "Hello.", False)

    def test_get_410_when_it_was_removed(self):
        post(client_of(), self.SENT)
        prove(guests.make_link(Guest.objects.get(), GuestLink.Purpose.PROVE, Comment.objects.get().pk))
        bring_to(Comment.objects.get(), State.REJECTED)
        assert problem(post(client_of(), self.SENT)) == (410, "removed", [])


class TestRefusals:
    @pytest.mark.parametrize("key", ["", " ", "a b", "a\tb", "é", "x" * 256, "\x7f", "a\0b"])
    def test_is_400_and_names_the_header_when_the_key_is_none(self, api, key):
        response = post(api, key=key)
        assert problem(response) == (400, "invalid", ["Idempotency-Key"])
        assert codes(response) == [("Idempotency-Key", "bad_key")]
        assert not Comment.objects.exists()

    @pytest.mark.parametrize("key", ["x", "x" * 255, '"!~"'])
    def test_takes_any_visible_ascii(self, api, key):
        assert [post(api, key=key).status_code for _ in range(2)] == [201, 201]
        assert Comment.objects.count() == 1

    def test_is_422_when_the_body_is_another(self, api):
        post(api)
        response = post(api, HELLO | {"text": "Good bye."})
        assert problem(response) == (422, "idempotency_mismatch", [])
        assert Comment.objects.count() == 1

    def test_is_401_when_nobody_sends_it(self):
        assert problem(post(client_of())) == (401, "not_authenticated", [])

    @pytest.mark.parametrize("guest", [[], "Nora", {"email": ["x"]}, {"email": "\ud800@example.org"}, {"email": 5}])
    def test_is_400_when_the_guest_is_none(self, guest):
        body = json.dumps(HELLO | {"guest": guest})
        response = post(client_of(), body, content_type="application/json")
        assert problem(response)[:2] == (400, "invalid")

    def test_is_400_when_the_body_is_no_json(self, api):
        assert problem(post(api, "{", content_type="application/json")) == (400, "not_json", [])
        assert problem(post(client_of(), "[]", content_type="application/json")) == (400, "not_an_object", [])

    def test_leaves_nothing_when_the_work_is_refused_and_can_be_sent_again(self, api, settings):
        settings.COMMENT_CHECKS = ["tests.factories.refuse"]
        assert problem(post(api))[:2] == (429, "too_many_requests")
        assert not AnsweredRequest.objects.exists()
        settings.COMMENT_CHECKS = []
        assert post(api).status_code == 201

    def test_leaves_nothing_when_the_work_breaks(self, api, monkeypatch):
        def breaks(self, comment, status):
            raise RuntimeError("no")

        with monkeypatch.context() as patch:
            patch.setattr("comments.api.CommentList.show_written", breaks)
            with pytest.raises(RuntimeError):
                post(api)
        assert not Comment.objects.exists()
        assert not AnsweredRequest.objects.exists()
        assert post(api).status_code == 201


def broken_in_the_database(submission):
    """A check that leaves its transaction unusable, unless somebody saved it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")


def test_is_held_when_a_check_breaks_on_the_database(api, settings):
    settings.COMMENT_CHECKS = ["tests.comments.test_api_idempotency.broken_in_the_database"]
    response = post(api)
    assert (response.status_code, response.json()["reason"]) == (202, "check_failed")


def test_what_is_stored_are_digests_and_the_id(api):
    body = b'{"article": "birds", "text": "Hello."}'
    response = post(api, body, content_type="application/json")
    row = AnsweredRequest.objects.values().get()
    assert (row["status"], row["made_id"]) == (201, response.json()["id"])
    assert row["body_digest"] == hashlib.sha256(body).hexdigest()
    assert len(row["digest"]) == 64

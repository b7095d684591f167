"""Comments as guests' programs write them."""

import json

import pytest
from rest_framework.test import APIClient

from accounts import guests
from accounts.models import Guest, GuestLink, User
from comments.checking import Result
from comments.models import Comment
from comments.services import prove
from comments.states import State
from events.models import Event
from tests.asking import client_of, codes, problem
from tests.factories import make_article, make_comment, make_user, passage

pytestmark = pytest.mark.django_db

LIST = "/api/v1/comments/"
NORA = {"name": "Nora", "email": "nora@example.org"}
seen: list = []


def look(submission):
    """A check that notes what it was given."""
    seen.append((submission.network, submission.form))
    return Result()


@pytest.fixture
def birds():
    return make_article("birds")


def post(guest=NORA, client: APIClient | None = None, **fields):
    return (client or client_of()).post(LIST, {"article": "birds", "text": "*Yes*", "guest": guest} | fields)


class TestPost:
    def test_answers_202_with_the_comment_as_its_writer_sees_it(self, birds):
        response = post()
        comment, found = Comment.objects.get(), response.json()
        assert response.status_code == 202
        assert (found["id"], found["state"], found["reason"]) == (comment.key, "held", "confirm_email")
        assert found["author"] == {"name": "Nora", "kind": "guest"}
        assert (found["text"], found["html"]) == ("*Yes*", '<p dir="auto"><em>Yes</em></p>\n')
        assert response["Location"] == f"http://testserver/api/v1/comments/{comment.key}/"
        assert response["Cache-Control"] == "private, no-store"

    def test_gives_the_address_back_nowhere(self, birds):
        response = post()
        assert "nora@" not in str(response.headers) + response.content.decode()
        prove(guests.make_link(Guest.objects.get(), GuestLink.Purpose.PROVE, Comment.objects.get().pk))
        for client in (client_of(), client_of(make_user("Root", is_staff=True, is_superuser=True))):
            for path in (LIST, response["Location"]):
                answer = client.get(path)
                assert "Nora" in answer.content.decode()
                assert "nora@" not in str(answer.headers) + answer.content.decode()

    def test_shows_it_to_nobody_until_it_is_confirmed(self, birds):
        before = client_of().get(LIST).content
        location = post()["Location"]
        for client in (client_of(), client_of(make_user("Root", is_staff=True, is_superuser=True))):
            assert client.get(location).status_code == 404
            assert client.get(LIST).json()["results"] == []
        assert client_of().get(LIST).content == before
        prove(guests.make_link(Guest.objects.get(), GuestLink.Purpose.PROVE, Comment.objects.get().pk))
        assert client_of().get(location).json()["author"] == {"name": "Nora", "kind": "guest"}

    def test_leaves_an_event_for_the_mail(self, birds):
        post()
        assert list(Event.objects.filter(comment_id=Comment.objects.get().pk).values_list("type", "data")) == [
            ("guest.proof_asked", {})
        ]

    def test_stores_one_on_a_passage_and_one_below_a_comment(self, birds):
        anchor = {"exact": "A few prefer"}
        assert post(anchor=anchor).json()["anchor"]["exact"] == "A few prefer"
        root = make_comment(birds, make_user())
        assert post(parent=root.key).json()["parent"] == root.key

    @pytest.mark.parametrize("kind", ["highlight", "note"])
    def test_stores_public_highlights_and_notes(self, birds, kind):
        response = post(kind=kind, visibility="public", anchor={"exact": "A few prefer"})
        assert (response.status_code, response.json()["kind"]) == (202, kind)

    def test_makes_name_and_address_fit(self, birds):
        assert post({"name": " Zoe\u0308 ", "email": " Zoe@Example.org"}).json()["author"]["name"] == "Zoë"
        assert Guest.objects.get().email == "zoe@example.org"

    def test_changes_nothing_of_the_member_with_that_name_and_address(self, birds):
        ada = make_user("Ada", email="ada@example.org")
        before = User.objects.filter(pk=ada.pk).values().get()
        assert post({"name": "Ada", "email": "Ada@example.org"}).json()["author"]["kind"] == "guest"
        assert User.objects.filter(pk=ada.pk).values().get() == before
        assert not ada.comments.exists()

    def test_answers_alike_whether_a_member_has_the_address(self, birds):
        make_user("Ada", email="ada@example.org")
        found = [post({"name": "N.", "email": email}).json() for email in ("ada@example.org", "nora@example.org")]
        for document in found:
            del document["id"], document["root"], document["links"], document["created"]
        assert found[0] == found[1]

    def test_gives_the_checks_the_network(self, birds, settings):
        seen.clear()
        settings.COMMENT_CHECKS = ["tests.comments.test_api_guests.look"]
        client_of().post(LIST, {"article": "birds", "text": "Yes.", "guest": NORA}, REMOTE_ADDR="192.0.2.7")
        client_of(make_user()).post(LIST, {"article": "birds", "text": "Yes."}, REMOTE_ADDR="192.0.2.8")
        assert seen == [("192.0.2.7", None), ("192.0.2.8", None)]

    def test_does_not_take_a_cookie_for_the_proof(self, birds):
        client = client_of()
        guest = guests.guest_of("nora@example.org")
        client.cookies["__Host-skyedit"] = guests.make_link(guest, GuestLink.Purpose.SESSION)
        assert post(client=client).json()["reason"] == "confirm_email"


class TestRefusals:
    def check(self, response, status: int, code: str, *errors: tuple[str, str]) -> None:
        assert problem(response)[:2] == (status, code)
        assert codes(response) == list(errors)
        assert (Comment.objects.count(), Guest.objects.count()) == (0, 0)

    @pytest.mark.parametrize(
        ("guest", "field", "code"),
        [
            ({"email": "nora@example.org"}, "guest.name", "required"),
            ({"name": "Nora"}, "guest.email", "required"),
            ({"name": None, "email": "nora@example.org"}, "guest.name", "null"),
            ({"name": 5, "email": "nora@example.org"}, "guest.name", "invalid"),
            ({"name": "Nora", "email": ["nora@example.org"]}, "guest.email", "invalid"),
            ({"name": "", "email": "nora@example.org"}, "guest.name", "blank"),
            ({"name": "\u200b", "email": "nora@example.org"}, "guest.name", "blank"),
            ({"name": "x" * 61, "email": "nora@example.org"}, "guest.name", "too_long"),
            ({"name": "N" + "\u0301" * 5000, "email": "nora@example.org"}, "guest.name", "too_long"),
            ({"name": "N" + "\u0316" * 4, "email": "nora@example.org"}, "guest.name", "too_many_marks"),
            ({"name": "N\0ra", "email": "nora@example.org"}, "guest.name", "control_character"),
            ({"name": "N\ud800ra", "email": "nora@example.org"}, "guest.name", "control_character"),
            ({"name": "\u202earoN", "email": "nora@example.org"}, "guest.name", "control_character"),
            ({"name": "No\nra", "email": "nora@example.org"}, "guest.name", "line_break"),
            ({"name": "No\u200bra", "email": "nora@example.org"}, "guest.name", "invisible_character"),
            ({"name": "N\u043era", "email": "nora@example.org"}, "guest.name", "mixed_alphabets"),
            ({"name": "mo MOT", "email": "nora@example.org"}, "guest.name", "name_taken"),
            ({"name": "Nora", "email": ""}, "guest.email", "blank"),
            ({"name": "Nora", "email": "nora"}, "guest.email", "no_address"),
            ({"name": "Nora", "email": "nora@example.org\nBcc: eve@example.org"}, "guest.email", "no_address"),
            ({"name": "Nora", "email": "n" * 250 + "@example.org"}, "guest.email", "too_long"),
        ],
    )
    def test_name_the_field_and_store_nothing(self, birds, guest, field, code):
        make_user("Mo Mot", is_staff=True)
        # As ASCII: half a surrogate pair has no UTF-8.
        body = json.dumps({"article": "birds", "text": "Yes.", "guest": guest})
        self.check(client_of().post(LIST, body, content_type="application/json"), 400, "invalid", (field, code))

    def test_name_both_fields(self, birds):
        errors = [("guest.name", "blank"), ("guest.email", "no_address")]
        self.check(post({"name": "", "email": "nora"}), 400, "invalid", *errors)

    @pytest.mark.parametrize("guest", ["Nora", 5, [], True])
    def test_say_that_a_guest_is_an_object(self, birds, guest):
        self.check(post(guest), 400, "invalid", ("guest", "not_an_object"))

    @pytest.mark.parametrize("field", ["is_proven", "id", "website"])
    def test_do_not_know_other_fields(self, birds, field):
        self.check(post(NORA | {field: True}), 400, "unknown_field", (f"guest.{field}", "unknown_field"))

    def test_are_401_where_nobody_is_named(self, birds):
        for sent in ({}, {"guest": None}):
            response = client_of().post(LIST, {"article": "birds", "text": "Yes."} | sent)
            self.check(response, 401, "not_authenticated")
            assert response["WWW-Authenticate"] == "Token"

    def test_are_401_for_a_wrong_token(self, birds):
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION="Token 0123456789abcdef")
        self.check(post(client=client), 401, "bad_token")

    def test_are_400_for_a_guest_who_is_signed_in(self, birds):
        self.check(post(client=client_of(make_user("Ada"))), 400, "invalid", ("guest", "not_with_account"))

    @pytest.mark.parametrize("kind", ["note", "highlight"])
    def test_keep_private_ones_for_accounts(self, birds, kind):
        response = post(kind=kind, visibility="private", anchor={"exact": "A few prefer"})
        self.check(response, 400, "invalid", ("visibility", "not_for_guests"))

    def test_keep_a_note_for_accounts_that_does_not_say_it_is_public(self, birds):
        self.check(post(kind="note"), 400, "invalid", ("visibility", "not_for_guests"))

    def test_are_those_of_every_comment_too(self, birds):
        self.check(post(text=""), 400, "invalid", ("text", "blank"))
        self.check(post(article="nowhere"), 400, "invalid", ("article", "unknown"))
        self.check(post(anchor={"exact": "Nowhere"}), 422, "anchor_not_found")

    @pytest.mark.parametrize(("method", "path"), [("patch", "{}"), ("delete", "{}"), ("post", "{}flags/")])
    def test_are_401_everywhere_else(self, birds, method, path):
        comment = make_comment(birds, make_user())
        address = path.format(f"{LIST}{comment.key}/")
        response = getattr(client_of(), method)(address, {"text": "Mine.", "reason": "spam", "guest": NORA})
        assert problem(response)[:2] == (401, "not_authenticated")
        assert Comment.objects.get().state == State.OPEN


class TestTheDescription:
    def test_says_what_a_guest_sends_and_no_address_in_what_is_read(self, birds):
        schema = client_of().get("/api/schema/?format=json", HTTP_ACCEPT="application/vnd.oai.openapi+json").json()
        shapes = schema["components"]["schemas"]
        assert sorted(shapes["NewGuestRequest"]["properties"]) == ["email", "name"]
        with_address = {name for name, shape in shapes.items() if "email" in shape.get("properties", {})}
        assert with_address == {"NewGuestRequest"}


def test_a_quote_of_a_guest_is_anchored_as_anybodys(birds):
    chosen = passage(birds, "Small birds")
    anchor = {"exact": chosen.exact, "start": chosen.start, "end": chosen.end, "revision": 1}
    assert post(anchor=anchor).json()["anchor"]["now"]["status"] == "kept"

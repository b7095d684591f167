"""Flags as programs make them, and every way in which they are refused."""

import pytest
from django.contrib.auth.models import Permission

from comments import services as comments
from comments.models import Comment
from comments.states import State
from moderation.models import Flag
from tests.asking import client_of, codes, problem
from tests.clock import later
from tests.factories import bring_to, make_article, make_comment, make_user

pytestmark = pytest.mark.django_db


def address(comment: Comment) -> str:
    return f"/api/v1/comments/{comment.key}/flags/"


@pytest.fixture
def ada():
    return make_user("Ada")


@pytest.fixture
def birds():
    return make_article("birds")


@pytest.fixture
def comment(birds, ada):
    return make_comment(birds, ada, "Buy this.")


@pytest.fixture
def api():
    return client_of(make_user("Grace"))


class TestPost:
    def test_is_201_and_gives_back_what_was_sent(self, api, comment):
        response = api.post(address(comment), {"reason": "other", "note": "It is copied. "})
        assert response.status_code == 201
        created = Flag.objects.get().created_at.isoformat().replace("+00:00", "Z")
        assert response.json() == {"reason": "other", "note": "It is copied.", "created": created}
        assert response.headers["Cache-Control"] == "private, no-store"

    def test_is_200_with_the_first_one_when_it_is_sent_again(self, api, comment):
        first = api.post(address(comment), {"reason": "spam"})
        again = api.post(address(comment), {"reason": "abuse", "note": "Worse."})
        assert (first.status_code, again.status_code) == (201, 200)
        assert again.json() == first.json()
        assert (first.json()["reason"], first.json()["note"]) == ("spam", "")
        assert Flag.objects.count() == 1

    def test_is_no_business_of_anyone_else(self, api, comment, ada):
        readers = (client_of(ada), client_of(make_user()), client_of())
        pages = ("/api/v1/comments/", f"/api/v1/comments/{comment.key}/", "/api/v1/articles/birds/")
        before = [reader.get(page).content for reader in readers for page in pages]
        api.post(address(comment), {"reason": "other", "note": "Canary."})
        assert [reader.get(page).content for reader in readers for page in pages] == before

    @pytest.mark.parametrize(
        ("sent", "code", "errors"),
        [
            ({}, "invalid", [("reason", "required")]),
            ({"reason": None}, "invalid", [("reason", "null")]),
            ({"reason": ""}, "invalid", [("reason", "invalid_choice")]),
            ({"reason": "boring"}, "invalid", [("reason", "invalid_choice")]),
            ({"reason": ["spam"]}, "invalid", [("reason", "invalid_choice")]),
            ({"reason": "other"}, "invalid", [("note", "required")]),
            ({"reason": "other", "note": "\u2800 "}, "invalid", [("note", "required")]),
            ({"reason": "spam", "note": "x" * 501}, "invalid", [("note", "too_long")]),
            ({"reason": "spam", "note": "a\0b"}, "invalid", [("note", "control_character")]),
            ({"reason": "spam", "note": None}, "invalid", [("note", "null")]),
            ({"reason": "spam", "note": 1}, "invalid", [("note", "invalid")]),
            ({"reason": "spam", "person": 1}, "unknown_field", [("person", "unknown_field")]),
            ({"reason": "spam", "closed": True}, "unknown_field", [("closed", "unknown_field")]),
        ],
    )
    def test_is_400_and_names_the_field_when_it_is_wrong(self, api, comment, sent, code, errors):
        response = api.post(address(comment), sent)
        assert problem(response) == (400, code, [field for field, _ in errors])
        assert codes(response) == errors
        assert not Flag.objects.exists()

    @pytest.mark.parametrize(("body", "code"), [(b"{", "not_json"), (b"[]", "not_an_object")])
    def test_is_400_when_it_is_no_object(self, api, comment, body, code):
        response = api.post(address(comment), body, content_type="application/json")
        assert problem(response) == (400, code, [])

    def test_is_400_when_a_character_is_cut_in_half(self, api, comment):
        body = rb'{"reason": "spam", "note": "\ud800"}'
        response = api.post(address(comment), body, content_type="application/json")
        assert codes(response) == [("note", "control_character")]

    def test_is_400_when_a_parameter_is_unknown(self, api, comment):
        response = api.post(f"{address(comment)}?reason=spam", {"reason": "spam"})
        assert problem(response) == (400, "unknown_parameter", ["reason"])

    def test_is_401_when_nobody_signs_it(self, comment):
        assert problem(client_of().post(address(comment), {"reason": "spam"})) == (401, "not_authenticated", [])

    def test_is_403_on_ones_own(self, comment, ada, birds):
        waiting = make_comment(birds, ada, state=State.HELD)
        note = make_comment(birds, ada, kind="note", visibility="private")
        withdrawn = make_comment(birds, ada, state=State.WITHDRAWN)
        for own in (comment, waiting, note, withdrawn):
            assert problem(client_of(ada).post(address(own), {"reason": "spam"})) == (403, "forbidden", [])
        assert not Flag.objects.exists()

    def test_is_403_for_a_moderator_on_what_readers_cannot_see(self, ada, birds):
        moderator = make_user()
        moderator.user_permissions.add(Permission.objects.get(codename="moderate_comment"))
        for state in (State.HELD, State.REJECTED):
            hidden = make_comment(birds, ada, state=state)
            response = client_of(moderator).post(address(hidden), {"reason": "spam"})
            assert problem(response) == (403, "forbidden", [])

    def test_is_404_on_what_one_may_not_read(self, api, ada, birds):
        held = make_comment(birds, ada, state=State.HELD)
        note = make_comment(birds, ada, kind="note", visibility="private")
        draft = make_comment(make_article("drafts"), ada)
        draft.article.__class__.objects.filter(slug="drafts").update(status="unpublished")
        for hidden in (held, note, draft):
            assert problem(api.post(address(hidden), {"reason": "spam"})) == (404, "not_found", [])
        assert api.post("/api/v1/comments/AAAAAAAAAAAAAAAAAAAAAA/flags/", {"reason": "spam"}).status_code == 404

    def test_is_410_on_what_was_removed(self, api, ada, birds):
        removed = make_comment(birds, ada, state=State.REJECTED)
        assert problem(api.post(address(removed), {"reason": "spam"})) == (410, "removed", [])

    def test_is_taken_on_what_was_withdrawn_within_24_hours(self, api, comment, ada):
        comments.withdraw(comment, by=ada)
        assert api.post(address(comment), {"reason": "abuse"}).status_code == 201
        assert Flag.objects.get().source == "Buy this."
        with later(hours=25):
            late = client_of(make_user()).post(address(comment), {"reason": "abuse"})
        assert problem(late) == (410, "removed", [])

    def test_is_405_for_all_but_post(self, api, comment):
        for method in (api.get, api.patch, api.delete, api.put):
            assert problem(method(address(comment))) == (405, "method_not_allowed", [])

    def test_is_429_and_says_when_to_come_back(self, api, comment, settings):
        settings.FLAG_LIMITS = [(0, 3600)]
        response = api.post(address(comment), {"reason": "spam"})
        assert problem(response) == (429, "too_many_requests", [])
        assert int(response.headers["Retry-After"]) in range(1, 3601)
        assert not Flag.objects.exists()


class TestIdempotencyKey:
    def post(self, api, comment, key="a-key", **sent):
        return api.post(address(comment), {"reason": "spam"} | sent, headers={"Idempotency-Key": key})

    def test_answers_the_same_again_and_counts_it_once(self, api, comment, settings):
        settings.FLAG_LIMITS = [(1, 60)]
        first, second = self.post(api, comment), self.post(api, comment)
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json() == second.json()
        assert ("Idempotency-Replayed" in first, second["Idempotency-Replayed"]) == (False, "true")
        assert Flag.objects.count() == 1

    def test_answers_the_same_when_the_comment_was_removed_meanwhile(self, api, comment):
        self.post(api, comment)
        bring_to(comment, State.REJECTED)
        assert self.post(api, comment).status_code == 201
        assert problem(self.post(api, comment, key="another")) == (410, "removed", [])

    def test_keeps_the_200_of_a_flag_that_was_open(self, api, comment):
        api.post(address(comment), {"reason": "spam"})
        assert [self.post(api, comment).status_code for _ in range(2)] == [200, 200]

    def test_is_of_one_address_and_of_one_person(self, api, comment, birds, ada):
        other = make_comment(birds, ada, "Buy that.")
        people = [(api, comment), (api, other), (client_of(make_user("Ben")), comment)]
        answers = [self.post(person, on) for person, on in people]
        assert [(one.status_code, "Idempotency-Replayed" in one) for one in answers] == [(201, False)] * 3
        assert Flag.objects.count() == 3

    def test_is_404_when_the_flag_is_gone(self, api, comment):
        self.post(api, comment)
        Flag.objects.all().delete()
        assert problem(self.post(api, comment)) == (404, "not_found", [])

    def test_is_400_when_it_is_no_key(self, api, comment):
        assert problem(self.post(api, comment, key="a key")) == (400, "invalid", ["Idempotency-Key"])
        assert not Flag.objects.exists()

    def test_is_422_when_the_body_is_another(self, api, comment):
        self.post(api, comment)
        assert problem(self.post(api, comment, reason="abuse")) == (422, "idempotency_mismatch", [])
        assert Flag.objects.get().reason == "spam"

    def test_is_401_when_nobody_signs_it(self, comment):
        assert problem(self.post(client_of(), comment)) == (401, "not_authenticated", [])

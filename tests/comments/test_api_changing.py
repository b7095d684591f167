"""Comments as programs change and delete them, and every way in which they are refused."""

import pytest

from articles.models import Article
from comments.models import Comment
from comments.states import State
from tests.asking import client_of, codes, problem
from tests.clock import later
from tests.factories import make_article, make_comment, make_moderator, make_user

pytestmark = pytest.mark.django_db

LIST = "/api/v1/comments/"


@pytest.fixture
def user():
    return make_user("Ada")


@pytest.fixture
def api(user):
    return client_of(user)


@pytest.fixture
def birds():
    return make_article("birds")


@pytest.fixture
def moderator():
    return make_moderator()


class TestPatch:
    def test_changes_the_text(self, api, user, birds):
        comment = make_comment(birds, user, "First.")
        response = api.patch(f"{LIST}{comment.key}/", {"text": "Second.", "version": comment.version})
        assert response.status_code == 200
        found = response.json()
        assert (found["text"], found["version"]) == ("Second.", comment.version + 1)
        assert found["edited"] is not None
        public = client_of().get(f"{LIST}{comment.key}/").json()
        assert (public["text"], public["edited"]) == ("Second.", found["edited"])

    def test_needs_no_version(self, api, user, birds):
        comment = make_comment(birds, user)
        assert api.patch(f"{LIST}{comment.key}/", {"text": "Second."}).status_code == 200

    def test_is_202_when_a_check_holds_the_new_text(self, api, user, birds, settings):
        comment = make_comment(birds, user, "First.")
        settings.COMMENT_CHECKS = ["tests.factories.hold"]
        response = api.patch(f"{LIST}{comment.key}/", {"text": "Second."})
        assert response.status_code == 202
        found = response.json()
        assert (found["text"], found["state"], found["reason"]) == ("Second.", "held_edit", "test")
        assert client_of().get(f"{LIST}{comment.key}/").json()["text"] == "First."

    def test_is_409_when_it_changed_since_it_was_read(self, api, user, birds):
        comment = make_comment(birds, user, "First.")
        body = {"text": "Second.", "version": comment.version}
        assert api.patch(f"{LIST}{comment.key}/", body).status_code == 200
        response = api.patch(f"{LIST}{comment.key}/", {**body, "text": "Third."})
        assert problem(response) == (409, "stale_version", [])
        assert response.json()["version"] == comment.version + 1
        assert api.get(f"{LIST}{comment.key}/").json()["text"] == "Second."

    def test_is_409_when_the_discussion_was_closed(self, api, user, birds):
        comment = make_comment(birds, user)
        Article.objects.update(is_open=False)
        assert problem(api.patch(f"{LIST}{comment.key}/", {"text": "No."})) == (409, "discussion_closed", [])

    @pytest.mark.parametrize(
        ("sent", "code", "errors"),
        [
            ({}, "invalid", [("text", "required")]),
            ({"text": ""}, "invalid", [("text", "blank")]),
            ({"text": "x" * 5001}, "invalid", [("text", "too_long")]),
            ({"text": "a\0b"}, "invalid", [("text", "control_character")]),
            ({"text": "Yes.", "version": "1"}, "invalid", [("version", "invalid")]),
            ({"text": "Yes.", "version": None}, "invalid", [("version", "null")]),
            ({"text": "Yes.", "kind": "note"}, "unknown_field", [("kind", "unknown_field")]),
            ({"text": "Yes.", "visibility": "private"}, "unknown_field", [("visibility", "unknown_field")]),
            ({"text": "Yes.", "anchor": None}, "unknown_field", [("anchor", "unknown_field")]),
        ],
    )
    def test_names_the_field_when_it_is_wrong(self, api, user, birds, sent, code, errors):
        comment = make_comment(birds, user, "First.")
        response = api.patch(f"{LIST}{comment.key}/", sent)
        assert problem(response) == (400, code, [field for field, _ in errors])
        assert codes(response) == errors
        assert Comment.objects.get().head_revision.source == "First."

    def test_is_409_when_the_version_is_none_that_could_be(self, api, user, birds):
        comment = make_comment(birds, user)
        response = api.patch(f"{LIST}{comment.key}/", {"text": "Yes.", "version": 2**80})
        assert problem(response) == (409, "stale_version", [])

    def test_is_403_for_everyone_but_the_author(self, birds, moderator):
        comment = make_comment(birds, make_user(), "First.")
        for client in (client_of(make_user()), client_of(moderator)):
            assert problem(client.patch(f"{LIST}{comment.key}/", {"text": "No."})) == (403, "forbidden", [])

    def test_is_401_when_nobody_signs_it(self, birds):
        comment = make_comment(birds, make_user())
        response = client_of().patch(f"{LIST}{comment.key}/", {"text": "No."})
        assert problem(response) == (401, "not_authenticated", [])

    def test_is_404_when_it_is_anothers_note_and_410_when_it_is_gone(self, api, user, birds):
        note = make_comment(birds, make_user(), kind="note", visibility="private")
        gone = make_comment(birds, user, state=State.WITHDRAWN)
        assert problem(api.patch(f"{LIST}{note.key}/", {"text": "No."})) == (404, "not_found", [])
        assert problem(api.patch(f"{LIST}{gone.key}/", {"text": "No."})) == (410, "removed", [])

    @pytest.mark.parametrize(("body", "code"), [(b"{", "not_json"), (b"[]", "not_an_object")])
    def test_refuses_what_is_no_object(self, api, user, birds, body, code):
        comment = make_comment(birds, user)
        response = api.patch(f"{LIST}{comment.key}/", body, content_type="application/json")
        assert problem(response) == (400, code, [])


class TestPatchWithACorrection:
    def test_adds_it_below_the_text(self, api, user, birds):
        comment = make_comment(birds, user, "First.")
        with later(minutes=20) as moment:
            response = api.patch(f"{LIST}{comment.key}/", {"correction": "Not *so*.", "version": comment.version})
        assert response.status_code == 200
        found = client_of().get(f"{LIST}{comment.key}/").json()
        created = moment.isoformat().replace("+00:00", "Z")
        html = '<p dir="auto">Not <em>so</em>.</p>\n'
        assert found["corrections"] == [{"text": "Not *so*.", "html": html, "created": created}]
        assert (found["text"], found["edited"]) == ("First.", created)

    def test_is_202_and_hidden_from_others_when_a_check_holds_it(self, api, user, birds, settings):
        comment = make_comment(birds, user, "First.")
        settings.COMMENT_CHECKS = ["tests.factories.hold"]
        with later(minutes=20):
            response = api.patch(f"{LIST}{comment.key}/", {"correction": "Not so."})
        assert (response.status_code, len(response.json()["corrections"])) == (202, 1)
        assert client_of().get(f"{LIST}{comment.key}/").json()["corrections"] == []

    def test_is_409_for_another_text_that_comes_too_late(self, api, user, birds):
        comment = make_comment(birds, user)
        with later(minutes=20):
            assert problem(api.patch(f"{LIST}{comment.key}/", {"text": "No."})) == (409, "edit_closed", [])

    def test_is_403_while_the_text_can_be_replaced(self, api, user, birds):
        comment = make_comment(birds, user)
        assert problem(api.patch(f"{LIST}{comment.key}/", {"correction": "No."})) == (403, "forbidden", [])

    @pytest.mark.parametrize(
        ("sent", "errors"),
        [
            ({"correction": ""}, [("correction", "blank")]),
            ({"correction": "x" * 5001}, [("correction", "too_long")]),
            ({"correction": "a\0b"}, [("correction", "control_character")]),
            ({"correction": None}, [("correction", "null")]),
            ({"correction": "Not so.", "text": "Second."}, [("text", "required")]),
        ],
    )
    def test_is_400_and_names_the_field_when_it_is_wrong(self, api, user, birds, sent, errors):
        comment = make_comment(birds, user)
        with later(minutes=20):
            response = api.patch(f"{LIST}{comment.key}/", sent)
        assert (response.status_code, codes(response)) == (400, errors)


class TestRestore:
    def address(self, comment):
        return f"{LIST}{comment.key}/restore/"

    def test_gives_it_back_as_it_was(self, api, user, birds):
        comment = make_comment(birds, user, "First.")
        assert api.delete(f"{LIST}{comment.key}/").status_code == 204
        response = api.post(self.address(comment))
        assert (response.status_code, response.json()["text"], response.json()["state"]) == (200, "First.", "open")
        assert client_of().get(f"{LIST}{comment.key}/").json()["text"] == "First."

    def test_is_202_when_it_waits_again(self, api, user, birds):
        comment = make_comment(birds, user, state=State.HELD)
        api.delete(f"{LIST}{comment.key}/")
        response = api.post(self.address(comment))
        assert (response.status_code, response.json()["state"], response.json()["reason"]) == (202, "held", "test")

    def test_gives_back_a_private_note(self, api, user, birds):
        note = make_comment(birds, user, kind="note", visibility="private", state=State.WITHDRAWN)
        assert api.post(self.address(note)).status_code == 200

    def test_is_409_when_it_is_too_late_or_there_is_nothing_to_take_back(self, api, user, birds):
        withdrawn = make_comment(birds, user, state=State.WITHDRAWN)
        with later(minutes=11):
            assert problem(api.post(self.address(withdrawn))) == (409, "restore_closed", [])
        for state in (State.OPEN, State.REJECTED, State.ERASED):
            comment = make_comment(birds, user, state=state)
            assert problem(api.post(self.address(comment))) == (409, "restore_closed", [])

    def test_is_403_404_and_410_for_everyone_else(self, birds, moderator):
        shown, gone = make_comment(birds, make_user()), make_comment(birds, make_user(), state=State.WITHDRAWN)
        held = make_comment(birds, make_user(), state=State.HELD)
        stranger, judge = client_of(make_user()), client_of(moderator)
        assert problem(stranger.post(self.address(shown))) == (403, "forbidden", [])
        assert problem(stranger.post(self.address(gone))) == (410, "removed", [])
        assert problem(stranger.post(self.address(held))) == (404, "not_found", [])
        for comment in (shown, gone, held):
            assert problem(judge.post(self.address(comment))) == (403, "forbidden", [])

    def test_is_401_when_nobody_signs_it(self, user, birds):
        comment = make_comment(birds, user, state=State.WITHDRAWN)
        assert problem(client_of().post(self.address(comment))) == (401, "not_authenticated", [])

    def test_is_404_when_there_is_none_and_405_but_by_post(self, api, user, birds):
        assert api.post(f"{LIST}AAAAAAAAAAAAAAAAAAAAAA/restore/").status_code == 404
        comment = make_comment(birds, user, state=State.WITHDRAWN)
        for method in (api.get, api.patch, api.delete):
            assert problem(method(self.address(comment))) == (405, "method_not_allowed", [])


class TestDelete:
    def test_takes_text_and_name_away(self, api, user, birds):
        comment = make_comment(birds, user, "First.")
        response = api.delete(f"{LIST}{comment.key}/")
        assert (response.status_code, response.content) == (204, b"")
        assert Comment.objects.get().state == State.WITHDRAWN
        for client in (api, client_of()):
            assert problem(client.get(f"{LIST}{comment.key}/")) == (410, "removed", [])
        assert problem(api.delete(f"{LIST}{comment.key}/")) == (410, "removed", [])

    def test_leaves_nothing_of_a_private_note(self, api, user, birds):
        note = make_comment(birds, user, kind="note", visibility="private")
        assert api.delete(f"{LIST}{note.key}/").status_code == 204
        assert problem(api.get(f"{LIST}{note.key}/")) == (404, "not_found", [])

    def test_is_403_for_everyone_but_the_author(self, birds, moderator):
        comment = make_comment(birds, make_user())
        for client in (client_of(make_user()), client_of(moderator)):
            assert problem(client.delete(f"{LIST}{comment.key}/")) == (403, "forbidden", [])
        assert Comment.objects.get().state == State.OPEN

    def test_is_404_when_it_is_anothers_note(self, api, birds):
        note = make_comment(birds, make_user(), kind="note", visibility="private")
        assert problem(api.delete(f"{LIST}{note.key}/")) == (404, "not_found", [])

    def test_is_401_when_nobody_signs_it(self, birds):
        comment = make_comment(birds, make_user())
        assert problem(client_of().delete(f"{LIST}{comment.key}/")) == (401, "not_authenticated", [])

    def test_still_withdraws_what_a_moderator_rejected(self, api, user, birds):
        comment = make_comment(birds, user, state=State.REJECTED)
        assert api.delete(f"{LIST}{comment.key}/").status_code == 204

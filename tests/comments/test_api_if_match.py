"""Changes that are made only for what was read: If-Match. (RFC 9110, section 13.1.1)"""

import pytest

from comments import services
from comments.models import Comment, Vote
from comments.states import State
from tests.asking import client_of, problem
from tests.factories import make_article, make_comment, make_user

pytestmark = pytest.mark.django_db

REFUSED = (412, "precondition_failed", [])


@pytest.fixture
def ada():
    return make_user("Ada")


@pytest.fixture
def comment(ada):
    return make_comment(make_article("birds"), ada, "First.")


@pytest.fixture
def url(comment):
    return f"/api/v1/comments/{comment.key}/"


def text_of(comment) -> str:
    return Comment.objects.get(pk=comment.pk).text.source


class TestPatch:
    def test_is_done_for_what_was_read(self, ada, comment, url):
        api = client_of(ada)
        etag = api.get(url)["ETag"]
        assert api.patch(url, {"text": "Second."}, headers={"If-Match": etag}).status_code == 200
        assert text_of(comment) == "Second."

    def test_is_refused_for_what_was_there_before(self, ada, comment, url):
        api = client_of(ada)
        etag = api.get(url)["ETag"]
        services.edit(comment, by=ada, text="Meanwhile.")
        assert problem(api.patch(url, {"text": "Second."}, headers={"If-Match": etag})) == REFUSED
        assert text_of(comment) == "Meanwhile."

    def test_takes_weak_tags_lists_and_the_star(self, ada, comment, url):
        api = client_of(ada)
        for number, form in enumerate(["W/{}", '"other", {}', "*"]):
            header = form.format(api.get(url)["ETag"])
            response = api.patch(url, {"text": f"Number {number}."}, headers={"If-Match": header})
            assert (response.status_code, header != "") == (200, True)

    @pytest.mark.parametrize("header", ['"other"', 'W/"other"', "nonsense", ""])
    def test_is_refused_for_anything_else(self, ada, comment, url, header):
        assert problem(client_of(ada).patch(url, {"text": "Second."}, headers={"If-Match": header})) == REFUSED
        assert text_of(comment) == "First."

    def test_what_everybody_reads_is_not_what_its_author_reads(self, ada, comment, url):
        etag = client_of(None).get(url)["ETag"]
        assert problem(client_of(ada).patch(url, {"text": "Second."}, headers={"If-Match": etag})) == REFUSED


class TestDelete:
    def test_is_done_for_what_was_read_alone(self, ada, comment, url):
        api = client_of(ada)
        assert problem(api.delete(url, headers={"If-Match": '"other"'})) == REFUSED
        assert Comment.objects.get(pk=comment.pk).state == State.OPEN
        assert api.delete(url, headers={"If-Match": api.get(url)["ETag"]}).status_code == 204


class TestChangesBetweenTheLookAndTheLock:
    """What somebody else does after the tag was found to fit, before the comment is locked."""

    @pytest.fixture
    def meanwhile(self, monkeypatch, ada, comment):
        """Let the author's other browser change the text right before a verb is called."""
        edit = services.edit

        def change_before(name):
            verb = getattr(services, name)

            def changed_then(*args, **fields):
                edit(comment, by=ada, text="Meanwhile.")
                return verb(*args, **fields)

            monkeypatch.setattr(services, name, changed_then)

        return change_before

    def test_are_412_to_an_edit(self, ada, comment, url, meanwhile):
        meanwhile("edit")
        api = client_of(ada)
        response = api.patch(url, {"text": "Second."}, headers={"If-Match": api.get(url)["ETag"]})
        assert problem(response) == REFUSED
        assert text_of(comment) == "Meanwhile."

    def test_are_412_to_a_withdrawal(self, ada, comment, url, meanwhile):
        meanwhile("withdraw")
        api = client_of(ada)
        assert problem(api.delete(url, headers={"If-Match": api.get(url)["ETag"]})) == REFUSED
        assert Comment.objects.get(pk=comment.pk).state == State.OPEN

    def test_are_409_to_who_names_a_version(self, ada, comment, url, meanwhile):
        meanwhile("edit")
        api = client_of(ada)
        read = api.get(url)
        sent = {"text": "Second.", "version": read.json()["version"]}
        response = api.patch(url, sent, headers={"If-Match": read["ETag"]})
        assert problem(response) == (409, "stale_version", [])

    def test_are_nothing_to_the_star(self, ada, comment, url, meanwhile):
        meanwhile("edit")
        assert client_of(ada).patch(url, {"text": "Second."}, headers={"If-Match": "*"}).status_code == 200
        assert text_of(comment) == "Second."


class TestVote:
    def test_is_given_and_taken_back_for_what_was_read_alone(self, comment, url):
        api = client_of(make_user("Ben"))
        before = api.get(f"{url}vote/")["ETag"]
        assert api.put(f"{url}vote/", headers={"If-Match": before}).json()["voted"] is True
        assert problem(api.delete(f"{url}vote/", headers={"If-Match": before})) == REFUSED
        assert problem(api.put(f"{url}vote/", headers={"If-Match": before})) == REFUSED
        assert api.get(f"{url}vote/").json() == {"votes": 1, "voted": True}

    @pytest.mark.parametrize("header", ["{etag}", '"other"', "*"])
    def test_is_not_taken_back_for_what_was_read_when_the_comment_is_gone(self, ada, comment, url, header):
        api = client_of(make_user("Ben"))
        api.put(f"{url}vote/")
        sent = header.format(etag=api.get(f"{url}vote/")["ETag"])
        services.withdraw(comment, by=ada)
        assert problem(api.delete(f"{url}vote/", headers={"If-Match": sent})) == REFUSED
        assert Vote.objects.count() == 1
        assert api.delete(f"{url}vote/").json() == {"votes": None, "voted": False}
        assert not Vote.objects.exists()

    @pytest.mark.parametrize(("verb", "name"), [("put", "vote"), ("delete", "take_vote_back")])
    def test_is_refused_when_somebody_else_voted_right_before(self, monkeypatch, comment, url, verb, name):
        ben, eve = make_user("Ben"), make_user("Eve")
        if verb == "delete":
            services.vote(comment, by=ben)
        vote, asked = services.vote, getattr(services, name)
        monkeypatch.setattr(
            services, name, lambda *args, **fields: (vote(comment, by=eve), asked(*args, **fields))[1]
        )
        api = client_of(ben)
        read = api.get(f"{url}vote/")
        assert problem(getattr(api, verb)(f"{url}vote/", headers={"If-Match": read["ETag"]})) == REFUSED
        assert api.get(f"{url}vote/").json() == {"votes": read.json()["votes"] + 1, "voted": verb == "delete"}


class TestEtags:
    @pytest.mark.parametrize(
        "path", ["articles/", "articles/birds/", "categories/", "comments/", "{comment}", "{vote}"]
    )
    def test_stand_on_every_answer_and_are_asked_after(self, ada, comment, url, path):
        asked = {"{comment}": url, "{vote}": f"{url}vote/"}.get(path, f"/api/v1/{path}")
        for api in (client_of(ada), client_of(None)):
            etag = api.get(asked)["ETag"]
            assert api.get(asked, headers={"If-None-Match": etag}).status_code == 304

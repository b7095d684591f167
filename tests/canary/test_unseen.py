"""What happens out of sight changes nothing, and what may not be known is as if it had never been."""

import pytest
from django.test import override_settings

from comments import services
from comments.models import Comment
from comments.states import State
from skycrumbs.ids import new_id, to_key
from tests.canary.asking import Ask
from tests.canary.checking import client_of, read, wrong_in
from tests.canary.scene import SHOWN, THREAD, Planted, Site
from tests.canary.sight import ANONYMOUS, EDIT, GONE, NOTHING, WORDS
from tests.clock import stopped_at
from tests.factories import bring_to, make_comment

pytestmark = pytest.mark.django_db


SAME_ORIGIN = {"headers": {"Sec-Fetch-Site": "same-origin"}}


def soon(site: Site) -> list[Planted]:
    """Every situation, on the article with a discussion and on some without."""
    return [one for one in site.planted if one.rank <= 1]


class TestUnknown:
    """What may not be known to be there is answered word for word as what is not there."""

    @pytest.mark.parametrize("address", [
        "/comments/{}/", "/comments/{}/edit/", "/comments/{}/withdraw/", "/api/v1/comments/{}/",
        "/api/v1/comments/{}/replies/", "/api/v1/comments/?parent={}",
        "/articles/published-full/?after={}", "/articles/published-full/comment/?parent={}",
    ])  # fmt: skip
    def test_reads_as_what_never_was(self, site, address):
        unknown = to_key(new_id())
        expected = read(address.format(unknown))
        unseen = [one for one in soon(site) if ANONYMOUS.sight(one) is NOTHING]
        # Where a list goes on below a comment, one that was public keeps its place.
        unseen = [one for one in unseen if not (one.is_once_public and "after" in address)]
        assert len(unseen) > 20
        for one in unseen:
            content, headers = read(address.format(one.key))
            assert (content.replace(one.key.encode(), unknown.encode()), headers) == expected

    def test_parents_are_refused_alike(self, site, viewers):
        client, answers = client_of(viewers["reader"], by_token=True), set()
        for key in [to_key(new_id()), *(one.key for one in site.shown if viewers["reader"].sight(one) is NOTHING)]:
            sent = {"article": site.slug(SHOWN), "parent": key, "text": "Yes."}
            response = client.post("/api/v1/comments/", sent, content_type="application/json")
            answers.add((response.status_code, response.content))
        assert [status for status, _content in answers] == [400]

    @pytest.mark.any_database
    @pytest.mark.parametrize("method", ["patch", "delete"])
    def test_cannot_be_written_to(self, site, viewers, find_keys, method):
        client, status = client_of(viewers["reader"], by_token=True), {WORDS: 403, GONE: 410, NOTHING: 404}
        for one in soon(site):
            response = getattr(client, method)(
                f"/api/v1/comments/{one.key}/", {"text": "Mine."}, content_type="application/json"
            )
            asked = Ask(one.key, status[viewers["reader"].sight(one)])
            assert wrong_in(response, asked, find_keys) == []

    @pytest.mark.any_database
    @pytest.mark.parametrize("page", ["edit", "withdraw"])
    def test_cannot_be_posted_to(self, site, viewers, find_keys, page):
        client, status = client_of(viewers["moderator"]), {WORDS: 403, EDIT: 403, GONE: 410, NOTHING: 404}
        for one in soon(site):
            response = client.post(f"/comments/{one.key}/{page}/", {"text": "Mine.", "version": 9}, **SAME_ORIGIN)
            asked = Ask(one.key, status[viewers["moderator"].sight(one)])
            assert wrong_in(response, asked, find_keys) == []

    @pytest.mark.any_database
    def test_cannot_be_answered_by_a_form(self, site, viewers, find_keys):
        client, path = client_of(viewers["moderator"]), f"/articles/{site.slug(SHOWN)}/comment/"
        for one in (one for one in site.shown if one.rank == 0 and ANONYMOUS.sight(one) is not WORDS):
            for do in ("preview", "post", "change"):
                response = client.post(path, {"parent": one.key, "text": "Yes.", "do": do}, **SAME_ORIGIN)
                asked = Ask(one.key, 200 if do == "change" else 404)
                assert wrong_in(response, asked, find_keys) == []


class TestWhatNobodySees:
    """What happens out of sight leaves every public answer as it is, byte for byte, with its ETag."""

    def public_answers(self, site: Site, watched) -> dict[str, tuple]:
        slug = site.slug(SHOWN)
        paths = ["/", "/category/nature/", f"/articles/{slug}/", f"/articles/{slug}/?after={watched.key}"]
        paths += [f"/articles/{slug}/comment/?parent={watched.key}", f"/comments/{watched.key}/"]
        paths += ["/api/v1/articles/", f"/api/v1/articles/{slug}/", f"/api/v1/comments/?article={slug}&page_size=200"]
        paths += [f"/api/v1/comments/{watched.key}/", f"/api/v1/comments/{watched.key}/replies/"]
        return {path: read(path) for path in paths}

    @pytest.fixture
    def watched(self, site):
        return next(one for one in site.shown if one.situation == "open" and one.form == THREAD)

    @pytest.mark.parametrize("kind", ["note", "highlight"])
    def test_is_a_private_one_written_edited_and_deleted(self, site, watched, kind):
        before, author = self.public_answers(site, watched), watched.author
        note = make_comment(
            site.articles[SHOWN], author, kind=Comment.Kind(kind), visibility="private", quote=watched.passage
        )
        assert self.public_answers(site, watched) == before
        services.edit(note, by=author, text="Something else.")
        assert self.public_answers(site, watched) == before
        services.withdraw(note, by=author)
        assert self.public_answers(site, watched) == before

    @pytest.mark.parametrize("then", ["rejected", "illegal", "spam", "withdrawn"])
    def test_is_one_held_and_never_published(self, site, watched, then):
        before = self.public_answers(site, watched)
        parent = Comment.objects.get(pk=watched.pk)
        held = make_comment(site.articles[SHOWN], watched.author, parent=parent, state=State.HELD)
        assert self.public_answers(site, watched) == before
        bring_to(held, State(then))
        assert self.public_answers(site, watched) == before

    @override_settings(COMMENT_CHECKS=["tests.factories.hold"])
    def test_is_an_edit_that_waits(self, site, watched):
        before = self.public_answers(site, watched)
        comment = Comment.objects.get(pk=watched.pk)
        for text in ("One try.", "Another."):
            # In time: others have answered it.
            with stopped_at(comment.created_at):
                services.edit(comment, by=watched.author, text=text)
            assert self.public_answers(site, watched) == before

    def test_is_an_approval(self, site, watched):
        before = self.public_answers(site, watched)
        bring_to(Comment.objects.get(pk=watched.pk), State.APPROVED)
        assert self.public_answers(site, watched) == before

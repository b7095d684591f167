"""Votes: the service, and the API's three verbs."""

import pytest
from django.db import IntegrityError, transaction
from django.test import override_settings

from articles.models import Article
from articles.services import unpublish
from comments import services
from comments.models import Comment, Vote
from comments.states import State
from skycrumbs.problems import Forbidden, TooManyRequests
from tests.asking import client_of, problem
from tests.factories import a_guest, bring_to, make_article, make_comment, make_guest_comment, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return make_user("Ada")


@pytest.fixture
def ben():
    return make_user("Ben")


@pytest.fixture
def comment(ada):
    return make_comment(make_article("birds"), ada)


def votes_of(comment) -> int:
    return Comment.objects.get(pk=comment.pk).votes


def version_of(comment) -> int:
    return Article.objects.get(pk=comment.article_id).version


class TestVote:
    def test_counts_and_moves_the_article(self, comment, ben):
        before = version_of(comment)
        assert services.vote(comment, by=ben).votes == 1
        assert (votes_of(comment), version_of(comment)) == (1, before + 1)

    def test_counts_once_per_person(self, comment, ben):
        services.vote(comment, by=ben)
        before = version_of(comment)
        services.vote(comment, by=ben)
        assert (votes_of(comment), version_of(comment)) == (1, before)
        services.vote(comment, by=make_user("Eve"))
        assert votes_of(comment) == 2

    def test_is_kept_once_by_the_database(self, comment, ben):
        services.vote(comment, by=ben)
        with pytest.raises(IntegrityError), transaction.atomic():
            Vote.objects.create(comment=comment, article=comment.article, person=ben)

    def test_is_not_for_ones_own(self, comment, ada):
        with pytest.raises(Forbidden, match="your own"):
            services.vote(comment, by=ada)
        assert votes_of(comment) == 0

    @pytest.mark.parametrize("state", [State.HELD, State.REJECTED, State.WITHDRAWN])
    def test_is_not_for_what_readers_do_not_see(self, ada, ben, state):
        hidden = make_comment(make_article(), ada, state=state)
        with pytest.raises(Forbidden):
            services.vote(hidden, by=ben)

    def test_is_not_for_highlights(self, ada, ben):
        highlight = make_comment(make_article(), ada, "", kind="highlight", quote="Small birds")
        with pytest.raises(Forbidden):
            services.vote(highlight, by=ben)

    def test_is_not_given_in_a_closed_discussion(self, comment, ben):
        Article.objects.filter(pk=comment.article_id).update(is_open=False)
        with pytest.raises(Forbidden):
            services.vote(comment, by=ben)

    def test_is_for_guests_comments_too(self, ben):
        assert services.vote(make_comment(make_article(), a_guest()), by=ben).votes == 1

    @override_settings(VOTE_LIMITS=[(1, 600)])
    def test_is_limited_by_account(self, comment, ada, ben):
        services.vote(comment, by=ben)
        other = make_comment(comment.article, ada)
        with pytest.raises(TooManyRequests):
            services.vote(other, by=ben)
        assert votes_of(other) == 0


class TestTakingBack:
    def test_counts_down_once(self, comment, ben):
        services.vote(comment, by=ben)
        assert services.take_vote_back(comment, by=ben).votes == 0
        before = version_of(comment)
        services.take_vote_back(comment, by=ben)
        assert (votes_of(comment), version_of(comment)) == (0, before)

    def test_works_whatever_became_of_the_comment(self, comment, ben):
        services.vote(comment, by=ben)
        bring_to(comment, State.WITHDRAWN)
        services.take_vote_back(comment, by=ben)
        assert votes_of(comment) == 0


class TestApi:
    def test_votes_tells_and_takes_back(self, comment, ben):
        api, url = client_of(ben), f"/api/v1/comments/{comment.key}/vote/"
        assert api.get(url).json() == {"votes": 0, "voted": False}
        assert api.put(url).json() == {"votes": 1, "voted": True}
        assert api.get(url).json() == {"votes": 1, "voted": True}
        assert client_of(make_user("Eve")).get(url).json() == {"votes": 1, "voted": False}
        assert api.get(f"/api/v1/comments/{comment.key}/").json()["votes"] == 1
        assert api.delete(url).json() == {"votes": 0, "voted": False}

    def test_is_for_accounts(self, comment):
        url = f"/api/v1/comments/{comment.key}/vote/"
        for verb in ("put", "delete"):
            response = getattr(client_of(None), verb)(url)
            assert problem(response) == (401, "not_authenticated", [])
        assert client_of(None).get(url).json() == {"votes": 0, "voted": False}

    def test_refuses_ones_own(self, comment, ada):
        response = client_of(ada).put(f"/api/v1/comments/{comment.key}/vote/")
        assert problem(response) == (403, "forbidden", [])

    def test_of_what_is_gone_or_never_was(self, comment, ben):
        bring_to(comment, State.WITHDRAWN)
        assert client_of(ben).put(f"/api/v1/comments/{comment.key}/vote/").status_code == 410
        assert client_of(ben).put(f"/api/v1/comments/{'0' * 22}/vote/").status_code == 404

    @pytest.mark.parametrize("state", [State.WITHDRAWN, State.REJECTED])
    def test_takes_back_whatever_became_of_the_comment(self, comment, ben, state):
        services.vote(comment, by=ben)
        bring_to(comment, state)
        api, url = client_of(ben), f"/api/v1/comments/{comment.key}/vote/"
        assert problem(client_of(make_user("Eve")).delete(url)) == (410, "removed", [])
        assert votes_of(comment) == 1
        assert api.delete(url).json() == {"votes": None, "voted": False}
        assert votes_of(comment) == 0
        assert problem(api.delete(url)) == (410, "removed", [])

    def test_takes_back_when_the_article_was_taken_away(self, comment, ben):
        services.vote(comment, by=ben)
        unpublish(comment.article, by=None)
        response = client_of(ben).delete(f"/api/v1/comments/{comment.key}/vote/")
        assert (response.status_code, votes_of(comment)) == (200, 0)

    def test_takes_back_from_what_a_guest_wrote(self, comment, ben):
        guests = make_guest_comment(comment.article)
        services.vote(guests, by=ben)
        api, url = client_of(ben), f"/api/v1/comments/{guests.key}/vote/"
        assert api.delete(url).json() == {"votes": 0, "voted": False}
        services.vote(guests, by=ben)
        bring_to(guests, State.REJECTED)
        assert api.delete(url).json() == {"votes": None, "voted": False}

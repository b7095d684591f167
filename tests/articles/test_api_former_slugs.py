"""Articles by API under an address they had before."""

import pytest

from articles.services import rename, unpublish
from comments.models import Comment
from tests.asking import client_of, problem
from tests.factories import make_article, make_comment, make_user

pytestmark = pytest.mark.django_db

V1 = "/api/v1/"


@pytest.fixture
def api():
    return client_of()


@pytest.fixture
def article():
    article = make_article("birds")
    rename(article, "songbirds")
    return article


class TestAddresses:
    @pytest.mark.parametrize("below", ["", "revisions/", "revisions/?page_size=1", "revisions/1/", "revisions/7/"])
    def test_lead_to_the_present_one(self, api, article, below):
        response = api.get(f"{V1}articles/birds/{below}")
        assert (response.status_code, response["Location"]) == (301, f"{V1}articles/songbirds/{below}")
        assert response["Cache-Control"] == "public, no-cache"

    def test_lead_nowhere_once_another_article_has_them(self, api, article):
        make_article("birds")
        assert api.get(f"{V1}articles/birds/").status_code == 200

    def test_are_410_when_the_article_was_taken_away(self, api, article):
        unpublish(article, by=None)
        for below in ("", "revisions/", "revisions/1/"):
            assert problem(api.get(f"{V1}articles/birds/{below}")) == (410, "removed", [])

    def test_tell_nothing_of_a_draft(self, api):
        rename(make_article("plan", is_published=False), "secret-plan")
        assert problem(api.get(f"{V1}articles/plan/")) == (404, "not_found", [])


class TestComments:
    def test_are_found_by_the_former_slug(self, api, article):
        comment = make_comment(article, make_user(), section=article.sections.get(key="how-birds-sing"))
        make_comment(make_article("bees"), make_user())
        for query in ("", "&section=how-birds-sing"):
            rows = api.get(f"{V1}comments/?article=birds{query}").json()["results"]
            assert [(row["id"], row["article"]) for row in rows] == [(comment.key, "songbirds")]

    def test_are_those_of_the_article_that_has_the_slug_now(self, api, article):
        make_comment(article, make_user())
        other = make_comment(make_article("birds"), make_user())
        rows = api.get(f"{V1}comments/?article=birds").json()["results"]
        assert [row["id"] for row in rows] == [other.key]

    def test_are_written_under_the_former_slug(self, article):
        response = client_of(make_user()).post(f"{V1}comments/", {"article": "birds", "text": "Yes."})
        assert (response.status_code, response.json()["article"]) == (201, "songbirds")
        assert Comment.objects.get().article == article

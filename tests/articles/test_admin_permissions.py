"""Who may open the pages of an article in the admin."""

import pytest
from django.test import Client

from articles.models import Article
from tests.articles.admin_pages import form_of, page, signed_in
from tests.factories import make_user

pytestmark = pytest.mark.django_db


class TestPermissions:
    OWN_PAGES = ["preview", "publish", "unpublish"]

    @pytest.mark.parametrize("name", [*OWN_PAGES, "change"])
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_refuses_staff_that_may_not_change_articles(self, article, name, method):
        client = signed_in("view_comment")
        response = getattr(client, method)(page(name, article), {"seen_version": article.draft_version})
        assert response.status_code == 403
        assert Article.objects.get(pk=article.pk).version == article.version

    @pytest.mark.parametrize("name", OWN_PAGES)
    def test_refuses_staff_that_may_only_view_articles(self, article, name):
        assert signed_in("view_article").get(page(name, article)).status_code == 403

    def test_shows_the_form_without_buttons_to_staff_that_may_only_view(self, article):
        client = signed_in("view_article")
        content = client.get(page("change", article)).content.decode()
        assert "Save draft" not in content
        assert "Unpublish" not in content
        assert client.post(page("change", article), form_of(article)).status_code == 403

    @pytest.mark.parametrize("name", [*OWN_PAGES, "change", "delete"])
    def test_sends_others_to_sign_in(self, article, name):
        response = Client().post(page(name, article))
        assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, "/admin/login/")

    def test_sends_readers_with_an_account_to_sign_in(self, article):
        client = Client()
        client.force_login(make_user())
        assert client.get(page("preview", article)).status_code == 302

    @pytest.mark.parametrize("name", OWN_PAGES)
    def test_answers_404_when_there_is_no_such_article(self, editor, name):
        assert editor.get(f"/admin/articles/article/999999999999999999999/{name}/").status_code == 404

    @pytest.mark.parametrize("name", ["publish", "unpublish", "change"])
    def test_refuses_a_post_without_a_csrf_token(self, article, name):
        user = make_user(is_staff=True, is_superuser=True)
        client = Client(enforce_csrf_checks=True)
        client.force_login(user)
        response = client.post(page(name, article), form_of(article) | {"seen_version": article.draft_version})
        assert response.status_code == 403
        assert Article.objects.get(pk=article.pk).version == article.version

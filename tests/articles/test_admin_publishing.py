"""Publishing a large discussion from the admin: begun, looked at, stopped, and told how it ended."""

import pytest
from django.contrib.admin.models import LogEntry

from articles import publishing, services
from articles.models import Article, Publishing, Revision
from tests.articles.admin_pages import form_of, page, said, signed_in
from tests.factories import make_article, make_comment, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return signed_in("view_article", "change_article")


@pytest.fixture
def article(monkeypatch):
    """With a draft, and more passages than a request carries."""
    monkeypatch.setattr(publishing, "MOST_AT_ONCE", 1)
    article = make_article("birds", "Most small birds sing in the morning.\n\nThey nest in hedges.", title="Birds")
    for quote in ("sing in the morning", "nest in hedges"):
        make_comment(article, make_user(), quote=quote)
    return services.save_draft(article, title="Birds", source="They nest in hedges.", seen_version=2)


@pytest.fixture
def begun(editor, article):
    return editor.post(page("publish", article), {"seen_version": article.draft_version, "summary": "Shorter"})


def content(response) -> str:
    return response.content.decode()


class TestBegun:
    def test_answers_at_once_and_leads_to_how_far_it_is(self, begun, article):
        assert (begun.status_code, begun.url) == (302, page("publishing", article))
        assert Publishing.objects.values_list("total", "summary", "by__name").get() == (2, "Shorter", "Edda")
        assert LogEntry.objects.get().change_message == "Publishing was begun."
        assert Revision.objects.count() == 1

    def test_says_that_it_waits_for_the_worker(self, editor, article, begun):
        text = content(editor.get(page("publishing", article)))
        assert "2 passages are carried to it" in text and "It waits for the worker" in text
        assert '<noscript><meta http-equiv="refresh"' in text

    def test_says_how_many_of_how_many_are_carried(self, editor, article, begun):
        Publishing.objects.update(done=1)
        assert "1 of 2 passages" in content(editor.get(page("publishing", article)))
        assert "1 of 2 passages are carried" in content(editor.get(page("change", article)))

    def test_leads_there_instead_of_asking_again(self, editor, article, begun):
        for response in (editor.get(page("publish", article)), editor.post(page("publish", article), {})):
            assert (response.status_code, response.url) == (302, page("publishing", article))

    def test_refuses_another_draft_and_keeps_what_was_typed(self, editor, article, begun):
        response = editor.post(page("change", article), form_of(article, draft_source="Typed meanwhile."))
        assert response.status_code == 409
        assert "The draft is being published. Wait until that is done, or stop it." in content(response)
        assert "Typed meanwhile." in content(response)
        assert Article.objects.get(pk=article.pk).draft_source == "They nest in hedges."

    def test_leads_to_the_article_when_it_is_done(self, editor, article, begun):
        publishing.run_due()
        response = editor.get(page("publishing", article), follow=True)
        assert said(response) == ["Revision 2 is published."]

    def test_does_not_say_so_of_an_article_that_is_out_of_view(self, editor):
        article = make_article("birds")
        services.unpublish(article, by=None)
        response = editor.get(page("publishing", article), follow=True)
        assert response.redirect_chain[-1][0] == page("change", article)
        assert said(response) == []

    def test_says_why_it_was_not_done(self, editor, article, begun):
        Publishing.objects.update(error="The draft holds no text.")
        assert editor.get(page("publishing", article)).url == page("publish", article)
        for name in ("change", "publish"):
            text = content(editor.get(page(name, article)))
            assert "The draft was not published. The draft holds no text." in " ".join(text.split())

    def test_says_that_it_is_public_when_only_the_record_is_left(self, editor, article, begun):
        Publishing.objects.update(revision=article.current_revision)
        text = content(editor.get(page("publishing", article)))
        assert "Revision 1 is public." in text and "Stop publishing" not in text


class TestStop:
    def test_gives_it_up(self, editor, article, begun):
        response = editor.post(page("publishing", article), follow=True)
        assert said(response) == ["Publishing was stopped. Readers see what they saw before."]
        assert not Publishing.objects.exists()

    def test_is_not_taken_for_the_end_by_a_page_that_shows_how_far_it_is(self, editor, article, begun):
        """Another editor's, or the same one's that asks while the button is pressed."""
        publishing.stop(article)
        response = editor.get(page("publishing", article), follow=True)
        assert response.redirect_chain[-1][0] == page("change", article)
        assert said(response) == ["Nothing is being published."]

    def test_leads_on_when_it_is_too_late(self, editor, article, begun):
        publishing.run_due()
        response = editor.post(page("publishing", article), follow=True)
        assert said(response) == ["Revision 2 is published."]


class TestPermissions:
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_refuses_staff_that_may_not_change_articles(self, article, begun, method):
        response = getattr(signed_in("view_article", name="Vera"), method)(page("publishing", article))
        assert response.status_code == 403
        assert Publishing.objects.exists()

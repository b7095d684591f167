"""The text of an earlier revision taken up as the next draft."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from articles import publishing, services
from articles.models import Article
from tests.articles.admin_pages import page, signed_in
from tests.factories import make_article, make_comment, make_user, revise

pytestmark = pytest.mark.django_db

UNPUBLISHED = "holds changes that were never published"


@pytest.fixture
def editor():
    return signed_in("change_article", "view_article")


@pytest.fixture
def article():
    """Of two revisions, the second under another title."""
    article = make_article("larks", "Larks sing early.", title="Larks")
    return revise(article, "Owls sing late.", title="Owls")


def address(article: Article, number: int = 1) -> str:
    return reverse("admin:articles_article_take_up", args=[article.pk, number])


def sent(article: Article) -> dict[str, int]:
    return {"seen_version": article.draft_version}


def test_is_offered_beside_each_revision_to_who_may_change_the_article(editor, article):
    assert page("change", article) in editor.get(address(article)).content.decode()
    content = editor.get(page("change", article)).content.decode()
    assert all(f'href="{address(article, number)}"' in content for number in (1, 2))
    reader = signed_in("view_article", name="Vera")
    assert "take-up" not in reader.get(page("change", article)).content.decode()
    assert reader.get(address(article)).status_code == 403


def test_asks_first_and_changes_nothing(editor, article):
    answer = editor.get(address(article))
    assert "The draft will read as revision 1 does" in answer.content.decode()
    assert UNPUBLISHED not in answer.content.decode()
    assert Article.objects.get().draft_source == "Owls sing late."


@pytest.mark.parametrize(
    "changes", [{"title": "Owls", "source": "Unsaid."}, {"title": "O", "source": "Owls sing late."}]
)
def test_says_that_unpublished_changes_give_way(editor, article, changes):
    services.save_draft(article, seen_version=article.draft_version, **changes)
    assert UNPUBLISHED in editor.get(address(article)).content.decode()


def test_fills_the_draft_and_publishes_nothing(editor, article):
    answer = editor.post(address(article), sent(article), follow=True)
    assert answer.redirect_chain == [(page("change", article), 302)]
    assert "The draft reads as revision 1 does." in answer.content.decode()
    now = Article.objects.select_related("current_revision").get()
    assert (now.draft_title, now.draft_source) == ("Larks", "Larks sing early.")
    assert (now.title, now.current_revision.number, now.revisions.count()) == ("Owls", 2, 2)
    assert LogEntry.objects.get().change_message == "The draft was filled with revision 1."


def test_is_refused_where_somebody_saved_the_draft_meanwhile(editor, article):
    services.save_draft(article, title="Owls", source="Another's.", seen_version=article.draft_version)
    answer = editor.post(address(article), sent(article))
    assert answer.status_code == 409
    assert "saved by somebody else" in answer.content.decode()
    assert Article.objects.get().draft_source == "Another's."
    # Sent again, it is meant for what the page shows now.
    assert editor.post(address(article), sent(Article.objects.get())).status_code == 302


def test_is_refused_while_the_worker_publishes(editor, article, monkeypatch):
    monkeypatch.setattr(publishing, "MOST_AT_ONCE", 0)
    make_comment(article, make_user(), quote="Owls")
    services.save_draft(article, title="Owls", source="Owls sing late.\n\nNew.", seen_version=article.draft_version)
    article.refresh_from_db()
    publishing.publish_or_begin(services.edition_of(article), by=None)
    assert editor.post(address(article), sent(article)).status_code == 409
    assert Article.objects.get().draft_source == "Owls sing late.\n\nNew."


@pytest.mark.parametrize("version", ["", "x", "0", "9" * 40])
def test_takes_no_form_that_says_no_version(editor, article, version):
    assert editor.post(address(article), {"seen_version": version}).status_code in (400, 409)
    assert Article.objects.get().draft_source == "Owls sing late."


@pytest.mark.parametrize("number", [0, 3, 10**30])
def test_is_404_for_a_revision_there_is_not(editor, article, number):
    assert editor.get(address(article, number)).status_code == 404

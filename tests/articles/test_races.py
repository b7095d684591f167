"""Several people at once on one article: what the database holds afterwards."""

from datetime import date

import pytest
from django.db import connection
from django.db.models.deletion import Collector

from articles import publishing, services
from articles.admin import ArticleAdmin
from articles.errors import StaleDraft
from articles.models import Article, Category, Revision
from articles.services import editions
from skycrumbs.problems import NotThere
from tests.articles.admin_pages import form_of, page, signed_in
from tests.articles.drafts import fresh, save
from tests.factories import make_article, revise
from tests.racing import in_other_thread, race


@pytest.mark.django_db(transaction=True)
class TestPublishTogether:
    def test_makes_one_revision_when_two_publish_the_same_draft(self):
        article = save(make_article(source="One."), "Two.")
        results = race([lambda: services.publish(article, by=None)] * 2)
        assert list(article.revisions.values_list("number", flat=True)) == [1, 2]
        assert fresh(article).current_revision.canonical_text == "Two."
        # The later one found the other's lock, or its finished work.
        made = [result for result in results if isinstance(result, Revision)]
        others = [result for result in results if not isinstance(result, Revision)]
        assert len(made) == 1
        assert others == [None] or isinstance(others[0], StaleDraft)

    def test_keeps_one_draft_when_two_save_at_once(self):
        article = make_article(is_published=False)
        results = race([lambda text=text: save(article, text) for text in ("Mine.", "Theirs.")])
        assert sorted(type(result).__name__ for result in results) == ["Article", "StaleDraft"]
        assert fresh(article).draft_version == article.draft_version + 1

    def test_refuses_when_the_draft_is_saved_during_the_heavy_work(self, monkeypatch):
        article = save(make_article(source="One."), "Two.")
        self.during_render(monkeypatch, lambda: save(article, "Three."))
        with pytest.raises(StaleDraft):
            services.publish(article, by=None)
        assert fresh(article).current_revision.canonical_text == "One."

    def test_refuses_when_another_publishes_during_the_heavy_work(self, monkeypatch):
        article = save(make_article(source="One."), "Two.")
        self.during_render(monkeypatch, lambda: services.publish(article, by=None))
        with pytest.raises(StaleDraft):
            services.publish(article, by=None)
        assert Revision.objects.count() == 2

    def test_refuses_when_another_unpublishes_during_the_heavy_work(self, monkeypatch):
        article = save(make_article(source="One."), "Two.")
        self.during_render(monkeypatch, lambda: services.unpublish(article, by=None))
        with pytest.raises(StaleDraft):
            services.publish(article, by=None)
        assert fresh(article).status == "unpublished"

    def test_keeps_the_date_that_is_set_during_the_heavy_work(self, monkeypatch):
        article = save(make_article(source="One."), "Two.")
        self.during_render(monkeypatch, lambda: services.set_facts(article, {"published_on": date(2001, 1, 1)}))
        services.publish(article, by=None)
        assert fresh(article).published_on == date(2001, 1, 1)

    def test_gives_an_address_to_one_when_two_take_it_at_once(self):
        articles = [make_article("one"), make_article("two")]
        results = race([lambda article=article: services.rename(article, "three") for article in articles])
        assert sorted(type(result).__name__ for result in results) == ["BadArticle", "NoneType"]
        assert [fresh(article).slug for article in articles].count("three") == 1

    def test_never_goes_back_a_revision_when_it_brings_back_an_unpublished_article(self, monkeypatch):
        article = make_article(source="One.")
        services.unpublish(article, by=None)
        self.during_render(monkeypatch, lambda: revise(article, "Two."))
        with pytest.raises(StaleDraft):
            services.publish(article, by=None)
        assert fresh(article).current_revision.canonical_text == "Two."

    def during_render(self, monkeypatch, act):
        """Have somebody else `act` between the reading of the draft and the lock, once."""
        render, acts = editions.render, [act]

        def render_meanwhile(source):
            rendered = render(source)
            if acts:
                in_other_thread(acts.pop())
            return rendered

        monkeypatch.setattr(editions, "render", render_meanwhile)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="On SQLite nobody writes while somebody deletes")
class TestACategoryThatIsDeleted:
    """An article comes into it between the look at what hangs on it and the commit."""

    @pytest.fixture
    def bats(self, monkeypatch):
        bats, delete = Category.objects.create(slug="bats", name="Bats"), Collector.delete

        def delete_late(collector):
            if Category in collector.data and not Article.objects.exists():
                in_other_thread(lambda: make_article("late", category=bats, is_published=False))
            return delete(collector)

        monkeypatch.setattr(Collector, "delete", delete_late)
        return bats

    @pytest.mark.parametrize("page", ["{}/delete/", ""])
    def test_stays_and_says_what_is_in_it(self, bats, page):
        editor = signed_in(is_superuser=True)
        sent = {"post": "yes", "action": "delete_selected", "_selected_action": [bats.pk]}
        answer = editor.post(f"/admin/articles/category/{page.format(bats.pk)}", sent)
        assert answer.status_code == 200
        assert "protected related objects" in answer.content.decode()
        assert Category.objects.filter(pk=bats.pk).exists()


@pytest.mark.django_db
class TestADraftThatIsDeleted:
    """It was there when the request looked, and is not when it writes."""

    ACTS = {
        "save": lambda draft: save(draft, "Mine."),
        "preview": services.edition_of,
        "publish": lambda draft: services.publish(draft, by=None),
        "rename": lambda draft: services.rename(draft, "elsewhere"),
        "unpublish": lambda draft: services.unpublish(draft, by=None),
        "stop": publishing.stop,
    }

    @pytest.mark.parametrize("act", ACTS)
    def test_is_not_there(self, act):
        draft = make_article(is_published=False)
        Article.objects.filter(pk=draft.pk).delete()
        with pytest.raises(NotThere) as caught:
            self.ACTS[act](draft)
        assert (caught.value.code, caught.value.status) == ("not_found", 404)

    def test_is_not_there_when_it_is_locked_to_be_published(self, monkeypatch):
        draft = make_article(is_published=False)
        render = editions.render
        monkeypatch.setattr(editions, "render", lambda source: (Article.objects.all().delete(), render(source))[1])
        with pytest.raises(NotThere):
            services.publish(draft, by=None)

    @pytest.mark.parametrize(("name", "finds"), [("change", "get_object"), ("publish", "_find")])
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_is_no_page_of_the_admin(self, monkeypatch, name, finds, method):
        editor, draft = signed_in("change_article", "view_article"), make_article(is_published=False)
        sent, find = form_of(draft, draft_source="Mine."), getattr(ArticleAdmin, finds)

        def find_just_in_time(*asked):
            found = find(*asked)
            Article.objects.filter(pk=draft.pk).delete()
            return found

        monkeypatch.setattr(ArticleAdmin, finds, find_just_in_time)
        assert getattr(editor, method)(page(name, draft), sent).status_code == 404

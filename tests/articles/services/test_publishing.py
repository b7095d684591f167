from datetime import date

import pytest

from articles import services
from articles.errors import NothingToPublish, StaleDraft
from articles.models import Revision
from events.models import Event
from tests.articles.drafts import fresh, kinds, save
from tests.factories import SOURCE, make_article, make_user, revise

pytestmark = pytest.mark.django_db


class TestPublish:
    def test_makes_revision_1_of_the_draft(self):
        editor = make_user()
        draft = make_article(source="One two.\n\n## Three\n\nFour *five*.", is_published=False, title="Birds")
        revision = services.publish(draft, by=editor, summary="First")
        assert (revision.number, revision.title, revision.source) == (
            1,
            "Birds",
            "One two.\n\n## Three\n\nFour *five*.",
        )
        assert revision.canonical_text == "One two.\nThree\nFour five."
        assert revision.sha256 == "ddaeb9ee183a8466df2aff57fff8506949c22a7ff0969133a2e5199aa9b9efcc"
        assert (revision.words, revision.author, revision.summary) == (5, editor, "First")

    def test_makes_the_article_public(self):
        draft = make_article(is_published=False, published_on=date(2026, 5, 9))
        revision = services.publish(draft, by=None)
        now = fresh(draft)
        assert (now.status, now.current_revision, now.published_on) == ("published", revision, date(2026, 5, 9))
        assert now.version == draft.version + 1

    def test_dates_the_article_today_when_it_has_no_date(self, monkeypatch):
        monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2026, 2, 3))
        assert make_article().published_on == date(2026, 2, 3)

    def test_numbers_revisions_without_a_gap(self):
        article = make_article(source="One.")
        for source in ["Two.", "Three.", "Four."]:
            article = revise(article, source)
        assert list(article.revisions.values_list("number", flat=True)) == [1, 2, 3, 4]
        assert article.current_revision.number == 4

    def test_changes_no_revision_that_is_there(self):
        article = make_article(source="One.")
        before = Revision.objects.filter(number=1).values().get()
        revise(article, "Two.")
        assert Revision.objects.filter(number=1).values().get() == before

    def test_gives_nothing_and_changes_nothing_when_the_draft_reads_the_same(self):
        article = make_article(source="One *two*.")
        article = save(article, "One _two_.")
        assert services.publish(article, by=None) is None
        now = fresh(article)
        assert (now.version, now.current_revision.number, Revision.objects.count()) == (article.version, 1, 1)
        assert kinds(article) == ["article.published"]

    def test_makes_a_revision_when_only_the_title_changed(self):
        article = save(make_article(), SOURCE, title="Larks")
        revision = services.publish(article, by=None)
        assert (revision.number, revision.title, fresh(article).title) == (2, "Larks", "Larks")

    def test_makes_a_revision_when_only_a_link_changed(self):
        article = make_article(source="See [it](https://a.example/).")
        assert revise(article, "See [it](https://b.example/).").current_revision.number == 2

    @pytest.mark.parametrize("source", ["", " \n ", "---", "[x]: /y"])
    def test_refuses_a_draft_without_text(self, source):
        article = make_article(is_published=False)
        article = save(article, source)
        with pytest.raises(NothingToPublish) as caught:
            services.publish(article, by=None)
        assert (caught.value.code, caught.value.status) == ("nothing_to_publish", 400)
        assert fresh(article).status == "draft"

    def test_refuses_when_the_draft_is_not_the_one_seen(self):
        article = make_article(is_published=False)
        save(article, "Theirs.")
        with pytest.raises(StaleDraft):
            services.publish(article, by=None, seen_version=article.draft_version)
        assert Revision.objects.count() == 0

    def test_publishes_the_newest_draft_when_no_version_was_seen(self):
        article = make_article(is_published=False)
        save(article, "Newest.")
        assert services.publish(article, by=None).canonical_text == "Newest."

    def test_tells_what_happened_and_who_did_it(self):
        editor = make_user()
        article = make_article(is_published=False)
        services.publish(article, by=editor)
        revise(article, "Two.")
        assert kinds(article) == ["article.published", "article.revised"]
        assert Event.objects.order_by("id").first().actor_id == editor.pk

    def test_is_undone_whole_when_a_step_fails(self, settings):
        article = save(make_article(), "Two.")
        settings.PUBLISH_STEPS = ["tests.articles.services.test_publishing.failing_step"]
        with pytest.raises(ZeroDivisionError):
            services.publish(article, by=None)
        now = fresh(article)
        assert (now.current_revision.number, now.version, Revision.objects.count()) == (1, article.version, 1)
        assert not article.sections.filter(is_retired=True).exists()

    def test_runs_the_steps_with_the_article_and_its_new_text(self, settings):
        article = save(make_article(source="One."), "Two.")
        settings.PUBLISH_STEPS = ["tests.articles.services.test_publishing.recording_step"]
        RECORD.clear()
        revision = services.publish(article, by=None)
        assert [(article.pk, "Two."), revision] == RECORD


RECORD = []


class Recording:
    def ready(self):
        pass

    def apply(self, revision):
        RECORD.append(revision)


class Failing(Recording):
    def apply(self, revision):
        raise ZeroDivisionError


class Step:
    """Prepares what `made` gives."""

    def __init__(self, made):
        self.made = made

    def prepare(self, article, text, by_hand):
        RECORD.append((article.pk, text))
        return self.made()


recording_step, failing_step = Step(Recording), Step(Failing)


class TestPublishLinks:
    def links(self, article):
        return sorted(article.links.values_list("to_slug", "label"))

    def test_writes_links_to_other_articles_once_each(self):
        article = make_article("here", "[A](/articles/far/) [again](/articles/far/#x) [B](/articles/near/).")
        assert self.links(article) == [("far", "A"), ("near", "B")]

    def test_leaves_out_links_to_itself_and_elsewhere(self):
        article = make_article("here", "[me](/articles/here/) [x](https://e.example/articles/y/) [z](/category/q/).")
        assert self.links(article) == []

    def test_follows_the_text_when_it_is_revised(self):
        article = make_article("here", "[A](/articles/far/) [B](/articles/near/).")
        revise(article, "[A2](/articles/far/) [C](/articles/new/).")
        assert self.links(article) == [("far", "A2"), ("new", "C")]

    def test_cuts_a_label_that_is_too_long(self):
        article = make_article("here", f"[{'x' * 300}](/articles/far/).")
        assert self.links(article) == [("far", "x" * 200)]

    def test_leaves_out_an_address_that_is_too_long(self):
        article = make_article("here", f"[x](/articles/{'y' * 201}/).")
        assert self.links(article) == []


class TestUnpublish:
    def test_takes_it_out_of_public_view_and_loses_nothing(self):
        article = make_article()
        services.unpublish(article, by=None)
        now = fresh(article)
        assert (now.status, now.current_revision, now.version) == (
            "unpublished",
            article.current_revision,
            article.version + 1,
        )
        assert kinds(article) == ["article.published", "article.unpublished"]

    def test_does_nothing_when_it_is_a_draft(self):
        article = make_article(is_published=False)
        services.unpublish(article, by=None)
        assert (fresh(article).status, fresh(article).version, kinds(article)) == ("draft", article.version, [])

    def test_does_nothing_the_second_time(self):
        article = make_article()
        services.unpublish(article, by=None)
        services.unpublish(article, by=None)
        assert fresh(article).version == article.version + 1
        assert kinds(article) == ["article.published", "article.unpublished"]

    def test_is_undone_by_publishing_without_a_new_revision(self):
        article = make_article(published_on=date(2026, 5, 9))
        services.unpublish(article, by=None)
        assert services.publish(article, by=None) is None
        now = fresh(article)
        assert (now.status, now.current_revision.number, now.published_on) == ("published", 1, date(2026, 5, 9))
        assert now.version == article.version + 2
        assert kinds(article) == ["article.published", "article.unpublished", "article.published"]

    def test_is_undone_by_publishing_a_changed_draft(self):
        article = make_article()
        services.unpublish(article, by=None)
        article = revise(article, "Two.")
        assert (article.status, article.current_revision.number) == ("published", 2)

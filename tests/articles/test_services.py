"""Drafts, publishing, unpublishing, renaming."""

from datetime import date

import pytest

from articles import services
from articles.errors import BadArticle, NothingToPublish, StaleDraft
from articles.models import Article, FormerSlug, Revision, Section, SectionText
from events.models import Event
from tests.factories import SOURCE, make_article, make_user, revise

pytestmark = pytest.mark.django_db


def save(article, source, *, title="Birds", seen=None):
    seen = article.draft_version if seen is None else seen
    return services.save_draft(article, title=title, source=source, seen_version=seen)


def fresh(article):
    return Article.objects.select_related("current_revision").get(pk=article.pk)


def sections(article):
    """(key, heading, level, text) of each section as it stands now."""
    revision = fresh(article).current_revision
    rows = SectionText.objects.filter(revision=revision).order_by("position").select_related("section")
    return [(t.section.key, t.heading, t.level, revision.canonical_text[t.start : t.end]) for t in rows]


def retired(article):
    return sorted(article.sections.filter(is_retired=True).values_list("key", flat=True))


def kinds(article):
    return list(Event.objects.filter(article_id=article.pk).order_by("id").values_list("type", flat=True))


def refused_field(caught):
    (error,) = caught.value.errors
    return error.field, error.code


class TestSaveDraft:
    def test_changes_the_draft_and_nothing_a_reader_sees(self):
        article = make_article(title="Birds")
        saved = save(article, "New text.", title="Larks")
        assert (saved.draft_title, saved.draft_source, saved.draft_version) == ("Larks", "New text.", 3)
        assert (saved.title, saved.version, saved.current_revision) == ("Birds", 2, article.current_revision)

    def test_refuses_a_draft_that_was_begun_on_an_older_one(self):
        article = make_article(is_published=False)
        save(article, "Theirs.")
        with pytest.raises(StaleDraft) as caught:
            save(article, "Mine.")
        assert (caught.value.code, caught.value.status) == ("stale_version", 409)
        assert fresh(article).draft_source == "Theirs."

    def test_composes_title_and_text_and_evens_line_ends(self):
        saved = save(make_article(is_published=False), "Cafe\u0301\r\nopen", title=" Cafe\u0301 ")
        assert (saved.draft_title, saved.draft_source) == ("Café", "Café\nopen")

    @pytest.mark.parametrize(
        ("title", "source", "field", "code"),
        [
            ("", "Text.", "title", "length"),
            (" \t", "Text.", "title", "length"),
            ("\u200b\u202e", "Text.", "title", "length"),
            ("x" * 201, "Text.", "title", "length"),
            ("Birds", "x" * 1_500_001, "source", "too_long"),
            ("Birds", "a\0b", "source", "control_character"),
            ("Bi\0rds", "Text.", "source", "control_character"),
        ],
    )
    def test_refuses_what_cannot_stand(self, title, source, field, code):
        article = make_article(is_published=False)
        with pytest.raises(BadArticle) as caught:
            save(article, source, title=title)
        assert refused_field(caught) == (field, code)
        assert (caught.value.code, caught.value.status) == ("bad_article", 400)
        assert fresh(article).draft_version == article.draft_version

    def test_takes_the_longest_title_and_an_empty_text(self):
        saved = save(make_article(is_published=False), "", title="x" * 200)
        assert (saved.draft_title, saved.draft_source) == ("x" * 200, "")


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

    # SQLite does not look at the length of a column: both must answer alike.
    def test_takes_a_heading_that_is_longer_than_its_column(self):
        article = make_article(source=f"## {'long ' * 120}\n\nText.")
        ((key, heading, level, _text),) = sections(article)
        assert level == 2
        assert len(key) <= 80
        assert 0 < len(heading) <= 500

    def test_is_undone_whole_when_a_step_fails(self, settings):
        article = save(make_article(), "Two.")
        settings.PUBLISH_STEPS = ["tests.articles.test_services.failing_step"]
        with pytest.raises(ZeroDivisionError):
            services.publish(article, by=None)
        now = fresh(article)
        assert (now.current_revision.number, now.version, Revision.objects.count()) == (1, article.version, 1)
        assert retired(article) == []

    def test_runs_the_steps_with_the_article_and_its_new_text(self, settings):
        article = save(make_article(source="One."), "Two.")
        settings.PUBLISH_STEPS = ["tests.articles.test_services.recording_step"]
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


class TestPublishSections:
    def test_writes_the_lead_and_every_headed_part(self):
        article = make_article(source="Lead.\n\n## How\n\nHow text.\n\n### Why\n\nWhy text.")
        assert sections(article) == [
            ("lead", "", 0, "Lead."),
            ("how", "How", 2, "How\nHow text."),
            ("why", "Why", 3, "Why\nWhy text."),
        ]

    def test_puts_the_keys_into_the_html(self):
        html = make_article(source="Lead.\n\n## How\n\nText.").current_revision.html
        assert '<section id="lead" class="section">' in html
        assert '<section id="how" class="section">' in html

    def test_keeps_the_key_and_the_row_when_a_section_is_renamed(self):
        article = make_article(source="## How\n\nText.\n\n## Why\n\nWords.")
        row = article.sections.get(key="how")
        article = revise(article, "## In what way\n\nText.\n\n## Why\n\nWords.")
        assert sections(article)[0][:2] == ("how", "In what way")
        assert SectionText.objects.get(revision=article.current_revision, position=0).section == row

    def test_keeps_keys_when_sections_change_places(self):
        article = make_article(source="## How\n\nText.\n\n## Why\n\nWords.")
        article = revise(article, "## Why\n\nWords.\n\n## How\n\nText.")
        assert [key for key, *_ in sections(article)] == ["why", "how"]

    def test_numbers_keys_when_headings_are_the_same(self):
        article = make_article(source="## Notes\n\nA.\n\n## Notes\n\nB.\n\n## Notes\n\nC.")
        assert [key for key, *_ in sections(article)] == ["notes", "notes-2", "notes-3"]

    def test_gives_keys_in_the_script_of_the_heading(self):
        article = make_article(source="## 鸟类的歌声\n\nA.\n\n## أغاني الطيور\n\nB.\n\n## 🐦\n\nC.")
        assert [key for key, *_ in sections(article)] == ["鸟类的歌声", "أغاني-الطيور", "section"]

    def test_retires_a_section_that_went_and_keeps_its_row(self):
        article = make_article(source="## How\n\nText.\n\n## Why\n\nWords.")
        article = revise(article, "## How\n\nText.")
        assert retired(article) == ["why"]
        assert SectionText.objects.filter(section__key="why").count() == 1

    def test_revives_a_retired_section_when_it_comes_back(self):
        article = make_article(source="## How\n\nText.\n\n## Why\n\nWords.")
        row = article.sections.get(key="why")
        article = revise(article, "## How\n\nText.")
        article = revise(article, "## How\n\nText.\n\n## Why\n\nOther words.")
        assert retired(article) == []
        assert SectionText.objects.get(revision=article.current_revision, position=1).section == row

    def test_revives_a_section_that_was_renamed_before_it_went(self):
        article = make_article(source="## How\n\nText.\n\n## Why\n\nWords.")
        row = article.sections.get(key="why")
        renamed = "## How\n\nText.\n\n## For what reason\n\nWords."
        article = revise(article, renamed)
        article = revise(article, "## How\n\nText.")
        article = revise(article, renamed)
        assert retired(article) == []
        assert SectionText.objects.get(revision=article.current_revision, position=1).section == row

    def test_revives_sections_of_one_heading_in_their_order(self):
        source = "## How\n\nText.\n\n## Notes\n\nA.\n\n## Notes\n\nB.\n\n## Notes\n\nC."
        article = make_article(source=source)
        article = revise(article, "## How\n\nText.")
        article = revise(article, source)
        assert [key for key, *_ in sections(article)] == ["how", "notes", "notes-2", "notes-3"]

    def test_leaves_the_key_to_what_comes_back_when_a_new_heading_would_make_it(self):
        article = make_article(source="## How\n\nText.\n\n## Why\n\nWords.")
        article = revise(article, "## How\n\nText.\n\n## For what reason\n\nWords.")
        article = revise(article, "## How\n\nText.")
        article = revise(article, "## How\n\nText.\n\n## Why\n\nNew.\n\n## For what reason\n\nWords.")
        assert [(key, heading) for key, heading, *_ in sections(article)] == [
            ("how", "How"),
            ("why-2", "Why"),
            ("why", "For what reason"),
        ]

    def test_does_not_take_a_living_key_when_a_heading_comes_back(self):
        article = make_article(source="## How\n\nText.")
        article = revise(article, "## Why\n\nText.")
        article = revise(article, "## Why\n\nText.\n\n## How\n\nNew words.")
        assert [(key, heading) for key, heading, *_ in sections(article)] == [("how", "Why"), ("how-2", "How")]

    def test_publishes_when_a_lead_is_put_before_what_was_the_lead(self):
        article = make_article(source="It begins.")
        article = revise(article, "## Opening\n\nIt begins.")
        article = revise(article, "A new lead.\n\n## Opening\n\nIt begins.")
        assert [(key, heading) for key, heading, *_ in sections(article)] == [("lead", ""), ("opening", "Opening")]

    def test_publishes_when_the_lead_goes_and_comes_back(self):
        article = make_article(source="It begins.\n\n## How\n\nText.")
        article = revise(article, "## How\n\nText.")
        assert retired(article) == ["lead"]
        article = revise(article, "Again.\n\n## How\n\nText.")
        assert [key for key, *_ in sections(article)] == ["lead", "how"]
        assert Section.objects.filter(article=article).count() == 2


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


class TestRename:
    def test_changes_the_address_and_remembers_the_old_one(self):
        article = make_article("old")
        services.rename(article, "new")
        assert fresh(article).slug == "new"
        assert fresh(article).version == article.version + 1
        assert list(FormerSlug.objects.values_list("slug", "article")) == [("old", article.pk)]

    def test_remembers_every_address_it_had(self):
        article = make_article("one")
        for slug in ["two", "three"]:
            services.rename(article, slug)
        assert sorted(FormerSlug.objects.values_list("slug", flat=True)) == ["one", "two"]

    def test_forgets_a_former_address_when_it_goes_back_to_it(self):
        article = make_article("one")
        services.rename(article, "two")
        services.rename(article, "one")
        assert list(FormerSlug.objects.values_list("slug", flat=True)) == ["two"]

    def test_does_nothing_when_the_address_is_the_same(self):
        article = make_article("one")
        services.rename(article, "one")
        assert fresh(article).version == article.version
        assert FormerSlug.objects.count() == 0

    def test_takes_a_former_address_of_another_article(self):
        other, article = make_article("theirs"), make_article("mine")
        services.rename(other, "elsewhere")
        services.rename(article, "theirs")
        assert list(FormerSlug.objects.values_list("slug", flat=True)) == ["mine"]

    def test_leads_to_the_last_that_had_it_when_two_left_an_address(self):
        first, second = make_article("place"), make_article("second")
        services.rename(first, "first")
        services.rename(second, "place")
        services.rename(second, "again")
        assert FormerSlug.objects.get(slug="place").article == second

    def test_refuses_an_address_that_is_taken(self):
        article = make_article("mine")
        make_article("theirs")
        with pytest.raises(BadArticle) as caught:
            services.rename(article, "theirs")
        assert refused_field(caught) == ("slug", "taken")
        assert fresh(article).slug == "mine"

    @pytest.mark.parametrize(
        ("slug", "code"), [("", "invalid"), ("A b", "invalid"), ("鸟", "invalid"), ("x" * 201, "too_long")]
    )
    def test_refuses_what_cannot_stand_in_an_address(self, slug, code):
        article = make_article("mine")
        with pytest.raises(BadArticle) as caught:
            services.rename(article, slug)
        assert refused_field(caught) == ("slug", code)

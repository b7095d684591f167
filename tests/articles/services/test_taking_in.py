from datetime import date

import pytest

from articles.errors import BadArticle
from articles.importing import ImportedArticle
from articles.models import Article, Category, Revision
from articles.services import take_in
from skycrumbs.problems import Refusal
from tests.factories import make_article
from tests.racing import race

pytestmark = pytest.mark.django_db


def imported(**fields):
    defaults = {
        "title": "Of Larks",
        "category": "Field Notes",
        "published_on": date(2026, 5, 9),
        "by_line": "The editors",
        "language": "de",
        "slug": "",
        "source": "They rise.",
        "notes": (),
    }
    return ImportedArticle(**(defaults | fields))


class TestTakeIn:
    def test_makes_a_draft_of_what_was_read(self):
        taken = take_in(imported())
        article = taken.article
        assert (taken.is_new, taken.revision) == (True, None)
        assert (article.slug, article.status, article.draft_title) == ("of-larks", "draft", "Of Larks")
        assert (article.draft_source, article.by_line, article.language) == ("They rise.", "The editors", "de")
        assert (article.published_on, article.category.name) == (date(2026, 5, 9), "Field Notes")
        assert article.category.slug == "field-notes"

    def test_publishes_when_asked(self):
        taken = take_in(imported(), is_published=True)
        assert (taken.article.status, taken.revision.number) == ("published", 1)
        assert (taken.article.title, taken.article.current_revision) == ("Of Larks", taken.revision)

    @pytest.mark.parametrize(
        ("slug", "own", "expected"), [("given", "own", "given"), ("", "own", "own"), ("", "", "of-larks")]
    )
    def test_takes_the_slug_given_then_its_own_then_its_title(self, slug, own, expected):
        assert take_in(imported(slug=own), slug=slug).article.slug == expected

    def test_makes_no_revision_when_nothing_changed(self):
        take_in(imported(), is_published=True)
        again = take_in(imported(), is_published=True)
        assert (again.is_new, again.revision, Revision.objects.count()) == (False, None, 1)

    def test_moves_no_version_when_nothing_a_reader_sees_changed(self):
        first = take_in(imported(), is_published=True).article.version
        assert take_in(imported(), is_published=True).article.version == first

    def test_makes_the_next_revision_when_the_text_changed(self):
        first = take_in(imported(), is_published=True)
        second = take_in(imported(source="They fall."), is_published=True)
        assert (second.article, second.revision.number) == (first.article, 2)
        assert second.article.version > first.article.version

    def test_moves_the_version_when_only_facts_changed(self):
        first = take_in(imported(), is_published=True).article
        second = take_in(imported(by_line="Ada"), is_published=True)
        assert (second.article.by_line, second.revision) == ("Ada", None)
        assert second.article.version > first.version

    def test_changes_only_the_draft_of_a_published_article_when_not_asked_to_publish(self):
        first = take_in(imported(), is_published=True).article
        new = imported(title="New", source="New.", by_line="Ada", category="Else")
        second = take_in(new, slug="of-larks").article
        assert (second.draft_title, second.draft_source) == ("New", "New.")
        assert (second.title, second.by_line, second.category) == ("Of Larks", "The editors", first.category)
        assert (second.version, second.current_revision.number) == (first.version, 1)

    def test_keeps_the_facts_there_are_when_the_file_names_none(self):
        take_in(imported(), is_published=True)
        bare = imported(category="", published_on=None, by_line="", language="")
        article = take_in(bare, is_published=True).article
        assert (article.by_line, article.language, article.published_on) == ("The editors", "de", date(2026, 5, 9))
        assert article.category.name == "Field Notes"

    def test_uses_a_category_that_is_there(self):
        make_article()
        take_in(imported(category="nature"))
        assert Category.objects.count() == 1

    def test_gives_a_category_when_none_is_named(self):
        assert take_in(imported(category="")).article.category.name == "Articles"

    def test_gives_a_category_when_its_name_makes_no_slug(self):
        category = take_in(imported(category="鸟")).article.category
        assert (category.name, category.slug) == ("鸟", "category")

    def test_keeps_categories_apart_whose_names_make_one_slug(self):
        names = ["新闻", "", "政策", "AI_Safety", "AI Safety", "新闻"]
        for number, name in enumerate(names):
            take_in(imported(category=name), slug=f"article-{number}")
        made = Category.objects.order_by("pk").values_list("name", "slug")
        assert list(made) == [
            ("新闻", "category"),
            ("Articles", "articles"),
            ("政策", "category-2"),
            ("AI_Safety", "ai-safety"),
            ("AI Safety", "ai-safety-2"),
        ]

    @pytest.mark.parametrize(
        ("fields", "slug", "field"),
        [
            ({"title": "鸟类"}, "", "slug"),
            ({}, "Not A Slug", "slug"),
            ({"slug": "a_b"}, "", "slug"),
            ({"title": "x" * 201}, "ok", "title"),
            ({"title": " "}, "ok", "title"),
            ({"source": "a\0b"}, "ok", "source"),
            ({"category": "\u200b"}, "ok", "category"),
            ({"by_line": "\u200b"}, "ok", "by_line"),
        ],
    )
    def test_refuses_and_stores_nothing_when_it_cannot_stand(self, fields, slug, field):
        with pytest.raises(BadArticle) as caught:
            take_in(imported(**fields), slug=slug)
        assert caught.value.errors[0].field == field
        assert Article.objects.count() == 0

    # SQLite does not look at the length of a column: both must answer alike.
    @pytest.mark.parametrize("fields", [{"by_line": "x" * 121}, {"language": "de-" + "x" * 12}])
    def test_refuses_facts_that_are_longer_than_their_columns(self, fields):
        with pytest.raises(Refusal):
            take_in(imported(**fields))
        assert Article.objects.count() == 0

    def test_stores_nothing_when_it_cannot_be_published(self):
        with pytest.raises(Refusal):
            take_in(imported(source="---"), is_published=True)
        assert Article.objects.count() == 0


@pytest.mark.django_db(transaction=True)
class TestTakeInAtOnce:
    def test_makes_one_category_of_one_name(self):
        acts = [lambda slug=f"article-{number}": take_in(imported(), slug=slug) for number in range(3)]
        assert {taken.article.category.name for taken in race(acts)} == {"Field Notes"}
        assert Category.objects.count() == 1

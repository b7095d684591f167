from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from articles.models import Article, ArticleLink, FormerSlug, Revision, Section, SectionText, validate_slug
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return make_article()


def refused(change, name="UNIQUE|unique"):
    """The database says no; SQLite names check constraints only."""
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        change()


class TestAPublishedArticleHasARevisionAndADate:
    NAME = "a_published_article_has_a_revision_and_a_date"

    @pytest.mark.parametrize("missing", ["current_revision", "published_on"])
    def test_refuses_null_when_published(self, article, missing):
        refused(lambda: Article.objects.filter(pk=article.pk).update(**{missing: None}), self.NAME)

    def test_refuses_both_null_when_published(self, article):
        nothing = {"current_revision": None, "published_on": None}
        refused(lambda: Article.objects.filter(pk=article.pk).update(**nothing), self.NAME)

    @pytest.mark.parametrize("status", ["draft", "unpublished"])
    def test_takes_null_when_not_published(self, status):
        draft = make_article(is_published=False)
        Article.objects.filter(pk=draft.pk).update(status=status, current_revision=None, published_on=None)
        assert Article.objects.get(pk=draft.pk).status == status


class TestRevisionConstraints:
    @pytest.mark.parametrize("number", [0])
    def test_refuses_a_number_below_1(self, article, number):
        refused(lambda: article.revisions.update(number=number), "revisions_count_from_1")

    def test_refuses_null_for_a_number(self, article):
        refused(lambda: article.revisions.update(number=None), "null|NULL")

    def test_refuses_a_number_twice(self, article):
        revision = article.current_revision
        revision.pk = None
        refused(revision.save)

    def test_takes_a_number_again_when_the_article_is_another(self, article):
        other = make_article()
        assert [a.current_revision.number for a in (article, other)] == [1, 1]


class TestSectionConstraints:
    def test_refuses_a_key_twice(self, article):
        refused(lambda: Section.objects.create(article=article, key="lead"))

    def test_takes_a_key_again_when_the_article_is_another(self, article):
        other = make_article(is_published=False)
        assert Section.objects.create(article=other, key="lead").pk


class TestSectionTextConstraints:
    NAME = "a_section_ends_after_its_start"

    def texts(self, article):
        return SectionText.objects.filter(revision=article.current_revision)

    def test_refuses_an_end_before_the_start(self, article):
        refused(lambda: self.texts(article).filter(position=0).update(start=5, end=4), self.NAME)

    @pytest.mark.parametrize("field", ["start", "end"])
    def test_refuses_null(self, article, field):
        refused(lambda: self.texts(article).update(**{field: None}), "null|NULL")

    def test_refuses_a_position_twice(self, article):
        refused(lambda: self.texts(article).filter(position=1).update(position=0))

    def test_refuses_a_section_twice(self, article):
        lead = article.sections.get(key="lead")
        refused(lambda: self.texts(article).filter(position=1).update(section=lead))


class TestOtherConstraints:
    def test_refuses_a_slug_twice(self, article):
        other = make_article()
        refused(lambda: Article.objects.filter(pk=other.pk).update(slug=article.slug))

    def test_refuses_a_link_twice(self, article):
        ArticleLink.objects.create(article=article, to_slug="there", label="There")
        refused(lambda: ArticleLink.objects.create(article=article, to_slug="there", label="Again"))

    def test_refuses_a_former_slug_twice(self, article):
        FormerSlug.objects.create(article=article, slug="once")
        refused(lambda: FormerSlug.objects.create(article=make_article(), slug="once"))

    def test_keeps_revisions_when_an_article_would_be_deleted(self, article):
        with pytest.raises(IntegrityError), transaction.atomic():
            article.delete()
        assert Revision.objects.count() == 1


class TestValidateSlug:
    @pytest.mark.parametrize("slug", ["a", "ai-safety-2026", "0"])
    def test_takes_small_letters_digits_and_hyphens(self, slug):
        validate_slug(slug)

    @pytest.mark.parametrize("slug", ["", "A", "a_b", "-a", "a-", "a--b", "a b", "ä", "a\n", "a/b", "٣"])
    def test_refuses_everything_else(self, slug):
        with pytest.raises(ValidationError):
            validate_slug(slug)


class TestCredit:
    def test_is_the_by_line_when_there_is_one(self):
        assert make_article(by_line="The editors", authors=[make_user("Ada")]).credit == "The editors"

    def test_names_the_authors_when_there_is_no_by_line(self):
        people = [make_user(name) for name in ("lin", "Mo", "Ada")]
        assert make_article(authors=people).credit == "Ada, lin, Mo"

    def test_is_empty_when_nobody_is_named(self):
        assert make_article().credit == ""


class TestReadingMinutes:
    @pytest.mark.parametrize(
        ("words", "minutes"), [(0, 1), (1, 1), (200, 1), (201, 2), (400, 2), (401, 3), (1232, 7)]
    )
    def test_counts_200_words_a_minute_and_one_at_least(self, words, minutes):
        assert Revision(words=words).reading_minutes == minutes


class TestArticleQuerySet:
    @pytest.fixture
    def three(self):
        from articles.services import unpublish

        shown, draft, hidden = (
            make_article("shown"),
            make_article("draft", is_published=False),
            make_article("hidden"),
        )
        unpublish(hidden, by=None)
        return shown, draft, hidden

    def test_published_gives_published_ones_only(self, three):
        assert [a.slug for a in Article.objects.published()] == ["shown"]

    def test_linking_to_gives_published_ones_that_link_now(self):
        source = "Read [this](/articles/far/)."
        make_article("near", source)
        make_article("draft", source, is_published=False)
        assert [a.slug for a in Article.objects.linking_to("far")] == ["near"]
        assert list(Article.objects.linking_to("near")) == []

    def test_newest_comes_first_and_the_later_made_where_dates_are_equal(self):
        for slug, day in [("b", 2), ("a", 1), ("c", 2)]:
            make_article(slug, published_on=date(2026, 5, day))
        assert [a.slug for a in Article.objects.published()] == ["c", "b", "a"]

    def test_with_page_and_without_texts_reads_a_list_in_two_queries(self, django_assert_num_queries):
        for _ in range(3):
            make_article(authors=[make_user()])
        with django_assert_num_queries(2):
            for article in Article.objects.published().with_page().without_texts():
                assert (article.category.name, article.credit, article.current_revision.number) == (
                    "Nature",
                    "Ada",
                    1,
                )


class TestSectionTextHolding:
    def test_gives_the_section_that_holds_all_of_a_passage(self, article):
        texts = SectionText.objects.filter(revision=article.current_revision)
        for text in texts:
            assert texts.holding(text.start, text.end).get() == text
            assert texts.holding(text.start, text.start + 1).get() == text
            assert texts.holding(text.end - 1, text.end).get() == text

    def test_gives_nothing_when_a_passage_crosses_into_the_next_section(self, article):
        texts = SectionText.objects.filter(revision=article.current_revision)
        assert [texts.holding(text.end - 1, text.end + 1).count() for text in texts] == [0, 0, 0]

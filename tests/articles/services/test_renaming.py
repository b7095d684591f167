import pytest

from articles import services
from articles.errors import BadArticle
from articles.models import FormerSlug
from tests.articles.drafts import fresh, refused_field
from tests.factories import make_article

pytestmark = pytest.mark.django_db


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

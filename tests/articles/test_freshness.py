"""Versions as another connection finds them, and what moves them."""

import pytest
from django.db import connection

from articles import services
from articles.freshness import SqliteVersions, versions
from articles.models import Article, Category
from skycrumbs.front import SITE, Unreadable
from skycrumbs.models import SiteVersion, site_changed
from tests.factories import make_article, make_user, revise


@pytest.fixture
def found():
    """The versions as the front reads them, on a connection of its own."""
    read = versions()
    yield read
    read.close()


@pytest.mark.django_db(transaction=True)
class TestVersions:
    def test_are_those_of_the_articles_asked_for_and_of_the_site(self, found):
        article, _other = make_article("birds"), make_article("bats")
        version = Article.objects.values_list("version", flat=True).get(pk=article.pk)
        site = SiteVersion.objects.get().version
        assert found.read([article.pk]) == {SITE: site, article.pk: str(version)}
        assert found.read([]) == {SITE: site}
        assert found.read([article.pk + 1000]) == {SITE: site}

    def test_are_marked_by_whatever_is_committed(self, found):
        make_article("birds")
        mark = found.mark()
        assert found.mark() == mark
        site_changed()
        if connection.vendor == "sqlite":
            assert found.mark() != mark
        else:
            assert mark is None


class TestWithoutADatabase:
    def test_are_unreadable_and_can_be_read_later(self, tmp_path):
        found = SqliteVersions(str(tmp_path / "none" / "db.sqlite3"))
        with pytest.raises(Unreadable):
            found.mark()
        (tmp_path / "none").mkdir()
        assert found.mark() is not None
        with pytest.raises(Unreadable):
            found.read([1])


def site_version() -> str:
    return SiteVersion.objects.get().version


@pytest.mark.django_db
class TestSiteVersion:
    @pytest.fixture(autouse=True)
    def before(self):
        self.article = make_article("birds")
        self.person = make_user("Ada")
        site_changed()
        self.was = site_version()

    def has_moved(self) -> bool:
        return site_version() != self.was

    @pytest.mark.parametrize(
        "act",
        [
            lambda article: services.rename(article, "owls"),
            lambda article: services.unpublish(article, by=None),
            lambda article: revise(article, "Another text."),
            lambda article: services.set_facts(article, {"by_line": "Ines"}),
            lambda article: Category.objects.create(slug="new", name="New"),
        ],
        ids=["rename", "unpublish", "publish", "facts", "category"],
    )
    def test_moves_with_which_articles_there_are_and_what_they_are_called(self, act):
        act(self.article)
        assert self.has_moved()

    @pytest.mark.parametrize("fields", [None, ["name"], ["is_staff"]])
    def test_moves_with_the_name_and_badge_of_a_person(self, fields):
        self.person.name, self.person.is_staff = "Ada B", True
        self.person.save(update_fields=fields)
        assert self.has_moved()

    def test_stays_when_nothing_was_changed_that_readers_see(self):
        self.person.save(update_fields=["last_login"])
        make_user("Somebody new")
        services.save_draft(self.article, title="New", source="New.", seen_version=self.article.draft_version)
        assert not self.has_moved()

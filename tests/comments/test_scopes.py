"""What a moderator moderates."""

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction

from accounts.models import User
from articles.models import Article, Category
from comments.models import Comment, ModerationScope
from comments.querysets import NOBODY
from comments.scopes import EVERYTHING, NOTHING, Scope, scope_of
from comments.states import State
from tests.factories import a_guest, make_article, make_comment, make_moderator, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def news():
    return Category.objects.create(slug="news", name="News")


@pytest.fixture
def held(news):
    """One comment that waits on each of four articles, by name: two in News, two in Nature."""
    articles = {
        "news 1": make_article(category=news),
        "news 2": make_article(category=news),
        "nature 1": make_article(),
        "nature 2": make_article(),
    }
    author = make_user()
    return {name: make_comment(article, author, state=State.HELD) for name, article in articles.items()}


def names(held, rows):
    pks = set(rows.values_list("pk", flat=True))
    return {name for name, comment in held.items() if comment.pk in pks}


class TestScopeOf:
    def test_is_everything_without_limits(self, held):
        assert scope_of(make_moderator()) == EVERYTHING
        assert names(held, Comment.objects.moderated_by(make_moderator())) == set(held)

    @pytest.mark.parametrize(
        ("limits", "expected"),
        [
            (["news"], {"news 1", "news 2"}),
            (["nature 1"], {"nature 1"}),
            (["news 1", "nature 2"], {"news 1", "nature 2"}),
            (["news", "nature 1"], {"news 1", "news 2", "nature 1"}),
            (["news", "news 1"], {"news 1", "news 2"}),
        ],
    )
    def test_is_what_the_limits_name(self, held, news, limits, expected):
        moderator = make_moderator(*(news if limit == "news" else held[limit].article for limit in limits))
        scope = scope_of(moderator)
        assert {name for name, comment in held.items() if scope.holds(comment.article)} == expected
        assert names(held, Comment.objects.filter(scope.on("article"))) == expected
        assert names(held, Comment.objects.moderated_by(moderator)) == expected
        assert names(held, Comment.objects.readable_by(moderator)) == expected
        assert scope.is_nothing is False

    def test_is_everything_for_a_superuser_whatever_the_limits(self, news):
        assert scope_of(make_moderator(news, is_superuser=True)) == EVERYTHING

    def test_is_nothing_without_the_permission(self, held, news):
        reader = make_user()
        ModerationScope.objects.create(user=reader, category=news)
        guest = make_comment(held["news 1"].article, a_guest()).guest
        for viewer in (reader, guest, NOBODY):
            assert scope_of(viewer) == NOTHING
            assert names(held, Comment.objects.moderated_by(viewer)) == set()
        assert NOTHING.is_nothing is True
        assert NOTHING.holds(held["news 1"].article) is False
        assert names(held, Comment.objects.filter(NOTHING.on("article"))) == set()

    def test_is_nothing_for_who_is_not_active(self):
        assert scope_of(make_moderator(is_active=False)) == NOTHING
        assert scope_of(make_user(is_superuser=True, is_active=False)) == NOTHING

    def test_is_asked_once_for_a_viewer(self, news, django_assert_num_queries):
        moderator = User.objects.get(pk=make_moderator(news).pk)
        # The permissions of the person and of their groups, and the limits.
        with django_assert_num_queries(3):
            for _ in range(3):
                scope_of(moderator)

    def test_is_lost_with_the_permission_at_the_next_request(self, held):
        moderator = make_moderator()
        scope_of(moderator)
        moderator.user_permissions.remove(Permission.objects.get(codename="moderate_comment"))
        assert scope_of(User.objects.get(pk=moderator.pk)) == NOTHING

    def test_follows_a_new_limit_and_a_new_category_at_the_next_request(self, held, news):
        moderator = make_moderator(news)
        ModerationScope.objects.create(user=moderator, article=held["nature 1"].article)
        Article.objects.filter(pk=held["news 1"].article_id).update(category=held["nature 1"].article.category)
        again = User.objects.get(pk=moderator.pk)
        assert names(held, Comment.objects.moderated_by(again)) == {"news 2", "nature 1"}


class TestScope:
    def test_asks_nothing_of_the_database(self, held, django_assert_num_queries):
        article = held["news 1"].article
        with django_assert_num_queries(0):
            assert Scope(categories=frozenset({article.category_id})).holds(article) is True


class TestModerationScope:
    def test_is_a_category_or_an_article(self, held, news):
        user = make_user()
        for fields in ({}, {"category": news, "article": held["news 1"].article}):
            with pytest.raises(IntegrityError, match="a_category_or_an_article"), transaction.atomic():
                ModerationScope.objects.create(user=user, **fields)

    @pytest.mark.parametrize("field", ["category", "article"])
    def test_is_there_once(self, held, news, field):
        user, target = make_user(), {"category": news, "article": held["news 1"].article}[field]
        ModerationScope.objects.create(user=user, **{field: target})
        with pytest.raises(IntegrityError, match="UNIQUE|unique"), transaction.atomic():
            ModerationScope.objects.create(user=user, **{field: target})

    def test_is_called_as_what_it_names(self, news):
        assert str(ModerationScope(category=news)) == "News"

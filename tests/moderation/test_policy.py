"""Where a report is offered."""

import pytest
from django.contrib.auth.models import AnonymousUser

from articles.models import Article
from comments.models import Comment
from comments.states import State
from moderation.policy import can_flag
from tests.factories import a_guest, make_article, make_comment, make_user

pytestmark = pytest.mark.django_db


class TestCanFlag:
    def test_is_for_all_but_the_author(self):
        author = make_user()
        comment = make_comment(make_article(), author)
        assert can_flag(make_user(), comment)
        assert can_flag(AnonymousUser(), comment)
        assert not can_flag(author, comment)

    def test_is_not_for_the_guest_who_wrote_it(self):
        comment = make_comment(make_article(), a_guest())
        assert not can_flag(comment.guest, comment)
        assert can_flag(make_user(), comment)

    @pytest.mark.parametrize("state", [State.HELD, State.REJECTED, State.WITHDRAWN])
    def test_is_for_what_anyone_can_read(self, state):
        assert not can_flag(make_user(), make_comment(make_article(), make_user(), state=state))

    @pytest.mark.parametrize("change", [{"discussion": "off"}, {"status": "unpublished"}])
    def test_is_for_articles_with_a_discussion(self, change):
        comment = make_comment(make_article(), make_user())
        Article.objects.update(**change)
        assert not can_flag(make_user(), Comment.objects.get(pk=comment.pk))

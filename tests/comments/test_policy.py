from itertools import product

import pytest

from articles.models import Article
from comments import policy
from comments.models import Comment
from comments.querysets import NOBODY
from comments.states import State
from tests.factories import make_article, make_comment, make_user

TAKES_COMMENTS = {("published", "sections", True), ("published", "full", True)}
TAKES_ANCHORS = {("published", "full", True)}


def articles():
    for combination in product(["draft", "published", "unpublished"], ["off", "sections", "full"], [True, False]):
        status, discussion, is_open = combination
        yield combination, Article(status=status, discussion=discussion, is_open=is_open)


class TestTakesComments:
    def test_is_true_when_published_open_and_discussed(self):
        assert {names for names, article in articles() if policy.takes_comments(article)} == TAKES_COMMENTS


class TestTakesAnchors:
    def test_is_true_when_passages_are_discussed_too(self):
        assert {names for names, article in articles() if policy.takes_anchors(article)} == TAKES_ANCHORS


def comment_of(author_id, state):
    return Comment(author_id=author_id, state=state)


@pytest.mark.django_db
class TestCanEdit:
    def test_is_true_for_its_author_while_it_stands(self):
        author = make_user()
        found = {state.value for state in State if policy.can_edit(author, comment_of(author.pk, state))}
        assert found == {"held", "open", "approved", "held_edit"}

    def test_is_false_for_everybody_else(self):
        author, other = make_user(), make_user(is_superuser=True)
        assert not any(policy.can_edit(viewer, comment_of(author.pk, s)) for s in State for viewer in (other, NOBODY))


@pytest.mark.django_db
class TestCanWithdraw:
    def test_is_true_for_its_author_until_it_is_gone(self):
        author = make_user()
        found = {state.value for state in State if policy.can_withdraw(author, comment_of(author.pk, state))}
        assert found == {"held", "open", "approved", "held_edit", "rejected", "illegal", "spam"}

    def test_is_false_for_everybody_else(self):
        author, other = make_user(), make_user(is_superuser=True)
        found = [policy.can_withdraw(viewer, comment_of(author.pk, s)) for s in State for viewer in (other, NOBODY)]
        assert not any(found)


@pytest.mark.django_db
class TestCanReply:
    def test_is_true_when_it_is_public_and_the_discussion_is_open(self):
        article = make_article()
        assert policy.can_reply(make_comment(article, make_user())) is True
        assert policy.can_reply(make_comment(article, make_user(), state=State.HELD)) is False
        assert policy.can_reply(make_comment(article, make_user(), kind="note", visibility="private")) is False

    def test_is_false_when_the_discussion_is_closed(self):
        comment = make_comment(make_article(), make_user())
        Article.objects.update(is_open=False)
        assert policy.can_reply(Comment.objects.get()) is False
        assert comment.is_public

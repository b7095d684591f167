from datetime import timedelta
from itertools import product

import pytest

from accounts.models import Guest
from articles.models import Article
from comments import policy
from comments.models import Comment
from comments.querysets import NOBODY
from comments.states import State
from comments.submission import GuestName
from tests.clock import MOMENT, later, stopped_at
from tests.factories import a_guest, make_article, make_comment, make_moderator, make_user

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


@pytest.fixture
def article():
    return make_article()


@pytest.fixture
def author():
    return make_user()


def again(comment):
    return Comment.objects.select_related("article").get(pk=comment.pk)


@pytest.mark.django_db
class TestIsAuthor:
    def test_is_true_for_the_account_that_wrote_it(self, article, author):
        comment = make_comment(article, author)
        assert policy.is_author(author, comment) is True
        assert policy.is_author(make_user(is_superuser=True), comment) is False
        assert policy.is_author(NOBODY, comment) is False

    def test_is_true_for_the_guest_who_proved_the_address_for_it(self, article, author):
        comment, waiting = make_comment(article, a_guest()), make_comment(article, a_guest(is_proven=False))
        assert policy.is_author(comment.guest, comment) is True
        assert policy.is_author(waiting.guest, comment) is False
        assert policy.is_author(waiting.guest, waiting) is False
        assert policy.is_author(author, comment) is False
        assert policy.is_author(NOBODY, comment) is False

    def test_is_false_for_a_guest_with_the_number_of_the_account(self, article, author):
        guest = Guest.objects.create(pk=author.pk, email="gus@example.org")
        comment = make_comment(article, author)
        assert policy.is_author(guest, comment) is False
        assert policy.is_author(author, make_comment(article, GuestName("Gus", guest.email, is_proven=True))) is False


@pytest.mark.django_db
class TestCanModerate:
    def test_is_true_on_what_they_moderate_and_did_not_write(self, article, author):
        moderator = make_moderator(article)
        assert policy.can_moderate(moderator, make_comment(article, author)) is True
        assert policy.can_moderate(moderator, make_comment(article, author, state=State.HELD)) is True
        assert policy.can_moderate(moderator, make_comment(article, moderator)) is False
        assert policy.can_moderate(moderator, make_comment(make_article(), author)) is False
        assert policy.can_moderate(author, make_comment(article, moderator)) is False

    def test_is_false_on_what_no_moderator_reads(self, article, author):
        moderator = make_moderator(is_superuser=True)
        note = make_comment(article, author, kind="note", visibility="private")
        assert policy.can_moderate(moderator, note) is False
        assert policy.can_moderate(moderator, make_comment(article, a_guest(is_proven=False))) is False


@pytest.mark.django_db
class TestCanEdit:
    def test_is_true_for_its_author_while_it_stands_or_can_be_judged_anew(self, article, author):
        made = [make_comment(article, author, state=state) for state in State]
        found = {comment.state for comment in made if policy.can_edit(author, comment)}
        assert found == {"held", "open", "approved", "held_edit", "rejected"}
        assert not any(policy.can_correct(author, comment) for comment in made)

    def test_is_false_for_everybody_else(self, article, author):
        made = [make_comment(article, author, state=state) for state in State]
        for viewer in (make_user(is_superuser=True), make_comment(article, a_guest()).guest, NOBODY):
            assert not any(policy.can_edit(viewer, comment) for comment in made)

    def test_ends_after_fifteen_minutes(self, article, author):
        comment = make_comment(article, author)
        with stopped_at(comment.created_at + timedelta(minutes=15) - MOMENT):
            assert (policy.can_edit(author, comment), policy.can_correct(author, comment)) == (True, False)
        with stopped_at(comment.created_at + timedelta(minutes=15)):
            assert (policy.can_edit(author, comment), policy.can_correct(author, comment)) == (False, True)

    def test_ends_after_two_minutes_when_somebody_answered(self, article, author):
        comment = make_comment(article, author)
        make_comment(article, make_user(), parent=comment)
        comment = again(comment)
        with stopped_at(comment.created_at + timedelta(minutes=2) - MOMENT):
            assert (policy.can_edit(author, comment), policy.can_correct(author, comment)) == (True, False)
        with stopped_at(comment.created_at + timedelta(minutes=2)):
            assert (policy.can_edit(author, comment), policy.can_correct(author, comment)) == (False, True)

    @pytest.mark.parametrize("state", [State.HELD, State.REJECTED, State.WITHDRAWN])
    def test_is_not_ended_by_an_answer_that_nobody_reads(self, article, author, state):
        comment = make_comment(article, author)
        make_comment(article, make_user(), parent=comment, state=state)
        with later(minutes=10):
            assert policy.can_edit(author, again(comment)) is True

    @pytest.mark.parametrize("fields", [{"state": State.HELD}, {"kind": "note", "visibility": "private"}])
    def test_never_ends_while_no_reader_saw_it(self, article, author, fields):
        comment = make_comment(article, author, **fields)
        with later(days=400):
            assert (policy.can_edit(author, comment), policy.can_correct(author, comment)) == (True, False)


@pytest.mark.django_db
class TestCanCorrect:
    def test_is_true_for_its_author_while_it_stands(self, article, author):
        made = [make_comment(article, author, state=state) for state in State]
        with later(minutes=20):
            found = {comment.state for comment in made if policy.can_correct(author, comment)}
            others = [policy.can_correct(viewer, c) for c in made for viewer in (make_moderator(), NOBODY)]
        assert found == {"open", "approved", "held_edit"}
        assert not any(others)

    def test_is_false_of_a_highlight(self, article, author):
        mark = make_comment(article, author, "", kind="highlight", quote="dawn")
        with later(minutes=20):
            assert (policy.can_edit(author, mark), policy.can_correct(author, mark)) == (False, False)


@pytest.mark.django_db
class TestCanWithdraw:
    def test_is_true_for_its_author_until_it_is_gone(self, article, author):
        made = [make_comment(article, author, state=state) for state in State]
        found = {comment.state for comment in made if policy.can_withdraw(author, comment)}
        assert found == {"held", "open", "approved", "held_edit", "rejected", "illegal", "spam"}

    def test_is_false_for_everybody_else(self, article, author):
        made = [make_comment(article, author, state=state) for state in State]
        waiting = make_comment(article, a_guest(is_proven=False))
        for viewer in (make_user(is_superuser=True), waiting.guest, NOBODY):
            assert not any(policy.can_withdraw(viewer, comment) for comment in [*made, waiting])


@pytest.mark.django_db
class TestCanRestore:
    def test_is_true_for_its_author_for_ten_minutes(self, article, author):
        comment = make_comment(article, author, state=State.WITHDRAWN)
        withdrawn_at = comment.decisions.last().at
        with stopped_at(withdrawn_at + timedelta(minutes=10) - MOMENT):
            assert policy.can_restore(author, comment) is True
            assert policy.can_restore(make_moderator(), comment) is False
        with stopped_at(withdrawn_at + timedelta(minutes=10)):
            assert policy.can_restore(author, comment) is False

    def test_is_false_in_every_other_state(self, article, author):
        made = [make_comment(article, author, state=state) for state in State if state != State.WITHDRAWN]
        assert not any(policy.can_restore(author, comment) for comment in made)


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

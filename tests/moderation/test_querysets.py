"""Which comments can be reported, by state and kind, and who reads the reports."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from articles import services as articles
from articles.models import Article
from comments import services as comments
from comments.models import Decision
from comments.states import State
from moderation import services
from moderation.models import Flag, Reason
from moderation.querysets import flaggable, nameable_by
from tests.clock import MOMENT, later, stopped_at
from tests.factories import a_guest, make_article, make_comment, make_moderator, make_user

pytestmark = pytest.mark.django_db


class TestFlaggable:
    @pytest.mark.parametrize(
        ("state", "can_be"),
        [
            (State.HELD, False),
            (State.OPEN, True),
            (State.APPROVED, True),
            (State.HELD_EDIT, True),
            (State.REJECTED, False),
            (State.ILLEGAL, False),
            (State.SPAM, False),
            (State.WITHDRAWN, True),
            (State.ERASED, False),
        ],
    )
    def test_depends_on_the_state(self, state, can_be):
        make_comment(make_article(), make_user(), state=state)
        assert flaggable().exists() is can_be

    def test_knows_every_state(self):
        assert len(State) == 9

    @pytest.mark.parametrize(("past", "can_be"), [(0 * MOMENT, True), (MOMENT, False)])
    def test_ends_24_hours_after_the_withdrawal(self, past, can_be):
        comment = make_comment(make_article(), make_user(), state=State.WITHDRAWN)
        with stopped_at(comment.decisions.last().at + timedelta(hours=24) + past):
            assert flaggable().exists() is can_be

    def test_is_not_prolonged_by_what_is_done_to_it_while_it_is_withdrawn(self):
        comment = make_comment(make_article(), make_user(), state=State.WITHDRAWN)
        with later(hours=25):
            Decision.objects.create(
                comment=comment,
                article=comment.article,
                act="hold",
                revision_number=1,
                was="withdrawn",
                now="withdrawn",
                version=99,
                at=timezone.now(),
            )
            assert not flaggable().exists()

    def test_leaves_out_what_was_withdrawn_before_anyone_could_read_it(self):
        author = make_user()
        held = make_comment(make_article(), author, state=State.HELD)
        comments.withdraw(held, by=author)
        assert not flaggable().exists()

    @pytest.mark.parametrize("kind", ["note", "highlight"])
    @pytest.mark.parametrize("is_withdrawn", [True, False])
    def test_leaves_out_what_is_private(self, kind, is_withdrawn):
        author = make_user()
        own = make_comment(make_article(), author, kind=kind, visibility="private", quote="Small birds")
        if is_withdrawn:
            comments.withdraw(own, by=author)
        for viewer in (author, make_moderator(), make_user()):
            assert not flaggable().exists()
            assert nameable_by(viewer).exists() is (viewer == author and not is_withdrawn)

    @pytest.mark.parametrize("state", [State.OPEN, State.WITHDRAWN])
    def test_leaves_out_what_is_on_an_article_that_is_not_shown(self, state):
        article = make_article()
        make_comment(article, make_user(), state=state)
        Article.objects.update(discussion="off")
        assert not flaggable().exists()
        Article.objects.update(discussion="full")
        articles.unpublish(article, by=None)
        assert not flaggable().exists()


class TestJudgedBy:
    def test_is_for_moderators(self):
        flagger, author, judge = make_user(), make_user(), make_moderator()
        services.flag(make_comment(make_article(), author), by=flagger, reason=Reason.SPAM)
        assert Flag.objects.judged_by(judge).count() == 1
        for viewer in (flagger, author, make_user(), AnonymousUser()):
            assert not Flag.objects.judged_by(viewer).exists()

    def test_leaves_out_the_flags_on_a_moderators_own_comments(self):
        judge = make_moderator()
        services.flag(make_comment(make_article(), judge), by=make_user(), reason=Reason.SPAM)
        assert not Flag.objects.judged_by(judge).exists()
        assert Flag.objects.judged_by(make_moderator()).count() == 1

    def test_keeps_what_was_withdrawn(self):
        author = make_user()
        comment = make_comment(make_article(), author)
        services.flag(comment, by=make_user(), reason=Reason.SPAM)
        comments.withdraw(comment, by=author)
        assert Flag.objects.judged_by(make_moderator()).count() == 1

    def test_gives_those_on_what_guests_wrote(self):
        services.flag(make_comment(make_article(), a_guest()), by=make_user(), reason=Reason.SPAM)
        assert Flag.objects.judged_by(make_moderator()).count() == 1

    def test_gives_those_of_a_moderators_articles(self):
        article = make_article()
        judge = make_moderator(article)
        for one in (article, make_article()):
            services.flag(make_comment(one, make_user()), by=make_user(), reason=Reason.SPAM)
        assert [flag.article for flag in Flag.objects.judged_by(judge)] == [article]

"""Readers, authors and moderators at the same moment: what the database holds afterwards."""

import pytest

from comments import services as comments
from comments.errors import StaleVersion
from comments.models import Comment, Decision
from comments.states import State
from moderation import services
from moderation.models import Flag, Reason
from moderation.rulings import Ruling
from moderation.services import Fate, Seen
from tests.comments.counting import counters, recount
from tests.factories import make_article, make_comment, make_user
from tests.moderation.moderators import moderator
from tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


class TestFlag:
    def test_is_one_when_it_is_sent_four_times_at_once(self):
        comment, reader = make_comment(make_article(), make_user()), make_user()
        results = race([lambda: services.flag(comment, by=reader, reason=Reason.SPAM)] * 4)
        assert sorted(is_new for _, is_new in results) == [False, False, False, True]
        assert Flag.objects.count() == 1

    def test_keeps_the_text_when_the_author_withdraws_at_the_same_moment(self):
        author = make_user()
        comment, readers = make_comment(make_article(), author, "Abuse."), [make_user() for _ in range(3)]
        acts = [lambda r=r: services.flag(comment, by=r, reason=Reason.ABUSE) for r in readers]
        race([*acts, lambda: comments.withdraw(comment, by=author)])
        assert [flag.source for flag in Flag.objects.all()] == ["Abuse."] * 3


class TestJudge:
    def test_makes_one_decision_when_two_moderators_judge_what_they_both_saw(self):
        article = make_article()
        comment, moderators = make_comment(article, make_user(), state=State.HELD), [moderator() for _ in "ab"]
        rulings = [Ruling.APPROVE, Ruling.SPAM]
        results = race(
            [
                lambda r=r, by=by: services.judge(comment, r, by=by, seen_version=comment.version)
                for r, by in zip(rulings, moderators, strict=True)
            ]
        )
        assert [type(result) for result in results if isinstance(result, Exception)] == [StaleVersion]
        assert Decision.objects.filter(role="moderator").count() == 1
        assert counters(article) == recount(article)

    def test_and_a_withdrawal_leave_a_whole_comment_and_answered_flags(self):
        article, author, mo = make_article(), make_user(), moderator()
        comment = make_comment(article, author)
        services.flag(comment, by=make_user(), reason=Reason.ABUSE)
        results = race(
            [
                lambda: services.judge(comment, Ruling.REJECT, by=mo, seen_version=comment.version, reason="abuse"),
                lambda: comments.withdraw(comment, by=author, seen_version=comment.version),
            ]
        )
        assert [type(result) for result in results if isinstance(result, Exception)] == [StaleVersion]
        now = Comment.objects.get()
        assert (now.state, now.open_flags, now.waiting_since is None) in {
            ("rejected", 0, True),
            ("withdrawn", 1, False),
        }
        assert now.open_flags == Flag.objects.open().count()
        assert counters(article) == recount(article)

    def test_leaves_no_flag_open_that_is_not_counted_when_readers_report_meanwhile(self):
        comment, mo, readers = (
            make_comment(make_article(), make_user()),
            moderator(),
            [make_user() for _ in "abc"],
        )
        acts = [lambda r=r: services.flag(comment, by=r, reason=Reason.SPAM) for r in readers]
        race([*acts, lambda: services.judge(comment, Ruling.KEEP, by=mo, seen_version=comment.version)])
        now = Comment.objects.get()
        assert now.open_flags == Flag.objects.open().count()
        assert (now.waiting_since is not None) == (now.open_flags > 0)


class TestJudgeMany:
    def test_judges_each_once_when_two_moderators_judge_the_same_twenty(self):
        article, author = make_article(), make_user()
        several = [make_comment(article, author, state=State.HELD) for _ in range(20)]
        seen = [Seen(one.pk, one.version) for one in several]
        rulings = {moderator(): (Ruling.APPROVE, seen), moderator(): (Ruling.SPAM, seen[::-1])}
        acts = [lambda by=by, r=r, s=s: services.judge_many(s, r, by=by) for by, (r, s) in rulings.items()]
        fates = [answer.fate for answers in race(acts) for answer in answers]
        assert (fates.count(Fate.DONE), fates.count(Fate.STALE)) == (20, 20)
        assert Decision.objects.filter(role="moderator").count() == 20
        assert counters(article) == recount(article)

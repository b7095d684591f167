"""Reporting a comment: what is kept of it, and what is refused."""

import hashlib
from datetime import timedelta

import pytest
from django.utils import timezone

from comments import services as comments
from comments.states import State
from comments.transitions import Grounds
from events.models import Event
from moderation import services
from moderation.models import Flag, Reason
from skycrumbs.problems import Forbidden, Invalid, TooManyRequests
from tests.factories import make_article, make_comment, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return make_user("Ada")


@pytest.fixture
def grace():
    return make_user("Grace")


@pytest.fixture
def comment(ada):
    return make_comment(make_article(), ada, "Buy *this*, “now”.")


class TestFlag:
    def test_keeps_the_text_as_it_was_reported(self, comment, ada, grace):
        flag, is_new = services.flag(comment, by=grace, reason=Reason.SPAM, note="  An advert.\r\n")
        comments.edit(comment, by=ada, text="What a nice article.")
        stored = Flag.objects.get()
        assert is_new
        assert (stored.comment, stored.article, stored.person) == (comment, comment.article, grace)
        assert (stored.reason, stored.note, stored.closed_at) == ("spam", "An advert.", None)
        assert (stored.source, stored.revision.number) == ("Buy *this*, “now”.", 1)
        assert stored.sha256 == hashlib.sha256("Buy *this*, “now”.".encode()).hexdigest()

    def test_is_the_same_when_it_is_made_again(self, comment, grace, settings):
        first, _ = services.flag(comment, by=grace, reason=Reason.SPAM)
        settings.FLAG_LIMITS = [(0, 3600)]
        again, is_new = services.flag(comment, by=grace, reason=Reason.OTHER, note="Changed my mind.")
        assert (again.pk, again.reason, again.note, is_new) == (first.pk, "spam", "", False)
        assert Flag.objects.count() == 1
        assert Event.objects.filter(type="comment.flagged").count() == 1

    def test_is_another_when_the_first_was_closed(self, comment, grace):
        first, _ = services.flag(comment, by=grace, reason=Reason.SPAM)
        Flag.objects.update(closed_at=timezone.now() + timedelta(seconds=1), outcome="upheld")
        again, is_new = services.flag(comment, by=grace, reason=Reason.ABUSE)
        assert is_new
        assert (again.reason, Flag.objects.count()) == ("abuse", 2)

    def test_takes_what_the_public_reads_when_an_edit_waits(self, ada, grace):
        waiting = make_comment(make_article(), ada, "The first text.", state=State.HELD_EDIT)
        services.flag(waiting, by=grace, reason=Reason.ABUSE)
        assert Flag.objects.get().source == "The first text."

    def test_takes_what_the_public_read_last_when_it_was_withdrawn(self, comment, ada, grace):
        comments.edit(comment, by=ada, text="The second text.")
        comments.withdraw(comment, by=ada)
        services.flag(comment, by=grace, reason=Reason.ABUSE)
        flag = Flag.objects.get()
        assert (flag.source, flag.revision.number) == ("The second text.", 2)

    def test_takes_no_text_that_never_was_public_when_it_was_withdrawn(self, ada, grace):
        waiting = make_comment(make_article(), ada, "The first text.", state=State.HELD_EDIT)
        comments.withdraw(waiting, by=ada)
        services.flag(waiting, by=grace, reason=Reason.ABUSE)
        assert Flag.objects.get().source == "The first text."

    def test_is_told_to_the_log_without_its_words(self, comment, grace):
        services.flag(comment, by=grace, reason=Reason.OTHER, note="Canary.")
        event = Event.objects.get(type="comment.flagged")
        assert (event.article_id, event.comment_id, event.actor_id, event.data) == (
            comment.article_id,
            comment.pk,
            grace.pk,
            {},
        )

    def test_is_refused_on_ones_own_comment(self, comment, ada):
        with pytest.raises(Forbidden, match="your own"):
            services.flag(comment, by=ada, reason=Reason.SPAM)

    def test_is_refused_when_it_was_removed_meanwhile(self, comment, grace):
        comments.decide(comment, State.SPAM, Grounds(), seen_version=comment.version)
        with pytest.raises(Forbidden, match="readers can see"):
            services.flag(comment, by=grace, reason=Reason.SPAM)

    def test_is_refused_and_not_counted_past_the_limit(self, ada, grace, settings):
        settings.FLAG_LIMITS = [(2, 86_400)]
        first, second, third = (make_comment(make_article(), ada) for _ in range(3))
        services.flag(first, by=grace, reason=Reason.SPAM)
        services.flag(second, by=grace, reason=Reason.SPAM)
        for _ in range(2):
            with pytest.raises(TooManyRequests) as refused:
                services.flag(third, by=grace, reason=Reason.SPAM)
        assert refused.value.retry_after in range(1, 86_401)
        assert Flag.objects.count() == 2
        services.flag(third, by=make_user(), reason=Reason.SPAM)


class TestFitNote:
    def test_is_not_needed_where_the_reason_says_it(self):
        for reason in ("spam", "abuse", "off_topic", "illegal", "personal_data"):
            assert services.fit_note(" \n\u200b", reason) == ""

    @pytest.mark.parametrize(
        ("note", "reason", "code"),
        [
            ("", "other", "required"),
            ("\u2800\u200b", "other", "required"),
            ("🙂" * 501, "spam", "too_long"),
            ("a\0b", "spam", "control_character"),
            ("a\u202eb", "spam", "control_character"),
        ],
    )
    def test_refuses(self, note, reason, code):
        with pytest.raises(Invalid) as refused:
            services.fit_note(note, reason)
        (error,) = refused.value.errors
        assert (error.field, error.code) == ("note", code)

    def test_counts_code_points(self):
        assert services.fit_note("🙂" * 500, "other") == "🙂" * 500

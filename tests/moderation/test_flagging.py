"""What a report does to the queue, and how many a person and a network may make."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from accounts.models import LimitWindow
from articles.models import Article
from comments import services as comments
from comments.models import Comment, WaitingOrder
from comments.states import State
from moderation import services
from moderation.models import Flag, Reason
from skycrumbs.problems import TooManyRequests
from tests.asking import client_of
from tests.factories import make_article, make_comment, make_user

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 9, 12, tzinfo=UTC)


def queue() -> list[tuple[str, int, int]]:
    return [(one.key, one.waiting_order, one.open_flags) for one in Comment.objects.waiting()]


class TestWaiting:
    @pytest.mark.parametrize(
        ("reason", "order"),
        [
            (Reason.ILLEGAL, WaitingOrder.URGENT),
            (Reason.PERSONAL_DATA, WaitingOrder.URGENT),
            (Reason.ABUSE, WaitingOrder.FLAGGED),
            (Reason.SPAM, WaitingOrder.FLAGGED),
            (Reason.OFF_TOPIC, WaitingOrder.FLAGGED),
        ],
    )
    def test_begins_with_a_flag_in_the_order_of_its_reason(self, reason, order):
        comment = make_comment(make_article(), make_user())
        services.flag(comment, by=make_user(), reason=reason)
        assert queue() == [(comment.key, order, 1)]

    def test_keeps_the_most_urgent_order_and_the_first_time(self, monkeypatch):
        comment = make_comment(make_article(), make_user())
        monkeypatch.setattr(timezone, "now", lambda: NOON)
        services.flag(comment, by=make_user(), reason=Reason.ILLEGAL)
        monkeypatch.undo()
        services.flag(comment, by=make_user(), reason=Reason.SPAM)
        assert queue() == [(comment.key, WaitingOrder.URGENT, 2)]
        assert Comment.objects.get().waiting_since == NOON

    def test_counts_a_flag_once_that_is_sent_twice(self):
        comment, reader = make_comment(make_article(), make_user()), make_user()
        for _ in range(2):
            services.flag(comment, by=reader, reason=Reason.SPAM)
        assert queue() == [(comment.key, WaitingOrder.FLAGGED, 1)]

    def test_puts_a_held_edit_that_is_reported_before_those_that_only_wait(self):
        article, author = make_article(), make_user()
        first = make_comment(article, author, state=State.HELD_EDIT)
        second = make_comment(article, author, state=State.HELD_EDIT)
        services.flag(second, by=make_user(), reason=Reason.ABUSE)
        assert queue() == [(second.key, WaitingOrder.FLAGGED, 1), (first.key, WaitingOrder.HELD, 0)]

    def test_is_not_ended_by_a_withdrawal_and_begins_after_one(self):
        article, author = make_article(), make_user()
        before, after = make_comment(article, author), make_comment(article, author)
        services.flag(before, by=make_user(), reason=Reason.SPAM)
        for comment in (before, after):
            comments.withdraw(comment, by=author)
        services.flag(after, by=make_user(), reason=Reason.SPAM)
        assert [key for key, _order, _flags in queue()] == [before.key, after.key]

    def test_changes_nothing_that_the_author_or_a_reader_could_notice(self):
        comment = make_comment(make_article(), make_user())
        told = ("version", "state", "state_reason", "public_revision", "edited_at", "replies")
        before = [*Comment.objects.values(*told), *Article.objects.values()]
        services.flag(comment, by=make_user(), reason=Reason.ILLEGAL)
        assert [*Comment.objects.values(*told), *Article.objects.values()] == before


class TestNetworkLimit:
    def test_refuses_another_account_of_the_same_network_and_counts_nothing(self, settings):
        settings.FLAG_NETWORK_LIMITS = [(1, 86_400)]
        first, second = (make_comment(make_article(), make_user()) for _ in range(2))
        services.flag(first, by=make_user(), reason=Reason.SPAM, network="192.0.2.1")
        with pytest.raises(TooManyRequests):
            services.flag(second, by=make_user(), reason=Reason.SPAM, network="192.0.2.1")
        assert Flag.objects.count() == 1
        assert [key for key, _order, _flags in queue()] == [first.key]
        services.flag(second, by=make_user(), reason=Reason.SPAM, network="192.0.2.2")

    def test_is_not_asked_where_no_network_is_known(self, settings):
        settings.FLAG_NETWORK_LIMITS = [(0, 86_400)]
        services.flag(make_comment(make_article(), make_user()), by=make_user(), reason=Reason.SPAM)
        assert not LimitWindow.objects.filter(key__contains="network").exists()

    def test_is_held_by_the_api_and_by_the_form(self, settings, client):
        settings.FLAG_NETWORK_LIMITS = [(0, 86_400)]
        comment, reader = make_comment(make_article(), make_user()), make_user()
        sent = {"reason": "spam", "note": ""}
        assert client_of(reader).post(f"/api/v1/comments/{comment.key}/flags/", sent).status_code == 429
        client.force_login(reader)
        same = {"Sec-Fetch-Site": "same-origin"}
        assert client.post(f"/comments/{comment.key}/flag/", sent, headers=same).status_code == 429
        assert not Flag.objects.exists()

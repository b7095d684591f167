from types import SimpleNamespace

import pytest
from django.db import transaction

from accounts import limits
from accounts.limits import take
from accounts.models import LimitWindow
from skycrumbs.problems import TooManyRequests

pytestmark = pytest.mark.django_db

# A clock that stands at the start of both a minute and an hour.
NOON = 1_767_268_800


@pytest.fixture
def clock(monkeypatch):
    clock = SimpleNamespace(now=NOON)
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: clock.now + 0.9))
    return clock


def refused(key, windows):
    with pytest.raises(TooManyRequests) as caught, transaction.atomic():
        take(key, windows)
    return caught.value.retry_after


class TestTake:
    def test_lets_through_as_many_as_are_allowed_and_no_more(self, clock):
        for _ in range(3):
            take("a", [(3, 60)])
        assert refused("a", [(3, 60)]) == 60

    def test_says_how_long_until_the_window_ends(self, clock):
        take("a", [(1, 60)])
        clock.now = NOON + 59
        assert refused("a", [(1, 60)]) == 1
        clock.now = NOON + 15
        assert refused("a", [(1, 60)]) == 45

    def test_tells_it_in_a_header(self, clock):
        take("a", [(1, 60)])
        with pytest.raises(TooManyRequests) as caught, transaction.atomic():
            take("a", [(1, 60)])
        assert caught.value.headers == {"Retry-After": "60"}
        assert (caught.value.code, caught.value.status) == ("too_many_requests", 429)

    def test_begins_anew_with_the_next_window(self, clock):
        take("a", [(1, 60)])
        clock.now = NOON + 60
        take("a", [(1, 60)])
        assert refused("a", [(1, 60)]) == 60

    def test_keeps_keys_apart(self, clock):
        take("a", [(1, 60)])
        take("b", [(1, 60)])

    def test_holds_every_window_given(self, clock):
        windows = [(2, 60), (3, 3600)]
        for minute in (0, 0, 1):
            clock.now = NOON + 60 * minute
            take("a", windows)
        assert refused("a", windows) == 3600 - 60
        clock.now = NOON + 3600
        take("a", windows)

    def test_does_not_count_what_is_refused(self, clock):
        take("a", [(1, 60), (9, 3600)])
        for _ in range(5):
            refused("a", [(1, 60), (9, 3600)])
        assert sorted(LimitWindow.objects.values_list("seconds", "count")) == [(60, 1), (3600, 1)]

    def test_forgets_windows_that_are_over(self, clock):
        for minute in range(4):
            clock.now = NOON + 60 * minute
            take("a", [(9, 60), (9, 3600)])
            take("b", [(9, 60)])
        rows = LimitWindow.objects.order_by("key", "seconds").values_list("key", "seconds", "starts_at", "count")
        assert list(rows) == [("a", 60, NOON + 180, 1), ("a", 3600, NOON, 4), ("b", 60, NOON + 180, 1)]

    def test_does_nothing_when_there_are_no_windows(self, clock):
        take("a", [])
        assert LimitWindow.objects.count() == 0

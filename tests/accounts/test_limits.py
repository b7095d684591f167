import pytest
from django.db import transaction

from accounts.limits import address_key, is_first, prune, take, take_all
from accounts.models import LimitWindow
from skycrumbs.problems import TooManyRequests
from tests.racing import race

pytestmark = pytest.mark.django_db

# When the clock of conftest.py stands: at the start of both a minute and an hour.
NOON = 1_767_268_800


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


class TestTakeAll:
    USES = {"a": [(2, 60)], "b": [(1, 3600)]}

    def counts(self):
        return dict(LimitWindow.objects.values_list("key", "count"))

    def test_counts_every_key(self, clock):
        take_all({"a": [(2, 60)], "b": [(2, 3600)]})
        assert self.counts() == {"a": 1, "b": 1}

    def test_counts_none_when_one_of_them_is_refused(self, clock):
        take_all(self.USES)
        with pytest.raises(TooManyRequests) as caught:
            take_all(self.USES)
        assert caught.value.retry_after == 3600
        assert self.counts() == {"a": 1, "b": 1}

    def test_does_nothing_when_there_are_no_keys(self, clock):
        take_all({})
        assert LimitWindow.objects.count() == 0


class TestAtOnce:
    @pytest.fixture(autouse=True)
    def committed(self, transactional_db):
        """Other connections see only what is committed."""

    def test_exactly_as_many_get_through_as_are_allowed(self, clock):
        results = race([lambda: take_all({"a": [(4, 60)], "b": [(9, 60)]})] * 8)
        assert [type(result) for result in results if result is not None] == [TooManyRequests] * 4
        assert dict(LimitWindow.objects.values_list("key", "count")) == {"a": 4, "b": 4}

    def test_nobody_waits_for_ever_when_two_name_the_same_keys_in_another_order(self, clock):
        uses = [("a", [(99, 60), (99, 3600)]), ("b", [(99, 60), (99, 3600)])]
        acts = [lambda: take_all(dict(uses)), lambda: take_all(dict(uses[::-1]))]
        assert race(acts * 4) == [None] * 8


class TestAddressKey:
    @pytest.mark.parametrize(
        "written",
        [
            "ada@example.org",
            " ADA@Example.ORG\n",
            "\N{FULLWIDTH LATIN SMALL LETTER A}da@example.org",
            "ada@example\N{FULLWIDTH FULL STOP}org",
        ],
    )
    def test_is_one_for_every_way_to_write_an_address(self, written):
        assert address_key(written) == address_key("ada@example.org")

    def test_is_one_for_letters_that_only_look_or_fold_alike(self):
        assert address_key("\N{KELVIN SIGN}arl@example.org") == address_key("karl@example.org")
        assert address_key("me\N{LATIN SMALL LETTER LONG S}@stra\N{LATIN SMALL LETTER SHARP S}e.org") == address_key(
            "mes@STRASSE.org"
        )

    def test_keeps_addresses_apart(self):
        assert address_key("ada@example.org") != address_key("ada@example.com")

    def test_does_not_tell_the_address_without_the_secret_key(self, settings):
        key = address_key("ada@example.org")
        assert len(key) == 64
        settings.SECRET_KEY = "another secret of more than 32 characters"
        assert address_key("ada@example.org") != key


class TestPrune:
    def keys(self):
        return sorted(LimitWindow.objects.values_list("key", flat=True))

    def test_deletes_what_ended_more_than_a_day_ago_and_no_more(self, clock):
        take("minute", [(9, 60)])
        take("day", [(9, 86_400)])
        clock.now = NOON + 60 + 86_400
        assert (prune(), self.keys()) == (0, ["day", "minute"])
        clock.now += 1
        assert (prune(), self.keys()) == (1, ["day"])

    def test_takes_batch_after_batch(self, clock, monkeypatch):
        monkeypatch.setattr("accounts.pruning.BATCH", 2)
        for number in range(5):
            take(f"key {number}", [(9, 60)])
        clock.now = NOON + 2 * 86_400
        take("now", [(9, 60)])
        assert (prune(), self.keys()) == (5, ["now"])


class TestIsFirst:
    def test_is_true_once(self):
        uses = [is_first("a", starts_at=NOON, seconds=60) for _ in range(3)]
        assert uses == [True, False, False]

    def test_holds_across_the_windows_of_the_clock(self, clock):
        assert is_first("a", starts_at=NOON - 10, seconds=60)
        clock.now = NOON + 40
        assert not is_first("a", starts_at=NOON - 10, seconds=60)

    def test_keeps_keys_apart(self):
        assert is_first("a", starts_at=NOON, seconds=60)
        assert is_first("b", starts_at=NOON, seconds=60)

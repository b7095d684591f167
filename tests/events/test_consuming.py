from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from accounts.models import LimitWindow
from events import consuming
from events.consuming import run_consumers
from events.models import Cursor, Event, Type
from events.services import number_committed
from events.tasks import number_events
from tests.racing import race, start_and_let_wait


def happen(count=1, *, is_numbered=True):
    Event.objects.bulk_create(Event(type=Type.COMMENT_PUBLISHED, article_id=1) for _ in range(count))
    if is_numbered:
        number_committed()


def write_row(key="row"):
    LimitWindow.objects.create(key=key, starts_at=0, seconds=1, count=1)


class Follower:
    """A consumer that remembers the batches it was given, by their numbers, and fails on the numbers told."""

    def __init__(self):
        self.batches, self.fails_on, self.writes = [], set(), False

    def __call__(self, events):
        numbers = [event.number for event in events]
        if self.writes:
            write_row(f"up to {numbers[-1]}")
        if self.fails_on & set(numbers):
            raise ZeroDivisionError
        self.batches.append(numbers)


@pytest.fixture
def followers(settings, monkeypatch):
    """Two consumers, by the paths `first` and `second`."""
    there = {"first": Follower(), "second": Follower()}
    settings.EVENT_CONSUMERS = list(there)
    monkeypatch.setattr(consuming, "import_string", there.__getitem__)
    return there


@pytest.fixture
def first(followers):
    return followers["first"]


def cursors():
    """Of these two: consumers of the project's own may have theirs."""
    return dict(Cursor.objects.filter(name__in=["first", "second"]).values_list("name", "number"))


@pytest.mark.django_db
class TestRunConsumers:
    def test_gives_each_what_happened_in_order_and_says_how_much(self, followers):
        happen(3)
        assert run_consumers() == 6
        assert [follower.batches for follower in followers.values()] == [[[1, 2, 3]], [[1, 2, 3]]]
        assert cursors() == {"first": 3, "second": 3}

    def test_gives_nothing_twice(self, first):
        happen(2)
        run_consumers()
        assert run_consumers() == 0
        happen()
        assert run_consumers() == 2
        assert first.batches == [[1, 2], [3]]

    def test_gives_nothing_that_has_no_number_yet(self, first):
        happen(1, is_numbered=False)
        assert run_consumers() == 0
        assert first.batches == []

    def test_gives_a_new_one_everything(self, followers, settings):
        settings.EVENT_CONSUMERS = ["first"]
        happen(2)
        run_consumers()
        settings.EVENT_CONSUMERS = ["first", "second"]
        assert run_consumers() == 2
        assert followers["second"].batches == [[1, 2]]

    def test_gives_a_long_log_in_batches(self, first, monkeypatch):
        monkeypatch.setattr(consuming, "BATCH", 2)
        happen(5)
        run_consumers()
        assert first.batches == [[1, 2], [3, 4], [5]]

    def test_goes_on_to_the_others_when_one_raises(self, followers, caplog):
        followers["first"].fails_on = {2}
        happen(3)
        assert run_consumers() == 3
        assert followers["second"].batches == [[1, 2, 3]]
        assert cursors() == {"second": 3}
        assert "The consumer first failed; it is tried again from where it was." in caplog.text

    def test_tries_again_what_raised(self, first):
        first.fails_on = {2}
        happen(3)
        run_consumers()
        assert first.batches == []
        first.fails_on = set()
        run_consumers()
        assert first.batches == [[1, 2, 3]]

    def test_keeps_what_went_well_before_it_raised(self, first, monkeypatch):
        monkeypatch.setattr(consuming, "BATCH", 2)
        first.fails_on = {4}
        happen(5)
        run_consumers()
        assert first.batches == [[1, 2]]
        assert cursors()["first"] == 2

    def test_undoes_what_was_written_before_it_raised(self, first, monkeypatch):
        monkeypatch.setattr(consuming, "BATCH", 2)
        first.fails_on, first.writes = {4}, True
        happen(5)
        run_consumers()
        assert list(LimitWindow.objects.values_list("key", flat=True)) == ["up to 2"]

    def test_is_stopped_by_no_path_that_leads_nowhere(self, followers, settings, caplog):
        settings.EVENT_CONSUMERS = ["nowhere", "second"]
        happen()
        assert run_consumers() == 1
        assert followers["second"].batches == [[1]]
        assert "The consumer nowhere failed" in caplog.text

    def test_takes_as_many_queries_for_200_events_as_for_one(self, first, settings, django_assert_num_queries):
        settings.EVENT_CONSUMERS = ["first"]
        happen(1)
        run_consumers()
        happen(200)
        # A savepoint, the cursor, the batch, the new place; then the cursor again, and nothing new.
        with django_assert_num_queries(9):
            run_consumers()


@pytest.mark.django_db
class TestNumberEvents:
    def test_hands_on_what_it_numbered(self, first):
        happen(2, is_numbered=False)
        number_events.enqueue()
        assert first.batches == [[1, 2]]


@pytest.mark.django_db(transaction=True)
class TestTogether:
    def test_give_each_event_once_when_several_processes_hand_on(self, followers):
        happen(20)
        results = race([run_consumers] * 4)
        assert sum(results) == 40
        assert [follower.batches for follower in followers.values()] == [[list(range(1, 21))]] * 2
        assert cursors() == {"first": 20, "second": 20}

    def test_wait_for_who_is_handing_on(self, first):
        happen()
        run_consumers()
        happen(2)
        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                assert run_consumers() == 4
                waiting = start_and_let_wait(pool, run_consumers)
            assert waiting.result() == 0
        assert first.batches == [[1], [2, 3]]

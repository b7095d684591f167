from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from events.models import Event, Sequencer, Type
from events.services import number_committed, numbered_together, record
from tests.racing import in_other_thread, race, start_and_let_wait


def make(count=1, **fields):
    """Events that are committed and wait for their number, as if their wake-up had been lost."""
    return Event.objects.bulk_create(
        Event(**{"type": Type.COMMENT_PUBLISHED, "article_id": 1} | fields) for _ in range(count)
    )


def numbers():
    return list(Event.objects.order_by("id").values_list("number", flat=True))


def read(cursor):
    """What a reader at `cursor` gets now: (article ids in order, its new cursor)."""
    number_committed()
    found = list(Event.objects.after(cursor))
    return [event.article_id for event in found], max([event.number for event in found], default=cursor)


@pytest.mark.django_db
class TestRecord:
    def test_notes_type_and_ids_and_no_number_yet(self):
        event = record(Type.COMMENT_EDITED, article_id=3, comment_id=4, actor_id=5, why="x")
        row = Event.objects.get()
        assert (row.type, row.article_id, row.comment_id, row.actor_id) == ("comment.edited", 3, 4, 5)
        assert (row.data, row.number, row.pk) == ({"why": "x"}, None, event.pk)

    def test_leaves_out_what_is_not_known(self):
        record(Type.ARTICLE_PUBLISHED, article_id=3)
        row = Event.objects.get()
        assert (row.comment_id, row.actor_id, row.data) == (None, None, {})

    def test_wakes_the_sequencer_once_for_all_of_a_transaction(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks() as callbacks:
            for _ in range(3):
                record(Type.ARTICLE_PUBLISHED, article_id=3)
        assert len(callbacks) == 1

    def test_wakes_the_sequencer_once_after_several_transactions(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks() as callbacks, pytest.raises(ZeroDivisionError), numbered_together():
            for _ in range(3):
                with transaction.atomic():
                    record(Type.ARTICLE_PUBLISHED, article_id=3)
            raise ZeroDivisionError
        assert len(callbacks) == 1

    def test_is_numbered_once_it_is_committed(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            record(Type.ARTICLE_PUBLISHED, article_id=3)
            assert numbers() == [None]
        assert numbers() == [1]

    def test_goes_with_its_transaction_when_that_is_undone(self):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            record(Type.ARTICLE_PUBLISHED, article_id=3)
            raise ZeroDivisionError
        assert Event.objects.count() == 0


@pytest.mark.django_db
class TestNumberCommitted:
    def test_numbers_from_1_in_the_order_of_ids_and_says_how_many(self):
        make(3)
        assert number_committed() == 3
        assert numbers() == [1, 2, 3]

    def test_goes_on_where_it_stopped(self):
        make(2)
        number_committed()
        make(2)
        assert number_committed() == 2
        assert numbers() == [1, 2, 3, 4]
        assert Sequencer.objects.get().last == 4

    def test_does_nothing_when_nothing_waits(self):
        assert number_committed() == 0
        make()
        number_committed()
        assert number_committed() == 0
        assert numbers() == [1]

    def test_goes_on_until_nothing_waits_when_there_is_more_than_a_batch(self, monkeypatch):
        monkeypatch.setattr("events.services.BATCH", 3)
        make(7)
        assert number_committed() == 7
        assert numbers() == [1, 2, 3, 4, 5, 6, 7]

    def test_never_uses_a_number_again_when_events_are_deleted(self):
        make(2)
        number_committed()
        Event.objects.all().delete()
        make()
        number_committed()
        assert numbers() == [3]

    def test_takes_as_many_queries_for_200_events_as_for_one(self, django_assert_max_num_queries):
        make(200)
        # The lock, the batch, its update (in SQLite's portions), the last number, and one look for more.
        with django_assert_max_num_queries(20):
            number_committed()


@pytest.mark.django_db
class TestAfter:
    def test_gives_numbered_events_past_the_cursor_in_their_order(self):
        make(4)
        number_committed()
        make()
        assert list(Event.objects.after(0).values_list("number", flat=True)) == [1, 2, 3, 4]
        assert list(Event.objects.after(2).values_list("number", flat=True)) == [3, 4]
        assert list(Event.objects.after(4)) == []


@pytest.mark.django_db
class TestConstraints:
    def test_refuse_a_number_twice(self):
        first, second = make(2)
        Event.objects.filter(pk=first.pk).update(number=1)
        with pytest.raises(IntegrityError), transaction.atomic():
            Event.objects.filter(pk=second.pk).update(number=1)

    def test_refuse_a_second_sequencer(self):
        Sequencer.objects.create(pk=1)
        with pytest.raises(IntegrityError, match="one_sequencer"), transaction.atomic():
            Sequencer.objects.create(pk=2)


@pytest.mark.django_db(transaction=True)
class TestNumberTogether:
    def test_gives_each_event_one_number_when_several_number_at_once(self):
        make(40)
        results = race([number_committed] * 4)
        assert sum(results) == 40
        assert sorted(numbers()) == list(range(1, 41))
        assert Sequencer.objects.get().last == 40

    def test_follows_on_from_the_one_that_it_waited_for(self):
        (first,) = make()
        assert number_committed() == 1
        early, late = make(2)
        early.delete()

        def come_late():
            # A lower id than what is being numbered: it was taken first, and committed last.
            Event.objects.create(pk=late.pk - 1, type=Type.COMMENT_PUBLISHED)
            return number_committed()

        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                assert number_committed() == 1
                numbering = start_and_let_wait(pool, come_late)
            assert numbering.result() == 1
        rows = Event.objects.order_by("number").values_list("pk", "number")
        assert list(rows) == [(first.pk, 1), (late.pk, 2), (late.pk - 1, 3)]

    def test_loses_none_when_events_are_recorded_meanwhile(self):
        make(5)
        race([number_committed, *[lambda: make(5)] * 3])
        number_committed()
        assert sorted(numbers()) == list(range(1, 21))


@pytest.mark.django_db(transaction=True)
class TestNothingIsSkipped:
    """A reader that follows numbers sees every event, in whatever order transactions begin and end."""

    def test_when_a_reader_looks_while_a_writer_is_not_done(self):
        with transaction.atomic():
            make(article_id=100)
            assert in_other_thread(lambda: list(Event.objects.after(0))) == []
        assert read(0) == ([100], 1)

    def test_when_writers_and_readers_are_many(self):
        writers = [lambda n=n: record(Type.COMMENT_PUBLISHED, article_id=n) for n in range(6)]
        seen, cursor = [], 0
        results = race([*writers, lambda: read(0), lambda: read(0)])
        found, cursor = read(cursor)
        seen += found
        assert sorted(seen) == [0, 1, 2, 3, 4, 5]
        assert cursor == 6
        assert all(early == found[: len(early)] for early, _cursor in results[6:])


@pytest.mark.django_db(transaction=True)
class TestOpenTransactions:
    """What each database does with a writer that comes while another is not done."""

    def on_postgresql_the_first_to_begin_may_commit_last(self):
        with transaction.atomic():
            a = record(Type.COMMENT_PUBLISHED, article_id=100)
            b_id, seen, cursor = in_other_thread(self.write_and_read)
            assert a.pk < b_id
            assert (seen, cursor) == ([200], 1)
        assert read(cursor) == ([100], 2)
        rows = Event.objects.order_by("id").values_list("article_id", "number")
        assert list(rows) == [(100, 2), (200, 1)]

    def write_and_read(self):
        b = record(Type.COMMENT_PUBLISHED, article_id=200)
        return b.pk, *read(0)

    def on_sqlite_a_second_writer_takes_no_id_before_the_first_is_done(self):
        with transaction.atomic():
            a = record(Type.COMMENT_PUBLISHED, article_id=100)
            with pytest.raises(OperationalError, match="locked"):
                in_other_thread(self.write_without_waiting)
        b = in_other_thread(lambda: record(Type.COMMENT_PUBLISHED, article_id=200))
        assert a.pk < b.pk
        assert read(0) == ([100, 200], 2)

    def write_without_waiting(self):
        connection.cursor().execute("PRAGMA busy_timeout = 0")
        record(Type.COMMENT_PUBLISHED, article_id=200)

    test_skips_nothing_whoever_is_done_first = {
        "postgresql": on_postgresql_the_first_to_begin_may_commit_last,
        "sqlite": on_sqlite_a_second_writer_takes_no_id_before_the_first_is_done,
    }[connection.vendor]

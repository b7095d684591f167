"""`manage.py sweep`."""

import os
import signal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from accounts.models import Guest, GuestLink
from comments.models import Comment
from delivery.management.commands import sweep
from events.models import Event
from tests.delivery.mailing import fates, make_reader
from tests.factories import make_article, make_comment, make_guest_comment, make_user


class Steps:
    """Things to sweep by the paths `first` and `second`: what each does at its first, second … turn, then 0."""

    def __init__(self):
        self.turns, self.done = {"first": [], "second": []}, []

    def __getitem__(self, path):
        return lambda: self._take(path)

    def _take(self, path):
        self.done.append(path)
        turn = self.turns[path].pop(0) if self.turns[path] else 0
        if isinstance(turn, Exception):
            raise turn
        return turn() if callable(turn) else turn


@pytest.fixture
def steps(settings, monkeypatch):
    steps = Steps()
    settings.SWEEPS = list(steps.turns)
    monkeypatch.setattr(sweep, "import_string", steps.__getitem__)
    return steps


def run(**options):
    out = StringIO()
    call_command("sweep", stdout=out, **options)
    return out.getvalue()


def told_to_stop(number):
    """A step in which the process is told to stop."""

    def act():
        os.kill(os.getpid(), number)
        return 1

    return act


class TestOnce:
    def test_does_each_in_order_and_says_nothing(self, steps):
        assert run() == ""
        assert steps.done == ["first", "second"]

    def test_says_how_much_there_was_when_asked(self, steps):
        steps.turns = {"first": [3], "second": [0]}
        assert run(verbosity=2) == "first: 3\nsecond: 0\n"

    def test_goes_on_after_one_that_fails_and_fails_at_the_end(self, steps, caplog):
        steps.turns["first"] = [OperationalError("the database is away")]
        with pytest.raises(CommandError, match=r"^Failed: first\.$"):
            run()
        assert steps.done == ["first", "second"]
        assert "first failed." in caplog.text

    def test_refuses_a_wait_that_is_none(self, steps):
        for every in (0, -1, 86_401, float("nan")):
            with pytest.raises(CommandError, match=r"^--every must be above 0 and at most 86400 seconds\.$"):
                run(every=every)
        assert steps.done == []


@pytest.mark.django_db
class TestEvery:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_goes_on_until_it_is_told_to_stop_and_ends_what_it_began(self, steps, number):
        before = signal.getsignal(number)
        steps.turns["first"] = [0, 0, told_to_stop(number)]
        run(every=0.001)
        assert steps.done == ["first", "second"] * 3
        assert signal.getsignal(number) is before

    def test_does_not_wait_when_it_is_told_to_stop(self, steps):
        steps.turns["second"] = [told_to_stop(signal.SIGTERM)]
        run(every=86_400)
        assert steps.done == ["first", "second"]

    def test_survives_a_database_that_is_away_for_a_while(self, steps, caplog):
        steps.turns["first"] = [OperationalError("away"), 0, told_to_stop(signal.SIGTERM)]
        steps.turns["second"] = [OperationalError("away")]
        run(every=0.001)
        assert steps.done == ["first", "second"] * 3
        assert caplog.text.count("failed.") == 2

    @pytest.mark.django_db(transaction=True)
    def test_connects_anew_when_its_connection_broke(self, steps, caplog):
        def break_off():
            connection.ensure_connection()
            connection.connection.close()
            return Event.objects.count()

        steps.turns["first"] = [break_off, Event.objects.count, told_to_stop(signal.SIGTERM)]
        run(every=0.001)
        assert steps.done == ["first", "second"] * 3
        assert caplog.text.count("failed.") == 1


@pytest.mark.django_db
class TestSweeps:
    """What the project itself names."""

    def test_bring_a_reply_from_the_log_to_the_reader(self, clock, mailoutbox):
        remark = make_comment(make_article(), make_reader())
        make_comment(remark.article, make_user(), parent=remark)
        said = run(verbosity=2)
        assert said.splitlines() == [
            "events.services.number_committed: 3",
            "events.consuming.run_consumers: 12",
            "articles.publishing.run_due: 0",
            "delivery.queue.remind: 0",
            "delivery.services.send_due: 1",
            "accounts.limits.prune: 0",
            "accounts.guests.prune: 0",
            "accounts.idempotency.prune: 0",
            "comments.services.remove_unproven: 0",
            "comments.services.remove_withdrawn_notes: 0",
            "delivery.upkeep.clear_daily: 0",
            f"delivery.upkeep.analyze_hourly: {int(connection.vendor == 'sqlite')}",
        ]
        assert len(mailoutbox) == 1
        assert not Event.objects.filter(number=None).exists()
        assert fates() == [("Ada", "sent")]
        assert "delivery.services.send_due: 0" in run(verbosity=2).splitlines()

    def test_remove_what_a_guest_never_confirmed_and_its_links(self, clock, mailoutbox):
        make_guest_comment(make_article(), is_proven=False)
        run()
        assert len(mailoutbox) == 1
        clock.forward(days=7)
        assert "comments.services.remove_unproven: 1" in run(verbosity=2).splitlines()
        assert (Comment.objects.count(), Guest.objects.count(), GuestLink.objects.count()) == (0, 0, 0)
        assert len(mailoutbox) == 1

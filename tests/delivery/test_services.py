"""Sending: once, when it is due, whatever the server does. What stands in the mails is tested with their kinds."""

from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import DatabaseError, connection

from delivery import services
from delivery.letters import NotSent, letter
from delivery.models import Delivery, Dropped, Kind
from delivery.services import send_due
from tests.delivery.mailing import FailingBackend
from tests.factories import make_user
from tests.racing import race

ADDRESS = "ada@example.org"
REFUSED = {ADDRESS: (550, b"no such user here: ada@example.org")}
FAILING = "tests.delivery.mailing.FailingBackend"


class Killed(BaseException):
    """What no code of ours may catch, as nothing catches the end of a process."""


@pytest.fixture(autouse=True)
def plain_mail(monkeypatch):
    """Mails of one line, about nothing."""
    monkeypatch.setitem(services.COMPOSERS, Kind.REPLY, lambda owed: letter(ADDRESS, f"reply.{owed.comment_id}",
                        subject="Hello", text="Hello."))  # fmt: skip


@pytest.fixture
def server(settings):
    """A server that raises what is put into its list."""
    settings.EMAIL_BACKEND = FAILING
    FailingBackend.errors, FailingBackend.taken = [], []
    return FailingBackend


def owe(clock, number=1, **fields):
    """`number` mails to one person, about comments 1, 2, 3 …, all due now."""
    user = make_user()
    fields = {"kind": Kind.REPLY, "user": user, "next_try_at": clock.now} | fields
    return [Delivery.objects.create(comment_id=pk, **fields) for pk in range(1, number + 1)]


def row(**fields):
    return Delivery.objects.get(**fields)


def about(messages):
    return [message.extra_headers["Message-ID"].split("@")[0].split(".")[1] for message in messages]


@pytest.mark.django_db
class TestSendDue:
    def test_sends_what_is_due_and_notes_when(self, clock):
        owe(clock, 2)
        assert send_due() == 2
        assert about(mail.outbox) == ["1", "2"]
        assert set(Delivery.objects.values_list("sent_at", "dropped", "attempts")) == {(clock.now, "", 1)}

    def test_sends_nothing_before_its_time(self, clock):
        owe(clock, next_try_at=clock.now + timedelta(seconds=1))
        assert send_due() == 0
        clock.forward(seconds=1)
        assert send_due() == 1

    def test_sends_nothing_twice(self, clock):
        owe(clock)
        send_due()
        clock.forward(days=400)
        assert send_due() == 0
        assert len(mail.outbox) == 1

    def test_begins_with_what_is_longest_due_and_ends_at_the_limit(self, clock, monkeypatch):
        monkeypatch.setattr(services, "MOST_AT_ONCE", 2)
        for comment, minutes in ((1, 1), (2, 3), (3, 2)):
            then = clock.now - timedelta(minutes=minutes)
            Delivery.objects.create(kind=Kind.REPLY, user=make_user(), comment_id=comment, next_try_at=then)
        assert send_due() == 2
        assert about(mail.outbox) == ["2", "3"]

    def test_drops_what_is_not_to_be_sent_and_says_why(self, clock, monkeypatch):
        def compose(delivery):
            raise NotSent(Dropped.NO_ADDRESS)

        monkeypatch.setitem(services.COMPOSERS, Kind.REPLY, compose)
        owe(clock, 2)
        assert send_due() == 0
        assert set(Delivery.objects.values_list("dropped", "sent_at")) == {("no_address", None)}
        clock.forward(days=400)
        assert send_due() == 0
        assert row(comment_id=1).attempts == 1

    def test_raises_what_the_database_raises(self, clock, monkeypatch):
        def compose(delivery):
            raise DatabaseError

        monkeypatch.setitem(services.COMPOSERS, Kind.REPLY, compose)
        owe(clock)
        with pytest.raises(DatabaseError):
            send_due()

    def test_keeps_one_from_others_for_a_quarter_of_an_hour_when_its_process_dies(self, clock, server):
        owe(clock)
        server.errors = [Killed()]
        with pytest.raises(Killed):
            send_due()
        clock.forward(minutes=14, seconds=59)
        assert send_due() == 0
        clock.forward(seconds=1)
        assert send_due() == 1
        assert about(server.taken) == ["1"]

    def test_gives_up_one_whose_process_dies_each_time(self, clock, server):
        owe(clock)
        server.errors = [Killed() for _ in range(9)]
        for _ in range(7):
            with pytest.raises(Killed):
                send_due()
            clock.forward(minutes=15)
        assert send_due() == 0
        assert row().dropped == "failed"


@pytest.mark.django_db
class TestFailures:
    def test_are_tried_again_later_and_later_and_then_given_up(self, clock, server):
        owe(clock)
        server.errors = [ConnectionRefusedError() for _ in range(7)]
        waits = []
        for attempt in range(1, 7):
            assert send_due() == 0
            assert row().attempts == attempt
            waits.append(row().next_try_at - clock.now)
            clock.now = row().next_try_at
        minutes = [wait / timedelta(minutes=1) for wait in waits]
        assert minutes == [1, 5, 30, 120, 360, 1440]
        assert (row().dropped, row().last_error) == ("", "ConnectionRefusedError")
        send_due()
        assert (row().dropped, row().attempts) == ("failed", 7)
        assert server.errors == []
        clock.forward(days=400)
        assert send_due() == 0

    def test_end_when_the_server_is_back(self, clock, server):
        owe(clock)
        server.errors = [SMTPServerDisconnected("bye")]
        send_due()
        clock.forward(seconds=59)
        assert send_due() == 0
        clock.forward(seconds=1)
        assert send_due() == 1
        assert (row().sent_at, row().last_error, row().attempts) == (clock.now, "", 2)

    def test_of_the_server_leave_the_rest_as_it_is(self, clock, server):
        owe(clock, 3)
        server.errors = [TimeoutError()]
        assert send_due() == 0
        assert list(Delivery.objects.order_by("id").values_list("attempts", flat=True)) == [1, 0, 0]
        assert send_due() == 2

    @pytest.mark.parametrize("error", [SMTPRecipientsRefused(REFUSED), SMTPDataError(554, b"spam"), ValueError()])
    def test_of_one_mail_do_not_stop_the_others(self, clock, server, error):
        owe(clock, 3)
        server.errors = [error]
        assert send_due() == 2
        assert about(server.taken) == ["2", "3"]
        assert row(comment_id=1).last_error == type(error).__name__

    def test_are_logged_without_the_address(self, clock, server, caplog):
        (owed,) = owe(clock)
        server.errors = [SMTPRecipientsRefused(REFUSED)]
        send_due()
        assert f"Mail {owed.pk} (reply) was not sent at attempt 1: SMTPRecipientsRefused" in caplog.text
        assert "@" not in caplog.text
        assert row().last_error == "SMTPRecipientsRefused"

    def test_of_the_server_are_logged_without_the_address(self, clock, server, caplog):
        owe(clock)
        server.errors = [SMTPServerDisconnected(f"while mailing {ADDRESS}")]
        send_due()
        assert "SMTPServerDisconnected" in caplog.text
        assert "@" not in caplog.text


class WatchfulBackend(EmailBackend):
    def send_messages(self, messages):
        assert not connection.in_atomic_block
        return super().send_messages(messages)


@pytest.mark.django_db(transaction=True)
class TestTogether:
    def test_send_each_once_when_several_sweep(self, clock):
        owe(clock, 20)
        results = race([send_due] * 4)
        assert sum(results) == 20
        assert sorted(about(mail.outbox), key=int) == [str(number) for number in range(1, 21)]
        assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}

    def test_hold_no_transaction_open_while_the_server_is_talked_to(self, clock, settings):
        settings.EMAIL_BACKEND = f"{__name__}.WatchfulBackend"
        owe(clock, 2)
        assert send_due() == 2

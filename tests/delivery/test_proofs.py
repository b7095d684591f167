"""Mail to a guest who is to confirm an address: the one mail that goes to whoever was named."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import Guest, GuestLink
from comments import services as comments
from comments.models import Comment
from delivery import proofs
from delivery.models import Delivery
from delivery.proofs import consume
from delivery.services import send_due
from events.models import Event
from skycrumbs.problems import Refusal
from tests.clock import stopped_at
from tests.delivery.mailing import FailingBackend, deliver, fates, follow, make_guest
from tests.factories import make_article, make_comment, make_guest_comment, make_user
from tests.racing import start_and_let_wait

pytestmark = pytest.mark.django_db
LINK = re.compile(r"^https://testserver/guests/confirm/([A-Za-z0-9_-]{43})/$", re.MULTILINE)


@pytest.fixture
def article():
    return make_article("birds", title="Birds")


def write(article, text="What I think.", **fields):
    """A guest's comment as it comes, with an address that nobody confirmed."""
    return make_guest_comment(article, "Nora", text, **{"email": "nora@example.org", "is_proven": False} | fields)


def token_in(message):
    (token,) = LINK.findall(message.body)
    return token


class TestWho:
    def test_is_the_address_that_was_named(self, article, clock):
        write(article)
        (sent,) = deliver()
        assert (sent.to, sent.subject) == (["nora@example.org"], "Skycrumbs: Confirm your comment on “Birds”")
        assert fates() == [("nora@example.org", "sent")]

    def test_is_nobody_who_confirmed_it_before(self, article, clock):
        write(article, is_proven=True)
        assert deliver() == []

    def test_is_nobody_who_waits_for_a_moderator_alone(self, article, clock, settings):
        settings.COMMENT_CHECKS = ["tests.factories.hold"]
        write(article, is_proven=True)
        assert (deliver(), fates()) == ([], [])

    def test_is_nobody_with_an_account(self, article, clock):
        make_comment(article, make_user())
        assert deliver() == []

    def test_is_a_known_guest_who_wrote_from_elsewhere(self, article, clock):
        make_guest("nora@example.org")
        write(article)
        assert len(deliver()) == 1

    def test_is_told_of_each_comment_once(self, article, clock):
        first, second = write(article, "One."), write(article, "Two.")
        assert ["One." in message.body for message in deliver()] == [True, False]
        consume(list(Event.objects.after(0)))
        assert deliver() == []
        assert list(Delivery.objects.order_by("id").values_list("comment_id", flat=True)) == [first.pk, second.pk]


class TestMail:
    def test_says_what_was_written_and_what_to_do(self, article, clock):
        write(article, "No.\n\n*Never* <b>.")
        (sent,) = deliver()
        assert sent.body == (
            "Somebody commented on “Birds” on Skycrumbs and gave this address:\n\n"
            "> No.\n>\n> *Never* <b>.\n\n"
            "If it was you, confirm that the address is yours. Nobody reads the comment before that:\n"
            f"https://testserver/guests/confirm/{token_in(sent)}/\n\n"
            "The link works for 7 days.\n\n"
            "If it was not you, do nothing: the comment is then deleted, and you get no more mail about it.\n"
        )

    def test_quotes_the_beginning_of_what_is_long(self, article, clock):
        """Nobody shall have letters of theirs mailed to people by this site."""
        write(article, "a" * 299 + " bc")
        assert f"> {'a' * 299} …\n" in deliver()[0].body
        write(article, "d" * 300)
        assert f"> {'d' * 300}\n" in deliver()[0].body

    def test_is_in_no_way_about_who_else_has_the_address(self, article, clock):
        make_user(email="nora@example.org")
        write(article)
        assert deliver()[0].to == ["nora@example.org"]

    def test_cannot_be_stopped(self, article, clock):
        write(article)
        assert "List-Unsubscribe" not in deliver()[0].extra_headers

    def test_is_sent_also_to_who_wants_no_mail_about_replies(self, article, clock):
        make_guest("nora@example.org")
        Guest.objects.update(wants_reply_mail=False)
        write(article)
        assert len(deliver()) == 1


class TestLink:
    def test_proves_that_comment_and_is_stored_nowhere(self, article, clock):
        comment = write(article)
        other = write(article, "Another.")
        token = token_in(deliver()[0])
        stored = [str(row) for row in GuestLink.objects.values()] + [str(row) for row in Delivery.objects.values()]
        assert not any(token in row for row in stored)
        guest, proven = comments.prove(token)
        assert (guest.email, proven, proven.is_public) == ("nora@example.org", comment, True)
        assert list(Comment.objects.unproven()) == [other]

    def test_is_made_when_it_is_sent(self, article, clock):
        write(article)
        follow()
        assert GuestLink.objects.count() == 0
        clock.forward(days=2)
        send_due()
        assert GuestLink.objects.get().expires_at == clock.now + timedelta(days=7)

    def test_of_an_earlier_try_stays_good(self, article, clock, settings):
        """A server may take a mail and fail to say so."""
        settings.EMAIL_BACKEND = "tests.delivery.mailing.FailingBackend"
        FailingBackend.errors, FailingBackend.taken = [TimeoutError()], []
        comment = write(article)
        deliver()
        first = GuestLink.objects.get()
        clock.forward(minutes=1)
        deliver()
        (sent,) = FailingBackend.taken
        assert sent.extra_headers["Message-ID"] == f"<proof.{comment.key}@testserver>"
        assert GuestLink.objects.count() == 2
        first.refresh_from_db()
        assert (first.used_at, first.expires_at > timezone.now()) == (None, True)
        comments.prove(token_in(sent))
        with pytest.raises(Refusal):
            comments.prove(token_in(sent))


class TestNotSent:
    @pytest.fixture
    def comment(self, article, clock):
        comment = write(article)
        follow()
        assert fates() == [("nora@example.org", "waits")]
        return comment

    def check_dropped(self):
        assert send_due() == 0
        assert (mail.outbox, GuestLink.objects.filter(used_at=None).count()) == ([], 0)
        assert fates() == [("nora@example.org", "not_unproven")]

    def test_when_it_was_proven_meanwhile(self, comment):
        Comment.objects.update(state_reason="first_comments")
        self.check_dropped()

    def test_when_it_is_another_guests(self, comment):
        Comment.objects.update(guest=make_guest("ole@example.org"))
        self.check_dropped()

    def test_when_it_is_not_there(self, comment):
        Delivery.objects.update(comment_id=0)
        self.check_dropped()

    def test_when_it_was_removed_with_its_guest(self, comment, clock):
        clock.forward(days=8)
        assert comments.remove_unproven() == 1
        assert (send_due(), fates()) == (0, [])


@pytest.mark.django_db(transaction=True)
def test_is_made_before_the_sweep_removes_what_it_is_about(article, monkeypatch):
    written, make_link = write(article), proofs.make_link

    def sweep():
        with stopped_at(written.created_at + timedelta(days=7)):
            return comments.remove_unproven()

    with ThreadPoolExecutor(1) as pool:
        sweeping = []

        def make_link_meanwhile(*of):
            sweeping.append(start_and_let_wait(pool, sweep))
            return make_link(*of)

        monkeypatch.setattr(proofs, "make_link", make_link_meanwhile)
        assert proofs.compose(Delivery.objects.get()).to == ["nora@example.org"]
        assert sweeping[0].result(timeout=30) == 1
    assert not GuestLink.objects.exists()


class TestQueries:
    def test_are_as_many_for_many_as_for_one(self, article, django_assert_num_queries):
        for _ in range(2):
            for _ in range(10):
                write(article)
            events = list(Event.objects.all())
            # The comments, and the rows.
            with django_assert_num_queries(2):
                consume(events)

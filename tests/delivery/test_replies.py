"""Mail about a reply: to whom, when, with what in it, and when not."""

from email import message_from_bytes, policy

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import override_settings

from accounts.guests import set_proven
from accounts.models import Guest
from articles import services as articles
from comments import services as comments
from comments.models import Comment
from comments.states import State
from comments.transitions import Grounds
from delivery.models import Delivery
from delivery.replies import consume
from delivery.services import send_due
from delivery.stopping import set_reply_mail, stop_link
from events.models import Event
from tests.delivery.mailing import FailingBackend, as_written_now, deliver, fates, follow, make_guest, make_reader
from tests.factories import bring_to, make_article, make_comment, make_guest_comment, revise

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return make_reader("Ada", email="ada@example.org")


@pytest.fixture
def grace():
    return make_reader("Grace")


@pytest.fixture
def article():
    return make_article("birds", title="Birds")


@pytest.fixture
def remark(article, ada):
    """What is answered."""
    return make_comment(article, ada, "What I think.")


def answer(remark, by, text="I do not.", **fields):
    """A reply as it comes: the parent as it is now."""
    return make_comment(remark.article, by, text, parent=Comment.objects.get(pk=remark.pk), **fields)


def take_down(comment, to=State.REJECTED):
    comment.refresh_from_db()
    comments.decide(comment, to, Grounds(), seen_version=comment.version)


class TestWho:
    def test_is_whom_was_answered(self, remark, grace, clock):
        answer(remark, grace)
        (sent,) = deliver()
        assert sent.to == ["ada@example.org"]
        assert fates() == [("Ada", "sent")]

    def test_is_nobody_who_answers_themselves(self, remark, ada, clock):
        answer(remark, ada)
        assert deliver() == []
        assert fates() == []

    def test_is_nobody_for_a_comment_that_answers_nobody(self, remark, clock):
        assert deliver() == []
        assert fates() == []

    def test_is_no_guest_who_did_not_ask_for_it(self, article, grace, clock):
        comment = make_guest_comment(article, email="nora@example.org")
        set_proven(comment.guest)
        answer(comment, grace)
        assert deliver() == []
        assert fates() == [("nora@example.org", "unsubscribed")]

    def test_is_whom_a_guest_answered(self, article, remark, clock):
        make_guest_comment(article, "Nora", email="nora@example.org", parent=Comment.objects.get(pk=remark.pk))
        (sent,) = deliver()
        assert (sent.to, sent.subject) == (["ada@example.org"], "Skycrumbs: Nora replied to you on “Birds”")
        assert "nora@" not in sent.message().as_string()

    def test_is_nobody_before_a_guest_confirmed(self, article, remark, clock):
        parent = Comment.objects.get(pk=remark.pk)
        make_guest_comment(article, email="nora@example.org", is_proven=False, parent=parent)
        assert [sent.to for sent in deliver()] == [["nora@example.org"]]

    def test_is_the_next_above_alone(self, remark, grace, clock):
        reply = answer(remark, grace)
        answer(reply, make_reader("Linus"))
        assert sorted(message.to[0] for message in deliver()) == sorted(["ada@example.org", grace.email])

    def test_is_nobody_while_it_is_held(self, remark, grace, clock):
        reply = answer(remark, grace, state=State.HELD)
        assert deliver() == []
        assert fates() == []
        bring_to(reply, State.APPROVED)
        assert len(deliver()) == 1


class TestGuests:
    @pytest.fixture
    def nora(self):
        return make_guest("nora@example.org")

    @pytest.fixture
    def written(self, article, nora, clock):
        return make_guest_comment(article, "Nora", "What I think.", email="nora@example.org")

    def answer_of_guest(self, remark, name="Nora", **fields):
        fields = {"email": "nora@example.org"} | fields
        return make_guest_comment(remark.article, name, parent=Comment.objects.get(pk=remark.pk), **fields)

    def test_are_told_when_they_are_answered(self, written, nora, grace):
        answer(written, grace, "No.")
        (sent,) = deliver()
        assert (sent.to, sent.subject) == (["nora@example.org"], "Skycrumbs: Grace replied to you on “Birds”")
        assert sent.extra_headers["List-Unsubscribe"] == f"<{stop_link(nora)}>"
        assert fates() == [("nora@example.org", "sent")]

    def test_are_told_once_however_often_the_event_comes(self, written, grace):
        answer(written, grace)
        assert len(deliver()) == 1
        consume(list(Event.objects.after(0)))
        assert deliver() == []

    def test_answer_by_the_name_of_that_comment(self, remark, nora, clock):
        self.answer_of_guest(remark, "Nora N.")
        (sent,) = deliver()
        assert (sent.to, sent.subject) == (["ada@example.org"], "Skycrumbs: Nora N. replied to you on “Birds”")
        assert "nora@example.org" not in sent.message().as_string()

    def test_are_not_told_of_their_own_answers(self, written):
        self.answer_of_guest(written, "Another name")
        assert deliver() == []
        assert fates() == []

    def test_are_told_of_other_guests(self, written):
        self.answer_of_guest(written, "Ole", email="ole@example.org")
        assert [message.to for message in deliver()] == [["nora@example.org"]]

    def test_are_told_of_an_account_with_the_same_address(self, written):
        """Nobody knows whether that is the same person."""
        answer(written, make_reader(email="nora@example.org"))
        assert len(deliver()) == 1

    def test_say_nothing_before_they_confirmed(self, remark, clock):
        self.answer_of_guest(remark, is_proven=False)
        assert "ada@example.org" not in [message.to[0] for message in deliver()]

    def test_are_told_nothing_without_a_proof(self, written, nora, grace):
        Guest.objects.update(proven_at=None)
        answer(written, grace)
        assert deliver() == []
        assert fates() == [("nora@example.org", "no_address")]

    def test_are_told_nothing_that_they_do_not_want(self, written, nora, grace):
        set_reply_mail(nora, is_wanted=False)
        answer(written, grace)
        assert deliver() == []
        assert fates() == [("nora@example.org", "unsubscribed")]


class TestLimit:
    """So many in an hour for each reader; the rest comes later."""

    @pytest.fixture(autouse=True)
    def hour(self, clock, monkeypatch, settings):
        settings.REPLY_MAIL_LIMITS = [(2, 3600)]
        clock.now = clock.now.replace(minute=30, second=0, microsecond=0)
        monkeypatch.setattr("time.time", lambda: clock.now.timestamp())

    def readers(self):
        return [message.to[0] for message in deliver()]

    def test_lets_the_rest_wait_for_the_next_hour_and_loses_none(self, remark, grace, clock):
        for _ in range(5):
            answer(remark, grace)
        sent = []
        for minutes in (0, 29, 1, 59, 1, 60):
            clock.forward(minutes=minutes)
            sent.append(len(deliver()))
        assert sent == [2, 0, 2, 0, 1, 0]
        assert fates() == [("Ada", "sent")] * 5
        assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}

    def test_is_each_readers_own(self, article, ada, grace, clock):
        nora = make_guest("nora@example.org")
        remarks = [make_comment(article, ada), make_comment(article, make_reader("Linus", email="linus@example.org"))]
        remarks.append(make_guest_comment(article, "Nora", email=nora.email))
        for remark in remarks:
            for _ in range(3):
                answer(remark, grace)
        expected = ["ada@example.org", "linus@example.org", "nora@example.org"]
        assert sorted(self.readers()) == sorted(expected * 2)

    def test_counts_nothing_that_is_not_sent(self, remark, grace, clock):
        for _ in range(3):
            take_down(answer(remark, grace))
        assert self.readers() == []
        answer(remark, grace)
        answer(remark, grace)
        assert self.readers() == ["ada@example.org"] * 2

    def test_counts_a_mail_once_however_often_it_is_tried(self, remark, grace, clock, settings):
        settings.EMAIL_BACKEND = "tests.delivery.mailing.FailingBackend"
        FailingBackend.errors, FailingBackend.taken = [TimeoutError()], []
        answer(remark, grace)
        answer(remark, grace)
        deliver()
        clock.forward(minutes=1)
        deliver()
        assert len(FailingBackend.taken) == 2


class TestOnce:
    """One mail for a reply, for ever."""

    @pytest.fixture
    def reply(self, remark, grace, clock):
        reply = answer(remark, grace)
        assert len(deliver()) == 1
        clock.forward(days=400)
        return reply

    def test_when_it_is_edited(self, reply, grace):
        comments.edit(as_written_now(reply), by=grace, text="I do not, any more.")
        assert deliver() == []

    def test_when_it_is_corrected(self, reply, grace):
        comments.correct(reply, by=grace, text="I do now.")
        assert deliver() == []

    def test_when_an_edit_of_it_is_held_and_approved(self, reply):
        bring_to(bring_to(as_written_now(reply), State.HELD_EDIT), State.APPROVED)
        assert deliver() == []

    def test_when_it_is_taken_down_and_published_again(self, reply):
        take_down(reply)
        take_down(reply, State.APPROVED)
        assert Event.objects.filter(type="comment.published", comment_id=reply.pk).count() == 2
        assert deliver() == []

    def test_when_the_consumer_comes_twice_with_the_same_event(self, reply):
        consume(list(Event.objects.after(0)))
        assert send_due() == 0
        assert fates() == [("Ada", "sent")]


class TestNotSent:
    """What was owed when it was noted may not be when it is sent."""

    @pytest.fixture
    def reply(self, remark, grace, clock):
        reply = answer(remark, grace)
        follow()
        assert fates() == [("Ada", "waits")]
        return reply

    def check_dropped(self, why):
        assert send_due() == 0
        assert mail.outbox == []
        assert fates() == [("Ada", why)]

    @pytest.mark.parametrize("state", [State.REJECTED, State.ILLEGAL, State.SPAM, State.ERASED])
    def test_when_it_was_taken_down(self, reply, state):
        bring_to(reply, state)
        self.check_dropped("not_readable")

    def test_when_it_was_withdrawn(self, reply, grace):
        comments.withdraw(reply, by=grace)
        self.check_dropped("not_readable")

    def test_when_the_article_is_not_published_any_more(self, reply, article):
        articles.unpublish(article, by=None)
        self.check_dropped("not_readable")

    def test_when_the_discussion_is_off(self, reply, article):
        type(article).objects.update(discussion="off")
        self.check_dropped("not_readable")

    def test_when_there_is_no_such_comment(self, reply):
        Delivery.objects.update(comment_id=0)
        self.check_dropped("not_readable")

    def test_when_what_was_answered_was_withdrawn(self, reply, remark, ada):
        comments.withdraw(remark, by=ada)
        self.check_dropped("parent_gone")

    def test_when_they_want_none(self, reply, ada):
        set_reply_mail(ada, is_wanted=False)
        self.check_dropped("unsubscribed")

    def test_when_their_account_is_switched_off(self, reply, ada):
        type(ada).objects.filter(pk=ada.pk).update(is_active=False)
        self.check_dropped("inactive")

    def test_when_their_address_is_not_proved(self, reply, ada):
        EmailAddress.objects.filter(user=ada).update(verified=False)
        self.check_dropped("no_address")

    def test_is_owed_again_when_what_was_taken_down_is_back(self, reply):
        take_down(reply)
        self.check_dropped("not_readable")
        take_down(reply, State.APPROVED)
        assert len(deliver()) == 1
        assert fates() == [("Ada", "sent")]

    def test_is_owed_to_nobody_again_who_does_not_want_it(self, reply, ada):
        set_reply_mail(ada, is_wanted=False)
        self.check_dropped("unsubscribed")
        set_reply_mail(ada, is_wanted=True)
        take_down(reply)
        take_down(reply, State.APPROVED)
        assert deliver() == []


class TestMail:
    def sent(self, *args, **fields):
        answer(*args, **fields)
        (sent,) = deliver()
        # As it goes over the wire, read as a mail program reads it.
        return message_from_bytes(sent.message().as_bytes(), policy=policy.default)

    def test_says_who_wrote_what_and_where(self, remark, grace, ada, clock):
        reply = answer(remark, grace, "No.\n\n*Never* <b>.")
        (sent,) = deliver()
        assert sent.subject == "Skycrumbs: Grace replied to you on “Birds”"
        assert sent.body == (
            "Grace replied to you on “Birds”:\n\n"
            "> No.\n>\n> *Never* <b>.\n\n"
            f"Read it and answer:\nhttps://testserver/comments/{reply.key}/\n\n"
            "You get this mail because you wrote on Skycrumbs. This stops mail about replies:\n"
            f"{stop_link(ada)}\n"
        )

    def test_can_be_stopped_with_one_click(self, remark, grace, ada, clock):
        sent = self.sent(remark, grace)
        # A long header may be folded after its colon.
        assert sent["List-Unsubscribe"].strip() == f"<{stop_link(ada)}>"
        assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    def test_is_the_same_mail_if_it_is_sent_twice(self, remark, grace, clock):
        answer(remark, grace)
        deliver()
        Delivery.objects.update(sent_at=None, next_try_at=clock.now)
        deliver()
        first, second = mail.outbox
        assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]

    def test_has_the_text_that_is_public_when_another_waits(self, remark, grace, clock):
        reply = answer(remark, grace, "The public text.")
        with override_settings(COMMENT_CHECKS=["tests.factories.hold"]):
            comments.edit(as_written_now(reply), by=grace, text="The text that waits.")
        (sent,) = deliver()
        assert "The public text." in sent.body
        assert "waits" not in sent.body

    def test_has_the_text_and_the_title_that_stand_when_it_is_sent(self, remark, grace, article, clock):
        reply = answer(remark, grace, "First.")
        follow()
        comments.edit(as_written_now(reply), by=grace, text="Better.")
        revise(article, article.current_revision.source + "\nMore.\n", title="Birds again")
        (sent,) = deliver()
        assert "> Better." in sent.body
        assert "“Birds again”" in sent.subject

    def test_has_no_header_that_a_name_or_a_title_would_like(self, ada, clock):
        evil = "\r\nBcc: eve@example.org\r\n\r\nClick here."
        article = make_article(title=f"Birds{evil}")
        sent = self.sent(make_comment(article, ada), make_reader(f"Grace{evil}"))
        assert sent["Bcc"] is None
        assert sent["To"] == "ada@example.org"
        assert sorted(sent.keys()) == [
            "Auto-Submitted", "Content-Transfer-Encoding", "Content-Type", "Date", "From", "List-Unsubscribe",
            "List-Unsubscribe-Post", "MIME-Version", "Message-ID", "Subject", "To",
        ]  # fmt: skip
        assert sent.get_content().splitlines()[0].startswith("Grace Bcc: eve@example.org Click here. replied to you")

    def test_tells_no_address_but_the_readers_own(self, remark, grace, clock):
        sent = self.sent(remark, grace)
        assert grace.email not in sent.as_string()


class TestQueries:
    def test_are_as_many_for_many_replies_as_for_one(self, remark, grace, django_assert_num_queries):
        answer(remark, grace)
        events = list(Event.objects.all())
        # The replies, the rows, what was kept back.
        with django_assert_num_queries(3):
            consume(events)
        for _ in range(20):
            answer(remark, grace)
        events = list(Event.objects.all())
        with django_assert_num_queries(3):
            consume(events)

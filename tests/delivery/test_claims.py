"""Mail to a guest who asked for a link."""

import re

import pytest
from django.core import mail

from accounts.guests import find_link
from accounts.models import Guest, GuestLink
from comments import services as comments
from comments.models import Comment
from comments.states import UNPROVEN, State
from delivery.claims import consume
from delivery.models import Delivery
from delivery.services import send_due
from events.models import Event
from tests.delivery.mailing import deliver, fates, follow, make_guest
from tests.factories import bring_to, make_article, make_comment, make_guest_comment, make_user

pytestmark = pytest.mark.django_db
LINK = re.compile(r"^https://testserver/guests/manage/([A-Za-z0-9_-]{43})/$", re.MULTILINE)


@pytest.fixture
def comment(clock):
    make_guest("nora@example.org")
    return make_guest_comment(make_article(title="Birds"), "Nora", "What I think.", email="nora@example.org")


def ask(comment):
    return Event.objects.create(type="guest.link_asked", article_id=comment.article_id, comment_id=comment.pk)


class TestMail:
    def test_holds_a_link_and_no_words(self, comment):
        ask(comment)
        (sent,) = deliver()
        (token,) = LINK.findall(sent.body)
        assert (sent.to, sent.subject) == (["nora@example.org"], "Skycrumbs: The link to your comment on “Birds”")
        assert sent.body == (
            "Here you can edit or delete your comment on “Birds” on Skycrumbs:\n"
            f"https://testserver/guests/manage/{token}/\n\n"
            "The link works once, for 60 minutes.\n\n"
            "You get this mail because somebody asked for the link. If it was not you, do nothing.\n"
        )

    def test_holds_a_link_to_that_comment_that_is_stored_nowhere(self, comment):
        ask(comment)
        (token,) = LINK.findall(deliver()[0].body)
        link = find_link(token, GuestLink.Purpose.MANAGE)
        assert (link.guest, link.comment_id) == (comment.guest, comment.pk)
        assert not any(token in str(row) for row in [*GuestLink.objects.values(), *Delivery.objects.values()])

    def test_comes_each_time_somebody_asks(self, comment):
        ask(comment)
        ask(comment)
        assert len(deliver()) == 2
        ask(comment)
        assert len(deliver()) == 1
        names = {message.extra_headers["Message-ID"] for message in mail.outbox}
        assert len(names) == 3
        assert names <= {f"<manage.{comment.key}.{event.number}@testserver>" for event in Event.objects.all()}

    def test_comes_once_however_often_the_event_does(self, comment):
        ask(comment)
        assert len(deliver()) == 1
        consume(list(Event.objects.after(0)))
        assert deliver() == []

    @pytest.mark.parametrize("state", [State.REJECTED, State.ILLEGAL, State.SPAM])
    def test_comes_for_what_nobody_else_sees(self, comment, state):
        bring_to(comment, state)
        ask(comment)
        assert len(deliver()) == 1

    def test_goes_to_no_account(self, comment):
        ask(make_comment(comment.article, make_user()))
        ask(Comment(pk=0, article=comment.article))
        assert deliver() == []
        assert fates() == []


class TestNotSent:
    def check_dropped(self, why):
        assert send_due() == 0
        assert (mail.outbox, GuestLink.objects.count()) == ([], 0)
        assert fates() == [("nora@example.org", why)]

    @pytest.fixture
    def asked(self, comment):
        ask(comment)
        follow()
        assert fates() == [("nora@example.org", "waits")]
        return comment

    def test_when_it_was_withdrawn(self, asked):
        comments.withdraw(asked, by=asked.guest)
        self.check_dropped("not_readable")

    def test_when_it_was_erased(self, asked):
        bring_to(asked, State.ERASED)
        self.check_dropped("not_readable")

    def test_when_it_is_not_proven(self, asked):
        Comment.objects.update(public_revision=None, state=State.HELD, state_reason=UNPROVEN)
        self.check_dropped("not_readable")

    def test_when_the_guest_never_proved_the_address(self, asked):
        Guest.objects.update(proven_at=None)
        self.check_dropped("no_address")

    def test_when_it_is_another_guests(self, asked):
        Comment.objects.update(guest=make_guest("ole@example.org"))
        self.check_dropped("not_readable")

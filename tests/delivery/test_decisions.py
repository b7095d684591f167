"""Mail about what a moderator decided: what the author does not know yet, once it has stood for ten seconds."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import override_settings

from accounts.models import Guest
from comments import services as comments
from comments.models import Comment, Decision
from comments.states import State
from comments.transitions import Grounds, Role
from delivery.decisions import consume
from delivery.models import Delivery
from delivery.services import send_due
from delivery.stopping import set_reply_mail
from events.models import Event
from tests.delivery.mailing import as_written_now, deliver, fates, follow, make_guest, make_reader
from tests.factories import bring_to, make_article, make_comment, make_guest_comment

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return make_reader("Ada", email="ada@example.org")


@pytest.fixture
def moderator():
    return make_reader("Zaphod")


@pytest.fixture
def comment(ada):
    return make_comment(make_article("birds", title="Birds"), ada, "What I think.")


@pytest.fixture
def held(ada):
    return make_comment(make_article("birds", title="Birds"), ada, "What I think.", state=State.HELD)


def judge(comment, to, by, reason="", note=""):
    """A moderator's decision."""
    grounds = Grounds(by=by, role=Role.MODERATOR, reason=reason, note=note)
    return comments.decide(comment, to, grounds, seen_version=version_of(comment))


def erase(comment, by):
    comments.erase(comment, Grounds(by=by, role=Role.MODERATOR))


def version_of(comment):
    return Comment.objects.get(pk=comment.pk).version


def subjects(messages):
    return [message.subject for message in messages]


APPROVED = "Skycrumbs: Your comment on “Birds” was approved"
REJECTED = "Skycrumbs: Your comment on “Birds” was rejected"
ILLEGAL = "Skycrumbs: Your comment on “Birds” was restricted on legal ground"


class TestWhat:
    def test_is_that_it_was_rejected(self, comment, moderator, clock):
        judge(comment, State.REJECTED, moderator)
        (sent,) = deliver()
        assert (sent.to, sent.subject) == (["ada@example.org"], REJECTED)

    def test_is_that_it_was_restricted_on_legal_ground(self, comment, moderator, clock):
        judge(comment, State.ILLEGAL, moderator)
        assert subjects(deliver()) == [ILLEGAL]

    def test_is_that_it_was_rejected_before_anybody_read_it(self, held, moderator, clock):
        judge(held, State.REJECTED, moderator)
        assert subjects(deliver()) == [REJECTED]

    def test_is_that_it_was_approved_after_it_was_held(self, held, moderator, clock):
        judge(held, State.APPROVED, moderator)
        assert subjects(deliver()) == [APPROVED]

    def test_is_that_an_edit_was_approved_after_it_was_held(self, comment, moderator, clock):
        bring_to(as_written_now(comment), State.HELD_EDIT)
        judge(comment, State.APPROVED, moderator)
        assert subjects(deliver()) == [APPROVED]

    def test_is_each_decision_that_stands(self, held, moderator, clock):
        told = []
        for state in (State.REJECTED, State.APPROVED, State.ILLEGAL):
            judge(held, state, moderator)
            told += subjects(deliver())
        assert told == [REJECTED, APPROVED, ILLEGAL]

    def test_is_that_an_edit_was_refused(self, comment, moderator, clock):
        bring_to(as_written_now(comment), State.HELD_EDIT)
        grounds = Grounds(by=moderator, role=Role.MODERATOR, note="Stay with the birds.")
        comments.refuse_edit(comment, grounds, seen_version=version_of(comment))
        (sent,) = deliver()
        assert sent.subject == (
            "Skycrumbs: Your edit of your comment on “Birds” was not taken; readers see the text from before"
        )
        assert sent.body.startswith(
            "Your edit of your comment on “Birds” was not taken; readers see the text from before.\n\n"
            "The moderator writes:\n\n> Stay with the birds.\n\nYour comment:\n"
        )

    def test_stands_though_a_legal_hold_was_placed_since(self, comment, moderator, clock):
        judge(comment, State.REJECTED, moderator)
        follow()
        comments.place_hold(comment, by=moderator, case_ref="1", authority="Court")
        assert subjects(deliver()) == [REJECTED]

    def test_is_noted_though_a_legal_hold_was_placed_right_after(self, comment, moderator, clock):
        judge(comment, State.REJECTED, moderator)
        comments.place_hold(comment, by=moderator, case_ref="1", authority="Court")
        assert subjects(deliver()) == [REJECTED]

    @pytest.mark.parametrize("is_noted_before", [True, False])
    def test_stands_though_the_text_was_erased_since(self, comment, moderator, clock, is_noted_before):
        judge(comment, State.REJECTED, moderator, reason="off_topic", note="Stay with the birds.")
        if is_noted_before:
            follow()
        erase(comment, moderator)
        (sent,) = deliver()
        assert sent.subject == REJECTED
        # No link: there is nothing of it to see any more.
        assert sent.body == (
            "Your comment on “Birds” was rejected.\n\n"
            "Reason: Not about the article\n\n"
            "The moderator writes:\n\n> Stay with the birds.\n\n"
            "The text of your comment has been erased since.\n\n"
            "You get this mail because you wrote it on Skycrumbs.\n"
        )

    def test_is_not_told_again_when_the_text_is_erased(self, comment, moderator, clock):
        judge(comment, State.REJECTED, moderator)
        assert subjects(deliver()) == [REJECTED]
        erase(comment, moderator)
        assert deliver() == []

    def test_is_told_to_who_wants_no_mail_about_replies(self, comment, moderator, ada, clock):
        set_reply_mail(ada, is_wanted=False)
        judge(comment, State.REJECTED, moderator)
        assert subjects(deliver()) == [REJECTED]


class TestSilence:
    def check_silent(self, *expected):
        assert deliver() == []
        assert fates() == [("Ada", why) for why in expected]

    def test_about_spam(self, comment, moderator, clock):
        judge(comment, State.SPAM, moderator)
        self.check_silent()

    def test_about_a_public_comment_that_was_read_and_left(self, comment, moderator, clock):
        judge(comment, State.APPROVED, moderator)
        self.check_silent()

    def test_about_ones_own_act(self, comment, ada, clock):
        comments.withdraw(comment, by=ada)
        self.check_silent()

    def test_about_what_the_site_itself_decided(self, comment, clock):
        comments.decide(comment, State.REJECTED, Grounds(), seen_version=version_of(comment))
        self.check_silent()

    def test_about_a_look_that_changed_nothing(self, comment, moderator, clock):
        grounds = Grounds(by=moderator, role=Role.MODERATOR)
        comments.keep_as_it_is(comment, grounds, seen_version=version_of(comment))
        self.check_silent()

    def test_about_what_the_author_took_back_since(self, comment, moderator, ada, clock):
        judge(comment, State.REJECTED, moderator)
        follow()
        comments.withdraw(comment, by=ada)
        self.check_silent("decision_changed")

    def test_about_what_the_author_took_back_before_it_was_erased(self, comment, moderator, ada, clock):
        judge(comment, State.REJECTED, moderator)
        follow()
        comments.withdraw(comment, by=ada)
        erase(comment, moderator)
        self.check_silent("decision_changed")

    def test_about_spam_that_was_erased(self, comment, moderator, clock):
        judge(comment, State.SPAM, moderator)
        erase(comment, moderator)
        self.check_silent()

    def test_about_a_comment_that_is_not_there(self, comment, moderator, clock):
        judge(comment, State.REJECTED, moderator)
        follow()
        Delivery.objects.update(comment_id=0)
        self.check_silent("decision_changed")

    def test_to_who_has_no_proved_address(self, comment, moderator, clock):
        EmailAddress.objects.update(verified=False)
        judge(comment, State.REJECTED, moderator)
        self.check_silent("no_address")

    def test_to_who_is_switched_off(self, comment, moderator, ada, clock):
        type(ada).objects.filter(pk=ada.pk).update(is_active=False)
        judge(comment, State.REJECTED, moderator)
        self.check_silent("inactive")

    def test_about_what_was_told_already(self, comment, moderator, clock):
        """Rejected, undone and rejected again while the undoing was not told yet."""
        judge(comment, State.REJECTED, moderator)
        assert len(deliver()) == 1
        judge(comment, State.APPROVED, moderator)
        follow()
        judge(comment, State.REJECTED, moderator)
        assert deliver() == []
        assert [fate for _, fate in fates()] == ["sent", "decision_changed", "nothing_new"]


class TestUndo:
    """Ten seconds in which a moderator may change their mind and nobody hears of it."""

    @pytest.fixture
    def decided_at(self, comment, moderator, clock):
        judge(comment, State.REJECTED, moderator)
        follow()
        return Decision.objects.get(comment=comment, now="rejected").at

    def test_nothing_is_sent_before(self, decided_at, clock):
        clock.now = decided_at + timedelta(seconds=9, milliseconds=999)
        assert send_due() == 0
        clock.now = decided_at + timedelta(seconds=10)
        assert send_due() == 1

    def test_is_silent(self, comment, decided_at, moderator, clock):
        judge(comment, State.APPROVED, moderator)
        assert deliver() == []
        assert [fate for _, fate in fates()] == ["decision_changed", "nothing_new"]

    def test_tells_what_it_came_to_when_the_comment_had_waited(self, ada, moderator, clock):
        held = make_comment(make_article(title="Birds"), ada, state=State.HELD)
        judge(held, State.REJECTED, moderator)
        follow()
        judge(held, State.APPROVED, moderator)
        assert subjects(deliver()) == [APPROVED]

    def test_of_what_was_told_is_told(self, comment, decided_at, moderator, clock):
        assert subjects(deliver()) == [REJECTED]
        judge(comment, State.APPROVED, moderator)
        assert subjects(deliver()) == [APPROVED]

    def test_of_a_removal_that_was_silent_tells_what_it_came_to(self, held, moderator, clock):
        judge(held, State.SPAM, moderator)
        assert deliver() == []
        judge(held, State.APPROVED, moderator)
        assert subjects(deliver()) == [APPROVED]


class TestConsume:
    def test_notes_one_however_often_it_is_given_an_event(self, comment, moderator):
        judge(comment, State.REJECTED, moderator)
        follow()
        consume(list(Event.objects.after(0)))
        assert fates() == [("Ada", "waits")]

    def test_notes_the_last_of_what_two_moderators_decided(self, comment, moderator):
        judge(comment, State.REJECTED, moderator)
        judge(comment, State.APPROVED, make_reader("Second"))
        follow()
        assert list(Delivery.objects.values_list("version", flat=True)) == [Comment.objects.get().version]

    def test_takes_as_many_queries_for_many_as_for_one(self, ada, moderator, django_assert_num_queries):
        article = make_article()
        for _ in range(2):
            for _ in range(10):
                judge(make_comment(article, ada), State.REJECTED, moderator)
            events = list(Event.objects.filter(type="comment.judged"))
            # The decisions with their comments, and the rows.
            with django_assert_num_queries(2):
                consume(events)


class TestMail:
    def test_says_what_was_decided_why_and_where_the_comment_is(self, comment, moderator, clock):
        judge(comment, State.REJECTED, moderator, reason="off_topic")
        (sent,) = deliver()
        assert sent.body == (
            "Your comment on “Birds” was rejected.\n\n"
            "Reason: Not about the article\n\n"
            f"Your comment:\nhttps://testserver/comments/{comment.key}/\n\n"
            "You get this mail because you wrote it on Skycrumbs.\n"
        )

    def test_says_no_reason_where_none_was_given(self, held, moderator, clock):
        judge(held, State.APPROVED, moderator)
        (sent,) = deliver()
        assert sent.body.startswith("Your comment on “Birds” was approved.\n\nYour comment:\n")

    def test_names_a_reason_of_the_operators_own_as_it_is(self, comment, moderator, clock):
        judge(comment, State.REJECTED, moderator, reason="rule 4")
        assert "\nReason: rule 4\n" in deliver()[0].body

    def test_holds_none_of_the_words_and_not_who_decided(self, comment, moderator, clock):
        judge(comment, State.REJECTED, moderator)
        whole = deliver()[0].message().as_string()
        assert "What I think" not in whole
        assert "Zaphod" not in whole
        assert moderator.email not in whole

    def test_quotes_what_the_moderator_writes(self, comment, moderator, clock):
        judge(comment, State.REJECTED, moderator, reason="abuse", note="Not here.\nAnd not so.")
        (sent,) = deliver()
        assert sent.body == (
            "Your comment on “Birds” was rejected.\n\n"
            "Reason: Abuse or hatred\n\n"
            "The moderator writes:\n\n> Not here.\n> And not so.\n\n"
            f"Your comment:\nhttps://testserver/comments/{comment.key}/\n\n"
            "You get this mail because you wrote it on Skycrumbs.\n"
        )

    def test_leaves_another_reason_to_the_note(self, comment, moderator, clock):
        judge(comment, State.REJECTED, moderator, reason="other", note="It is late.")
        assert deliver()[0].body.startswith(
            "Your comment on “Birds” was rejected.\n\nThe moderator writes:\n\n> It is late.\n\n"
        )

    def test_holds_no_private_note(self, comment, moderator, clock):
        grounds = Grounds(by=moderator, role=Role.MODERATOR, private_note="Third time.")
        comments.decide(comment, State.REJECTED, grounds, seen_version=version_of(comment))
        assert "Third time" not in deliver()[0].message().as_string()

    def test_cannot_be_stopped(self, comment, moderator, clock):
        judge(comment, State.REJECTED, moderator)
        assert "List-Unsubscribe" not in deliver()[0].extra_headers

    def test_is_the_same_mail_if_it_is_sent_twice(self, comment, moderator, clock):
        judge(comment, State.REJECTED, moderator)
        deliver()
        Delivery.objects.update(sent_at=None, next_try_at=clock.now)
        deliver()
        names = [message.extra_headers["Message-ID"] for message in mail.outbox]
        assert names == [f"<decision.{comment.key}.{Comment.objects.get().version}@testserver>"] * 2


class TestGuests:
    @pytest.fixture
    def written(self, clock):
        make_guest("nora@example.org")
        return make_guest_comment(make_article(title="Birds"), "Nora", email="nora@example.org")

    def test_are_told_and_led_to_where_they_ask_for_a_link(self, written, moderator):
        judge(written, State.REJECTED, moderator, reason="off_topic")
        (sent,) = deliver()
        assert (sent.to, sent.subject) == (["nora@example.org"], REJECTED)
        assert sent.body == (
            "Your comment on “Birds” was rejected.\n\n"
            "Reason: Not about the article\n\n"
            "To see your comment, ask for a link to it here:\n"
            f"https://testserver/comments/{written.key}/claim/\n\n"
            "You get this mail because you wrote it on Skycrumbs.\n"
        )
        assert fates() == [("nora@example.org", "sent")]

    def test_are_told_once_however_often_the_event_comes(self, written, moderator):
        judge(written, State.REJECTED, moderator)
        assert len(deliver()) == 1
        consume(list(Event.objects.after(0)))
        assert deliver() == []

    def test_are_told_nothing_without_a_proof(self, written, moderator):
        Guest.objects.update(proven_at=None)
        judge(written, State.REJECTED, moderator)
        assert deliver() == []
        assert fates() == [("nora@example.org", "no_address")]

    def test_are_not_told_of_what_they_took_back(self, written, moderator):
        judge(written, State.REJECTED, moderator)
        follow()
        comments.withdraw(written, by=written.guest)
        assert deliver() == []
        assert fates() == [("nora@example.org", "decision_changed")]

    def test_are_told_when_a_first_comment_was_read(self, moderator, clock):
        make_guest("nora@example.org")
        with override_settings(COMMENT_CHECKS=["tests.factories.hold"]):
            held = make_guest_comment(make_article(title="Birds"), "Nora", email="nora@example.org")
        judge(held, State.APPROVED, moderator)
        assert subjects(deliver()) == [APPROVED]

"""Mail to moderators when something waits for them: at most one an hour, and no words in it."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission
from django.core import mail

from accounts.models import User
from articles.models import Category
from comments.models import Comment, ModerationScope
from comments.states import State
from delivery.models import Delivery
from delivery.queue import remind
from delivery.services import send_due
from tests.delivery.mailing import FailingBackend, deliver, fates, make_reader
from tests.factories import bring_to, make_article, make_comment, make_guest_comment, make_user
from tests.racing import race

pytestmark = pytest.mark.django_db


def make_moderator(name="Zaphod", **fields):
    user = make_reader(name, **{"is_staff": True} | fields)
    user.user_permissions.add(Permission.objects.get(codename="moderate_comment"))
    return user


@pytest.fixture
def moderator():
    return make_moderator(email="zaphod@example.org")


@pytest.fixture
def article():
    return make_article("birds", title="Birds")


def wait(article, by=None, **fields):
    """A comment that begins to wait now."""
    return make_comment(article, by or make_user("Vera"), "What I think.", state=State.HELD, **fields)


def told():
    """Whom a sweep tells now."""
    remind()
    return [message.to[0] for message in deliver()]


class TestMail:
    def test_says_how_much_waits_since_when_and_where(self, moderator, article, clock):
        clock.now = datetime(2031, 5, 4, 12, 30, tzinfo=UTC)
        wait(article)
        clock.forward(hours=3)
        wait(article)
        remind()
        (sent,) = deliver()
        assert (sent.to, sent.subject) == (["zaphod@example.org"], "Skycrumbs: 2 comments wait for a moderator")
        assert sent.body == (
            "2 comments wait for a moderator, the longest since 2031-05-04 12:30 UTC.\n\n"
            "https://testserver/admin/moderation/waiting/\n\n"
            "You get this mail because you moderate on Skycrumbs, at most once an hour and when something new waits. "
            "Whoever looks after the accounts can switch it off for you.\n"
        )

    def test_says_how_much_is_urgent(self, moderator, article, clock):
        for _ in range(3):
            wait(article)
        Comment.objects.filter(pk__in=Comment.objects.values("pk")[:2]).update(waiting_order=0)
        remind()
        assert "UTC.\nUrgent: 2\n\nhttps" in deliver()[0].body

    def test_says_one_of_one(self, moderator, article, clock):
        wait(article)
        remind()
        assert deliver()[0].subject == "Skycrumbs: 1 comment waits for a moderator"

    def test_counts_no_further_than_a_hundred(self, moderator, article, clock):
        """Rows made at once, as alike as those of the queue need to be."""
        told = wait(article)
        Comment.objects.bulk_create(
            Comment(
                article=article,
                author=told.author,
                head_revision_id=told.head_revision_id,
                state=State.HELD,
                waiting_since=clock.now,
            )
            for _ in range(99)
        )
        assert remind() == 1
        (sent,) = deliver()
        assert sent.subject == "Skycrumbs: 100 comments wait for a moderator"
        clock.forward(hours=1)
        wait(article)
        Comment.objects.update(waiting_order=0)
        remind()
        (sent,) = deliver()
        assert sent.subject == "Skycrumbs: 100+ comments wait for a moderator"
        assert "\nUrgent: 100+\n" in sent.body

    def test_holds_no_words_and_no_names(self, moderator, article, clock):
        comment = wait(article)
        make_guest_comment(article, "Nora", "A guest thinks.")
        remind()
        (sent,) = [message for message in deliver() if message.to == ["zaphod@example.org"]]
        whole = sent.message().as_string()
        for secret in ("What I think", "Vera", "Birds", comment.key, comment.author.email, "Nora", "A guest thinks"):
            assert secret not in whole


class TestWhen:
    def test_is_an_hour_after_the_last_and_no_sooner(self, moderator, article, clock):
        wait(article)
        assert told() == ["zaphod@example.org"]
        sent_at = clock.now
        clock.forward(minutes=10)
        wait(article)
        clock.now = sent_at + timedelta(minutes=59, seconds=59)
        assert told() == []
        clock.now = sent_at + timedelta(minutes=60)
        assert told() == ["zaphod@example.org"]

    def test_is_never_for_what_was_told_before(self, moderator, article, clock):
        wait(article)
        assert len(told()) == 1
        clock.forward(days=3)
        assert told() == []

    def test_is_for_what_is_new_though_the_queue_got_shorter(self, moderator, article, clock):
        first, second = wait(article), wait(article)
        told()
        clock.forward(hours=1)
        bring_to(first, State.APPROVED)
        bring_to(second, State.APPROVED)
        wait(article)
        assert len(told()) == 1

    def test_is_never_while_nothing_waits(self, moderator, article, clock, django_assert_num_queries):
        make_comment(article, make_user())
        with django_assert_num_queries(1):
            assert remind() == 0

    def test_is_not_before_the_last_one_is_sent(self, moderator, article, clock, settings):
        settings.EMAIL_BACKEND = "tests.delivery.mailing.FailingBackend"
        FailingBackend.errors, FailingBackend.taken = [TimeoutError() for _ in range(4)], []
        wait(article)
        assert (remind(), send_due()) == (1, 0)
        clock.forward(hours=2)
        wait(article)
        assert remind() == 0
        while FailingBackend.errors:
            clock.forward(hours=2)
            send_due()
        clock.forward(hours=6)
        send_due()
        assert len(FailingBackend.taken) == 1
        assert "2 comments" in FailingBackend.taken[0].body

    def test_is_an_hour_after_one_that_was_not_sent_because_nothing_waited(self, moderator, article, clock):
        comment = wait(article)
        assert remind() == 1
        bring_to(comment, State.APPROVED)
        assert deliver() == []
        assert fates()[0] == ("Zaphod", "nothing_waits")
        Delivery.objects.filter(kind="queue").update(created_at=clock.now)
        wait(article)
        clock.forward(minutes=59)
        assert remind() == 0
        clock.forward(minutes=1)
        assert remind() == 1


class TestWho:
    @pytest.fixture(autouse=True)
    def waiting(self, article, clock):
        return wait(article)

    def test_is_every_moderator_and_superuser(self, moderator):
        make_reader("Root", email="root@example.org", is_staff=True, is_superuser=True)
        by_group = make_reader("Trillian", email="trillian@example.org", is_staff=True)
        group = Group.objects.create(name="Moderators")
        group.permissions.add(Permission.objects.get(codename="moderate_comment"))
        by_group.groups.add(group)
        assert sorted(told()) == ["root@example.org", "trillian@example.org", "zaphod@example.org"]

    @pytest.mark.parametrize("fields", [{"is_staff": False}, {"is_active": False}, {"wants_queue_mail": False}])
    def test_is_nobody_else(self, moderator, fields):
        User.objects.filter(pk=moderator.pk).update(**fields)
        assert remind() == 0

    @pytest.mark.parametrize("fields", [{"verified": False}, {"primary": False}])
    def test_is_nobody_who_proved_no_address(self, moderator, fields):
        EmailAddress.objects.update(**fields)
        assert remind() == 0

    def test_is_no_staff_who_moderates_nothing(self):
        make_reader("Editor", is_staff=True)
        assert remind() == 0

    def test_is_nobody_whose_own_comment_it_is_alone(self, moderator, waiting, article):
        Comment.objects.update(author=moderator)
        assert remind() == 0
        wait(article)
        remind()
        assert deliver()[0].subject == "Skycrumbs: 1 comment waits for a moderator"

    def test_is_told_of_what_guests_wrote(self, moderator, waiting, article, settings):
        bring_to(waiting, State.APPROVED)
        settings.COMMENT_CHECKS = ["tests.factories.hold"]
        make_guest_comment(article, is_proven=False)
        assert remind() == 0
        make_guest_comment(article)
        remind()
        sent = [message for message in deliver() if message.to == ["zaphod@example.org"]]
        assert [message.subject for message in sent] == ["Skycrumbs: 1 comment waits for a moderator"]

    def test_is_told_of_their_part_alone(self, moderator, clock):
        sky = Category.objects.create(slug="sky", name="Sky")
        stars = make_article("stars", category=sky)
        ModerationScope.objects.create(user=moderator, category=sky)
        assert remind() == 0
        wait(stars)
        remind()
        assert deliver()[0].subject == "Skycrumbs: 1 comment waits for a moderator"
        clock.forward(hours=1)
        wait(make_article("planets", category=Category.objects.get(slug="nature")))
        assert remind() == 0


class TestNotSent:
    """What was owed when it was noted may not be when it is sent."""

    @pytest.fixture(autouse=True)
    def noted(self, moderator, article, clock):
        comment = wait(article)
        assert remind() == 1
        return comment

    def check_dropped(self, why):
        assert send_due() == 0
        assert mail.outbox == []
        assert fates() == [("Zaphod", why)]

    def test_when_nothing_waits_any_more(self, noted):
        bring_to(noted, State.APPROVED)
        self.check_dropped("nothing_waits")

    def test_when_they_want_none(self):
        User.objects.update(wants_queue_mail=False)
        self.check_dropped("unsubscribed")

    def test_when_they_moderate_no_more(self, moderator):
        moderator.user_permissions.clear()
        self.check_dropped("nothing_waits")

    def test_when_they_are_staff_no_more(self):
        User.objects.update(is_staff=False)
        self.check_dropped("nothing_waits")

    def test_when_their_account_is_switched_off(self):
        User.objects.update(is_active=False)
        self.check_dropped("nothing_waits")

    def test_when_their_address_is_not_proved(self):
        EmailAddress.objects.update(verified=False)
        self.check_dropped("no_address")


class TestQueries:
    def test_are_as_many_for_a_long_queue_and_a_long_past(self, moderator, article, clock, django_assert_num_queries):
        wait(article)
        told()
        for _ in range(2):
            for _ in range(10):
                clock.forward(hours=1)
                wait(article)
                told()
            clock.forward(hours=1)
            wait(article)
            # What came last, who moderates, their mails; rights and limits of one, what waits for them; the row.
            with django_assert_num_queries(8):
                assert remind() == 1
            deliver()

    def test_are_three_where_all_were_told(self, article, clock, django_assert_num_queries):
        for _ in range(5):
            make_moderator()
        wait(article)
        assert len(told()) == 5
        clock.forward(hours=1)
        with django_assert_num_queries(3):
            assert remind() == 0


@pytest.mark.django_db(transaction=True)
class TestTogether:
    def test_note_one_for_each_when_several_sweep(self, clock):
        for _ in range(3):
            make_moderator()
        wait(make_article())
        results = race([remind] * 4)
        assert [result for result in results if not isinstance(result, int)] == []
        assert Delivery.objects.filter(kind="queue").count() == 3
        send_due()
        told = [message.to[0] for message in mail.outbox]
        assert len(told) == len(set(told)) == 3

"""What the database itself keeps of deliveries."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from delivery.models import Delivery
from tests.delivery.mailing import make_guest
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def store(user, **fields):
    return Delivery.objects.create(**{"kind": "reply", "comment_id": 1, "user": user} | fields)


def refused(name):
    return pytest.raises(IntegrityError, match=name)


class TestDelivery:
    def test_tells_somebody_once(self):
        user = make_user()
        store(user)
        with pytest.raises(IntegrityError), transaction.atomic():
            store(user, event_number=9)
        assert Delivery.objects.count() == 1

    @pytest.mark.parametrize("other", [{"kind": "decision"}, {"comment_id": 2}, {"version": 2}])
    def test_tells_of_each_thing(self, other):
        user = make_user()
        store(user)
        store(user, **other)
        assert Delivery.objects.count() == 2

    def test_tells_each_person(self):
        store(make_user())
        store(make_user())
        assert Delivery.objects.count() == 2

    def test_is_not_both_sent_and_dropped(self):
        with pytest.raises(IntegrityError, match="a_mail_is_sent_or_dropped"), transaction.atomic():
            store(make_user(), sent_at=timezone.now(), dropped="failed")

    @pytest.mark.parametrize("is_both", [True, False])
    def test_goes_to_an_account_or_a_guest(self, is_both):
        user, guest = (make_user(), make_guest()) if is_both else (None, None)
        with refused("told_to_an_account_or_a_guest"), transaction.atomic():
            store(user, guest=guest)

    def test_names_its_reader(self):
        user, guest = make_user(), make_guest()
        assert [store(user).reader, store(None, guest=guest).reader] == [user, guest]

    def test_tells_a_guest_once(self):
        guest = make_guest()
        store(None, guest=guest)
        with pytest.raises(IntegrityError), transaction.atomic():
            store(None, guest=guest, event_number=9)
        store(None, guest=guest, version=2)
        store(None, guest=make_guest("ole@example.org"))
        assert Delivery.objects.count() == 3

    def test_gives_a_guest_a_link_each_time_one_was_asked_for(self):
        asked = {"kind": "manage", "guest": make_guest()}
        store(None, event_number=1, **asked)
        store(None, event_number=2, **asked)
        with pytest.raises(IntegrityError), transaction.atomic():
            store(None, event_number=2, **asked)
        with refused("a_link_was_asked_for"), transaction.atomic():
            store(None, **asked)

    @pytest.mark.parametrize("kind", ["proof", "manage"])
    def test_gives_no_account_a_link_for_guests(self, kind):
        with refused("guests_alone_get_links"), transaction.atomic():
            store(make_user(), kind=kind, event_number=1)

    def test_tells_a_moderator_of_the_queue_once_at_a_time(self):
        first, second = make_user(), make_user()
        for user, version in ((first, 1), (first, 2), (second, 1)):
            store(user, kind="queue", comment_id=None, version=version)
        with pytest.raises(IntegrityError), transaction.atomic():
            store(first, kind="queue", comment_id=None, version=2)

    @pytest.mark.parametrize("fields", [{"kind": "queue"}, {"kind": "reply", "comment_id": None}])
    def test_is_about_a_comment_unless_it_is_about_the_queue(self, fields):
        with refused("about_a_comment_or_the_queue"), transaction.atomic():
            store(make_user(), **fields)

    def test_goes_with_the_guest(self):
        guest = make_guest()
        store(None, guest=guest)
        guest.delete()
        assert Delivery.objects.count() == 0

    def test_goes_with_the_account(self):
        user = make_user()
        store(user)
        user.delete()
        assert Delivery.objects.count() == 0

"""What the database itself keeps of deliveries."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from delivery.models import Delivery
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def store(user, **fields):
    return Delivery.objects.create(**{"kind": "reply", "comment_id": 1, "user": user} | fields)


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

    def test_goes_with_the_account(self):
        user = make_user()
        store(user)
        user.delete()
        assert Delivery.objects.count() == 0

import pytest

from delivery.models import Delivery
from delivery.noting import note
from tests.delivery.mailing import make_reader

pytestmark = pytest.mark.django_db


def owed(user, comment_id=1):
    return Delivery(kind="reply", comment_id=comment_id, user=user)


class TestNote:
    def test_stores_what_is_owed_and_wakes_the_sender_once(self, django_capture_on_commit_callbacks):
        user = make_reader()
        with django_capture_on_commit_callbacks() as callbacks:
            note([owed(user, 1), owed(user, 2)])
        assert list(Delivery.objects.values_list("comment_id", flat=True).order_by("id")) == [1, 2]
        assert len(callbacks) == 1

    def test_leaves_what_was_noted_before_as_it_was(self):
        user = make_reader()
        note([owed(user)])
        Delivery.objects.update(dropped="unsubscribed", attempts=1)
        note([owed(user), owed(user, 2)])
        rows = Delivery.objects.order_by("id").values_list("comment_id", "dropped", "attempts")
        assert list(rows) == [(1, "unsubscribed", 1), (2, "", 0)]

    def test_wakes_nobody_for_nothing(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks() as callbacks:
            note([])
        assert callbacks == []

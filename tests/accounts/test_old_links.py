"""Secrets that were mailed to guests, once they are old."""

import pytest

from accounts import guests
from accounts.guests import prune
from accounts.models import GuestLink
from tests.clock import later

pytestmark = pytest.mark.django_db


@pytest.fixture
def guest():
    return guests.guest_of("nora@example.org")


def pruned_and_left(**span):
    with later(**span):
        return prune(), GuestLink.objects.count()


class TestPrune:
    def test_deletes_links_that_ran_out_more_than_thirty_days_ago(self, guest):
        """They last for seven days, for an hour, and for a quarter of an hour."""
        for purpose in GuestLink.Purpose:
            guests.make_link(guest, purpose)
        assert pruned_and_left(days=30, minutes=14) == (0, 3)
        assert pruned_and_left(days=30, minutes=16) == (1, 2)
        assert pruned_and_left(days=30, minutes=59) == (0, 2)
        assert pruned_and_left(days=30, minutes=61) == (1, 1)
        assert pruned_and_left(days=36, hours=23) == (0, 1)
        assert pruned_and_left(days=37, minutes=1) == (1, 0)

    def test_deletes_used_links_no_sooner_and_no_later_and_spares_the_guest(self, guest):
        guests.use_link(guests.make_link(guest, GuestLink.Purpose.PROVE), GuestLink.Purpose.PROVE)
        assert pruned_and_left(days=36) == (0, 1)
        assert pruned_and_left(days=38) == (1, 0)
        guest.refresh_from_db()

    def test_works_in_batches(self, guest, monkeypatch):
        monkeypatch.setattr("accounts.pruning.BATCH", 2)
        for _ in range(5):
            guests.make_link(guest, GuestLink.Purpose.SESSION)
        assert pruned_and_left(days=31) == (5, 0)

"""Guests by their address, and the secrets that are mailed to it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction

from accounts import guests
from accounts.guests import LinkExpired, LinkUnknown, LinkUsed, Purpose
from accounts.models import Guest, GuestLink
from comments.scopes import MODERATE
from skycrumbs.problems import Refusal
from tests.clock import MOMENT, later, stopped_at
from tests.factories import a_guest, make_article, make_comment, make_user
from tests.racing import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def gus():
    return guests.guest_of("gus@example.org")


def refusal(act):
    with pytest.raises(Refusal) as caught, transaction.atomic():
        act()
    return type(caught.value), caught.value.code, caught.value.status


class TestNormal:
    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            (" Gus@Example.ORG\n", "gus@example.org"),
            ("\N{FULLWIDTH LATIN SMALL LETTER G}us@example.org", "gus@example.org"),
            ("gus@stra\N{LATIN SMALL LETTER SHARP S}e.example", "gus@stra\N{LATIN SMALL LETTER SHARP S}e.example"),
            ("g\u0075\u0308s@example.org", "g\N{LATIN SMALL LETTER U WITH DIAERESIS}s@example.org"),
        ],
    )
    def test_is_one_however_it_is_written(self, written, expected):
        assert guests.normal(written) == expected


class TestGuestOf:
    def test_is_the_same_however_the_address_is_written(self, gus):
        assert guests.guest_of(" GUS@example.org") == gus
        assert (Guest.objects.get().email, gus.proven_at) == ("gus@example.org", None)

    def test_says_nothing_of_an_account_with_the_address(self):
        user = make_user(email="ada@example.org")
        guest = guests.guest_of("ada@example.org")
        assert not hasattr(guest, "user")
        assert str(guest) == f"guest {guest.pk}"
        assert user.email not in str(guest)

    @pytest.mark.parametrize("email", ["Gus@example.org", "gus@EXAMPLE.org"])
    def test_is_kept_in_small_letters_by_the_database(self, gus, email):
        with pytest.raises(IntegrityError, match="a_guest_in_small_letters"), transaction.atomic():
            Guest.objects.filter(pk=gus.pk).update(email=email)

    @pytest.mark.django_db(transaction=True)
    def test_is_one_when_four_come_at_once(self):
        results = race([transaction.atomic(lambda: guests.guest_of("gus@example.org"))] * 4)
        assert results == [Guest.objects.get()] * 4


class TestGuest:
    def test_has_no_rights(self, gus):
        assert gus.is_authenticated is False
        assert gus.has_perm(MODERATE) is False
        assert not Permission.objects.filter(content_type__model__in=["guest", "guestlink"]).exists()


class TestSetProven:
    def test_keeps_the_first_time(self, gus):
        first = guests.set_proven(gus).proven_at
        with later(hours=1):
            guests.set_proven(gus)
        assert Guest.objects.get().proven_at == first


class TestForgetIfUnknown:
    def test_deletes_who_never_proved_anything_with_their_links(self, gus):
        guests.make_link(gus, Purpose.PROVE)
        guests.forget_if_unknown(gus)
        assert (Guest.objects.count(), GuestLink.objects.count()) == (0, 0)

    def test_keeps_who_proved_the_address(self, gus):
        guests.set_proven(gus)
        guests.forget_if_unknown(gus)
        assert Guest.objects.count() == 1

    def test_keeps_who_left_something_else(self):
        comment = make_comment(make_article(), a_guest(is_proven=False))
        guests.forget_if_unknown(comment.guest)
        assert Guest.objects.count() == 1


class TestLinks:
    def test_are_stored_as_digests_alone(self, gus):
        token = guests.make_link(gus, Purpose.PROVE, 7)
        link = GuestLink.objects.get()
        assert (link.guest, link.comment_id, link.purpose, link.used_at) == (gus, 7, "prove", None)
        assert len(token) == 43
        assert token not in str(GuestLink.objects.values().get())
        assert guests.make_link(gus, Purpose.PROVE, 7) != token

    @pytest.mark.parametrize(
        ("purpose", "lasts"),
        [("prove", timedelta(days=7)), ("manage", timedelta(hours=1)), ("session", timedelta(minutes=15))],
    )
    def test_last_so_long(self, gus, purpose, lasts):
        with later() as now:
            token, end = guests.make_link(gus, Purpose(purpose)), now + lasts
        assert GuestLink.objects.get().expires_at == end
        with stopped_at(end - MOMENT):
            assert guests.find_link(token, Purpose(purpose)).guest == gus
        for moment in (end, end + timedelta(days=100)):
            with stopped_at(moment):
                for act in (guests.find_link, guests.use_link):
                    assert refusal(lambda act=act: act(token, Purpose(purpose))) == (LinkExpired, "link_expired", 410)

    def test_work_once(self, gus):
        token = guests.make_link(gus, Purpose.MANAGE)
        with later(minutes=1) as moment, transaction.atomic():
            assert guests.use_link(token, Purpose.MANAGE).guest == gus
        assert GuestLink.objects.get().used_at == moment
        for act in (guests.find_link, guests.use_link):
            assert refusal(lambda act=act: act(token, Purpose.MANAGE)) == (LinkUsed, "link_used", 410)

    def test_are_not_used_by_looking(self, gus):
        token = guests.make_link(gus, Purpose.MANAGE)
        for _ in range(3):
            assert guests.find_link(token, Purpose.MANAGE).guest == gus

    def test_are_good_for_one_purpose(self, gus):
        token = guests.make_link(gus, Purpose.PROVE)
        for purpose in (Purpose.MANAGE, Purpose.SESSION):
            for act in (guests.find_link, guests.use_link):
                expected = (LinkUnknown, "link_unknown", 404)
                assert refusal(lambda act=act, purpose=purpose: act(token, purpose)) == expected

    @pytest.mark.parametrize("token", ["", "nothing", "\0", "\N{GRINNING FACE}" * 500])
    def test_are_unknown_when_nobody_made_them(self, gus, token):
        guests.make_link(gus, Purpose.PROVE)
        for act in (guests.find_link, guests.use_link):
            assert refusal(lambda act=act: act(token, Purpose.PROVE)) == (LinkUnknown, "link_unknown", 404)

    @pytest.mark.django_db(transaction=True)
    def test_work_for_one_of_two_who_use_them_at_once(self):
        token = guests.make_link(guests.guest_of("gus@example.org"), Purpose.MANAGE)
        results = race([transaction.atomic(lambda: guests.use_link(token, Purpose.MANAGE))] * 2)
        assert sorted(type(result).__name__ for result in results) == ["GuestLink", "LinkUsed"]


class TestGuestBySession:
    def test_is_the_guest_for_a_quarter_of_an_hour(self, gus):
        token = guests.make_link(gus, Purpose.SESSION)
        assert guests.guest_by_session(token) == gus
        with later(minutes=15):
            assert guests.guest_by_session(token) is None

    def test_is_nobody_by_another_secret(self, gus):
        assert guests.guest_by_session("nothing") is None
        assert guests.guest_by_session(guests.make_link(gus, Purpose.PROVE)) is None

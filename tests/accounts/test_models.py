import pytest
from django.db import IntegrityError, transaction

from accounts.models import ApiToken, LimitWindow, User
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def refused(act, name="UNIQUE|unique"):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        act()


class TestUser:
    def test_is_called_by_its_public_name_everywhere(self):
        user = make_user("Ada L.")
        assert (str(user), user.get_full_name(), user.get_short_name()) == ("Ada L.", "Ada L.", "Ada L.")

    def test_refuses_an_address_twice_whatever_its_case(self):
        make_user(email="Ada@example.org")
        refused(lambda: make_user(email="aDA@Example.org"), "UNIQUE|unique|one_account")

    def test_refuses_an_empty_name(self):
        user = make_user()
        refused(lambda: User.objects.filter(pk=user.pk).update(name=""), "a_person_has_a_name")

    def test_refuses_null_for_a_name(self):
        user = make_user()
        refused(lambda: User.objects.filter(pk=user.pk).update(name=None), "null|NULL")


class TestApiToken:
    def test_is_kept_as_a_hash(self):
        token, text = ApiToken.objects.create(user=make_user())
        assert text not in str(ApiToken.objects.values().get())
        assert token.digest != text

    def test_goes_with_its_owner(self):
        user = make_user()
        ApiToken.objects.create(user=user)
        user.delete()
        assert ApiToken.objects.count() == 0


class TestLimitWindow:
    def test_counts_once_per_window(self):
        row = {"key": "a", "starts_at": 60, "seconds": 60, "count": 1}
        LimitWindow.objects.create(**row)
        refused(lambda: LimitWindow.objects.create(**row))

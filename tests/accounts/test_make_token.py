from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import RequestFactory

from accounts.authentication import TokenAuthentication
from accounts.models import ApiToken
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def make_token(*args):
    out = StringIO()
    call_command("make_token", *args, stdout=out)
    return out.getvalue().strip()


class TestMakeToken:
    @pytest.mark.parametrize("name", ["ada", "ada@example.org", "ADA@Example.ORG"])
    def test_prints_a_token_that_works_for_a_user_name_or_an_address(self, name):
        user = make_user(username="ada", email="Ada@example.org")
        text = make_token(name)
        request = RequestFactory().get("/", headers={"authorization": f"Token {text}"})
        assert TokenAuthentication().authenticate(request)[0] == user

    def test_prints_nothing_but_the_token(self):
        make_user(username="ada")
        assert make_token("ada").isalnum()

    def test_keeps_the_label(self):
        make_user(username="ada")
        make_token("ada", "--label", "nightly import")
        assert ApiToken.objects.get().label == "nightly import"

    def test_makes_another_each_time(self):
        make_user(username="ada")
        assert make_token("ada") != make_token("ada")
        assert ApiToken.objects.count() == 2

    def test_refuses_when_nobody_has_that_name(self):
        with pytest.raises(CommandError, match="No active account has the user name or address 'nobody'"):
            make_token("nobody")

    def test_refuses_an_account_that_is_not_active(self):
        make_user(username="ada", is_active=False)
        with pytest.raises(CommandError, match="No active account"):
            make_token("ada")

    def test_refuses_a_label_that_is_too_long(self):
        make_user(username="ada")
        with pytest.raises(CommandError, match="at most 60"):
            make_token("ada", "--label", "x" * 61)
        assert ApiToken.objects.count() == 0

    def test_prefers_the_user_name_when_it_is_the_address_of_another(self):
        make_user("Other", username="other", email="ada@x.example")
        make_user("Named", username="ada@x.example")
        make_token("ada@x.example")
        assert ApiToken.objects.get().user.name == "Named"

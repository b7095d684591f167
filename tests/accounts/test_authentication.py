from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed

from accounts.authentication import TokenAuthentication
from accounts.models import ApiToken
from tests.factories import make_token, make_user

pytestmark = pytest.mark.django_db


def authenticate(header):
    request = RequestFactory().get("/", headers={"authorization": header} if header else {})
    return TokenAuthentication().authenticate(request)


class TestTokenAuthentication:
    def test_knows_the_owner_of_a_token(self):
        user = make_user()
        assert authenticate(f"Token {make_token(user)}")[0] == user

    @pytest.mark.parametrize("header", ["", "Basic YTpi", "Bearer abc"])
    def test_leaves_it_to_others_when_the_header_is_no_token(self, header):
        assert authenticate(header) is None

    @pytest.mark.parametrize(
        "header",
        [
            "Token",
            "Token ",
            "Token a b",
            "Token unknown",
            "Token é",
            "Token ../../x",
            "Token " + "f" * 64,
            "Token \0",
        ],
    )
    def test_refuses_a_wrong_token(self, header):
        make_token(make_user())
        with pytest.raises(AuthenticationFailed):
            authenticate(header)

    def test_refuses_a_token_with_a_letter_changed(self):
        text = make_token(make_user())
        with pytest.raises(AuthenticationFailed):
            authenticate(f"Token {text[:-1]}{'0' if text[-1] != '0' else '1'}")

    def test_refuses_when_the_account_is_not_active(self):
        user = make_user(is_active=False)
        with pytest.raises(AuthenticationFailed):
            authenticate(f"Token {make_token(user)}")

    def test_refuses_when_the_token_is_too_old(self):
        text = make_token(make_user())
        ApiToken.objects.update(expiry=timezone.now() - timedelta(seconds=1))
        with pytest.raises(AuthenticationFailed):
            authenticate(f"Token {text}")

    def test_gives_tokens_a_year(self):
        make_token(make_user())
        token = ApiToken.objects.get()
        assert timedelta(days=364) < token.expiry - token.created <= timedelta(days=365, seconds=5)

    def test_names_its_scheme_for_a_401(self):
        assert TokenAuthentication().authenticate_header(RequestFactory().get("/")) == "Token"

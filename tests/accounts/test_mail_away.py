"""Mail about accounts while the mail server takes none."""

import re
import smtplib

import pytest
from django.core import mail

from accounts.models import User
from tests.factories import PASSWORD, make_account, make_user

pytestmark = pytest.mark.django_db

SIGN_UP = {"email": "reader@secret.example", "password1": PASSWORD, "name": "A Reader"}
ERRORS = [
    ConnectionRefusedError("reader@secret.example"),
    TimeoutError("reader@secret.example"),
    smtplib.SMTPRecipientsRefused({"reader@secret.example": (550, b"no reader@secret.example")}),
]


@pytest.fixture(params=ERRORS, ids=lambda error: type(error).__name__)
def away(request, monkeypatch):
    def fail(backend, messages):
        raise request.param

    with monkeypatch.context() as here:
        here.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fail)
        yield here


def is_told(response):
    assert response.status_code == 503
    assert "The mail could not be sent. Try again in a few minutes." in response.content.decode()


def test_is_said_where_an_account_is_made_and_the_address_can_be_confirmed_later(client, away):
    is_told(client.post("/accounts/signup/", SIGN_UP))
    away.undo()
    user = User.objects.get(email=SIGN_UP["email"])
    response = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert response["Location"] == "/accounts/confirm-email/"
    assert re.search(r"/accounts/confirm-email/\S+", mail.outbox[0].body)


@pytest.mark.parametrize("is_known", [True, False])
def test_is_said_alike_whether_or_not_the_address_has_an_account(client, away, is_known):
    email = make_account().email if is_known else "nobody@secret.example"
    is_told(client.post("/accounts/password/reset/", {"email": email}))


def test_is_said_where_an_unconfirmed_address_signs_in(client, away):
    user = make_user(email="reader@secret.example", password=PASSWORD)
    is_told(client.post("/accounts/login/", {"login": user.email, "password": PASSWORD}))


def test_leaves_no_address_in_the_log(client, away, caplog):
    client.post("/accounts/signup/", SIGN_UP)
    assert "account/email/email_confirmation_signup was not sent" in caplog.text
    assert "secret.example" not in caplog.text

import re

import pytest
from django import forms
from django.core import mail

from accounts.forms import SignupForm, clean_name
from accounts.models import User
from tests.factories import make_account, make_user

PASSWORD = "seventeen larks at dawn"


class TestCleanName:
    @pytest.mark.parametrize(
        ("value", "name"),
        [(" Ada ", "Ada"), ("Zoe\u0308", "Zoë"), ("李白", "李白"), ("مريم", "مريم"), ("x" * 60, "x" * 60)],
    )
    def test_gives_a_name_that_can_be_read(self, value, name):
        assert clean_name(value) == name

    @pytest.mark.parametrize(
        ("value", "code"),
        [
            ("", "blank"),
            (" ", "blank"),
            ("\N{ZERO WIDTH SPACE}", "blank"),
            ("\N{HANGUL FILLER}", "blank"),
            ("Ada\nLovelace", "line_break"),
            ("Ad\u0430", "mixed_alphabets"),
            ("x" * 61, "too_long"),
            ("A\0da", "control_character"),
            ("\N{RIGHT-TO-LEFT OVERRIDE}adA", "control_character"),
        ],
    )
    def test_refuses_one_that_cannot(self, value, code):
        with pytest.raises(forms.ValidationError) as caught:
            clean_name(value)
        assert caught.value.code == code


@pytest.mark.django_db
class TestSignupForm:
    def data(self, **fields):
        return {"name": "Ada", "email": "ada@example.org", "password1": PASSWORD} | fields

    def test_asks_for_name_address_and_password_in_that_order(self):
        assert list(SignupForm().fields) == ["name", "email", "password1"]

    def test_takes_good_data(self):
        assert SignupForm(self.data()).errors == {}

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"name": ""}, "name"),
            ({"name": "\N{ZERO WIDTH SPACE}"}, "name"),
            ({"name": "x" * 61}, "name"),
            ({"email": ""}, "email"),
            ({"email": "ada"}, "email"),
            ({"password1": ""}, "password1"),
            ({"password1": "short"}, "password1"),
        ],
    )
    def test_refuses_bad_data_and_names_the_field(self, fields, field):
        assert list(SignupForm(self.data(**fields)).errors) == [field]


@pytest.mark.django_db
class TestSignUp:
    DATA = {"name": " Zoe\u0308 ", "email": "zoe@example.org", "password1": PASSWORD}

    def test_makes_an_account_that_must_confirm_its_address_first(self, client):
        response = client.post("/accounts/signup/", self.DATA)
        assert (response.status_code, response["Location"]) == (302, "/accounts/confirm-email/")
        user = User.objects.get()
        assert (user.name, user.email) == ("Zoë", "zoe@example.org")
        assert "_auth_user_id" not in client.session
        assert [message.to for message in mail.outbox] == [["zoe@example.org"]]

    def test_gives_a_handle_that_tells_nothing(self, client):
        client.post("/accounts/signup/", self.DATA)
        assert re.fullmatch("reader-[0-9a-f]{16}", User.objects.get().username)

    @pytest.mark.parametrize("address", ["zoe@example.org", "Zoe@Example.org"])
    def test_makes_no_second_account_and_does_not_say_so_when_the_address_is_taken(self, client, address):
        make_user(email=address)
        response = client.post("/accounts/signup/", self.DATA)
        assert (response.status_code, response["Location"]) == (302, "/accounts/confirm-email/")
        assert User.objects.count() == 1

    @pytest.mark.django_db(transaction=True)
    def test_is_led_on_alike_when_the_same_form_was_faster(self, client, monkeypatch):
        # After the form was found valid, and before anything is stored.
        monkeypatch.setattr("accounts.forms.mail_to", lambda request, email: make_account(email=email) and {})
        response = client.post("/accounts/signup/", self.DATA)
        assert (response.status_code, response["Location"]) == (302, "/accounts/confirm-email/")
        assert [user.email for user in User.objects.all()] == ["zoe@example.org"]
        assert [message.subject for message in mail.outbox] == ["Skycrumbs: Account Already Exists"]

    def test_confirms_by_a_button_and_not_by_opening_the_link(self, client):
        client.post("/accounts/signup/", self.DATA)
        (path,) = re.findall(r"https?://\S+?(/accounts/confirm-email/\S+)", mail.outbox[0].body)
        address = User.objects.get().emailaddress_set.get()
        assert client.get(path).status_code == 200
        address.refresh_from_db()
        assert address.verified is False
        client.post(path)
        address.refresh_from_db()
        assert address.verified is True


class TestMail:
    def test_leads_to_the_sites_own_address_when_the_request_named_another(self, client, db, settings, mailoutbox):
        settings.ALLOWED_HOSTS = ["*"]
        make_user("Ada", email="ada@example.org")
        client.post("/accounts/password/reset/", {"email": "ada@example.org"}, headers={"host": "evil.example"})
        (mail,) = mailoutbox
        assert "https://testserver/accounts/password/reset/key/" in mail.body
        assert "evil.example" not in mail.body + mail.subject

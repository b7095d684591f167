"""One way in for readers and staff, which tells nobody who has an account."""

import re
from urllib.parse import quote

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from tests.factories import PASSWORD, make_account, make_user

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
FOREIGN = ["https://evil.example/", "//evil.example", "https:/\\evil.example", "javascript:alert(1)"]


def sign_in(client, email, following="", password=PASSWORD):
    return client.post(LOGIN, {"login": email, "password": password, "next": following})


def leads(response):
    return response.status_code, response.get("Location")


def asked_for(client, page):
    """Where sign-in will lead whoever asks for `page` and is not signed in."""
    asked = client.get(page, follow=True)
    assert asked.redirect_chain[-1][0].startswith("/accounts/login/?next=")
    (following,) = re.findall(r'name="next" value="([^"]*)"', asked.content.decode())
    return following


class TestAdmin:
    @pytest.mark.parametrize("page", ["/admin/", "/admin/articles/article/", "/admin/accounts/user/?q=a%26b"])
    def test_asks_at_the_sites_own_sign_in_and_leads_back_to_the_page(self, client, page):
        staff = make_account(is_staff=True, is_superuser=True)
        following = asked_for(client, page)
        assert following == page
        assert leads(sign_in(client, staff.email, following)) == (302, page)
        assert client.get(page).status_code == 200

    @pytest.mark.parametrize("address", FOREIGN)
    def test_leads_to_no_other_site(self, client, address):
        staff = make_account(is_staff=True)
        following = asked_for(client, f"/admin/login/?next={quote(address)}")
        assert leads(sign_in(client, staff.email, following)) == (302, f"/admin/login/?next={quote(address)}")
        assert leads(client.get("/admin/login/", {"next": address})) == (302, "/admin/")

    @pytest.mark.parametrize("address", FOREIGN)
    def test_is_led_to_no_other_site_from_sign_in_either(self, client, address):
        assert leads(sign_in(client, make_account().email, address)) == (302, "/me/")

    def test_refuses_whoever_is_no_staff_and_sends_them_in_no_circle(self, client):
        reader = make_account()
        assert leads(sign_in(client, reader.email, "/admin/")) == (302, "/admin/")
        response = client.get("/admin/", follow=True)
        assert response.redirect_chain == [("/admin/login/?next=/admin/", 302)]
        assert response.status_code == 403
        assert "You may not do this." in response.content.decode()

    def test_lets_staff_in_without_asking_again(self, client):
        client.force_login(make_account(is_staff=True))
        assert leads(client.get("/admin/login/")) == (302, "/admin/")

    def test_has_no_form_of_its_own_to_try_passwords_with(self, client):
        other = make_account(is_superuser=True, is_staff=True)
        tried = {"username": other.username, "password": PASSWORD}
        assert leads(client.post("/admin/login/", tried)) == (302, "/accounts/login/?next=%2Fadmin%2Flogin%2F")
        client.force_login(make_account(is_staff=True))
        assert client.post("/admin/login/", tried).status_code == 405

    def test_takes_the_address_and_not_the_user_name(self, client):
        staff = make_account(username="mo", is_staff=True)
        assert sign_in(client, staff.username).status_code == 200
        assert "_auth_user_id" not in client.session


class TestStaffWithoutConfirmedAddress:
    def test_confirm_it_first_and_come_in_then(self, client):
        staff = make_user(is_staff=True, email="mo@example.org", password=PASSWORD)
        assert leads(sign_in(client, staff.email, "/admin/")) == (302, "/accounts/confirm-email/")
        assert "_auth_user_id" not in client.session
        (path,) = re.findall(r"https?://\S+?(/accounts/confirm-email/\S+)", mail.outbox[0].body)
        client.post(path)
        assert leads(sign_in(client, staff.email, "/admin/")) == (302, "/admin/")
        assert client.get("/admin/").status_code == 200


class TestCreateSuperuser:
    def create(self, monkeypatch, email="Root@Example.org"):
        monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
        call_command("createsuperuser", interactive=False, username="root", email=email, name="Root", verbosity=0)

    def test_makes_somebody_who_signs_in_to_the_admin_without_mail(self, client, monkeypatch):
        self.create(monkeypatch)
        assert leads(sign_in(client, "root@example.org", "/admin/")) == (302, "/admin/")
        assert client.get("/admin/").status_code == 200
        assert mail.outbox == []

    def test_makes_nobody_when_another_account_has_confirmed_the_address(self, monkeypatch):
        EmailAddress.objects.create(user=make_user(), email="root@example.org", verified=True)
        with pytest.raises(CommandError, match=r"^Another account has this address\.$"):
            self.create(monkeypatch)
        assert not User.objects.filter(username="root").exists()

    def test_makes_nobody_when_another_account_is_of_the_address(self, monkeypatch):
        make_user(email="root@example.org")
        with pytest.raises(CommandError, match=r"^Another account has this address\.$"):
            self.create(monkeypatch, "ROOT@example.org")
        assert not User.objects.filter(username="root").exists()


def shown(response, email):
    """Status, address and words of an answer, without what differs from one to the next."""
    html = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return response.status_code, response.get("Location"), html.replace(email, "ADDRESS")


class TestEnumeration:
    """Whether an address has an account is told to its owner alone, by mail."""

    KNOWN, UNKNOWN = "known@example.org", "other@example.org"

    @pytest.fixture(autouse=True)
    def _account(self):
        make_account(email=self.KNOWN)

    def answers(self, path, **data):
        """What is shown for an address with an account, and what for one without; each then followed."""
        found = []
        for email in (self.KNOWN, self.UNKNOWN):
            client = Client()
            sent = {name: email if value == "ADDRESS" else value for name, value in data.items()}
            answer = client.post(path, sent)
            followed = client.get(answer["Location"]) if answer.status_code == 302 else answer
            found.append((shown(answer, email), shown(followed, email)))
        return found

    def test_is_not_told_by_a_wrong_password(self):
        known, unknown = self.answers(LOGIN, login="ADDRESS", password="wrong")
        assert known == unknown
        assert known[0][0] == 200

    def test_is_not_told_by_asking_for_a_new_password(self):
        known, unknown = self.answers("/accounts/password/reset/", email="ADDRESS")
        assert known == unknown
        assert known[0][:2] == (302, "/accounts/password/reset/done/")
        assert [message.to for message in mail.outbox] == [[self.KNOWN], [self.UNKNOWN]]

    def test_is_not_told_by_signing_up(self):
        known, unknown = self.answers("/accounts/signup/", name="Zoë", email="ADDRESS", password1=PASSWORD)
        assert known == unknown
        assert known[0][:2] == (302, "/accounts/confirm-email/")
        assert [message.to for message in mail.outbox] == [[self.KNOWN], [self.UNKNOWN]]

    @pytest.fixture
    def hashed(self, monkeypatch):
        """The passwords that are hashed, which takes nearly all of the time."""
        hashed, encode = [], MD5PasswordHasher.encode
        monkeypatch.setattr(
            MD5PasswordHasher, "encode", lambda self, *given: hashed.append(given[0]) or encode(self, *given)
        )
        return hashed

    @pytest.mark.parametrize(("email", "is_active"), [(KNOWN, True), (KNOWN, False), (UNKNOWN, True)])
    def test_is_not_told_by_how_long_a_wrong_password_takes(self, hashed, email, is_active):
        User.objects.update(is_active=is_active)
        sign_in(Client(), email, password="wrong")
        assert hashed == ["wrong"]

    @pytest.mark.parametrize("email", [KNOWN, UNKNOWN])
    def test_is_not_told_by_how_long_signing_up_takes(self, hashed, email):
        Client().post("/accounts/signup/", {"name": "Zoë", "email": email, "password1": PASSWORD})
        assert hashed == [PASSWORD]

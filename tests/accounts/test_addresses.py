"""Guests' addresses: what is taken as one, and how much mail somebody can have sent to it."""

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client

from accounts.guests import count_mail, fit_email
from accounts.models import Guest, LimitWindow
from skycrumbs.problems import TooManyRequests
from skycrumbs.text import UnfitText
from tests.factories import make_user


class TestFitEmail:
    @pytest.mark.parametrize(
        ("value", "email"),
        [
            ("nora@example.org", "nora@example.org"),
            (" Nora@Example.ORG\r\n", "nora@example.org"),
            ("nora+birds@example.org", "nora+birds@example.org"),
            ("\uff4eora\uff20example.org", "nora@example.org"),
            ("nora@MÜNCHEN.example", "nora@münchen.example"),
        ],
    )
    def test_gives_an_address_as_one_however_it_is_written(self, value, email):
        assert fit_email(value) == email

    @pytest.mark.parametrize(
        ("value", "code"),
        [
            ("", "blank"),
            (" \n", "blank"),
            ("nora", "no_address"),
            ("nora@", "no_address"),
            ("@example.org", "no_address"),
            ("nora@example", "no_address"),
            ("nora@example.org, eve@example.org", "no_address"),
            ("Nora <nora@example.org>", "no_address"),
            ("nóra@example.org", "no_address"),
            ("nora@example.org\nBcc: eve@example.org", "no_address"),
            ("nora@example.org\r\nBcc: eve@example.org", "no_address"),
            # What RFC 5322 lets stand in quotes.
            ('"nora\\\n"@example.org', "no_address"),
            ('"no\\\tra"@example.org', "no_address"),
            ('"nora\x01"@example.org', "control_character"),
            ("no\0ra@example.org", "control_character"),
            ("\u202enora@example.org", "control_character"),
            ("nora\u200b@example.org", "no_address"),
            ("n" * 250 + "@example.org", "too_long"),
            ("x" * 100_000, "too_long"),
            # Mail to these would go to nora@example.org.
            ('"nora"@example.org', "no_address"),
            ('"n\\ora"@example.org', "no_address"),
            ("=?utf-8?q?n=6fra?=@example.org", "no_address"),
            ("nora@exa\u00admple.org", "no_address"),
            # To strasse.example, and to nobody.
            ("nora@straße.example", "no_address"),
            (f"nora@{'ü' * 60}.example", "no_address"),
            # Longer once it is written plainly.
            ("\ufdfa" * 60 + "@example.org", "no_address"),
        ],
    )
    def test_refuses_what_is_none(self, value, code):
        with pytest.raises(UnfitText) as caught:
            fit_email(value)
        assert caught.value.code == code

    @pytest.mark.django_db
    @pytest.mark.parametrize("domain", ["\u13a0.example", "\uab70.example", "straße.example", "\u0130.example"])
    def test_gives_one_that_the_table_takes_or_none(self, domain):
        try:
            email = fit_email(f"nora@{domain}")
        except UnfitText as unfit:
            assert unfit.code == "no_address"
        else:
            assert Guest.objects.create(email=email).email == email.lower()


@pytest.mark.django_db
class TestOfAccounts:
    """The same rule, and nothing is made of what was typed: mail is sent to just that."""

    REFUSED = "Write an e-mail address such as name@example.org."

    @pytest.mark.parametrize("path", ["/accounts/signup/", "/accounts/password/reset/", "/accounts/email/"])
    @pytest.mark.parametrize(
        ("email", "is_taken"),
        [
            ("New@Example.org", True),
            ("new@münchen.example", True),
            ('"new"@example.org', False),
            ("=?utf-8?q?n=65w?=@example.org", False),
            ("new@exa\u00admple.org", False),
            ("new@ex\uff41mple.org", False),
            (f"new@{'ü' * 60}.example", False),
        ],
    )
    def test_is_mailed_to_as_it_is_written_or_refused(self, path, email, is_taken):
        client = Client()
        if path == "/accounts/email/":
            client.force_login(make_user())
        sent = {"email": email, "name": "Nora", "password1": "lantern-hedgehog-42-quartz", "action_add": "on"}
        page = client.post(path, sent)
        assert (page.status_code == 302, self.REFUSED in page.content.decode()) == (is_taken, not is_taken)
        assert len(mail.outbox) == is_taken


@pytest.mark.django_db
class TestCountMail:
    @pytest.fixture(autouse=True)
    def limits(self, settings):
        settings.MAIL_LIMITS, settings.MAIL_NETWORK_LIMITS = [(2, 3600)], [(3, 3600)]

    def refused(self, email, network=""):
        with pytest.raises(TooManyRequests), transaction.atomic():
            count_mail(email, network)
        return True

    def test_lets_so_many_go_to_an_address_however_it_is_written(self):
        count_mail("nora@example.org", "192.0.2.1")
        count_mail("Nora@Example.org", "192.0.2.2")
        assert self.refused("NORA@example.org", "192.0.2.3")
        count_mail("eve@example.org", "192.0.2.3")

    def test_lets_so_many_go_from_a_network(self):
        for number in range(3):
            count_mail(f"nora-{number}@example.org", "192.0.2.1")
        assert self.refused("eve@example.org", "192.0.2.1")
        count_mail("eve@example.org", "192.0.2.2")

    def test_counts_no_network_where_there_is_none(self):
        for number in range(9):
            count_mail(f"nora-{number}@example.org", "")

    def test_keeps_no_address(self):
        count_mail("nora@example.org", "192.0.2.1")
        assert not LimitWindow.objects.filter(key__contains="nora").exists()

    def test_counts_with_the_mail_that_accounts_ask_for(self, client):
        for _ in range(2):
            client.post("/accounts/password/reset/", {"email": "nora@example.org"})
        assert self.refused("nora@example.org", "192.0.2.1")
        count_mail("eve@example.org", "127.0.0.1")
        assert self.refused("mallory@example.org", "127.0.0.1")

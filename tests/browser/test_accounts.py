"""Somebody new comes by, signs up, and proves the address; or forgot the password."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import expect

from accounts.models import User
from tests.browser.steps import MAIN, PASSWORD, make_reader, sign_in

EMAIL = "nora@example.org"


class TestSignUp:
    def test_leads_by_the_mail_that_confirms_the_address_to_ones_own_page(
        self, transactional_db, open_page, mailoutbox
    ):
        page = open_page()
        page.goto("/me/")
        page.get_by_role("link", name="Sign up").click()
        page.get_by_label("Name").fill("Nora Blum")
        page.get_by_label("Email").fill(EMAIL)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign up").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Verify Your Email Address")
        (mail,) = mailoutbox
        assert mail.to == [EMAIL]
        (link,) = re.findall(r"https://\S+", mail.body)

        # A program that only looks at the links in a mail confirms nothing.
        page.goto(urlsplit(link).path)
        assert not User.objects.get(email=EMAIL).emailaddress_set.get().verified
        page.get_by_role("button", name="Confirm").click()
        expect(page.get_by_text(f"You have confirmed {EMAIL}")).to_be_visible()
        assert User.objects.get(email=EMAIL).emailaddress_set.get().verified

        page.goto("/accounts/login/")
        sign_in(page, EMAIL)
        expect(page.get_by_role("heading", level=1)).to_have_text("Nora Blum")
        # The page of an article is the same for everybody; a script fills in who is reading it.
        page.goto("/")
        expect(page.get_by_role("navigation", name="Site")).to_contain_text("Nora Blum")


class TestSignIn:
    def test_is_offered_to_nobody_and_leads_back_to_the_article(self, nora, open_page):
        page = open_page()
        page.goto(MAIN)
        site = page.get_by_role("navigation", name="Site")
        site.get_by_role("link", name="Sign in").click()
        sign_in(page, EMAIL)
        expect(site).to_contain_text("Nora Blum")
        expect(page.locator("#article_text")).to_be_visible()
        expect(site.get_by_role("link", name="Nora Blum")).to_have_attribute("href", "/me/")


class TestPassword:
    def test_is_set_anew_by_the_mail_that_was_asked_for(self, transactional_db, open_page, mailoutbox):
        make_reader("Nora Blum", EMAIL)
        page = open_page()
        page.goto("/accounts/password/reset/")
        page.get_by_label("Email").fill(EMAIL)
        page.get_by_role("button", name="Reset").click()
        expect(page.get_by_text("We have sent you an email.")).to_be_visible()
        (link,) = re.findall(r"https://\S+", mailoutbox[0].body)
        page.goto(urlsplit(link).path)
        for field in page.get_by_label("New password").all():
            field.fill(f"{PASSWORD}-anew")
        page.get_by_role("button", name="Change password").click()
        expect(page.get_by_text("Your password is now changed.")).to_be_visible()

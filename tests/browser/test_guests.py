"""A comment by somebody without an account, in a browser that runs no script: from the form to taking it back."""

import pytest
from django.test import override_settings
from playwright.sync_api import Page, expect

from accounts import guests
from accounts.models import GuestLink
from comments.models import Comment
from tests.browser.steps import MAIN

EMAIL = "nora@example.org"
SENTENCE = "The other camp replies that safety work needs something real to work on."
PARAGRAPH = f"{SENTENCE} Many flaws known today were found only because a great many people used a product."


@pytest.fixture
def page(demo, open_page):
    return open_page(java_script_enabled=False)


def write(page: Page, *, is_first: bool = True) -> None:
    """Comment on a paragraph of the article, where nobody else did or somebody; what comes back asks who it is by."""
    page.goto(MAIN)
    paragraph = page.locator("#article_text p", has_text=SENTENCE)
    paragraph.hover()
    if is_first:
        paragraph.get_by_role("link", name="Comment on this passage").click()
    else:
        paragraph.get_by_role("link", name="Comments on this passage").click()
        page.get_by_role("link", name="Comment on this passage").click()
    page.get_by_label("Your comment").fill("But *whose* product?")
    page.get_by_role("button", name="Post comment").click()
    expect(page.get_by_role("heading", name="Post it as a guest")).to_be_visible()


def introduce(page: Page, name: str, email: str) -> None:
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("textbox", name="E-mail").fill(email)
    page.get_by_role("button", name="Post comment").click()


def mailed(purpose: GuestLink.Purpose) -> str:
    """The address that a mail about the newest comment would lead to."""
    comment = Comment.objects.latest("pk")
    page = {"prove": "confirm", "manage": "manage"}[purpose]
    return f"/guests/{page}/{guests.make_link(comment.guest, purpose, comment.pk)}/"


def post(page: Page) -> None:
    """Write, and confirm by the mailed link."""
    write(page)
    introduce(page, "Nora Blum", EMAIL)
    page.goto(mailed(GuestLink.Purpose.PROVE))
    expect(page.locator(".draft em")).to_have_text("whose")
    page.get_by_role("button", name="Confirm and post").click()


class TestGuest:
    def test_confirms_by_mail_and_is_read(self, page, open_page):
        write(page)
        introduce(page, "Nora Blum", EMAIL)
        expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
        assert page.url.endswith("/comments/sent/")
        other = open_page(java_script_enabled=False)
        other.goto(MAIN)
        expect(other.get_by_text("Nora Blum")).to_have_count(0)
        page.goto(mailed(GuestLink.Purpose.PROVE))
        page.get_by_role("button", name="Confirm and post").click()
        comment = page.locator("article.comment:target")
        expect(comment.locator("b")).to_have_text("Nora Blum")
        expect(comment.locator(".badge")).to_have_text("Guest")
        expect(comment.locator("blockquote.quote")).to_have_text(PARAGRAPH)
        other.reload()
        expect(other.locator("article.comment b", has_text="Nora Blum")).to_have_count(1)

    @override_settings(COMMENT_CHECKS=["tests.factories.hold"])
    def test_sees_what_a_moderator_reads_first(self, page, open_page, complaints):
        post(page)
        expect(page.get_by_text("Confirmed. A moderator reads it first.")).to_be_visible()
        expect(page.get_by_text("Held for review.")).to_be_visible()
        other = open_page(java_script_enabled=False)
        assert other.goto(page.url).status == 404
        assert complaints.pop().endswith("404 (Not Found)")

    def test_is_told_what_to_mend_and_loses_nothing(self, page, complaints):
        write(page)
        introduce(page, "N\u043era", "nora")
        expect(page.get_by_text("with the letters of one alphabet.")).to_be_visible()
        expect(page.get_by_text("Write an e-mail address such as name@example.org.")).to_be_visible()
        expect(page.locator("mark")).to_have_text(PARAGRAPH)
        page.get_by_role("button", name="Change").click()
        page.get_by_label("Your comment").fill("Yes, but *whose* product?")
        page.get_by_role("button", name="Preview").click()
        expect(page.get_by_role("textbox", name="E-mail")).to_have_value("nora")
        introduce(page, "Nora Blum", EMAIL)
        expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
        assert Comment.objects.latest("pk").text.source == "Yes, but *whose* product?"
        assert complaints.pop().endswith("400 (Bad Request)")

    def test_writes_again_without_another_mail(self, page):
        post(page)
        write(page, is_first=False)
        introduce(page, "Nora Blum", EMAIL)
        expect(page.locator("article.comment:target b")).to_have_text("Nora Blum")
        assert Comment.objects.filter(guest__email=EMAIL, state="open").count() == 2

    def test_comes_back_by_another_link_and_takes_it_back(self, page):
        post(page)
        page.context.clear_cookies()
        page.goto(f"/comments/{Comment.objects.latest('pk').key}/")
        page.get_by_role("link", name="Did you write this?").click()
        page.get_by_role("textbox", name="E-mail").fill(EMAIL)
        page.get_by_role("button", name="Send me a link").click()
        expect(page.get_by_text("If this comment was written with that address")).to_be_visible()
        page.goto(mailed(GuestLink.Purpose.MANAGE))
        page.get_by_role("button", name="Edit or withdraw it").click()
        page.get_by_role("link", name="Withdraw").click()
        page.get_by_role("button", name="Withdraw").click()
        expect(page.get_by_role("heading", name="Your comment is withdrawn")).to_be_visible()
        assert Comment.objects.latest("pk").state == "withdrawn"

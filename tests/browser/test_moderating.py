"""From what a reader writes or reports, by mail and the admin, to what everybody reads."""

import re
from urllib.parse import urlsplit

import pytest
from django.test import override_settings
from playwright.sync_api import Page, expect

from comments.models import Comment
from moderation.models import Flag
from tests.browser.steps import MAIN, make_reader, sign_in

QUEUE = "/admin/moderation/waiting/"


@pytest.fixture
def queue(demo, open_page):
    """What somebody sees who signs in to the admin as a superuser."""
    make_reader("Mo", "mo@example.org", is_staff=True, is_superuser=True)
    page = open_page()
    page.goto(QUEUE)
    sign_in(page, "mo@example.org")
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    return page


def write(page: Page, name: str, email: str) -> None:
    page.goto(f"{MAIN}comment/")
    page.get_by_label("Your comment").fill("I *doubt* that.")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("textbox", name="E-mail").fill(email)
    page.get_by_role("button", name="Post comment").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")


class TestGuest:
    @override_settings(COMMENT_CHECKS=["moderation.checks.first_comments.first_comments"])
    def test_comments_and_proves_the_address_and_is_read_once_a_moderator_approved(
        self, queue, open_page, mailoutbox
    ):
        page, other = open_page(), open_page(java_script_enabled=False)
        write(page, "Nora Blum", "nora@example.org")
        (mail,) = mailoutbox
        (link,) = re.findall(r"https://\S+/guests/confirm/\S+", mail.body)
        page.goto(urlsplit(link).path)
        page.get_by_role("button", name="Confirm and post").click()
        expect(page.get_by_text("because these are your first comments")).to_be_visible()
        other.goto(MAIN)
        expect(other.get_by_text("Nora Blum")).to_have_count(0)

        queue.reload()
        card = queue.locator("[data-card]", has_text="Nora Blum")
        expect(card.get_by_role("heading", name="Why was this held?")).to_be_visible()
        card.get_by_role("button", name="Approve").click()
        expect(card).to_have_count(0)

        other.reload()
        comment = other.locator("article.comment", has_text="Nora Blum")
        expect(comment.locator(".words em")).to_have_text("doubt")
        assert Comment.objects.get(guest__isnull=False).state == "approved"


class TestReader:
    def test_flags_a_comment_that_a_moderator_then_finds_in_the_queue(self, queue, open_page):
        make_reader("Nora Blum", "nora@example.org")
        page = open_page(java_script_enabled=False)
        page.goto("/accounts/login/")
        sign_in(page, "nora@example.org")
        page.goto(MAIN)
        reported = page.locator("article.comment").first
        key = reported.get_attribute("id").removeprefix("comment-")
        reported.get_by_role("link", name="Report").click()
        page.get_by_label("Somebody’s personal data").check()
        page.get_by_label("A note for the moderators").fill("That is my street.")
        page.get_by_role("button", name="Report").click()
        expect(page.get_by_text("Reported.")).to_be_visible()

        queue.reload()
        card = queue.locator("[data-card]").first
        expect(card).to_contain_text("That is my street.")
        card.get_by_role("button", name="Leave as it is").click()
        expect(card).to_have_count(0)
        assert Flag.objects.get().outcome == "dismissed"
        assert Flag.objects.get().comment.key == key

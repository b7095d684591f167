"""A comment by plain forms, in a browser that runs no script."""

import pytest
from playwright.sync_api import Page, expect

from comments.models import Comment
from tests.browser.steps import MAIN, make_reader, sign_in

EMAIL = "nora@example.org"
SENTENCE = "The other camp replies that safety work needs something real to work on."
PARAGRAPH = f"{SENTENCE} Many flaws known today were found only because a great many people used a product."
WORDS = "Real, yes.\n\nBut *whose* product?"


@pytest.fixture
def plain_page(demo, open_page):
    make_reader("Nora Blum", EMAIL)
    return open_page(java_script_enabled=False)


def sign_in_first(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Account").click()
    page.get_by_role("main").get_by_role("link", name="Sign in").click()
    sign_in(page, EMAIL)
    expect(page.get_by_role("heading", level=1)).to_have_text("Nora Blum")


def write(page: Page) -> None:
    """Follow the sign beside a paragraph of the article, and type."""
    page.goto(MAIN)
    paragraph = page.locator("#article_text p", has_text=SENTENCE)
    paragraph.hover()
    paragraph.get_by_role("link", name="Comment on this passage").click()
    expect(page.locator("mark")).to_have_text(PARAGRAPH)
    page.get_by_label("Your comment").fill(WORDS)


def expect_preview(page: Page) -> None:
    """The preview with everything typed and chosen, and nothing stored."""
    expect(page.get_by_role("heading", name="Preview")).to_be_visible()
    expect(page.locator("mark")).to_have_text(PARAGRAPH)
    expect(page.locator(".draft em")).to_have_text("whose")
    assert not Comment.objects.filter(author__email=EMAIL).exists()


def expect_comment(page: Page) -> None:
    """The article's page at the comment, which stands there with its passage."""
    comment = page.locator("article.comment:target")
    expect(comment.locator("b")).to_have_text("Nora Blum")
    expect(comment.locator("blockquote.quote")).to_have_text(PARAGRAPH)
    expect(comment.locator(".words p")).to_have_text(["Real, yes.", "But whose product?"])
    assert Comment.objects.get(author__email=EMAIL).anchor.exact == PARAGRAPH


class TestWithoutScripts:
    def test_a_comment_on_a_passage_is_previewed_changed_and_posted(self, plain_page):
        sign_in_first(plain_page)
        write(plain_page)
        plain_page.get_by_role("button", name="Preview").click()
        expect_preview(plain_page)
        plain_page.get_by_role("button", name="Change").click()
        expect(plain_page.get_by_label("Your comment")).to_have_value(WORDS)
        plain_page.get_by_role("button", name="Preview").click()
        plain_page.get_by_role("button", name="Post comment").click()
        expect_comment(plain_page)

    def test_nothing_typed_is_lost_when_somebody_signs_in_first(self, plain_page):
        write(plain_page)
        plain_page.get_by_role("button", name="Post comment").click()
        expect_preview(plain_page)
        with plain_page.expect_popup() as opened:
            plain_page.get_by_role("main").get_by_role("link", name="Sign in").click()
        sign_in(opened.value, EMAIL)
        # Signing in leads back to the empty form on the same passage.
        expect(opened.value.locator("mark")).to_have_text(PARAGRAPH)
        plain_page.get_by_role("button", name="Post comment").click()
        expect_comment(plain_page)


def without_proof(route):
    """The request as a browser sends it that says nothing of where it comes from."""
    proofs = ("origin", "referer", "sec-fetch-site")
    headers = {name: value for name, value in route.request.headers.items() if name not in proofs}
    route.fulfill(response=route.fetch(headers=headers, max_redirects=0))


class TestWithoutProofOfOrigin:
    def test_the_preview_comes_first_and_is_posted_by_its_token(self, plain_page):
        sign_in_first(plain_page)
        plain_page.route("**/comment/", without_proof)
        write(plain_page)
        plain_page.get_by_role("button", name="Post comment").click()
        expect_preview(plain_page)
        plain_page.get_by_role("button", name="Post comment").click()
        expect_comment(plain_page)

"""A reader finds an article, follows its links, and needs no mouse."""

import io
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from comments.models import Comment
from comments.querysets import NOBODY
from tests.browser.steps import MAIN, make_reader, sign_in
from tests.factories import make_article, make_comment, make_user, revise

MAIN_TITLE = "AI Safety and Alignment in 2026: Where the Research Stands"
LINKED_TITLE = "AI Regulation in 2026: What New Laws Mean for Your Business"


def title(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until `target` has the focus; fails when it does not get it in 60 steps."""
    for _step in range(60):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail("Tab does not get there.")


class TestReading:
    def test_leads_from_the_list_by_category_and_link_to_another_article_and_back(self, demo, open_page):
        page = open_page()
        page.goto("/")
        page.get_by_role("link", name=MAIN_TITLE).click()
        expect(title(page)).to_have_text(MAIN_TITLE)
        page.get_by_role("main").get_by_role("link", name="AI News").click()
        expect(title(page)).to_have_text("AI News")
        page.get_by_role("link", name=MAIN_TITLE).click()
        page.locator("#article_text").get_by_role("link", name=LINKED_TITLE).click()
        expect(title(page)).to_have_text(LINKED_TITLE)
        page.locator("aside", has_text="Linked from").get_by_role("link", name=MAIN_TITLE).click()
        expect(page).to_have_url(MAIN)

    def test_shows_a_past_revision_as_it_was_and_leads_to_the_present_one(self, demo, open_page):
        page = open_page()
        page.goto(f"{MAIN}revisions/1/")
        expect(page.get_by_text("This is revision 1")).to_be_visible()
        expect(page.get_by_text("entered into force in August 2023")).to_be_visible()
        expect(page.get_by_role("link", name="Comment on this passage")).to_have_count(0)
        page.get_by_role("link", name="Read the article as it is now").click()
        expect(page.get_by_text("entered into force in August 2024")).to_be_visible()

    def test_shows_an_article_that_is_linked_to_and_not_there_as_not_published_yet(self, transactional_db, open_page):
        make_article("birds", "They sing, see [How Bees Dance](/articles/how-bees-dance/).", title="Birds")
        page = open_page()
        page.goto("/articles/birds/")
        page.get_by_role("link", name="How Bees Dance").click()
        expect(title(page)).to_have_text("How Bees Dance")
        expect(page.get_by_text("Not published yet")).to_be_visible()
        page.get_by_role("main").get_by_role("link", name="Birds").click()
        expect(title(page)).to_have_text("Birds")

    def test_keeps_a_long_word_of_a_title_or_a_name_within_the_page(self, transactional_db, open_page):
        article = make_article("birds", "They sing.", title="Donaudampfschifffahrt" * 5)
        comment = make_comment(article, make_user("W" * 40))
        page = open_page(viewport={"width": 360, "height": 800})
        page.goto(f"/comments/{comment.key}/")
        expect(title(page)).to_be_visible()
        assert page.evaluate("() => document.documentElement.scrollWidth") == 360

    def test_draws_lists_and_quotations_on_the_side_where_their_words_begin(self, transactional_db, open_page):
        article = make_article("birds", "- طائر\n\n> اقتباس", title="الطيور")
        make_comment(article, make_user(), "- تعليق")
        page = open_page()
        page.goto("/articles/birds/")
        parts = [".article-head", ".text ul", ".text blockquote", ".words ul"]
        ask = "(parts) => parts.map((part) => getComputedStyle(document.querySelector(part)).direction)"
        assert page.evaluate(ask, parts) == ["rtl"] * 4

    def test_breaks_no_line_within_the_link_to_then_and_now(self, transactional_db, open_page):
        article = make_article(source="Small birds sing at dawn because the air is still.")
        make_comment(article, make_user(), quote="sing at dawn because the air is still")
        revise(article, "Small birds sing at dusk because the air is still.")
        page = open_page(viewport={"width": 360, "height": 700})
        page.goto(f"/articles/{article.slug}/")
        link = page.locator(".comment").get_by_role("link", name="Then and now")
        expect(link).to_be_visible()
        assert link.evaluate("(link) => link.getClientRects().length") == 1
        assert link.evaluate("(link) => link.offsetLeft < link.closest('.comment').offsetWidth / 2")

    def test_draws_the_page_of_an_address_where_nothing_is(self, transactional_db, open_page, complaints):
        page = open_page()
        assert page.goto("/nowhere/").status == 404
        expect(title(page)).to_have_text("There is no page here")
        expect(page.get_by_role("main").locator("svg")).to_be_visible()
        page.get_by_role("main").get_by_role("link", name="All articles").click()
        expect(title(page)).to_have_text("Articles")
        assert complaints.pop().endswith("404 (Not Found)")


class TestKeyboard:
    def test_goes_past_the_header_by_the_first_link(self, demo, open_page):
        page = open_page()
        page.goto(MAIN)
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="Skip to the text")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.get_by_role("main")).to_be_focused()

    def test_gets_to_the_sign_beside_a_block_and_follows_it(self, demo, open_page):
        page = open_page()
        page.goto(f"{MAIN}#main")
        lead = page.locator("#article_text p").first
        sign = lead.get_by_role("link", name="Comment on this passage")
        tab_to(page, sign)
        expect(sign).to_have_css("opacity", "1")
        page.keyboard.press("Enter")
        expect(page.locator("mark")).to_contain_text(
            "mostly wrote for one another. In 2026 the worry has a budget line."
        )


class TestDiscussion:
    def test_is_sorted_continued_and_folded_without_leaving_the_page(self, crowded_demo, open_page):
        page = open_page()
        page.goto(MAIN)
        comments = page.locator(".talk article.comment")
        expect(comments).to_have_count(50)
        page.get_by_role("link", name="More comments").click()
        expect(comments).to_have_count(100)
        expect(comments.nth(50)).to_be_focused()
        page.get_by_role("link", name="Newest first").click()
        expect(page.get_by_role("link", name="Newest first")).to_have_attribute("aria-current", "true")
        expect(page.get_by_role("link", name="Newest first")).to_be_focused()
        assert page.url.endswith("?sort=newest#all_comments")
        folded = page.locator("details.replies").first
        folded.locator("summary").click()
        expect(folded.locator("article.comment").first).to_be_hidden()

    def test_has_each_comment_once(self, demo, open_page):
        make_reader("Nora Blum", "nora@example.org")
        slug = "ai-safety-and-alignment-in-2026"
        call_command("seed_discussion", article=slug, comments=60, yes=True, stdout=io.StringIO())
        page = open_page()
        page.goto("/accounts/login/")
        sign_in(page, "nora@example.org")
        page.wait_for_url("**/me/")
        page.goto(MAIN)
        page.get_by_label("Your comment").fill("Last of all.")
        page.get_by_role("button", name="Post comment").click()
        expect(page.locator(".talk article.comment", has_text="Last of all.")).to_have_count(1)
        page.evaluate("() => { const more = document.querySelector('[data-more]'); more.click(); more.click(); }")
        expect(page.get_by_role("link", name="More comments")).to_have_count(0)
        page.wait_for_load_state("networkidle")
        ids = page.locator(".talk article.comment").evaluate_all("(all) => all.map((one) => one.id)")
        assert len(ids) == len(set(ids)) > 60
        # A reply is counted there too, where the page by itself does not reach.
        thread = page.locator("[data-part] ~ .thread", has=page.locator("summary", has_text="1 reply")).last
        key = thread.locator("article.comment").first.get_attribute("id")
        thread.get_by_role("link", name="Reply").first.click()
        page.locator("#panel textarea").fill("One more.")
        page.locator("#panel").get_by_role("button", name="Post comment").click()
        expect(page.locator(f".thread:has(> #{key}) summary")).to_have_text("2 replies")

    def test_has_a_new_comment_where_its_order_has_it(self, transactional_db, open_page):
        make_reader("Nora Blum", "nora@example.org")
        article = make_article(title="Birds", source="They sing.")
        page = open_page()
        page.goto("/accounts/login/")
        sign_in(page, "nora@example.org")
        page.wait_for_url("**/me/")
        comments = page.locator(".talk article.comment")

        def write(words: str, query: str = "") -> None:
            page.goto(f"/articles/{article.slug}/{query}")
            page.get_by_label("Your comment").fill(words)
            page.get_by_role("button", name="Post comment").click()
            expect(comments.filter(has_text=words)).to_have_count(1)

        told = page.locator(".article-head .facts a")
        write("The first.")
        expect(page.locator(".talk .thread + .leave")).to_be_visible()
        expect(told).to_have_text("1 comment")
        expect(page.locator("#all_comments_title")).to_have_text("Comments 1")
        write("The second.")
        expect(comments.last).to_contain_text("The second.")
        expect(told).to_have_text("2 comments")
        write("The third.", "?sort=newest")
        expect(comments.first).to_contain_text("The third.")
        page.reload()
        expect(comments.first).to_contain_text("The third.")
        comments.first.get_by_role("link", name="Edit or withdraw").click()
        expect(page.locator("article.comment").get_by_role("link", name="Withdraw")).to_be_visible()
        page.go_back()
        # On paper nothing can be pressed.
        page.emulate_media(media="print")
        expect(comments.first).to_be_visible()
        expect(page.locator(".talk a, .talk button").filter(visible=True)).to_have_count(3)  # the dates

    def test_shows_what_was_posted_below_the_text_there_whatever_stands_beside_it(self, demo, open_page, settings):
        make_reader("Nora Blum", "nora@example.org")
        page = open_page()
        page.goto("/accounts/login/")
        sign_in(page, "nora@example.org")
        page.wait_for_url("**/me/")
        page.goto(MAIN)
        page.locator("#article_text p").first.get_by_role("link").press("Enter")
        beside = page.locator("#panel textarea")
        beside.fill("On the paragraph.")
        below = page.locator("#leave_a_comment")
        below.get_by_label("Your comment").fill("On all of it.")
        below.get_by_role("button", name="Post comment").click()
        expect(page.locator(".talk article.comment:focus .words")).to_have_text("On all of it.")
        expect(below.get_by_label("Your comment")).to_have_value("")
        # What a moderator reads first stands among no others.
        settings.COMMENT_CHECKS = ["tests.factories.hold"]
        below.get_by_label("Your comment").fill("And once more.")
        below.get_by_role("button", name="Post comment").click()
        expect(below.locator("article.comment:focus")).to_contain_text("Held for review.")
        expect(beside).to_have_value("On the paragraph.")

    def test_a_comment_further_down_is_shown_by_its_address(self, crowded_demo, open_page):
        last = Comment.objects.in_threads(NOBODY).filter(public_revision__isnull=False).latest("root_id", "path")
        page = open_page()
        page.goto(f"{MAIN}#comment-{last.key}")
        expect(page.locator("#panel article.comment .who b")).to_have_text(last.writer_name)

    def test_says_how_long_ago_the_newest_were_written(self, transactional_db, open_page):
        article = make_article("larks", "Larks rise early.")
        comments = [make_comment(article, make_user(), words) for words in ("So do I.", "I do not.")]
        Comment.objects.update(created_at=timezone.now() - timedelta(hours=3, minutes=59, seconds=30))
        page = open_page()
        page.clock.install()
        page.goto("/articles/larks/")
        when = page.locator(f"#comment-{comments[0].key} a.when")
        expect(when).to_have_text("3 hours ago")
        expect(when).to_have_accessible_description(re.compile(r"\w+ \d+, \d{4} at \d+:\d\d"))
        page.clock.fast_forward("01:00")
        expect(when).to_have_text("4 hours ago")
        # What comes later, too.
        page.get_by_role("link", name="Newest first").click()
        expect(page.get_by_role("link", name="Newest first")).to_be_focused()
        expect(when).to_have_text("4 hours ago")

    def test_is_sorted_and_continued_by_links_alone(self, crowded_demo, open_page):
        page = open_page(java_script_enabled=False)
        page.goto(MAIN)
        page.get_by_role("link", name="In the order of the text").click()
        page.get_by_role("link", name="More comments").click()
        expect(page.locator(".talk article.comment")).to_have_count(50)
        assert "sort=place" in page.url and "after=" in page.url

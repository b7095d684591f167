"""A passage that was lost is put in its place again, chosen in the text."""

import re

from playwright.sync_api import expect

from articles.models import Article
from comments.anchoring import Status
from comments.models import Anchor
from tests.browser.steps import AWKWARD, EMAIL, act, choose, make_reader, sign_in
from tests.factories import make_comment, revise


def make_lost():
    article = Article.objects.select_related("current_revision").get(slug="how-long-is-a-line")
    comment = make_comment(article, make_reader("Nora Blum", EMAIL), "Which ones?", quote="Ask three programs")
    revise(article, article.draft_source.replace("Ask three programs", "Inquire of some of the tools"))
    Anchor.objects.filter(comment=comment).update(now_status=Status.ORPHANED, now_start=None, now_end=None)
    return comment


def open_signed_in(open_page, comment, **options):
    page = open_page(**options)
    page.goto("/accounts/login/")
    sign_in(page, EMAIL)
    page.goto(f"/comments/{comment.key}/passage/")
    return page


def test_is_chosen_in_the_text_and_confirmed(demo, open_page):
    comment = make_lost()
    page = open_signed_in(open_page, comment)
    page.get_by_role("link", name="Choose it in the text").click()
    expect(page.get_by_label("Beside the text")).to_contain_text("Choose the words in the text")
    # With what is looked for, and where that was.
    expect(page.get_by_label("Beside the text").locator("mark")).to_have_text("Ask three programs")
    expect(page.locator(".orphans", has_text="Ask three programs")).to_be_in_viewport()
    choose(page, "Inquire of some of the tools")
    buttons = page.locator("#passage_bar").get_by_role("button")
    expect(buttons).to_have_text(["The comment is on this"])
    expect(page.get_by_label("Beside the text")).to_be_hidden()
    act(page, "The comment is on this")
    expect(page.locator("blockquote mark").last).to_have_text("Inquire of some of the tools")
    # One button, for what was chosen.
    page.get_by_role("button", name="It is here").click()
    page.wait_for_url(f"**{AWKWARD}#comment-{comment.key}")
    anchor = Anchor.objects.get(comment=comment)
    assert (anchor.now_status, anchor.method) == (Status.CHANGED, "by hand")
    # What is chosen from now on is for a new comment again.
    choose(page, "Inquire of some of the tools")
    expect(page.locator("#passage_bar").get_by_role("button", name="Comment")).to_be_visible()


def test_a_block_is_chosen_by_its_sign_with_the_keyboard_alone(demo, open_page):
    comment = make_lost()
    page = open_signed_in(open_page, comment)
    page.get_by_role("link", name="Choose it in the text").press("Enter")
    expect(page.get_by_label("Beside the text")).to_contain_text("the sign beside a block chooses all of it")
    page.locator("#article_text p", has_text="Spaces hide differences too").locator("a.on-block").press("Enter")
    page.wait_for_url(f"**/comments/{comment.key}/passage/?*")
    mark = page.locator("blockquote mark").last
    expect(mark).to_have_text(re.compile("^Spaces hide differences too.*not equal to one.$"))
    page.get_by_role("button", name="It is here").press("Enter")
    page.wait_for_url(f"**{AWKWARD}#comment-{comment.key}")
    assert Anchor.objects.get(comment=comment).method == "by hand"


def test_is_offered_to_nobody_who_may_not(demo, open_page):
    comment = make_lost()
    page = open_page()
    with page.expect_response(f"**/comments/{comment.key}/passage/"):
        page.goto(f"{AWKWARD}#attach-{comment.key}")
    page.wait_for_load_state("networkidle")
    expect(page.get_by_label("Beside the text")).to_be_hidden()
    choose(page, "Inquire of some of the tools")
    expect(page.locator("#passage_bar").get_by_role("button", name="Comment")).to_be_visible()
    expect(page.locator("#passage_bar").get_by_role("button", name="The comment is on this")).to_be_hidden()


def test_is_named_by_its_words_without_scripts(demo, open_page):
    comment = make_lost()
    page = open_signed_in(open_page, comment, java_script_enabled=False)
    expect(page.get_by_text("Choose it in the text")).to_be_hidden()
    page.get_by_label("The words that the comment is on now").fill("Inquire of some of the tools")
    page.get_by_role("button", name="It is here").click()
    page.wait_for_url(f"**{AWKWARD}#comment-{comment.key}")
    assert Anchor.objects.get(comment=comment).now_status == Status.CHANGED

"""What stands on a passage is listed beside the text, also what the page itself does not name."""

import pytest
from playwright.sync_api import expect

from articles.models import Article
from pages.beside import COMMENTS_PER_PAGE
from tests.browser.steps import (
    AWKWARD,
    EMAIL,
    MAIN,
    PASSAGE,
    make_reader,
    open_article,
    open_form,
    open_signed_in,
    post,
    sign_in,
)
from tests.browser.test_highlights import MIDDLE
from tests.factories import make_article, make_comment, make_user


def test_all_comments_on_a_passage_can_be_read(demo, open_page):
    article = Article.objects.select_related("current_revision").get(slug="how-long-is-a-line")
    quote = "Ask three programs"
    for number in range(COMMENTS_PER_PAGE + 3):
        make_comment(article, make_user(f"Reader {number}"), f"Word {number}.", quote=quote)
    page = open_page()
    page.goto(AWKWARD)
    page.wait_for_function("() => CSS.highlights.has('depth-3')")
    # So many on one passage make it as dark as it gets.
    point = page.evaluate(MIDDLE.replace("depth-1", "depth-3"))
    page.mouse.click(point["x"], point["y"])
    panel = page.get_by_label("Beside the text")
    view = panel.locator(".passage-view").filter(has_text=quote)
    # The reader begins at the top, however much there is.
    expect(view.locator("blockquote").first).to_be_in_viewport()
    expect(panel).to_be_focused()
    view.get_by_role("link", name="More comments").click()
    expect(panel.get_by_role("heading", name="On this passage")).to_be_visible()
    expect(panel.get_by_text(f"Word {COMMENTS_PER_PAGE + 2}.")).to_be_visible()
    expect(panel.locator("article.comment")).to_have_count(3)


def test_comments_further_down_than_the_page_reaches_are_fetched(demo, open_page):
    article = Article.objects.select_related("current_revision").get(slug="how-long-is-a-line")
    for number in range(COMMENTS_PER_PAGE):
        make_comment(article, make_user(), f"Word {number}.")
    for number in range(3):
        make_comment(article, make_user(), f"On it {number}.", quote="Ask three programs")
    page = open_page()
    page.goto(AWKWARD)
    page.wait_for_function("() => CSS.highlights.has('depth-3')")
    point = page.evaluate(MIDDLE)
    page.mouse.click(point["x"], point["y"])
    view = page.get_by_label("Beside the text").locator(".passage-view")
    for number in range(3):
        expect(view.get_by_text(f"On it {number}.")).to_be_visible()
    expect(view.locator("article.comment[id]")).to_have_count(0)


def test_a_comment_stands_level_with_its_passage_with_what_was_answered(transactional_db, open_page):
    article = make_article("larks", "Larks rise early.\n\n" * 9 + "A male sings for minutes.")
    comment = make_comment(article, make_user("Ada"), "So I heard.", quote="sings for minutes")
    make_comment(article, make_user("Ben"), "From a hedge.", parent=comment)
    page = open_page(viewport={"width": 1360, "height": 900})
    page.goto("/articles/larks/")
    page.wait_for_function("() => CSS.highlights.has('depth-3')")
    point = page.evaluate(MIDDLE)
    page.mouse.click(point["x"], point["y"])
    panel = page.locator("#panel")
    panel.get_by_text("1 reply").click()
    expect(panel.get_by_text("From a hedge.")).to_be_visible()
    assert abs(panel.bounding_box()["y"] - point["y"]) < 30
    # However high that is, the header is free.
    page.locator("#article_text p").first.get_by_role("link").press("Enter")
    expect(panel.locator("textarea")).to_be_focused()
    page.get_by_role("link", name="Articles", exact=True).click(trial=True)
    # On a screen of middle width it covers no word of the text.
    page.set_viewport_size({"width": 1100, "height": 800})
    text, beside = page.locator("#article_text").bounding_box(), panel.bounding_box()
    assert beside["x"] + beside["width"] < text["x"]


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_long_passage_leaves_the_form_in_sight_and_is_opened_by_keyboard(transactional_db, open_page, has_scripts):
    make_article("larks", "Larks rise early, and sing over the fields. " * 30)
    page = open_page(java_script_enabled=has_scripts, viewport={"width": 390, "height": 800})
    page.goto("/articles/larks/")
    if has_scripts:
        page.wait_for_selector("#article_text[data-is-stale]")
    page.locator("#article_text a.on-block").press("Enter")
    form = page.locator("#panel" if has_scripts else "main")
    expect(form.locator("textarea")).to_be_in_viewport(ratio=1)
    passage, whole = form.locator("blockquote"), form.get_by_text("The whole passage")
    expect(passage).to_be_in_viewport()
    expect(whole).to_be_in_viewport(ratio=1)
    folded = passage.bounding_box()["height"]
    whole.press("Enter")
    assert passage.bounding_box()["height"] > 4 * folded
    whole.press("Enter")
    assert passage.bounding_box()["height"] == folded


BOTTOM = "(name) => [...CSS.highlights.get(name)][0].getBoundingClientRect().bottom"


class TestSign:
    """Where something was said in a block, the sign beside it leads there first, and to the form from there."""

    def test_leads_the_keyboard_to_what_was_said_and_on_to_the_form(self, nora, open_page):
        page = open_page()
        open_signed_in(page)
        block = page.locator("#article_text p", has_text=PASSAGE)
        sign = block.get_by_role("link")
        expect(sign).to_have_accessible_name("Comment on this passage")
        open_form(page, PASSAGE)
        post(page, "Which ones?")
        expect(page.locator("#panel article.comment .words")).to_have_text("Which ones?")
        page.keyboard.press("Escape")
        for _before_and_after in range(2):
            expect(sign).to_have_accessible_name("Comments on this passage")
            sign.focus()
            page.keyboard.press("Enter")
            expect(page.locator("#panel article.comment .words")).to_have_text("Which ones?")
            page.keyboard.press("Escape")
            expect(sign).to_be_focused()
            page.reload()
            page.wait_for_selector("#article_text[data-is-stale]")
        sign.press("Enter")
        page.locator("#panel").get_by_role("link", name="Comment on the whole paragraph").press("Enter")
        expect(page.locator("#panel textarea")).to_be_focused()
        expect(page.locator("#panel mark")).to_contain_text(PASSAGE)

    def test_asks_once_for_what_was_said_on_many_passages(self, transactional_db, open_page):
        words = [f"word{number}" for number in range(8)]
        article = make_article("larks", " ".join(words))
        for number in range(COMMENTS_PER_PAGE):
            make_comment(article, make_user(), f"Before {number}.")
        for word in words:
            make_comment(article, make_user(), f"On {word}.", quote=word)
        page = open_page()
        open_article(page, "/articles/larks/")
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.locator("#article_text a.on-block").press("Enter")
        panel = page.locator("#panel")
        expect(panel.locator("article.comment")).to_have_count(8)
        expect(panel.get_by_role("link", name="Comment on this passage")).to_be_visible()
        assert len(asked) == 1

    @pytest.mark.parametrize("has_scripts", [True, False])
    def test_leads_the_writer_of_a_private_note_to_it_and_nobody_else(self, nora, open_page, has_scripts):
        words = [f"word{number}" for number in range(6)]
        article = make_article("larks", " ".join([*words, "and a last one"]))
        for word in words:
            make_comment(article, make_user(), f"On {word}.", quote=word)
        private = {"kind": "note", "visibility": "private"}
        make_comment(article, nora, "Look this up.", quote="word3", **private)
        make_comment(article, nora, "And this.", quote="a last one", **private)
        make_reader("Ada", "ada@example.org")
        for email, notes in ((EMAIL, ["Look this up.", "And this."]), ("ada@example.org", [])):
            page = open_page(java_script_enabled=has_scripts)
            page.goto("/accounts/login/")
            sign_in(page, email)
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            if has_scripts:
                open_article(page, "/articles/larks/")
            else:
                page.goto("/articles/larks/")
            page.locator("#article_text a.on-block").press("Enter")
            said = page.locator("#panel" if has_scripts else "main")
            expect(said.get_by_text("On word5.")).to_be_visible()
            if has_scripts:
                expect(said.locator(".notice.private + blockquote + .words")).to_have_text(notes)
            else:
                assert "Look this up." not in page.content()
                said.get_by_role("link", name="Your own notes on this article").click()
                expect(page.locator("article.comment .words")).to_have_text(notes[::-1])

    def test_brings_the_passage_in_sight_that_is_further_down(self, transactional_db, open_page):
        article = make_article("larks", "Larks rise early, and sing. " * 60 + "A male sings for minutes.")
        make_comment(article, make_user("Ada"), "So I heard.", quote="sings for minutes")
        page = open_page(viewport={"width": 1360, "height": 600})
        open_article(page, "/articles/larks/")
        assert page.evaluate(BOTTOM, "depth-1") > 600
        page.locator("#article_text a.on-block").press("Enter")
        expect(page.locator("#panel")).to_contain_text("So I heard.")
        panel = page.locator("#panel").bounding_box()
        assert panel["y"] < page.evaluate(BOTTOM, "chosen") < 600
        assert panel["y"] + panel["height"] < 600

    def test_leads_there_without_scripts(self, demo, open_page):
        page = open_page(java_script_enabled=False)
        page.goto(MAIN)
        block = page.locator("#article_text li", has_text="In Britain, the AI")
        block.get_by_role("link", name="Comments on this passage").click()
        expect(page.locator("article.comment .words")).to_contain_text(["The new name is short on"])
        page.get_by_role("link", name="Comment on this passage").click()
        expect(page.locator("mark")).to_contain_text("In Britain, the AI Safety Institute became")

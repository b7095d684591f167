"""Passages chosen in the text: commented on, marked, kept in mind, linked to."""

import re

import pytest
from playwright.sync_api import Page, expect

from articles import services as articles
from articles.models import Article
from comments.models import Comment
from comments.services import voting
from tests.browser.steps import (
    AWKWARD,
    EMAIL,
    MAIN,
    PASSAGE,
    SELECT,
    act,
    choose,
    leave,
    open_article,
    open_form,
    open_signed_in,
    post,
    publish_another,
    sign_in,
    slug_of,
)
from tests.browser.test_highlights import MIDDLE
from tests.factories import make_comment, make_user

MINE = "() => [...(CSS.highlights.get('mine') ?? [])].map((range) => range.toString())"


@pytest.fixture
def demo(crowded_demo):
    """Crowded for whatever asks for the demo, such as `nora`."""


def expect_mine(page: Page, *passages: str) -> None:
    page.wait_for_function(f"(wanted) => JSON.stringify(({MINE})().sort()) === wanted", arg=_json(passages))


def _json(passages) -> str:
    return "[" + ",".join(f'"{one}"' for one in sorted(passages)) + "]"


def drag(page: Page, words: str) -> None:
    """Choose words as a mouse does."""
    page.evaluate(SELECT, [words, words])
    box = page.evaluate("() => document.getSelection().getRangeAt(0).getBoundingClientRect().toJSON()")
    page.evaluate("() => document.getSelection().removeAllRanges()")
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 1, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 1, middle, steps=4)
    page.mouse.up()


class TestBar:
    def test_a_passage_chosen_by_mouse_is_commented_on_and_stands_beside_the_text(self, nora, open_page):
        page = open_page(viewport={"width": 1360, "height": 900})
        open_signed_in(page)
        drag(page, PASSAGE)
        act(page, "Comment")
        expect(page.locator("#panel mark")).to_have_text(PASSAGE)
        post(page, "Which ones?")
        expect(page.locator("#panel article.comment .words")).to_have_text("Which ones?")
        assert Comment.objects.get(author=nora).anchor.exact == PASSAGE
        expect_mine(page, PASSAGE)
        expect(page.locator(".talk article.comment", has_text="Which ones?")).to_have_count(1)
        # Where the panel was.
        page.keyboard.press("Escape")
        expect(page.locator("#margin .card", has_text="Which ones?")).to_be_visible()
        page.reload()
        expect_mine(page, PASSAGE)
        # A thousand others were there before: it is not on the first page, and stands beside the text all the same.
        page.locator("#margin .card", has_text="Which ones?").click()
        expect(page.locator("#panel article.comment .words", has_text="Which ones?")).to_be_visible()
        page.keyboard.press("Escape")
        point = page.evaluate(MIDDLE.replace("depth-1", "mine"))
        page.mouse.click(point["x"], point["y"])
        expect(page.locator("#panel article.comment .words", has_text="Which ones?")).to_be_visible()

    def test_all_of_it_works_by_keyboard_and_leads_back(self, nora, open_page):
        page = open_page()
        open_signed_in(page)
        choose(page, PASSAGE)
        expect(page.locator('[data-word="chosen"]')).to_be_attached()
        # Out of the bar, to the control of the block, not to the top of the page.
        sign = page.locator("#article_text p", has_text=PASSAGE).locator("a.on-block")
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        expect(page.locator("#passage_bar")).to_be_hidden()
        expect(sign).to_be_focused()
        page.locator("#main").focus()
        choose(page, PASSAGE)
        page.keyboard.press("Enter")
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("button", name="Highlight", exact=True)).to_be_focused()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        expect(page.locator("#panel textarea")).to_be_focused()
        expect(page.locator("#panel").get_by_role("radio", name="Note")).to_be_checked()
        page.keyboard.type("For later.")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("#panel article.comment")).to_contain_text("Private: only you see this.")
        note = Comment.objects.get(author=nora)
        assert (note.kind, note.visibility, note.anchor.exact) == ("note", "private", PASSAGE)
        page.keyboard.press("Escape")
        expect(page.locator("#panel")).to_be_hidden()
        expect(sign).to_be_focused()

    def test_a_passage_stays_lit_and_in_sight_above_the_sheet(self, demo, open_page):
        page = open_page(viewport={"width": 360, "height": 740})
        open_article(page)
        open_form(page, PASSAGE)
        lit, below, sheet = page.evaluate("""() => {
            const [range] = CSS.highlights.get('chosen');
            const sheet = document.querySelector('#panel').getBoundingClientRect();
            return [range.toString(), range.getBoundingClientRect().bottom, sheet.top];
        }""")
        assert lit == PASSAGE
        assert 0 < below <= sheet

    def test_a_panel_closed_while_it_loads_stays_closed(self, nora, open_page):
        page = open_page()
        open_signed_in(page)
        asked = []
        page.route("**/comment/?**", lambda route: asked.append(route))
        choose(page, PASSAGE)
        act(page, "Comment")
        expect(page.locator("#panel")).to_contain_text("One moment")
        page.keyboard.press("Escape")
        with page.expect_response("**/comment/?**"):
            asked[0].continue_()
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
        expect(page.locator("#panel")).to_be_hidden()

    def test_a_highlight_is_one_press_and_painted_at_once(self, nora, open_page):
        page = open_page(viewport={"width": 390, "height": 800}, has_touch=True)
        open_signed_in(page)
        # From inside one list item to inside the next one.
        choose(page, "in ways nobody intended", "a thin slice of the world")
        act(page, "Highlight")
        page.wait_for_function(f"() => ({MINE})().length === 1")
        highlight = Comment.objects.get(author=nora, kind="highlight")
        expect(page.locator("#panel article.comment")).to_be_visible()
        # It is among no others, as after a reload.
        expect(page.locator(f"#comment-{highlight.key}")).to_have_count(0)
        exact = highlight.anchor.exact
        assert exact.startswith("in ways nobody intended") and exact.endswith("a thin slice of the world")

    def test_what_is_selected_when_a_button_is_pressed_counts(self, nora, open_page):
        page = open_page()
        open_signed_in(page)
        choose(page, PASSAGE)
        # Before the bar has seen that other words are selected.
        press = "document.querySelector('#passage_bar [data-act=comment]').click()"
        page.evaluate(f"(words) => {{ ({SELECT})(words); {press}; }}", ["reviewer can", "reviewer can"])
        expect(page.locator("#panel mark")).to_have_text("reviewer can")
        leave(page)
        choose(page, PASSAGE)
        page.evaluate(f"(words) => {{ ({SELECT})(words); {press}; }}", ["This article is a map", "Four difficulties"])
        expect(page.locator("#passage_bar")).to_contain_text("Choose within one section.")
        expect(page.locator("#panel")).to_be_hidden()

    def test_no_character_is_cut(self, nora, open_page):
        page = open_page()
        open_signed_in(page, AWKWARD)
        # Ends inside the hand's skin tone.
        choose(page, "👍")
        act(page, "Highlight")
        page.wait_for_function(f"() => ({MINE})().length === 1")
        assert Comment.objects.get(author=nora).anchor.exact == "👍🏽"

    def test_a_drag_past_the_end_of_the_text_chooses_up_to_there(self, nora, open_page):
        page = open_page()
        open_signed_in(page)
        last = page.locator("#article_text p").last
        last.scroll_into_view_if_needed()
        box = last.bounding_box()
        page.mouse.move(box["x"] + 2, box["y"] + 10)
        page.mouse.down()
        page.mouse.move(box["x"] + 40, box["y"] + box["height"] + 20, steps=4)
        page.mouse.up()
        act(page, "Comment")
        expect(page.locator("#panel mark")).to_have_text(last.inner_text())

    def test_a_passage_of_two_sections_is_refused_in_words(self, demo, open_page):
        page = open_page()
        open_article(page)
        choose(page, "This article is a map", "Four difficulties")
        expect(page.locator("#passage_bar")).to_contain_text("Choose within one section.")
        expect(page.locator("#passage_bar").get_by_role("button")).to_have_count(0)

    def test_a_link_leads_back_to_the_passage(self, demo, open_context, live_server):
        context = open_context(base_url=live_server.url, permissions=["clipboard-read", "clipboard-write"])
        page = context.new_page()
        open_article(page)
        choose(page, PASSAGE)
        act(page, "Copy link")
        expect(page.locator("#passage_bar")).to_contain_text("Copied.")
        copied = page.evaluate("() => navigator.clipboard.readText()")
        assert re.fullmatch(r"http://\S+/#:~:text=\S+-,governments%20test%20some%20models,-\S+", copied)
        expect_to_scroll(context, copied)
        # Begins and ends within words.
        choose(page, "overnments test some mod")
        act(page, "Copy link")
        page.wait_for_function("(last) => navigator.clipboard.readText().then((text) => text !== last)", arg=copied)
        expect_to_scroll(context, page.evaluate("() => navigator.clipboard.readText()"))

    def test_a_link_that_cannot_be_copied_is_there_to_copy(self, demo, open_page):
        page = open_page()
        page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
        open_article(page)
        choose(page, PASSAGE)
        act(page, "Copy link")
        expect(page.get_by_label("Address of the passage")).to_be_focused()
        expect(page.get_by_label("Address of the passage")).to_have_value(re.compile("#:~:text="))


def expect_to_scroll(context, url: str) -> None:
    """A window that opens the address shows the passage."""
    page = context.new_page()
    page.goto(url)
    page.wait_for_function("() => scrollY > 0")
    expect(page.locator("#article_text p", has_text=PASSAGE)).to_be_in_viewport()
    page.close()


class TestPosting:
    def test_a_guest_says_who_they_are_without_leaving_the_text(self, demo, open_page):
        page = open_page()
        open_article(page)
        choose(page, PASSAGE)
        act(page, "Comment")
        post(page, "As a guest.")
        expect(page.locator("#panel").get_by_label("Name")).to_be_focused()
        page.locator("#panel").get_by_label("Name").fill("Gus")
        page.locator("#panel").get_by_label("E-mail").fill("gus@example.org")
        page.locator("#panel").get_by_role("button", name="Post comment").click()
        expect(page.locator("#panel")).to_contain_text("Look into your mail")
        expect_mine(page, PASSAGE)
        assert Comment.objects.get(guest_name="Gus").anchor.exact == PASSAGE
        page.reload()
        expect_mine(page, PASSAGE)

    def test_pressing_twice_makes_one_comment(self, nora, open_page):
        page = open_page()
        open_signed_in(page)
        choose(page, PASSAGE)
        act(page, "Comment")
        page.locator("#panel textarea").fill("Once.")
        asked = []
        page.route("**/comment/", lambda route: asked.append(route))
        page.locator("#panel").get_by_role("button", name="Post comment").dblclick()
        # What was typed now would be lost with what is sent.
        expect(page.locator("#panel textarea")).not_to_be_editable()
        [sent] = asked
        sent.continue_()
        expect(page.locator("#panel article.comment")).to_be_visible()
        assert Comment.objects.filter(author=nora).count() == 1

    def test_what_cannot_be_sent_stays(self, nora, open_page, complaints):
        page = open_page()
        open_signed_in(page)
        open_form(page, PASSAGE)
        page.route("**/comment/", lambda route: route.abort())
        post(page, "Do not lose this.")
        expect(page.locator("#panel")).to_contain_text("the site does not answer")
        expect(page.locator("#panel textarea")).to_have_value("Do not lose this.")
        page.unroute("**/comment/")
        page.locator("#panel").get_by_role("button", name="Post comment").click()
        expect(page.locator("#panel article.comment")).to_be_visible()
        assert [line for line in complaints if "ERR_FAILED" not in line] == []
        complaints.clear()

    def test_what_a_broken_server_answers_takes_no_words_away(self, nora, open_page, complaints):
        page = open_page()
        open_signed_in(page)
        open_form(page, PASSAGE)
        page.route("**/comment/", lambda route: route.fulfill(status=502, body="Bad gateway"))
        post(page, "Do not lose this.")
        expect(page.locator("#panel")).to_contain_text("the site does not answer")
        expect(page.locator("#panel textarea")).to_have_value("Do not lose this.")
        page.unroute("**/comment/")
        page.locator("#panel").get_by_role("button", name="Post comment").click()
        expect(page.locator("#panel article.comment")).to_be_visible()
        assert [line for line in complaints if "502" not in line] == []
        complaints.clear()

    def test_words_stay_when_there_is_no_place_for_them_any_more(self, nora, open_page, complaints):
        page = open_page()
        open_signed_in(page)
        open_form(page, PASSAGE)
        article = Article.objects.get(slug="ai-safety-and-alignment-in-2026")
        articles.unpublish(article, by=None)
        with page.expect_console_message(lambda said: "410" in said.text):
            post(page, "Do not lose this.")
        expect(page.locator("#panel").get_by_role("alert")).to_contain_text("This was removed")
        expect(page.locator("#panel textarea")).to_have_value("Do not lose this.")
        # The form is answered each time anew.
        with page.expect_console_message(lambda said: "410" in said.text):
            page.locator("#panel").get_by_role("button", name="Post comment").click()
        expect(page.locator("#panel textarea")).to_have_value("Do not lose this.")
        expect(page.locator("#panel .lost")).to_have_count(1)
        assert [line for line in complaints if "410" not in line] == []
        complaints.clear()

    def test_an_edit_stays_when_its_writer_was_signed_out(self, nora, open_page, complaints):
        page = open_page()
        open_signed_in(page)
        choose(page, PASSAGE)
        act(page, "Note")
        post(page, "For me alone.")
        page.locator("#panel").get_by_role("link", name="Edit").click()
        page.get_by_label("Your comment").fill("Do not lose this.")
        page.context.clear_cookies()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")
        expect(page.get_by_label("Your comment")).to_have_value("Do not lose this.")
        with page.expect_popup() as opened:
            page.get_by_role("main").get_by_role("link", name="Sign in").click()
        sign_in(opened.value, EMAIL)
        expect(opened.value.get_by_role("heading", level=1)).to_have_text("Nora Blum")
        page.get_by_role("button", name="Send it once more").click()
        page.wait_for_url(f"**/comments/{Comment.objects.get(author=nora).key}/")
        expect(page.locator("article.comment .words")).to_have_text("Do not lose this.")
        assert [line for line in complaints if "403" not in line] == []
        complaints.clear()

    def test_what_was_stored_is_not_sent_again_when_it_cannot_be_shown(self, nora, open_page, complaints):
        page = open_page()
        open_signed_in(page)
        open_form(page, PASSAGE)
        page.route(re.compile(r"/comments/[\w-]{22}/$"), lambda route: route.abort())
        post(page, "Once.")
        expect(page.locator("#panel")).to_contain_text("It is stored.")
        expect(page.locator("#panel").get_by_role("button", name="Post comment")).to_have_count(0)
        assert Comment.objects.filter(author=nora).count() == 1
        # Nothing of it is kept to be sent once more.
        assert page.evaluate("() => localStorage.length") == 0
        assert [line for line in complaints if "ERR_FAILED" not in line] == []
        complaints.clear()

    def test_a_second_one_on_the_same_passage_is_found_beside_the_first(self, nora, open_page):
        page = open_page(viewport={"width": 1360, "height": 900})
        open_signed_in(page)
        for words in ("One.", "Two."):
            choose(page, PASSAGE)
            act(page, "Comment")
            post(page, words)
            expect(page.locator("#panel article.comment .words")).to_have_text(words)
            page.keyboard.press("Escape")
        expect(page.locator("#margin .card", has_text="Two.")).to_be_visible()
        page.locator("#margin .card", has_text="One.").click()
        expect(page.locator("#panel article.comment .words")).to_have_text(["One.", "Two."])

    def test_a_private_note_says_so_in_the_margin(self, nora, open_page):
        page = open_page(viewport={"width": 1360, "height": 900})
        open_signed_in(page)
        for act_on, words in (("Note", "For me."), ("Comment", "For all.")):
            choose(page, PASSAGE)
            act(page, act_on)
            post(page, words)
            expect(page.locator("#panel article.comment .words").last).to_have_text(words)
            page.keyboard.press("Escape")
        page.reload()
        expect(page.locator("#margin .card", has_text="For me.").locator("[data-private]")).to_be_visible()
        for_all = page.locator("#margin .card", has_text="For all.")
        expect(for_all).to_be_visible()
        expect(for_all.locator("[data-private]")).to_be_hidden()

    def test_a_reply_stands_below_what_it_answers(self, nora, open_page):
        page = open_page()
        open_signed_in(page)
        asked = page.locator(".talk article.comment", has_text="Is there an example that does not come from")
        asked.get_by_role("link", name="Reply").click()
        post(page, "There is.")
        thread = page.locator(".talk .thread", has_text="Is there an example that does not come from")
        expect(thread.locator("article.comment").last).to_contain_text("There is.")
        replies = thread.locator(".replies article.comment").count()
        expect(thread.locator("summary")).to_have_text(f"{replies} replies")

    def test_a_reply_to_a_reply_stands_where_the_page_has_it_once_loaded_again(self, nora, open_page):
        page = open_page()
        open_signed_in(page)
        # A reply that another one on the same level follows.
        answered = page.locator(".replies > .indent-1:has(+ .indent-1):has(a[data-panel])").first
        place = f"#{answered.get_attribute('id')} + .indent-2"
        answered.get_by_role("link", name="Reply").click()
        post(page, "One level further in.")
        expect(page.locator("#panel article.comment")).to_be_visible()
        expect(page.locator(place)).to_contain_text("One level further in.")
        page.reload()
        expect(page.locator(place)).to_contain_text("One level further in.")

    def test_a_page_that_is_a_revision_behind_still_posts(self, nora, open_page):
        page = open_page()
        open_signed_in(page)
        open_form(page, PASSAGE)
        publish_another(MAIN)
        post(page, "Still there?")
        expect(page.locator("#panel")).to_contain_text("The article changed since you opened it.")
        anchor = Comment.objects.get(author=nora).anchor
        assert (anchor.exact, anchor.now_revision) == (
            PASSAGE,
            Article.objects.get(slug=slug_of(MAIN)).current_revision,
        )


class TestVotes:
    def test_are_given_and_taken_back_without_leaving_the_page(self, nora, open_page):
        page = open_page()
        open_signed_in(page)
        button = page.locator(".talk form.vote button").first
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        page.reload()
        expect(button).to_have_attribute("aria-pressed", "true")
        expect(button).to_contain_text("1")
        button.click()
        expect(button).to_have_attribute("aria-pressed", "false")

    def test_and_reports_are_for_what_others_wrote(self, nora, open_page):
        article = Article.objects.select_related("current_revision").get(slug=slug_of(AWKWARD))
        own = make_comment(article, nora, "I counted 65.", quote="Ask three programs")
        theirs = make_comment(article, make_user(), "I did not.", quote="Ask three programs")
        voting.vote(own, by=theirs.author)
        page = open_page()
        open_signed_in(page, AWKWARD)
        comments = page.locator(".talk article.comment")
        acts = comments.filter(has_text="I counted 65.").locator(".acts")
        expect(acts.get_by_role("link", name="Edit or withdraw")).to_be_visible()
        expect(acts.get_by_role("button")).to_have_count(0)
        expect(acts.get_by_role("link", name="Report")).to_have_count(0)
        expect(acts).to_contain_text("votes: 1")
        acts = comments.filter(has_text="I did not.").locator(".acts")
        expect(acts.get_by_role("button", name="Vote")).to_be_visible()
        expect(acts.get_by_role("link", name="Report")).to_be_visible()
        # So it is where the same comment is shown once more.
        page.locator("#article_text p", has_text="Ask three programs").get_by_role("link").press("Enter")
        expect(page.locator("#panel article.comment")).to_have_count(2)
        expect(page.locator("#panel").get_by_role("link", name="Report")).to_have_count(1)
        expect(page.locator("#panel").get_by_role("button", name="Vote")).to_have_count(1)

    def test_that_cannot_be_sent_say_so(self, nora, open_page, complaints):
        page = open_page()
        open_signed_in(page)
        page.route("**/vote/", lambda route: route.abort())
        page.locator(".talk form.vote button").first.click()
        expect(page.locator(".talk").get_by_role("alert")).to_contain_text("the site does not answer")
        assert [line for line in complaints if "ERR_FAILED" not in line] == []
        complaints.clear()

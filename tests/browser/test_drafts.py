"""What was typed and not sent is found again, by who typed it and where."""

from playwright.sync_api import expect

from comments.models import Comment
from tests.browser.steps import (
    MAIN,
    PASSAGE,
    SELECT,
    act,
    choose,
    leave,
    open_article,
    open_signed_in,
    publish_another,
)


class TestDrafts:
    def test_of_a_private_note_never_turn_up_in_a_public_form(self, nora, open_page):
        page = open_page()
        open_signed_in(page)
        choose(page, PASSAGE)
        act(page, "Note")
        page.locator("#panel textarea").fill("For nobody else.")
        page.keyboard.press("Escape")
        choose(page, PASSAGE)
        act(page, "Comment")
        expect(page.locator("#panel").get_by_role("radio", name="Comment")).to_be_checked()
        expect(page.locator("#panel textarea")).to_have_value("")
        # The writer's own choice takes the words along, and leaves none behind.
        page.locator("#panel textarea").fill("For all.")
        page.locator("#panel").get_by_role("radio", name="Highlight").check()
        page.keyboard.press("Escape")
        choose(page, PASSAGE)
        act(page, "Comment")
        expect(page.locator("#panel textarea")).to_have_value("")
        page.keyboard.press("Escape")
        choose(page, PASSAGE)
        act(page, "Note")
        expect(page.locator("#panel textarea")).to_have_value("For nobody else.")

    def test_are_found_again_when_the_article_changed(self, nora, open_page):
        page = open_page()
        open_signed_in(page)
        choose(page, PASSAGE)
        act(page, "Comment")
        page.locator("#panel textarea").fill("Not sent yet.")
        publish_another(MAIN)
        open_article(page)
        choose(page, PASSAGE)
        act(page, "Comment")
        expect(page.locator("#panel textarea")).to_have_value("Not sent yet.")

    def test_stay_where_they_were_typed_when_the_same_words_stand_twice(self, nora, open_page):
        page = open_page()
        open_signed_in(page)
        choose(page, "reviewer can")
        act(page, "Comment")
        page.locator("#panel textarea").fill("On the first.")
        leave(page)
        page.evaluate(SELECT.replace("indexOf", "lastIndexOf"), ["reviewer can", "reviewer can"])
        act(page, "Comment")
        expect(page.locator("#panel textarea")).to_have_value("")
        leave(page)
        choose(page, "reviewer can")
        act(page, "Comment")
        expect(page.locator("#panel textarea")).to_have_value("On the first.")

    def test_are_kept_on_pages_of_their_own_until_they_are_stored(self, nora, open_page):
        page = open_page()
        open_signed_in(page)
        compose = page.locator("#article_text a.on-block").first.get_attribute("href")
        page.goto(compose)
        page.get_by_label("Your comment").fill("Not sent yet.")
        page.reload()
        expect(page.get_by_label("Your comment")).to_have_value("Not sent yet.")
        page.get_by_role("button", name="Preview").click()
        page.get_by_role("button", name="Post comment").click()
        page.wait_for_url("**/#comment-*")
        expect(page.locator("article.comment .words", has_text="Not sent yet.")).to_be_visible()
        page.goto(compose)
        page.get_by_label("Your comment").fill("Once.")
        page.get_by_role("button", name="Post comment").click()
        page.wait_for_url("**/#comment-*")
        # Whoever goes back finds nothing to be sent twice.
        page.go_back()
        expect(page.get_by_label("Your comment")).to_have_value("")
        page.goto(f"/comments/{Comment.objects.filter(author=nora).earliest('pk').key}/edit/")
        page.get_by_label("Your comment").fill("Better words.")
        page.reload()
        expect(page.get_by_label("Your comment")).to_have_value("Better words.")
        page.get_by_role("button", name="Throw it away").click()
        expect(page.get_by_label("Your comment")).to_have_value("Not sent yet.")
        page.get_by_label("Your comment").fill("Better words.")
        page.get_by_role("button", name="Save").click()
        page.wait_for_url("**/#comment-*")
        expect(page.locator("article.comment .words", has_text="Better words.")).to_be_visible()
        assert page.evaluate("() => localStorage.length") == 0

    def test_are_gone_with_who_signs_out(self, nora, open_page):
        page = open_page()
        open_signed_in(page)
        page.get_by_label("Your comment").fill("Mine.")
        page.goto("/accounts/logout/")
        page.get_by_role("main").get_by_role("button", name="Sign Out").click()
        page.wait_for_url("**/")
        open_article(page)
        expect(page.get_by_label("Your comment")).to_have_value("")

    def test_outlive_a_reload_and_signing_in(self, nora, open_page):
        page = open_page()
        open_article(page)
        page.get_by_label("Your comment").fill("Not sent yet.")
        page.reload()
        expect(page.get_by_label("Your comment")).to_have_value("Not sent yet.")
        expect(page.get_by_text("This is what you had typed here before.")).to_be_visible()
        open_signed_in(page)
        expect(page.get_by_label("Your comment")).to_have_value("Not sent yet.")
        page.get_by_role("button", name="Post comment").click()
        expect(page.locator(".talk article.comment").last).to_contain_text("Not sent yet.")
        page.reload()
        expect(page.get_by_label("Your comment")).to_have_value("")

    def test_are_gone_when_they_were_posted_from_their_preview(self, nora, open_page):
        page = open_page()
        open_signed_in(page)
        page.get_by_label("Your comment").fill("Sent\n\nby way of the preview. ")
        page.reload()
        page.get_by_role("button", name="Preview").click()
        page.locator("#panel").get_by_role("button", name="Post comment").click()
        expect(page.locator("#panel article.comment")).to_contain_text("by way of the preview.")
        expect(page.locator("#leave_a_comment textarea")).to_have_value("")
        expect(page.get_by_text("This is what you had typed here before.")).to_be_hidden()
        assert page.evaluate("() => localStorage.length") == 0

    def test_are_one_for_all_forms_on_the_same_target(self, nora, open_page):
        page = open_page()
        open_signed_in(page)
        below, panel = page.locator("#leave_a_comment textarea"), page.locator("#panel")
        below.fill("First words.")
        page.locator("#leave_a_comment").get_by_role("button", name="Preview").click()
        panel.get_by_role("button", name="Change").click()
        panel.locator("textarea").fill("Better words.")
        expect(below).to_have_value("Better words.")
        panel.get_by_role("button", name="Post comment").click()
        expect(panel.locator("article.comment")).to_contain_text("Better words.")
        expect(below).to_have_value("")
        page.keyboard.press("Escape")
        expect(below).to_be_focused()
        assert page.evaluate("() => localStorage.length") == 0

    def test_of_two_tabs_take_nothing_from_each_other(self, nora, open_page):
        page = open_page()
        open_signed_in(page)
        mine = page.locator("#leave_a_comment textarea")
        mine.fill("In the first.")
        other = page.context.new_page()
        open_article(other)
        theirs = other.locator("#leave_a_comment textarea")
        expect(theirs).to_have_value("In the first.")
        theirs.fill("In the second.")
        page.reload()
        expect(mine).to_have_value("In the first.")
        page.locator("#leave_a_comment").get_by_role("button", name="Post comment").click()
        expect(page.locator(".talk article.comment:focus")).to_contain_text("In the first.")
        other.close()
        # Nor does a tab that is closed take its words along.
        open_article(page)
        expect(mine).to_have_value("In the second.")
        # Nor are they lost where both began with nothing, and the other was typed in last.
        mine.fill("")
        other = page.context.new_page()
        open_article(other)
        expect(theirs := other.locator("#leave_a_comment textarea")).to_have_value("")
        mine.fill("First, and closed.")
        # Browsers tell another process of it a moment later.
        other.wait_for_function("() => Object.values(localStorage).some((one) => one.includes('First, and closed.'))")
        theirs.fill("Second, and sent.")
        page.close()
        other.locator("#leave_a_comment").get_by_role("button", name="Post comment").click()
        expect(other.locator(".talk article.comment:focus")).to_contain_text("Second, and sent.")
        page = other.context.new_page()
        open_article(page)
        mine = page.locator("#leave_a_comment textarea")
        expect(mine).to_have_value("First, and closed.")
        third = page.context.new_page()
        third.goto("/accounts/logout/")
        third.get_by_role("main").get_by_role("button", name="Sign Out").click()
        third.wait_for_url("**/")
        open_article(page)
        expect(mine).to_have_value("")

    def test_are_thrown_away_on_request(self, demo, open_page):
        page = open_page()
        open_article(page)
        page.get_by_label("Your comment").fill("No.")
        page.reload()
        page.get_by_role("button", name="Throw it away").click()
        expect(page.get_by_label("Your comment")).to_have_value("")
        page.reload()
        expect(page.get_by_label("Your comment")).to_have_value("")

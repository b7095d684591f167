"""Passages that somebody wrote on are painted on the article, and tied to what was written."""

from playwright.sync_api import expect

from accounts.models import User
from tests.browser.steps import AWKWARD, MAIN, painted
from tests.factories import make_token

# Whether these words are lit, and nothing else.
IS_CHOSEN = "(words) => [...(CSS.highlights.get('chosen') ?? [])].map((range) => range.toString()).join() === words"
# The middle of the first piece that is painted, in the window.
MIDDLE = """() => {
    const [range] = [...CSS.highlights.get('depth-1')];
    range.startContainer.parentElement.scrollIntoView({ block: 'center', behavior: 'instant' });
    const box = range.getClientRects()[0];
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}"""


def comment_on(page, exact: str) -> None:
    """Comment on a passage of the awkward article by API, as Amara's own program does."""
    token = make_token(User.objects.get(username="amara"))
    posted = page.request.post(
        "/api/v1/comments/",
        headers={"Authorization": f"Token {token}"},
        data={"article": "how-long-is-a-line", "text": "Exactly here.", "anchor": {"exact": exact}},
    )
    assert posted.status == 201, posted.text()


def serve_translated(route):
    """The page with another word in it, of the same length."""
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace("Ask three programs", "Ask eight programs"))


class TestPainting:
    def test_paints_a_passage_that_was_commented_on_by_api(self, demo, open_page):
        page = open_page()
        page.goto(AWKWARD)
        before = painted(page)
        # Begins and ends between characters that are several code units, or several code points, each.
        quote = "👍🏽 is two, a hand and a skin tone. The flag 🇯🇵"
        comment_on(page, quote)
        page.reload()
        after = painted(page)
        assert quote not in before
        assert sorted(after) == sorted([*before, quote])

    def test_paints_nothing_on_a_text_that_is_not_the_one_the_offsets_count_in(self, demo, open_page):
        page = open_page()
        page.route(f"**{AWKWARD}", serve_translated)
        page.goto(AWKWARD)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("() => CSS.highlights.size") == 0


class TestComments:
    def test_light_the_passage_of_their_quote_or_of_the_address(self, demo, open_page):
        page = open_page()
        page.goto(MAIN)
        painted(page)
        comment = page.locator("article.comment", has_text="The new name is short on")
        comment.locator("blockquote.quote a").click()
        page.wait_for_function(IS_CHOSEN, arg="AI Safety Institute")
        expect(page.get_by_text("In Britain, the AI Safety Institute became")).to_be_in_viewport()
        other = page.locator("article.comment", has_text="Is there an example that does not come from a laboratory?")
        page.goto(f"{MAIN}#{other.get_attribute('id')}")
        page.wait_for_function(IS_CHOSEN, arg="in ways nobody intended")

    def test_are_opened_by_a_click_on_their_passage(self, demo, open_page):
        page = open_page()
        page.goto(AWKWARD)
        assert painted(page)[0] == "The family 👨‍👩‍👧‍👦 looks like one sign."
        page.mouse.click(**page.evaluate(MIDDLE))
        expect(page.locator("#panel article.comment").first).to_contain_text("My phone draws this as four small")
        page.keyboard.press("Escape")
        expect(page.locator("#panel")).to_be_hidden()

"""What several tests do in a page."""

from playwright.sync_api import Page, expect

from accounts.models import User
from articles import services as articles
from articles.models import Article
from tests.factories import PASSWORD, make_account

MAIN = "/articles/ai-safety-and-alignment-in-2026/"
AWKWARD = "/articles/how-long-is-a-line/"
# Of `nora`.
EMAIL = "nora@example.org"
PASSAGE = "governments test some models"
# Selects from the first place of some words to the end of the first place of others.
SELECT = """([first, last]) => {
    const find = (words) => {
        const walk = document.createTreeWalker(document.querySelector('#article_text'), NodeFilter.SHOW_TEXT);
        for (let node = walk.nextNode(); node; node = walk.nextNode()) {
            const at = node.data.indexOf(words);
            if (at !== -1) return [node, at, at + words.length];
        }
    };
    const [from, to] = [find(first), find(last)];
    const range = new Range();
    range.setStart(from[0], from[1]);
    range.setEnd(to[0], to[2]);
    from[0].parentElement.scrollIntoView({ block: 'center', behavior: 'instant' });
    document.getSelection().removeAllRanges();
    document.getSelection().addRange(range);
}"""

_PAINTED = """() => ['depth-1', 'depth-2', 'depth-3']
    .flatMap((name) => [...CSS.highlights.get(name)])
    .sort((one, other) => one.compareBoundaryPoints(Range.START_TO_START, other))
    .map((range) => range.toString())"""


def make_reader(name: str, email: str, **fields) -> User:
    """Somebody who signed up with PASSWORD and confirmed the address."""
    return make_account(name, email=email, **fields)


def sign_in(page: Page, email: str) -> None:
    """Fill in the sign-in form that `page` shows, and send it."""
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def painted(page: Page) -> list[str]:
    """The texts of all painted pieces, in the order of the page, once they are painted."""
    # The shades are set in order.
    page.wait_for_function("() => CSS.highlights.has('depth-3')")
    return page.evaluate(_PAINTED)


def open_article(page: Page, path: str = MAIN) -> None:
    page.goto(path)
    page.wait_for_selector("#article_text[data-is-stale]")


def open_signed_in(page: Page, path: str = MAIN) -> None:
    page.goto("/accounts/login/")
    sign_in(page, EMAIL)
    expect(page.get_by_role("heading", level=1)).to_have_text("Nora Blum")
    open_article(page, path)


def choose(page: Page, first: str, last: str = "") -> None:
    page.evaluate(SELECT, [first, last or first])
    expect(page.locator("#passage_bar")).to_be_visible()


def leave(page: Page) -> None:
    """Close the panel and choose nothing: the bar stands beside the passage of before until it sees another."""
    page.keyboard.press("Escape")
    page.evaluate("() => document.getSelection().removeAllRanges()")
    expect(page.locator("#passage_bar")).to_be_hidden()


def act(page: Page, name: str) -> None:
    page.locator("#passage_bar").get_by_role("button", name=name, exact=True).click()


def post(page: Page, words: str) -> None:
    panel = page.locator("#panel")
    panel.locator("textarea").fill(words)
    panel.get_by_role("button", name="Post comment").click()


def open_form(page: Page, words: str) -> None:
    """Choose words and open the form for a comment on them."""
    choose(page, words)
    act(page, "Comment")
    expect(page.locator("#panel textarea")).to_be_visible()


def slug_of(path: str) -> str:
    return path.rstrip("/").rsplit("/")[-1]


def publish_another(path: str) -> None:
    """A new revision, with a paragraph before all others."""
    article = Article.objects.get(slug=slug_of(path))
    source = f"A word before everything else.\n\n{article.draft_source}"
    saved = articles.save_draft(article, title=article.draft_title, source=source, seen_version=article.draft_version)
    articles.publish(saved, by=None)

"""An editor changes an article in the admin, and what was said on it stays where it belongs."""

from django.contrib.auth.models import Permission
from playwright.sync_api import Page, expect

from tests.browser.steps import MAIN, make_reader, painted, sign_in

EMAIL = "edda@example.org"
TITLE = "AI Safety and Alignment in 2026: Where the Research Stands"
FOLLOWED = "in ways nobody intended"
LOST = "keep a person in charge of whatever cannot be undone"
BLOCKS = """(words) => ['depth-1', 'depth-2', 'depth-3'].flatMap((name) => [...CSS.highlights.get(name)])
    .filter((range) => range.toString() === words)
    .map((range) => range.startContainer.parentElement.closest('p, li').textContent)"""


def enter_admin(page: Page) -> None:
    editor = make_reader("Edda Holm", EMAIL, is_staff=True)
    allowed = ["view_article", "change_article"]
    editor.user_permissions.set(Permission.objects.filter(codename__in=allowed))
    page.goto("/admin/")
    sign_in(page, EMAIL)
    page.get_by_role("main").locator("tr.model-article").get_by_role("link", name="Articles", exact=True).click()
    page.get_by_role("link", name=TITLE).click()


def edit(source: str) -> str:
    """Other words before a passage in its own list item, and a paragraph with a passage taken out."""
    assert source.count("People rarely write down everything they care about.") == 1
    source = source.replace("People rarely write down everything", "People seldom put into words everything")
    before, rest = source.split("The distance between a careful model and a careless one", 1)
    gone, after = rest.split("\n\n", 1)
    assert LOST in gone
    return before + after


class TestPublishing:
    def test_an_anchor_follows_its_words_and_another_becomes_an_orphan(self, demo, open_page):
        page = open_page()
        enter_admin(page)
        text = page.get_by_label("Text:")
        text.fill(edit(text.input_value()))
        page.get_by_role("button", name="Save and preview").click()
        expect(page.get_by_text("People seldom put into words everything")).to_be_visible()
        expect(page.get_by_text(LOST)).to_have_count(0)
        page.get_by_role("link", name="Publish…").click()
        page.get_by_role("button", name="Publish revision 3").click()
        expect(page.get_by_text("Revision 3 is published.")).to_be_visible()
        page.get_by_role("link", name="View on site").click()
        expect(page).to_have_url(MAIN)

        pieces = painted(page)
        assert FOLLOWED in pieces
        assert LOST not in pieces
        (block,) = page.evaluate(BLOCKS, FOLLOWED)
        assert block.startswith("Specification: People seldom put into words everything they care about.")
        section = page.locator(
            "section.section", has=page.get_by_role("heading", name="What This Means for AI Users")
        )
        orphans = section.locator("xpath=following-sibling::*[1][self::aside]")
        expect(orphans.locator("li", has_text=LOST)).to_contain_text("Amara Diallo")

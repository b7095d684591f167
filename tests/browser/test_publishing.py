"""An editor changes an article in the admin, and what was said on it stays where it belongs."""

from django.contrib.auth.models import Permission
from playwright.sync_api import Page, expect

from articles.models import Article
from tests.browser.steps import AWKWARD, MAIN, make_reader, painted, sign_in, slug_of
from tests.factories import make_article, make_comment, revise

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

    def test_what_was_said_in_a_section_that_is_gone_is_listed_below_all_others_in_the_same_look(
        self, demo, open_page
    ):
        article = Article.objects.get(slug=slug_of(AWKWARD))
        source = article.draft_source
        revise(article, f"{source}\n\nHedges are full of sparrows.\n\n## On its way out\n\nSwifts leave in August.")
        article.refresh_from_db()
        reader = make_reader("Nora Blum", "nora@example.org")
        for words in ("Swifts leave in August", "Hedges are full of sparrows"):
            make_comment(article, reader, quote=words)
        revise(article, source)
        page = open_page()
        page.goto(AWKWARD)
        lists = page.locator(".orphans", has=page.get_by_text("Nora Blum"))
        expect(lists).to_have_count(2)
        expect(lists.last).to_contain_text("Swifts leave in August")
        look = """(aside) => [...aside.querySelectorAll('p, ul, li')].map((one) => {
            const { margin, padding, color, fontWeight, listStyleType } = getComputedStyle(one);
            return [margin, padding, color, fontWeight, listStyleType];
        })"""
        assert lists.first.evaluate(look) == lists.last.evaluate(look)

    def test_lists_revisions_on_a_narrow_screen_without_making_it_wider(self, demo, open_page):
        page = open_page()
        enter_admin(page)
        page.set_viewport_size({"width": 390, "height": 800})
        expect(page.get_by_role("link", name="Take up revision 1…")).to_be_visible()
        assert page.evaluate("() => document.documentElement.scrollWidth") == 390

    def test_shows_headings_that_run_from_right_to_left_within_the_preview(self, demo, open_page):
        article = make_article("tuyur", "تغرد الطيور.\n\n## الأعشاش\n\nعش الصعوة كرة من الطحلب.", language="ar")
        page = open_page()
        enter_admin(page)
        page.set_viewport_size({"width": 390, "height": 800})
        page.goto(f"/admin/articles/article/{article.pk}/preview/")
        expect(page.get_by_role("listitem").filter(has_text="الأعشاش")).to_be_visible()
        assert page.evaluate("() => document.documentElement.scrollWidth") == 390

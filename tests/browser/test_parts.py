"""The publish page lists many passages in parts, and nothing that was said is lost between them."""

import pytest
from playwright.sync_api import expect

from articles.models import Revision
from comments.models import Anchor
from tests.articles.many_passages import said_on, sentence
from tests.browser.steps import make_reader, sign_in
from tests.browser.test_axe import in_both

EMAIL = "root@example.org"


@pytest.mark.parametrize("has_scripts", [True, False])
class TestParts:
    @pytest.fixture
    def path(self, transactional_db, monkeypatch):
        monkeypatch.setattr("articles.listing.PART", 2)
        article = said_on(5)
        make_reader("Rut", EMAIL, is_staff=True, is_superuser=True)
        return f"/admin/articles/article/{article.pk}/publish/"

    def test_are_gone_to_by_keyboard_and_published_together(self, path, open_page, has_scripts, complaints):
        page = open_page(java_script_enabled=has_scripts)
        page.goto(path)
        sign_in(page, EMAIL)
        page.get_by_text("Say where it goes").first.press("Enter")
        page.get_by_role("textbox", name="Words of the draft").first.fill("No such words")
        page.get_by_role("navigation", name="Other passages").get_by_role("button", name="Passages 5–5").press(
            "Enter"
        )
        heading = page.get_by_role("heading", name="Passages 5 to 5 of 5")
        expect(heading).to_be_focused()
        expect(heading).to_be_in_viewport()
        expect(page.get_by_role("navigation", name="Other passages").locator("[aria-current]")).to_have_text("5–5")
        sizes = "(buttons) => buttons.map((one) => getComputedStyle(one).fontSize)"
        assert len(set(page.locator(".submit-row > *").evaluate_all(sizes))) == 1
        if has_scripts:
            assert in_both(page) == {}
        page.get_by_text("Say where it goes").press("Enter")
        page.get_by_label("It is gone").check()
        # Enter in a field publishes, however many buttons stand before.
        page.get_by_label("What changed").press("Enter")
        expect(page.get_by_role("heading", name="Passages 1 to 2 of 5")).to_be_visible()
        assert "#" not in page.url
        assert [line for line in complaints if "400" not in line] == []
        complaints.clear()
        expect(page.get_by_text("These words do not stand in the draft.").first).to_be_visible()
        page.get_by_role("link", name=sentence(0)).press("Enter")
        words = page.get_by_role("textbox", name="Words of the draft").first
        expect(words).to_have_value("No such words")
        words.fill(sentence(3, "evening"))
        page.get_by_role("button", name="Publish revision 2").press("Enter")
        expect(page.get_by_text("Revision 2 is published.")).to_be_visible()
        assert Revision.objects.filter(number=2).exists()
        assert Anchor.objects.filter(method="by hand").count() == 2

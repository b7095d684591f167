"""No page breaks a rule that axe-core can find, in light or in dark. (WCAG 2.2, and axe's own best practices)"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from accounts.models import User
from comments.models import Comment
from comments.states import State
from tests.browser.steps import AWKWARD, MAIN, make_reader, sign_in
from tests.factories import make_comment

EMAIL = "nora@example.org"
ADMIN = "root@example.org"
SCHEMES = ["light", "dark"]
PUBLIC = [
    "/",
    "/category/ai-news/",
    MAIN,
    f"{MAIN}?sort=newest",
    f"{MAIN}revisions/1/",
    AWKWARD,
    f"{MAIN}comment/",
    f"{MAIN}comment/?revision=2&start=10&end=40",
    "/comments/sent/",
    "/guests/confirm/nothing/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/me/",
    "/nothing/",
]


def violations(page: Page, path: str) -> dict[str, list[str]]:
    """What is wrong with a page: each rule, with the elements that break it."""
    page.goto(path)
    return found_on(page)


def found_on(page: Page) -> dict[str, list[str]]:
    # It would load style sheets once more, from where it is: what their pages forbid.
    found = Axe().run(page, options={"preload": False}).response["violations"]
    return {one["id"]: [node["html"][:160] for node in one["nodes"]][:5] for one in found}


def all_wrong(page: Page, paths) -> dict[str, dict[str, list[str]]]:
    wrong = {path: violations(page, path) for path in paths}
    return {path: found for path, found in wrong.items() if found}


def open_signed_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    sign_in(page, email)
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize("scheme", SCHEMES)
class TestPages:
    def test_that_everybody_sees(self, demo, open_page, scheme, complaints):
        page = open_page(color_scheme=scheme)
        changed = Comment.objects.filter(anchor__now_status="changed").first()
        assert all_wrong(page, [*PUBLIC, f"/comments/{changed.key}/passage/"]) == {}
        # Addresses of nothing are among them.
        assert [line for line in complaints if "404" not in line and "410" not in line] == []
        complaints.clear()

    def test_of_a_narrow_screen(self, demo, open_page, scheme):
        page = open_page(color_scheme=scheme, viewport={"width": 390, "height": 800})
        assert all_wrong(page, ["/", MAIN, f"{MAIN}comment/?revision=2&start=10&end=40"]) == {}

    def test_of_a_reader(self, demo, open_page, scheme):
        nora = make_reader("Nora Blum", EMAIL)
        comment = Comment.objects.filter(public_revision__isnull=False, author__isnull=False).first()
        own = make_comment(comment.article, nora, "Mine.", quote="Many flaws known today")
        held = make_comment(comment.article, nora, "Waits.", state=State.HELD)
        page = open_page(color_scheme=scheme)
        open_signed_in(page, EMAIL)
        at, of_own = f"/comments/{comment.key}/", f"/comments/{own.key}/"
        paths = [at, f"{at}flag/", of_own, f"{of_own}edit/", f"{of_own}withdraw/", f"/comments/{held.key}/", "/me/"]
        assert all_wrong(page, [*paths, "/accounts/email/", "/accounts/password/change/", "/accounts/logout/"]) == {}

    def test_while_something_is_written(self, demo, open_page, scheme, complaints):
        page = open_page(color_scheme=scheme, reduced_motion="reduce", viewport={"width": 1360, "height": 900})
        page.goto(MAIN)
        page.wait_for_selector("#article_text[data-is-stale]")
        page.locator("#article_text p").first.hover()
        page.locator("#article_text p .on-block").first.click()
        panel = page.locator("#panel")
        expect(panel.locator("textarea")).to_be_focused()
        assert found_on(page) == {}
        panel.get_by_role("button", name="Post comment").click()
        expect(panel.locator(".errorlist")).to_be_visible()
        assert found_on(page) == {}
        panel.locator("textarea").fill("Words.")
        panel.get_by_role("button", name="Post comment").click()
        expect(panel.get_by_label("E-mail")).to_be_visible()
        assert found_on(page) == {}
        assert [line for line in complaints if "400" not in line] == []
        complaints.clear()

    def test_of_the_queue(self, demo, open_page, scheme):
        make_reader("Root", ADMIN, is_staff=True, is_superuser=True)
        article = Comment.objects.first().article
        make_comment(article, User.objects.get(username="amara"), "Waits.", state=State.HELD)
        page = open_page(color_scheme=scheme)
        open_signed_in(page, ADMIN)
        assert all_wrong(page, ["/admin/moderation/waiting/", "/admin/"]) == {}

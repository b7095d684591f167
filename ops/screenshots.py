"""Takes the pictures of docs/images/ from the demo: `make screenshots`."""

import tempfile
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page, sync_playwright

from ops.chromium import launch_options
from ops.demo_site import ROOT, DemoSite, served_demo

IMAGES = ROOT / "docs" / "images"
ARTICLE = "/articles/ai-safety-and-alignment-in-2026/"
# Names and their width and height in CSS pixels.
WIDTHS = {"wide": (1360, 900), "narrow": (390, 844)}
PASSAGE = "governments test some models"
SELECT = """(words) => {
    const walk = document.createTreeWalker(document.querySelector('#article_text'), NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const at = node.data.indexOf(words);
        if (at === -1) continue;
        document.getSelection().setBaseAndExtent(node, at, node, at + words.length);
        node.parentElement.scrollIntoView({ block: 'center' });
    }
}"""
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        served_demo(Path(folder)) as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(**launch_options())
        for name, scheme in product(WIDTHS, SCHEMES):
            take(browser, site.url + ARTICLE, name, scheme)
        for name, act in product(WIDTHS, ACTS):
            take(browser, site.url + ARTICLE, name, "light", act, ACTS[act])
        take_my_page(browser, site)
        take_without_scripts(browser, site)
        take_in_german(browser)


def take_my_page(browser: Browser, site: DemoSite) -> None:
    """Write my-page.png, of somebody of the demo."""
    page = open_page(browser, "wide", "light")
    page.context.add_cookies([{"name": "sessionid", "value": site.session_of("amara"), "url": site.url}])
    visit(page, f"{site.url}/me/")
    save(page, "my-page.png")


def take_without_scripts(browser: Browser, site: DemoSite) -> None:
    """Write no-scripts.png: the form that the control of a paragraph leads to."""
    page = open_page(browser, "narrow", "light", java_script_enabled=False)
    visit(page, site.url + ARTICLE)
    page.locator("#article_text p", has_text=PASSAGE).locator("a.on-block").click()
    page.locator("textarea").fill("Which ones, and who reads what they find?")
    save(page, "no-scripts.png")


def take_in_german(browser: Browser) -> None:
    """Write article-wide-german.png, from a site that speaks German."""
    with tempfile.TemporaryDirectory() as folder, served_demo(Path(folder), language="de") as site:
        take(browser, site.url + ARTICLE, "wide", "light", "german", begin)


def choose(page: Page) -> None:
    """Select a few words, as a reader does."""
    page.evaluate(SELECT, PASSAGE)
    page.locator("#passage_bar").wait_for()


def begin(page: Page) -> None:
    choose(page)
    page.locator('#passage_bar [data-act="comment"]').click()
    page.locator("#panel textarea").wait_for()


def write(page: Page) -> None:
    begin(page)
    page.locator("#panel textarea").fill("Which ones, and who reads what they find?")


# The end of the picture's name, and what is done before it is taken.
ACTS: dict[str, Callable[[Page], None]] = {"chosen": choose, "writing": write}


def take(
    browser: Browser,
    url: str,
    name: str,
    scheme: Scheme,
    what: str = "",
    act: Callable[[Page], None] | None = None,
) -> None:
    """Write article-NAME-SCHEME.png, what a reader sees at once; or article-NAME-WHAT.png, after `act`."""
    page = open_page(browser, name, scheme)
    visit(page, url)
    if act:
        act(page)
    save(page, f"article-{name}-{what or scheme}.png")


def open_page(browser: Browser, name: str, scheme: Scheme, **options: Any) -> Page:
    width, height = WIDTHS[name]
    return browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        device_scale_factor=2,
        reduced_motion="reduce",
        **options,
    )


def visit(page: Page, url: str) -> None:
    answer = page.goto(url, wait_until="networkidle")
    if answer is None or not answer.ok:
        raise RuntimeError(f"{url} answers {answer and answer.status}: no picture is taken.")


def save(page: Page, name: str) -> None:
    """What is seen of the page, in docs/images/; the page is closed."""
    path = IMAGES / name
    page.screenshot(path=path)
    page.close()
    print(f"Wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()

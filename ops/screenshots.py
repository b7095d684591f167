"""Takes the pictures of docs/images/ from the demo: `make screenshots`."""

import tempfile
from itertools import product
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from ops.chromium import launch_options
from ops.demo_site import ROOT, served_demo

IMAGES = ROOT / "docs" / "images"
ARTICLE = "/articles/ai-safety-and-alignment-in-2026/"
# Names and their width and height in CSS pixels.
WIDTHS = {"wide": (1280, 900), "narrow": (390, 844)}
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


def take(browser: Browser, url: str, name: str, scheme: Scheme) -> None:
    """Write article-NAME-SCHEME.png: what a reader sees at once, above the fold."""
    width, height = WIDTHS[name]
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme, device_scale_factor=2)
    answer = page.goto(url, wait_until="networkidle")
    if answer is None or not answer.ok:
        raise RuntimeError(f"{url} answers {answer and answer.status}: no picture is taken.")
    path = IMAGES / f"article-{name}-{scheme}.png"
    page.screenshot(path=path)
    page.close()
    print(f"Wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()

"""The server and the browser read one and the same text, so that an offset means the same place to both."""

import json
from pathlib import Path

import pytest

from articles.models import Article
from skycrumbs.templatetags.skycrumbs import importmap_json

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "canonical.json").read_text(encoding="utf-8"))

_READ_ARTICLE = """async () => {
    const { readCanonical } = await import('skycrumbs/served.js');
    const root = document.getElementById('article_text');
    const canonical = readCanonical(root);
    return {
        text: canonical.text, length: canonical.length, sha256: await canonical.sha256(),
        served: { length: Number(root.dataset.length), sha256: root.dataset.sha256 },
        controls: root.querySelectorAll('a.on-block').length, orphans: root.querySelectorAll('.orphans').length,
    };
}"""
_READ_VECTORS = """async (vectors) => {
    const { readCanonical } = await import('skycrumbs/served.js');
    const read = async ({ html, blocks }) => {
        const root = new DOMParser().parseFromString(`<!doctype html><body>${html}`, 'text/html').body;
        const canonical = readCanonical(root);
        const again = blocks.map(([start, end]) => canonical.fromRange(canonical.toRange(start, end)));
        return {
            text: canonical.text, sha256: await canonical.sha256(),
            blocks: again.map(({ start, end }) => [start, end]),
        };
    };
    return Promise.all(vectors.map(read));
}"""


class TestDemoArticles:
    def test_read_the_same_in_the_page_as_on_the_server(self, demo, open_page):
        page, read = open_page(), {}
        articles = Article.objects.published().select_related("current_revision")
        for article in articles:
            page.goto(f"/articles/{article.slug}/")
            read[article.slug] = page.evaluate(_READ_ARTICLE)
        assert len(read) == 3
        for article in articles:
            revision, found = article.current_revision, read[article.slug]
            assert found["text"] == revision.canonical_text
            assert (found["length"], found["sha256"]) == (len(revision.canonical_text), revision.sha256)
            assert found["served"] == {"length": found["length"], "sha256": found["sha256"]}
            # All of them stand in the text, and none is part of it.
            assert found["controls"] > 10
        assert read["ai-safety-and-alignment-in-2026"]["orphans"] > 0


@pytest.fixture
def plain_page(open_page):
    """A page of the site with its modules and without its policy, which keeps every script from parsing HTML."""
    page = open_page()
    html = f'<!doctype html><script type="importmap">{importmap_json()}</script>'
    page.route("**/plain/", lambda route: route.fulfill(content_type="text/html", body=html))
    page.goto("/plain/")
    return page


class TestVectors:
    def test_read_the_same_in_chromium_as_on_the_server(self, plain_page):
        found = dict(zip((v["name"] for v in VECTORS), plain_page.evaluate(_READ_VECTORS, VECTORS), strict=True))
        expected = {v["name"]: {"text": v["text"], "sha256": v["sha256"]} for v in VECTORS}
        assert {name: {"text": read["text"], "sha256": read["sha256"]} for name, read in found.items()} == expected

    def test_find_every_block_again_by_its_range(self, plain_page):
        found = plain_page.evaluate(_READ_VECTORS, VECTORS)
        assert [read["blocks"] for read in found] == [[[s, e] for s, e, _ in v["blocks"]] for v in VECTORS]

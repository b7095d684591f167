"""The whole of it as an operator runs it: granian, the worker, static files by hashed names, and no DEBUG."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import expect

from ops.demo_site import ROOT, DemoSite, free_port
from tests.browser.steps import MAIN, painted

TYPES = {
    "css": 'text/css; charset="utf-8"',
    "js": 'text/javascript; charset="utf-8"',
    "svg": "image/svg+xml",
}
OPERATIONS = ["/api/v1/articles/{slug}/revisions/{number}/", "/api/v1/comments/", "/api/v1/comments/{id}/replies/"]


def database_url():
    """Of the test's own database, which is not the one it was given."""
    name = connection.settings_dict["NAME"]
    return (
        f"sqlite:///{name}"
        if connection.vendor == "sqlite"
        else urlsplit(settings.DATABASE_URL)._replace(path=name).geturl()
    )


class Site(DemoSite):
    """`manage.py serve` on the database of the test. The other variables are those of tests/settings.py."""

    def __init__(self) -> None:
        port = free_port()
        self.url, self.said = f"http://127.0.0.1:{port}", ""
        variables = {
            "DJANGO_SETTINGS_MODULE": "skycrumbs.settings",
            "DATABASE_URL": database_url(),
            "PORT": str(port),
        }
        self.process = subprocess.Popen(  # noqa: S603  a command written out here
            [sys.executable, str(ROOT / "manage.py"), "serve"],
            env=os.environ | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


@pytest.fixture
def site(demo):
    site = Site()
    try:
        site.wait_until_served()
        yield site
    finally:
        if site.process.poll() is None:
            site.stop()


def get(url, **headers):
    """Status, headers (by any case of their names) and body of an answer, whatever it is."""
    request = urllib.request.Request(url, headers=headers)  # noqa: S310  an address of our own
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode()


def check_kept_page(site):
    """The page of an article can be kept, and is asked after by its ETag; gives its HTML."""
    status, headers, html = get(site.url + MAIN)
    assert (status, headers["Cache-Control"]) == (200, "public, no-cache")
    assert "Set-Cookie" not in headers
    status, again, body = get(site.url + MAIN, **{"If-None-Match": headers["ETag"]})
    assert (status, again["ETag"], body) == (304, headers["ETag"], "")
    return html


def check_static_files(site, html):
    """Every file that the page names has a hash in its name, the type that is its own, and may be kept for ever."""
    modules = json.loads(re.search(r'<script type="importmap">(.*?)</script>', html)[1])["imports"].values()
    paths = {*modules, *re.findall(r'(?:href|src)="(/static/[^"]+)"', html)}
    assert {path.rsplit(".")[-1] for path in paths} == {"css", "js", "svg"}
    for path in paths:
        assert re.fullmatch(r"/static/skycrumbs/[a-z]+\.[0-9a-f]{12}\.(css|js|svg)", path)
        status, headers, _body = get(site.url + path)
        assert (status, headers["Content-Type"]) == (200, TYPES[path.rsplit(".")[-1]])
        assert headers["Cache-Control"] == "max-age=315360000, public, immutable"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def check_article_in_chromium(site, page):
    """Its modules load by their hashed names, under its policy."""
    page.goto(site.url + MAIN)
    assert "AI Safety Institute" in painted(page)


def check_api_docs_in_chromium(site, page):
    """Every operation is listed, and nothing is asked of another host."""
    asked = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site.url}/api/docs/")
    for path in OPERATIONS:
        expect(page.locator(".opblock-summary-path", has_text=path).first).to_be_visible()
    assert len(asked) > 3
    assert [url for url in asked if not url.startswith((site.url, "data:"))] == []


def family(pid):
    """`pid` and the processes under it."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True)  # noqa: S607
    parents = dict(map(int, line.split()) for line in listed.stdout.splitlines())
    found, size = {pid} & parents.keys(), -1
    while len(found) > size:
        size = len(found)
        found |= {child for child, parent in parents.items() if parent in found}
    return found


def check_clean_stop(site):
    """It ends in ten seconds, and none of its processes is left."""
    processes = family(site.process.pid)
    # The command, granian with its own worker, the worker of the tasks, and the sweeper.
    assert len(processes) >= 5
    start = time.monotonic()
    assert site.stop() == 0
    assert time.monotonic() - start < 10
    assert [pid for pid in processes if family(pid)] == []


class TestServing:
    def test_serves_pages_files_and_the_api_without_debug_and_stops(self, site, open_context):
        page = open_context().new_page()
        check_static_files(site, check_kept_page(site))
        check_article_in_chromium(site, page)
        check_api_docs_in_chromium(site, page)
        page.close()
        check_clean_stop(site)

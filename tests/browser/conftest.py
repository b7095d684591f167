"""A real Chromium, looking at the demo."""

import io
import sqlite3
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import expect, sync_playwright

from ops.chromium import launch_options
from tests.browser.steps import EMAIL, MAIN, make_reader, slug_of

HERE = Path(__file__).parent
# For what takes a moment on an idle machine: a busy one is no reason to fail.
PATIENCE_MS = 45_000


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser():
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread; Django would refuse its database calls for that.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        expect.set_options(timeout=PATIENCE_MS)
        browser = playwright.chromium.launch(**launch_options())
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def live_server(django_db_setup, live_server):
    """Started once the database is there: before that it looks as if it were in memory, and the threads of the server
    would share, and close, the connection of the tests."""
    return live_server


@pytest.fixture(scope="session")
def make_once():
    """What takes long to make: `make_once(make)`. On SQLite the whole database is copied as `make` left it, and from
    then on put back as it was then."""
    copies = {}

    def make_once(make):
        connection.ensure_connection()
        if make in copies:
            copies[make].backup(connection.connection)
            return
        make()
        if connection.vendor == "sqlite":
            copies[make] = sqlite3.connect(":memory:")
            connection.connection.backup(copies[make])

    yield make_once
    for copy in copies.values():
        copy.close()


@pytest.fixture
def demo(transactional_db, make_once):
    """The articles and threads that `make serve` shows."""
    make_once(load_demo)


def load_demo():
    call_command("load_demo", yes=True, stdout=io.StringIO())


@pytest.fixture
def crowded_demo(transactional_db, make_once):
    """The demo, with as busy a discussion as there may be: what is new is one of a thousand."""
    make_once(load_crowded_demo)


def load_crowded_demo():
    load_demo()
    call_command("seed_discussion", article=slug_of(MAIN), comments=1000, yes=True, stdout=io.StringIO())


@pytest.fixture
def complaints():
    """What pages had to complain of, in order: errors thrown, answers that were refusals, policies broken.

    A test that means to cause some takes them out.
    """
    return []


@pytest.fixture
def open_context(browser, complaints):
    """Open a browser without cookies: `open_context(base_url=…)`. The test fails when a page in it complained."""
    contexts = []

    def open_context(**options):
        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE_MS)
        context.on("weberror", lambda found: complaints.append(str(found.error)))
        context.on("console", lambda said: said.type == "error" and complaints.append(said.text))
        contexts.append(context)
        return context

    yield open_context
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def open_page(open_context, live_server):
    """Open an empty page of its own: `open_page(java_script_enabled=False)`; addresses start at the site's root."""

    def open_page(**options):
        return open_context(base_url=live_server.url, **options).new_page()

    return open_page


@pytest.fixture
def nora(demo):
    return make_reader("Nora Blum", EMAIL)

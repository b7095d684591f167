"""What several tests do in a page."""

from playwright.sync_api import Page

from accounts.models import User
from tests.factories import PASSWORD, make_account

MAIN = "/articles/ai-safety-and-alignment-in-2026/"
AWKWARD = "/articles/how-long-is-a-line/"

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

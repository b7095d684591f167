"""A worker as a process of its own: Django behind the front. `python -m tests.worker`.

Takes paths, one a line, and answers each with a line of JSON: [status line, body in base64, whether Django made it].
"""

import json
import os
import sys
from base64 import b64encode

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.test import RequestFactory  # noqa: E402  models can be imported only now

from articles.freshness import versions  # noqa: E402
from skycrumbs import wsgi  # noqa: E402
from skycrumbs.front import Front  # noqa: E402


def ask(application, path: str) -> tuple[str, bytes]:
    """Status line and body of what is answered to a GET without cookies."""
    said: list[str] = []
    answer = application(RequestFactory().get(path).environ, lambda status, headers: said.append(status))
    body = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    return said[0], body


class Counted:
    """Django, and how often it was asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, environ, start_response):
        self.times += 1
        return wsgi.django(environ, start_response)


def main() -> None:
    made = Counted()
    front = Front(made, versions(), 10_000_000)
    for line in sys.stdin:
        before = made.times
        status, body = ask(front, line.removesuffix("\n"))
        print(json.dumps([status, b64encode(body).decode(), made.times > before]), flush=True)


if __name__ == "__main__":
    main()

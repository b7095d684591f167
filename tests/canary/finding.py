"""What an answer gives away: the words and the public ids that stand in it."""

import base64
import os
import re
from collections.abc import Iterable

from django.http import HttpResponse

from tests.canary.scene import Planted, Site

_WORD = re.compile(r"zq[tepnm]\d{4}")
# The article's own text, in which every passage stands by right.
_ARTICLE_TEXT = re.compile(r'<section class="section" id="[^"]*">.*?</section>', re.DOTALL)
_CURSOR = re.compile(r"cursor=([A-Za-z0-9_-]+)")


def all_of(response: HttpResponse) -> str:
    """Headers and body as one text; cursors, which are opaque but not secret, are written out."""
    assert not response.streaming
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    cookies = response.cookies.output()
    text = f"{headers}\n{cookies}\n{response.content.decode()}"
    return text + "".join(f"\n{_opened(token)}" for token in _CURSOR.findall(text))


def _opened(token: str) -> str:
    return base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode("latin-1")


def words(text: str, *, with_article_text: bool = False) -> set[str]:
    """The planted words in it, but for the sections of an article."""
    return set(_WORD.findall(text if with_article_text else _ARTICLE_TEXT.sub("", text)))


class KeyFinder:
    """Finds the public ids of a site's comments, in either spelling, and what number each comment has."""

    def __init__(self, site: Site) -> None:
        self.numbers = {planted.key: planted.number for planted in site.planted}
        self.numbers |= {str(planted.public_id): planted.number for planted in site.planted}
        self.numbers |= {planted.public_id.hex: planted.number for planted in site.planted}
        self.patterns = [_pattern(name for name in self.numbers if len(name) == length) for length in (22, 36, 32)]

    def __call__(self, text: str) -> set[int]:
        found = (match for pattern in self.patterns for match in pattern.findall(text))
        return {self.numbers[name] for name in found if name in self.numbers}


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    """All have been made within minutes, so they begin alike. They are found wherever they stand in a word."""
    names = list(names)
    start = os.path.commonprefix(names)
    assert len(start) >= 2
    return re.compile(rf"(?={re.escape(start)})(?=(.{{{len(names[0])}}}))")


def numbers(planted: Iterable[Planted]) -> set[int]:
    return {one.number for one in planted}

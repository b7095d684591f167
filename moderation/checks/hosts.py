"""Where the links of a comment lead, told by hosts alone. Pure: no rows, no network."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

# RFC 1035, section 2.3.4, in a host as it is written; what is longer is none.
_HOST_MAX_LENGTH = 253
_BLOCKS = frozenset({"p", "br", "li", "ul", "ol", "pre", "blockquote"})
# Every pattern matches in time that grows with the text alone: what repeats cannot be divided in two ways, and none
# begins within a run that another went through.
_BARE_URL = re.compile(r"(?:(?<![a-z])[a-z]{2,10}://|(?<![\w.])(?=www\.\w))(?:[^\s/?#@]*@)?([\w.-]+)", re.IGNORECASE)
_SCHEME = re.compile(r"(?<![a-z])[a-z]{2,10}://", re.IGNORECASE)
_HOST = re.compile(r"(?<![\w.-])(?:[\w-]{1,63}\.)+(?:[^\W\d_]{2,63}|xn--[\w-]{1,59})(?![\w-])")
# Ends of names that look like hosts and cannot be: no top-level domain, and common where software is talked of.
_FILES = frozenset(
    "js ts jsx tsx html htm css php json xml yaml yml toml txt csv pdf doc docx".split()  # noqa: SIM905
    + "jpg jpeg png gif svg webp exe tar gz java cpp hpp".split()  # noqa: SIM905
)


@dataclass
class Found:
    """The links of a text: the hosts they lead to, the same one as often as it is linked.

    `disguised`: (host that is named, host that it leads to) of links whose words name another one.
    """

    hosts: list[str] = field(default_factory=list)
    disguised: list[tuple[str, str]] = field(default_factory=list)


def find_links(html: str) -> Found:
    """The links in sanitised HTML, and addresses in its text that are not linked but can be copied."""
    reading = _Reading()
    reading.feed(html)
    reading.close()
    found = Found()
    for url, words in reading.links:
        target = _host_of(url)
        found.hosts.append(target)
        found.disguised.extend((named, target) for named in _named(words) if not _leads_to(named, target))
    found.hosts.extend(_bare_hosts("".join(reading.rest)))
    return found


class _Reading(HTMLParser):
    """Takes links apart from all other text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[tuple[str, str]] = []
        self.rest: list[str] = []
        self._url: str | None = None
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            # Without one it leads nowhere: the sanitiser has taken it away.
            self._url, self._words = dict(attrs).get("href"), []
        self._part(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._url is not None:
            self.links.append((self._url, "".join(self._words)))
            self._url = None
        self._part(tag)

    def handle_data(self, data: str) -> None:
        (self.rest if self._url is None else self._words).append(_plain(data))

    def _part(self, tag: str) -> None:
        """Words on two sides of a block or a link are two; an emphasis within one does not part it."""
        if tag in _BLOCKS or tag == "a":
            (self.rest if self._url is None else self._words).append("\n")


def _host_of(url: str) -> str:
    """The host of an absolute link, or of a mail address; the scheme itself where it has none."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or parts.path.rpartition("@")[2]
    except ValueError:
        host = ""
    return _readable(host) or url.partition(":")[0]


def _bare_hosts(text: str) -> Iterator[str]:
    return (_readable(match[1]) for match in _BARE_URL.finditer(text))


def _named(words: str) -> Iterator[str]:
    """The hosts that the words of a link name."""
    for word in words.split():
        scheme = _SCHEME.search(word)
        if scheme is None:
            yield from _hosts_in(re.split(r"[/?#]", word, maxsplit=1)[0].rpartition("@")[2])
        else:
            # What stands before an @ is no host, but is read as one: https://bank.example@evil.example
            yield from _hosts_in(re.split(r"[/?#]", word[scheme.end() :], maxsplit=1)[0].replace("@", " "))


def _hosts_in(text: str) -> Iterator[str]:
    for match in _HOST.finditer(text):
        host = _readable(match[0])
        if host.rpartition(".")[2] not in _FILES:
            yield host


def _plain(text: str) -> str:
    """As a browser's address bar reads it: full width letters and dots are plain ones, what shows nothing is not."""
    if text.isascii():
        return text
    folded = unicodedata.normalize("NFKC", text).replace("\N{IDEOGRAPHIC FULL STOP}", ".")
    invisible = {ord(c): None for c in set(folded) if unicodedata.category(c) == "Cf"}
    return folded.translate(invisible) if invisible else folded


def _readable(host: str) -> str:
    """In small letters, names of other scripts in them, not in Punycode. (RFC 3492)"""
    return ".".join(map(_decoded, host.casefold().strip(".-").split(".")))[:_HOST_MAX_LENGTH]


def _decoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode").casefold()
    except UnicodeError:
        return label


def _leads_to(named: str, target: str) -> bool:
    """Whether a link that names one leads there, or to a part of it."""
    named, target = named.removeprefix("www."), target.removeprefix("www.")
    return target == named or target.endswith(f".{named}")

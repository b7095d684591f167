"""Finished answers kept before Django, and served while nothing they were made from has changed.

A WSGI wrapper. Only answers are kept that anybody may have, whose view said what they are made from
(`skycrumbs.keeping`), and that are a whole 200. Before one is served the versions are asked for again, so that every
process sees every change of every other. It can be left out: everything is right without it, only slower.
"""

import gzip
import re
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Lock
from typing import Any, Protocol

from skycrumbs.keeping import noted

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
Headers = list[tuple[str, str]]

# Stands for the site among the ids of articles.
SITE = 0
# What an answer takes in memory beside its bytes, about.
OVERHEAD = 4096
# Below this gzip makes nothing smaller.
SMALL = 200
_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")
# Of the bytes, not of the answer. (RFC 9110, section 15.4.5)
_OF_CONTENT = {"content-type", "content-length", "content-encoding", "content-language"}


class Unreadable(Exception):
    """The versions cannot be had just now."""


class Versions(Protocol):
    def mark(self) -> object:
        """What changes whenever anything is committed; None where there is no such thing. Raises Unreadable."""

    def read(self, articles: Collection[int]) -> dict[int, str]:
        """The versions of these articles, as far as they are there, and of the site, by id. Raises Unreadable."""

    def close(self) -> None:
        """Let go of what it reads with; it can be read again."""


@dataclass
class Kept:
    """A finished answer. `versions`: what it was made from. `mark`: when that was last found to hold."""

    headers: Headers
    body: bytes
    packed: bytes
    etag: str
    versions: dict[int, str]
    varies_by_who: bool
    mark: object = None
    # Who makes it anew; others wait for that.
    lock: Lock = field(default_factory=Lock)

    @property
    def size(self) -> int:
        return len(self.body) + len(self.packed) + OVERHEAD

    def answer(self, environ: Environ, start_response: StartResponse) -> list[bytes]:
        is_packed = bool(self.packed) and _GZIP.search(environ.get("HTTP_ACCEPT_ENCODING", "")) is not None
        # The tag of compressed bytes is weak, as Django's middleware has it.
        etag = f"W/{self.etag}" if is_packed else self.etag
        if self._is_known(environ.get("HTTP_IF_NONE_MATCH", "")):
            headers = [(name, value) for name, value in self.headers if name.lower() not in _OF_CONTENT]
            start_response("304 Not Modified", [*headers, ("ETag", etag)])
            return []
        body = self.packed if is_packed else self.body
        headers = [*self.headers, ("ETag", etag), ("Content-Length", str(len(body)))]
        start_response("200 OK", [*headers, ("Content-Encoding", "gzip")] if is_packed else headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _is_known(self, if_none_match: str) -> bool:
        """By weak comparison. (RFC 9110, section 13.1.2)"""
        tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
        return self.etag in tags or tags == ["*"]


class Store:
    """Answers by what was asked; the one that was not asked for longest makes room, `most` bytes in all."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._lock = Lock()
        self._kept: OrderedDict[tuple[str, ...], Kept] = OrderedDict()

    def get(self, key: tuple[str, ...]) -> Kept | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
            return kept

    def put(self, key: tuple[str, ...], kept: Kept) -> None:
        with self._lock:
            self._drop(key)
            self._kept[key] = kept
            self._size += _size(key, kept)
            while self._size > self._most:
                self._drop(next(iter(self._kept)))

    def drop(self, key: tuple[str, ...]) -> None:
        with self._lock:
            self._drop(key)

    def _drop(self, key: tuple[str, ...]) -> None:
        former = self._kept.pop(key, None)
        if former is not None:
            self._size -= _size(key, former)


def _size(key: tuple[str, ...], kept: Kept) -> int:
    """With what was asked, which whoever asks makes as long as they like."""
    return sum(map(len, key)) + kept.size


class Front:
    """`application` with a memory of at most `most` bytes."""

    def __init__(self, application: Application, versions: Versions, most: int) -> None:
        self._application = application
        self._versions = versions
        self._store = Store(most)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or "HTTP_IF_MATCH" in environ:
            return self._application(environ, start_response)
        key = _key_of(environ)
        kept = self._store.get(key)
        if kept is None:
            return self._make(key, environ, start_response)
        if kept.varies_by_who and ("HTTP_AUTHORIZATION" in environ or environ.get("HTTP_COOKIE")):
            return self._application(environ, start_response)
        if self._holds(kept):
            return kept.answer(environ, start_response)
        return self._make_anew(key, kept, environ, start_response)

    def _holds(self, kept: Kept) -> bool:
        try:
            mark = self._versions.mark()
            if mark is not None and mark == kept.mark:
                return True
            if self._versions.read(list(kept.versions.keys() - {SITE})) != kept.versions:
                return False
        except Unreadable:
            return False
        kept.mark = mark
        return True

    def _make_anew(
        self, key: tuple[str, ...], stale: Kept, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """One at a time for each key: who comes meanwhile is given what the first one made."""
        with stale.lock:
            kept = self._store.get(key)
            if kept is not None and kept is not stale and self._holds(kept):
                return kept.answer(environ, start_response)
            return self._make(key, _whole(environ), start_response, asked=environ)

    def _make(
        self, key: tuple[str, ...], environ: Environ, start_response: StartResponse, asked: Environ | None = None
    ) -> Iterable[bytes]:
        """The application's answer, kept where it can be. `asked`: what was asked for, if that was not the whole."""
        try:
            # Before anything is read: what changes meanwhile then counts as changed since.
            site = self._versions.read([])
        except Unreadable:
            return self._application(asked or environ, start_response)
        begun = _Begun()
        answer = self._application(environ, begun)
        made_from = noted(environ)
        kept = None
        if made_from is not None and SITE in site and environ["REQUEST_METHOD"] == "GET":
            versions = site | {pk: str(version) for pk, version in made_from.items()}
            kept = begun.kept(answer, versions)
        if kept is None:
            if asked is not None:
                self._store.drop(key)
            start_response(*begun.arguments)
            return answer
        _close(answer)
        self._store.put(key, kept)
        return kept.answer(asked or environ, start_response)


class _Begun:
    """Takes down how an answer begins."""

    def __init__(self) -> None:
        self.arguments: tuple[Any, ...] = ()

    def __call__(self, *arguments: Any) -> None:
        self.arguments = arguments

    def kept(self, answer: Iterable[bytes], versions: dict[int, str]) -> Kept | None:
        """The answer as it can be kept; None for what is not whole, not good or not for anybody."""
        status, headers = self.arguments[0], self.arguments[1]
        said = {name.lower(): value for name, value in headers}
        is_public = said.get("cache-control", "").startswith("public") and "set-cookie" not in said
        if not status.startswith(str(HTTPStatus.OK.value)) or not is_public or "etag" not in said:
            return None
        body = b"".join(answer)
        packed = body if said.get("content-encoding") == "gzip" else b""
        if packed:
            body = gzip.decompress(packed)
        elif len(body) >= SMALL:
            packed = gzip.compress(body, 6, mtime=0)
        own = {"etag", "content-length", "content-encoding"}
        return Kept(
            headers=[(name, value) for name, value in headers if name.lower() not in own],
            body=body,
            packed=packed,
            etag=said["etag"].removeprefix("W/"),
            versions=versions,
            varies_by_who=not {"cookie", "authorization"}.isdisjoint(_names(said.get("vary", ""))),
        )


def _names(vary: str) -> set[str]:
    return {name.strip().lower() for name in vary.split(",")}


def _key_of(environ: Mapping[str, Any]) -> tuple[str, ...]:
    """All of a request that an answer for anybody depends on, but for the encoding, which is ours."""
    names = ["wsgi.url_scheme", "HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "PATH_INFO", "QUERY_STRING"]
    if environ["PATH_INFO"].startswith("/api/"):
        # 406 for who takes no JSON.
        names.append("HTTP_ACCEPT")
    return tuple(environ.get(name, "") for name in names)


def _whole(environ: Environ) -> Environ:
    """The same request, asking for all of the answer."""
    not_asked = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE")
    whole = {name: value for name, value in environ.items() if name not in not_asked}
    return whole | {"REQUEST_METHOD": "GET"}


def _close(answer: Iterable[bytes]) -> None:
    close = getattr(answer, "close", None)
    if close is not None:
        close()

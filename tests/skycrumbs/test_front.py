"""The front alone, before an application that counts how often it was asked."""

import gzip
from threading import Thread

import pytest
from django.test import RequestFactory

from skycrumbs.front import SITE, Front, Unreadable
from skycrumbs.keeping import NOTED

BODY = b"The same words for everybody. " * 20
GOOD = {
    "Cache-Control": "public, no-cache",
    "Content-Type": "text/html",
    "ETag": '"a"',
    "Vary": "Accept-Encoding",
    "Content-Length": str(len(BODY)),
}


class Application:
    """Answers with what it is given; `made_from` is what a view would note."""

    def __init__(self):
        self.status, self.headers, self.body, self.made_from = "200 OK", dict(GOOD), BODY, {7: 1}
        self.asked = []
        self.during = lambda: None

    def __call__(self, environ, start_response):
        self.asked.append(environ)
        self.during()
        if self.made_from is not None:
            environ[NOTED] = dict(self.made_from)
        start_response(self.status, list(self.headers.items()))
        return [self.body]


class Versions:
    def __init__(self):
        self.now, self.marked, self.reads, self.is_away = {SITE: "s", 7: "1"}, None, 0, False

    def mark(self):
        return self.marked

    def read(self, articles):
        if self.is_away:
            raise Unreadable
        self.reads += 1
        return {pk: version for pk, version in self.now.items() if pk == SITE or pk in articles}


@pytest.fixture
def application():
    return Application()


@pytest.fixture
def versions():
    return Versions()


@pytest.fixture
def front(application, versions):
    return Front(application, versions, most=1_000_000)


def ask(front, path="/a/", method="GET", **headers):
    """Status, headers and body."""
    said = []
    environ = RequestFactory().generic(method, path, headers=headers).environ
    body = b"".join(front(environ, lambda status, headers: said.extend([status, dict(headers)])))
    return int(said[0][:3]), said[1], body


class TestKeeping:
    def test_asks_once_for_what_does_not_change(self, front, application):
        first, second = ask(front), ask(front)
        assert first == second == (200, GOOD, BODY)
        assert len(application.asked) == 1

    @pytest.mark.parametrize(
        "other",
        [
            {"path": "/b/"},
            {"path": "/a/?page=2"},
            {"Host": "other.example"},
            {"X-Forwarded-Proto": "https"},
        ],
    )
    def test_takes_no_question_for_another(self, front, application, other):
        ask(front)
        ask(front, **other)
        assert len(application.asked) == 2

    def test_of_the_api_also_by_what_is_accepted(self, front, application):
        for accept in ("application/json", "text/html", "application/json"):
            ask(front, "/api/v1/x/", Accept=accept)
        assert len(application.asked) == 2

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("status", "404 Not Found"),
            ("status", "304 Not Modified"),
            ("made_from", None),
            ("headers", GOOD | {"Cache-Control": "private, no-store"}),
            ("headers", GOOD | {"Set-Cookie": "a=b"}),
            ("headers", {"Content-Type": "text/html"}),
        ],
    )
    def test_keeps_nothing_that_is_not_for_anybody(self, front, application, name, value):
        setattr(application, name, value)
        for _time in range(2):
            status, headers, body = ask(front)
            assert (status, headers, body) == (int(application.status[:3]), application.headers, BODY)
        assert len(application.asked) == 2

    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
    def test_leaves_every_other_method_alone(self, front, application, method):
        ask(front)
        ask(front, method=method)
        ask(front, method=method)
        assert len(application.asked) == 3

    @pytest.mark.parametrize("who", [{"Authorization": "Token x"}, {"Cookie": "session=1"}])
    def test_answers_nobody_who_says_who_they_are_where_that_matters(self, front, application, who):
        application.headers["Vary"] = "Accept, Authorization, Cookie, Accept-Encoding"
        ask(front)
        ask(front, **who)
        assert len(application.asked) == 2
        ask(front)
        assert len(application.asked) == 2

    def test_answers_everybody_where_it_does_not(self, front, application):
        ask(front, Cookie="session=1", Authorization="Token x")
        ask(front)
        assert len(application.asked) == 1

    def test_forgets_what_was_not_asked_for_longest(self, application, versions):
        front = Front(application, versions, most=15_000)
        for path in ("/1/", "/2/", "/1/", "/3/", "/4/", "/1/"):
            ask(front, path)
        assert len(application.asked) == 4
        ask(front, "/2/")
        assert len(application.asked) == 5

    @pytest.mark.parametrize("headers", [{}, {"Accept": "a" * 10_000}])
    def test_makes_room_for_what_was_asked_too(self, application, versions, headers):
        front = Front(application, versions, most=25_000)
        long = "" if headers else "?a=" + "a" * 10_000
        for path in (f"/api/1/{long}", f"/api/2/{long}", f"/api/1/{long}"):
            ask(front, path, **headers)
        assert len(application.asked) == 3


class TestFreshness:
    @pytest.mark.parametrize("now", [{SITE: "s", 7: "2"}, {SITE: "t", 7: "1"}, {SITE: "s"}, {7: "1"}])
    def test_makes_anew_what_has_changed(self, front, application, versions, now):
        ask(front)
        versions.now, application.body = now, b"new"
        assert ask(front)[2] == b"new"

    def test_does_not_read_versions_while_nothing_was_committed(self, front, versions):
        versions.marked = 1
        ask(front)
        ask(front)
        before = versions.reads
        ask(front)
        assert versions.reads == before
        versions.marked = 2
        ask(front)
        assert versions.reads == before + 1

    def test_what_changes_while_it_is_made_counts_as_changed_since(self, front, application, versions):
        application.during = lambda: versions.now.update({SITE: "later"})
        ask(front)
        application.during = lambda: None
        application.body = b"new"
        assert ask(front)[2] == b"new"

    def test_asks_the_application_when_versions_cannot_be_had(self, front, application, versions):
        ask(front)
        versions.is_away = True
        ask(front, "/a/", **{"If-None-Match": '"a"'})
        # As it was asked, for it may be that the application answers 304 or 503.
        assert application.asked[-1]["HTTP_IF_NONE_MATCH"] == '"a"'

    def test_keeps_nothing_while_the_site_has_no_version(self, front, application, versions):
        del versions.now[SITE]
        ask(front)
        ask(front)
        assert len(application.asked) == 2

    def test_is_dropped_when_it_is_gone(self, front, application, versions):
        ask(front)
        versions.now[7] = "2"
        application.status = "410 Gone"
        assert ask(front)[0] == ask(front)[0] == 410

    def test_many_who_come_after_a_change_wait_for_one(self, front, application, versions):
        ask(front)
        versions.now[7] = "2"
        application.made_from = {7: 2}
        waiting = [Thread(target=ask, args=(front,)) for _number in range(5)]

        def start_the_others():
            application.during = lambda: None
            for one in waiting:
                one.start()

        application.during = start_the_others
        ask(front)
        for one in waiting:
            one.join(10)
        assert len(application.asked) == 2


class TestAnswers:
    def test_are_packed_for_who_takes_it(self, front):
        ask(front)
        for _time in range(2):
            status, headers, body = ask(front, **{"Accept-Encoding": "br, gzip"})
            assert (status, gzip.decompress(body), headers["Content-Encoding"]) == (200, BODY, "gzip")
            assert (headers["ETag"], headers["Content-Length"]) == ('W/"a"', str(len(body)))

    @pytest.mark.parametrize("encodings", ["", "br", "gzip;q=0", "gzip; q=0.0, br"])
    def test_are_not_packed_for_who_does_not(self, front, encodings):
        ask(front)
        assert ask(front, **{"Accept-Encoding": encodings})[2] == BODY

    def test_are_kept_whole_when_the_first_was_packed(self, front, application):
        application.headers |= {"Content-Encoding": "gzip", "ETag": 'W/"a"'}
        application.body = gzip.compress(BODY)
        assert gzip.decompress(ask(front, **{"Accept-Encoding": "gzip"})[2]) == BODY
        assert ask(front) == (200, GOOD, BODY)

    @pytest.mark.parametrize("tags", ['"a"', 'W/"a"', '"b", W/"a"', "*"])
    def test_are_304_for_who_knows_them(self, front, application, tags):
        ask(front)
        status, headers, body = ask(front, **{"If-None-Match": tags})
        assert (status, body) == (304, b"")
        assert headers == {name: GOOD[name] for name in ("Cache-Control", "ETag", "Vary")}
        assert ask(front, **{"If-None-Match": '"b"'})[0] == 200
        assert len(application.asked) == 1

    def test_are_not_for_who_asks_for_a_certain_one(self, front, application):
        ask(front)
        application.status = "412 Precondition Failed"
        assert ask(front, **{"If-Match": '"b"'})[0] == 412
        assert ask(front)[0] == 200

    def test_are_made_whole_again_for_who_knows_the_last_one(self, front, application, versions):
        ask(front)
        versions.now[7] = "2"
        application.made_from = {7: 2}
        assert ask(front, **{"If-None-Match": '"a"'})[0] == 304
        assert "HTTP_IF_NONE_MATCH" not in application.asked[-1]
        assert ask(front)[2] == BODY
        assert len(application.asked) == 2

    def test_to_head_are_those_to_get_without_the_body(self, front):
        ask(front)
        assert ask(front, method="HEAD") == (200, GOOD, b"")

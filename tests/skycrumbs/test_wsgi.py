import json

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory

from skycrumbs import wsgi
from tests.factories import make_article

pytestmark = pytest.mark.django_db

ODD = [
    "text/plain; charset=hex",
    "text/plain; charset=rot13",
    "text/plain; charset=zlib",
    "text/plain; charset=idna",
    "text/plain; charset=punycode",
    "text/plain; charset=undefined",
    "text/plain; charset=no-such-charset",
    "text/plain; charset*=utf-8''a%00b",
    "text/plain; name*=hex''a%20b",
    "text/plain; name*=no-such-charset''a%20b",
]


@pytest.fixture(autouse=True)
def one_connection():
    """A request's own ends would close the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def ask(method, path, content_type, body=b""):
    """Status and body as a server gets them from the application."""
    said = []
    environ = RequestFactory().generic(method, path, body, content_type=content_type).environ
    environ["CONTENT_TYPE"] = content_type
    answer = wsgi.django(environ, lambda status, headers: said.append(status))
    text = b"".join(answer)
    answer.close()
    return int(said[0].split()[0]), text


class TestApplication:
    @pytest.mark.parametrize(
        ("path", "status"), [("/?a=%ff", 200), ("/api/v1/comments/", 200), ("/me/?a=b", 200), ("/nothing/?a=b", 404)]
    )
    @pytest.mark.parametrize("content_type", ODD)
    def test_answers_as_ever_when_a_charset_is_none_for_text(self, path, status, content_type):
        assert ask("GET", path, content_type)[0] == status

    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    @pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-32", "cp037"])
    def test_reads_an_address_as_utf_8_whatever_the_charset(self, method, charset):
        assert ask(method, "/?page=900", f"text/plain; charset={charset}")[0] == 404

    @pytest.mark.parametrize("charset", ["hex", "idna", "undefined"])
    def test_refuses_a_form_when_its_charset_is_none_for_text(self, charset):
        make_article("birds")
        body = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nb\xff\r\n--x--\r\n'
        content_type = f"multipart/form-data; boundary=x; charset={charset}"
        assert ask("POST", "/articles/birds/comment/", content_type, body)[0] == 400

    @pytest.mark.parametrize(
        "content_type",
        ["", "application/json", "text/plain; charset=latin-1", "multipart/form-data; boundary=x; charset=UTF-8"],
    )
    def test_passes_on_what_can_be_read(self, monkeypatch, content_type):
        monkeypatch.setattr(wsgi, "_django", lambda environ, start_response: [environ["CONTENT_TYPE"]])
        assert wsgi.django({"CONTENT_TYPE": content_type}, None) == [content_type]

    def test_leaves_the_rest_of_the_header(self):
        status, text = ask("POST", "/api/v1/comments/", "application/json; charset=hex", b"{}")
        assert (status, json.loads(text)["code"]) == (401, "not_authenticated")

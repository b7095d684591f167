import pytest
from django.test import Client

from skycrumbs.sessions import SessionStore
from tests.factories import make_article, make_comment, make_user

pytestmark = pytest.mark.django_db

# Django reads octal escapes in a quoted cookie. (RFC 2109, section 10.1.3 knew them)
NUL = '__Host-skysession="\\000aaaaaaaaaaa"'


class TestSessionStore:
    @pytest.mark.parametrize("key", ["\0aaaaaaaaaaa", "aaaaaaa\u00e9", "\u0661" * 8, "aaaa-aaaa", "a" * 7, "", None])
    def test_knows_no_key_that_it_never_gives_out(self, key, django_assert_num_queries):
        with django_assert_num_queries(0):
            session = SessionStore(key)
            assert (session.session_key, session.get("a")) == (None, None)

    def test_finds_what_it_kept(self):
        session = SessionStore()
        session["a"] = 1
        session.create()
        assert SessionStore(session.session_key)["a"] == 1


class TestSessionCookie:
    @pytest.mark.parametrize("path", ["/me/", "/me/summary.json", "/comments/{key}/", "/api/v1/comments/"])
    @pytest.mark.parametrize("cookie", [NUL, "__Host-skysession=aaaa-aaaa"])
    def test_is_nobodys_when_it_holds_what_no_key_holds(self, path, cookie):
        comment = make_comment(make_article("birds"), by=make_user())
        address = path.format(key=comment.key)
        response = Client().get(address, headers={"cookie": cookie})
        assert response.status_code == Client().get(address).status_code

    def test_signs_in_when_it_is_good(self):
        client = Client()
        client.force_login(make_user())
        assert client.get("/me/").status_code == 200

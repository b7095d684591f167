"""ETags and 304, as everybody's caches meet them."""

import pytest

from tests.factories import make_article

ADDRESSES = ["/", "/articles/birds/", "/api/v1/articles/", "/api/v1/comments/"]


@pytest.fixture(autouse=True)
def birds(db):
    return make_article("birds")


class TestConditionalMiddleware:
    @pytest.mark.parametrize("address", ADDRESSES)
    def test_gives_head_the_headers_of_get(self, client, address):
        get, head = client.get(address), client.head(address)
        assert head.headers["ETag"] == get.headers["ETag"]
        assert head.content == b""

    @pytest.mark.parametrize("address", ADDRESSES)
    @pytest.mark.parametrize("method", ["get", "head"])
    def test_answers_304_with_the_vary_of_the_200(self, client, address, method):
        asked = getattr(client, method)
        first = asked(address)
        again = asked(address, headers={"if-none-match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["Vary"] == first.headers["Vary"]
        assert again.headers["Cache-Control"] == "public, no-cache"

    @pytest.mark.parametrize("address", ADDRESSES)
    @pytest.mark.parametrize("method", ["get", "head"])
    def test_refuses_what_is_asked_of_another_answer(self, client, address, method):
        asked = getattr(client, method)
        tag = asked(address).headers["ETag"]
        refused = asked(address, headers={"if-match": '"another"'})
        kind = "application/problem+json" if address.startswith("/api/") else "text/html; charset=utf-8"
        assert (refused.status_code, refused.headers["Content-Type"]) == (412, kind)
        for tags in (tag, f'"another", W/{tag}', "*"):
            assert asked(address, headers={"if-match": tags}).status_code == 200

    def test_says_what_failed(self, client):
        refused = client.get("/api/v1/articles/", headers={"if-match": '"another"'}).json()
        assert (refused["status"], refused["code"]) == (412, "precondition_failed")

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_takes_no_notice_of_dates(self, client, address):
        asked = client.get(address, headers={"if-unmodified-since": "Sat, 01 Jan 2000 00:00:00 GMT"})
        assert asked.status_code == 200

    def test_answers_as_ever_what_is_not_there(self, client):
        assert client.get("/api/v1/articles/x/", headers={"if-match": '"another"'}).status_code == 404

    def test_leaves_what_is_posted_alone(self, client):
        assert "ETag" not in client.post("/articles/birds/comment/", {"text": "x"}).headers

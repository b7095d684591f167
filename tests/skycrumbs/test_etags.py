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

    def test_leaves_what_is_posted_alone(self, client):
        assert "ETag" not in client.post("/articles/birds/comment/", {"text": "x"}).headers

"""Cursors: written, read, refused."""

import base64

import pytest

from skycrumbs.paging import Cursor


def token(text: bytes) -> str:
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


class TestCursor:
    @pytest.mark.parametrize("cursor", [Cursor("a-slug"), Cursor("a-slug", is_backward=True), Cursor("x")])
    def test_reads_what_it_wrote(self, cursor):
        assert Cursor.read(str(cursor)) == cursor

    def test_does_not_show_the_key(self):
        assert str(Cursor("a-slug")) == "PmEtc2x1Zw"

    @pytest.mark.parametrize(
        "bad",
        ["!", "é", "PmEtc2x1Zw==", "PmEtc2x1Z", "a" * 10_000, token(b"a-slug"), token(b">a\0b"), token(b">\xff")],
    )
    def test_is_none_for_what_it_never_wrote(self, bad):
        assert Cursor.read(bad) is None

import time
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skycrumbs.ids import KeyConverter, from_key, is_row_id, new_id, to_key

ZEROS = uuid.UUID(int=0)
ONES = uuid.UUID(int=2**128 - 1)
# The example of RFC 9562, appendix A.6, and its bytes in base64url.
EXAMPLE = uuid.UUID("017F22E2-79B0-7CC3-98C4-DC0C0C07398F")
EXAMPLE_KEY = "AX8i4nmwfMOYxNwMDAc5jw"


class TestNewId:
    def test_has_version_7_and_the_rfc_variant_always(self):
        made = [new_id() for _ in range(200)]
        assert {value.version for value in made} == {7}
        assert {value.variant for value in made} == {uuid.RFC_4122}

    def test_begins_with_the_milliseconds_of_the_clock(self, monkeypatch):
        monkeypatch.setattr(time, "time_ns", lambda: 1_645_557_742_000_999_999)
        assert new_id().hex[:13] == "017f22e279b07"

    def test_keeps_every_random_bit_but_version_and_variant(self, monkeypatch):
        monkeypatch.setattr(time, "time_ns", lambda: 0)
        monkeypatch.setattr("os.urandom", lambda length: b"\xff" * length)
        assert new_id() == uuid.UUID("00000000-0000-7fff-bfff-ffffffffffff")

    def test_sets_version_and_variant_when_the_random_bits_are_zero(self, monkeypatch):
        monkeypatch.setattr(time, "time_ns", lambda: 0)
        monkeypatch.setattr("os.urandom", bytes)
        assert new_id() == uuid.UUID("00000000-0000-7000-8000-000000000000")

    def test_sorts_as_made_when_made_in_different_milliseconds(self, monkeypatch):
        clock = iter(range(10**18, 10**18 + 50 * 10**6, 10**6))
        monkeypatch.setattr(time, "time_ns", lambda: next(clock))
        made = [new_id() for _ in range(50)]
        assert made == sorted(made)

    def test_never_repeats(self):
        assert len({new_id() for _ in range(1000)}) == 1000


class TestToKey:
    @pytest.mark.parametrize(("value", "key"), [(EXAMPLE, EXAMPLE_KEY), (ZEROS, "A" * 22), (ONES, "_" * 21 + "w")])
    def test_gives_22_url_safe_characters(self, value, key):
        assert to_key(value) == key


class TestFromKey:
    @given(st.uuids())
    def test_gives_back_every_id(self, value):
        assert from_key(to_key(value)) == value

    @pytest.mark.parametrize(
        "key",
        [
            "",
            "AX8i4nmwfMOYxNwMDAc5j",
            "AX8i4nmwfMOYxNwMDAc5jwA",
            "AX8i4nmwfMOYxNwMDAc5jw==",
            "AX8i4nmwfMOYxNwMDAc5j=",
            "AX8i4nmwfMOYxNwMDAc5j ",
            "AX8i4nmwfMOYxNwMDAc5j\n",
            "AX8i4nmwfMOYxNwMDAc5j+",
            "AX8i4nmwfMOYxNwMDAc5j/",
            "+X8i4nmwfMOYxNwMDAc5jw",
            "AX8i4nmwfMOYxNwMDAc5jé",
            "AX8i4nmwfMOYxNwMDAc5j\N{FULLWIDTH LATIN SMALL LETTER W}",
            "A.8i4nmwfMOYxNwMDAc5jw",
        ],
    )
    def test_refuses_what_is_no_key(self, key):
        assert from_key(key) is None

    # The last character carries 2 bits; 4 of 64 are its one spelling.
    @pytest.mark.parametrize("last", ["x", "y", "z", "_", "B"])
    def test_refuses_a_second_spelling_of_the_same_bytes(self, last):
        assert from_key(EXAMPLE_KEY[:-1] + last) is None

    @given(st.text(max_size=24))
    def test_gives_an_id_only_for_its_own_key(self, key):
        value = from_key(key)
        assert value is None or to_key(value) == key


class TestKeyConverter:
    def test_turns_a_key_into_an_id_and_back(self):
        assert KeyConverter().to_python(EXAMPLE_KEY) == EXAMPLE
        assert KeyConverter().to_url(EXAMPLE) == EXAMPLE_KEY
        assert KeyConverter().to_url(EXAMPLE_KEY) == EXAMPLE_KEY

    def test_does_not_match_when_the_key_is_a_second_spelling(self):
        with pytest.raises(ValueError, match="AX8i"):
            KeyConverter().to_python("AX8i4nmwfMOYxNwMDAc5jx")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("0", True), ("42", True), ("9" * 18, True), ("9" * 19, False), ("", False), ("-1", False), ("1.5", False),
     ("x", False), ("²", False), ("٣", False), ("1\n", False)],
)  # fmt: skip
def test_the_id_of_a_row_is_a_number_that_any_database_takes(text, is_one):
    assert is_row_id(text) is is_one

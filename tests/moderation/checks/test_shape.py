"""The figures of a text."""

import pytest

from moderation.checks.shape import shape
from tests.moderation.checks.sending import sent


def figures(text):
    result = shape(sent(None, None, text))
    assert (result.verdict, result.reason) == ("pass", "")
    return result.evidence


class TestShape:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("", (0, 1, 0.0, 0, 0)),
            ("Small birds.", (12, 1, 0.1, 0, 0)),
            ("BUY\nIT\n\nnow", (11, 4, 0.62, 0, 0)),
            # Code points, not bytes or UTF-16 units; emoji have no case.
            ("😀😀", (2, 1, 0.0, 0, 0)),
            ("中文 한국어", (6, 1, 0.0, 0, 0)),
            (
                "x\N{COMBINING DOT BELOW}\N{COMBINING ACUTE ACCENT}\N{ZERO WIDTH SPACE}\N{SOFT HYPHEN}",
                (5, 1, 0.0, 2, 2),
            ),
        ],
    )
    def test_is_told_in_figures(self, text, expected):
        found = figures(text)
        assert tuple(found.values()) == expected
        assert list(found) == ["code_points", "lines", "capitals", "marks_in_a_row", "invisible"]

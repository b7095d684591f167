from hypothesis import example, given
from hypothesis import strategies as st

from comments.anchoring.tokens import Vocabulary


class TestLine:
    @given(st.text(st.characters(max_codepoint=127, exclude_characters="\n")))
    @example("It isn't 'so'; a_b __c__ don''t\x1f3.14\x00")
    def test_in_ascii_has_the_words_it_has_beside_others(self, line):
        """A pattern of its own reads it."""
        vocabulary = Vocabulary()
        alone, beside = vocabulary.line(line), vocabulary.line(f"{line} ö")
        assert beside == ([*alone.ids, vocabulary["ö"]], [*alone.starts, len(line) + 1], [*alone.ends, len(line) + 2])

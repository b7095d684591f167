"""Two texts beside each other."""

import pytest

from articles.comparing import MAX_LINES, MAX_WORDS, Row, Run, compare


class TestCompare:
    def test_gives_nothing_when_the_texts_are_the_same(self):
        assert compare("one\ntwo", "one\ntwo") == []

    def test_marks_the_words_of_a_line_that_differ(self):
        assert compare("A small bird.", "A big bird.") == [
            Row(
                (Run("A "), Run("small", True), Run(" bird.")),
                (Run("A "), Run("big", True), Run(" bird.")),
                is_changed=True,
            )
        ]

    @pytest.mark.parametrize(
        ("old", "new", "row"),
        [
            ("one\ntwo", "one", Row((Run("two", True),), (), is_changed=True)),
            ("one", "one\ntwo", Row((), (Run("two", True),), is_changed=True)),
        ],
    )
    def test_leaves_the_other_side_empty_when_a_line_is_there_once(self, old, new, row):
        assert compare(old, new) == [Row((Run("one"),), (Run("one"),)), row]

    def test_counts_equal_lines_that_are_far_from_a_difference(self):
        lines = [str(number) for number in range(20)]
        changed = ["first", *lines[1:-1], "last"]
        rows = compare("\n".join(lines), "\n".join(changed))
        assert [row.skipped for row in rows] == [0, 0, 0, 14, 0, 0, 0]
        assert [row.old[0].text for row in rows if row.old] == ["0", "1", "2", "17", "18", "19"]

    def test_skips_what_stands_before_and_after_a_single_difference(self):
        old = ["a", "b", "c", "here", "d", "e", "f"]
        new = ["a", "b", "c", "there", "d", "e", "f"]
        rows = compare("\n".join(old), "\n".join(new))
        assert [row.skipped for row in rows] == [1, 0, 0, 0, 0, 0, 1]

    def test_shows_as_one_difference_what_differs_in_too_many_words(self):
        old, new = "old " * MAX_WORDS, "new " * MAX_WORDS
        assert compare(f"A {old}end", f"A {new}end") == [
            Row(
                (Run("A "), Run(old[:-1], True), Run(" end")),
                (Run("A "), Run(new[:-1], True), Run(" end")),
                is_changed=True,
            )
        ]

    def test_compares_fewer_words_where_fewer_are_allowed(self):
        (row,) = compare("a b c d e f", "x b c d e y", max_words=8)
        assert row.old == (Run("a b c d e f", True),)
        (row,) = compare("a b c d e f", "x b c d e y", max_words=11)
        assert row.old == (Run("a", True), Run(" b c d e "), Run("f", True))

    def test_marks_a_repeated_word_once_when_one_was_added(self):
        (row,) = compare("very good", "very very good")
        assert (row.old, row.new) == (
            (Run("very "), Run("good")),
            (Run("very "), Run("very ", True), Run("good")),
        )

    def test_shows_every_line_when_a_text_has_too_many(self):
        text = "\n".join(["same"] * (MAX_LINES + 1))
        rows = compare(text, text + "!")
        assert (len(rows), rows[0].is_changed) == (MAX_LINES + 1, True)

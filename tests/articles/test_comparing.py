"""Two texts beside each other."""

from functools import partial

import pytest

from articles.comparing import MAX_LINES, MAX_WORDS, Row, Run, compare
from tests.cost import takes_at_most


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

    @pytest.mark.parametrize(
        ("old", "new", "taken", "put"),
        [
            ("小鸟在早晨唱歌。", "小鸟在晚上唱歌。", "早晨", "晚上"),
            ("小さな鳥が朝に歌う。", "小さな鳥が夜に歌う。", "朝", "夜"),
            ("นกร้องเพลงตอนเช้าทุกวัน", "นกร้องเพลงตอนค่ำทุกวัน", "เช้า", "ค่ำ"),
            ("새가아침에노래한다.", "새가저녁에노래한다.", "아침", "저녁"),
            ("पक्षी सुबह गाते हैं।", "पक्षी शाम गाते हैं।", "सुबह", "शाम"),
            ("تغرد الطيور صباحًا.", "تغرد الطيور مساءً.", "صباحًا", "مساءً"),
        ],
    )
    def test_marks_what_differs_in_any_script(self, old, new, taken, put):
        (row,) = compare(old, new)
        changed = ["".join(run.text for run in side if run.is_changed) for side in (row.old, row.new)]
        assert changed == [taken, put]
        assert ["".join(run.text for run in side) for side in (row.old, row.new)] == [old, new]

    def test_lets_lines_that_took_the_place_of_others_face_them(self):
        rows = compare("first\nA lark.\nA crow.\nlast", "first\nA wren.\nA rook.\nlast")
        assert [(row.is_changed, len(row.old), len(row.new)) for row in rows] == [
            (False, 1, 1),
            (True, 3, 3),
            (True, 3, 3),
            (False, 1, 1),
        ]

    @pytest.mark.parametrize(
        ("old", "new"), [("a b ", "b a c "), ("鸟 鱼 ", "鱼 鸟 花 "), ("鸟鱼鸟鱼", "鱼鸟花鱼鸟花")]
    )
    def test_takes_no_longer_for_words_that_come_again_and_again(self, old, new):
        was, now = ("\n".join([line * (MAX_WORDS // 6)] * 10) for line in (old, new))
        assert all(len(row.old) > 100 for row in compare(was, now))
        # With a comparison that takes the cube of the number of words it was many seconds.
        assert takes_at_most(0.2, lambda: compare(was, now))

    @pytest.mark.parametrize("words", ["a b ", "鸟鱼鸟鱼", "नमस्ते ", "e\u0301 "])
    def test_takes_no_longer_for_a_line_that_is_very_long(self, words):
        line = words * (200_000 // len(words))
        changed = f"x{line[1:100_000]}x{line[100_001:]}x"
        for old, new in ((line, changed), (changed, line), (line, line[::-1])):
            assert takes_at_most(0.5, partial(compare, old, new))

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

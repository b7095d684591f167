from comments.anchoring.alignment import NOWHERE, strong


class TestStrong:
    def test_marks_words_that_stand_together_in_a_long_run(self):
        assert strong([7, 8, 9, 10, 2, 3, 4]) == bytes([1, 1, 1, 1, 0, 0, 0])

    def test_marks_none_that_are_lost(self):
        assert strong([NOWHERE] * 6) == bytes(6)

    def test_marks_the_run_that_the_new_text_begins_with_behind_a_word_that_was_lost(self):
        assert strong([NOWHERE, 0, 1, 2, 3]) == bytes([0, 1, 1, 1, 1])

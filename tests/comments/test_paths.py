from django.test import SimpleTestCase

from comments import paths


class BelowTests(SimpleTestCase):
    def test_is_eight_digits_more(self):
        assert paths.below("", 1) == "00000001"
        assert paths.below("00000001", 23) == "0000000100000023"

    def test_sorts_as_the_children_came(self):
        assert paths.below("", 9) < paths.below(paths.below("", 9), 1) < paths.below("", 10)


class AboveTests(SimpleTestCase):
    def test_begins_with_the_root_and_ends_with_the_parent(self):
        assert paths.above("000000010000002300000004") == ["", "00000001", "0000000100000023"]

    def test_of_a_root_is_nobody(self):
        assert paths.above("") == []

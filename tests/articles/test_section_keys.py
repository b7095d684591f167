import pytest

from articles.section_keys import LEAD_KEY, Part, match, new_key


def part(heading, body):
    return Part(heading, body if heading is None else f"{heading}\n{body}".strip())


LEAD = part(None, "It begins.")
SONG = part("Song", "They sing.")
NESTS = part("Nests", "They nest.")
FLIGHT = part("Flight", "They fly.")
ALL = [LEAD, SONG, NESTS, FLIGHT]


class TestMatch:
    def test_continues_every_section_when_nothing_changed(self):
        assert match(ALL, ALL) == [0, 1, 2, 3]

    def test_gives_nothing_when_there_was_nothing(self):
        assert match([], ALL) == [None, None, None, None]
        assert match(ALL, []) == []

    def test_follows_sections_when_they_are_put_in_another_order(self):
        assert match(ALL, [LEAD, FLIGHT, SONG, NESTS]) == [0, 3, 1, 2]

    def test_follows_a_section_by_its_heading_when_its_text_is_rewritten(self):
        assert match(ALL, [LEAD, part("Song", "All new."), NESTS, FLIGHT]) == [0, 1, 2, 3]

    def test_follows_a_section_by_its_heading_when_only_case_changes(self):
        assert match([SONG], [part("SONG", "All new.")]) == [0]

    def test_follows_a_section_by_its_text_when_it_is_renamed_and_moved(self):
        assert match(ALL, [LEAD, NESTS, FLIGHT, part("Voices", "They sing.")]) == [0, 2, 3, 1]

    def test_follows_a_section_by_its_place_when_heading_and_text_are_new(self):
        assert match(ALL, [LEAD, part("Voices", "All new."), NESTS, FLIGHT]) == [0, 1, 2, 3]

    def test_makes_a_new_section_when_one_is_put_between(self):
        assert match(ALL, [LEAD, SONG, part("Food", "They eat."), NESTS, FLIGHT]) == [0, 1, None, 2, 3]

    def test_makes_a_new_section_when_one_is_added_at_the_end(self):
        assert match(ALL, [*ALL, part("Food", "They eat.")]) == [0, 1, 2, 3, None]

    def test_makes_a_new_section_when_one_is_put_first(self):
        assert match([SONG, NESTS], [part("Food", "They eat."), SONG, NESTS]) == [None, 0, 1]

    def test_leaves_the_others_alone_when_one_is_deleted(self):
        assert match(ALL, [LEAD, SONG, FLIGHT]) == [0, 1, 3]

    def test_continues_no_section_twice_when_one_is_split(self):
        assert match([SONG], [SONG, part("Song, again", "They sing.")]) == [0, None]

    def test_keeps_heading_before_text_when_they_point_to_different_sections(self):
        new = [part("Nests", "They sing."), part("Song", "They nest.")]
        assert match([SONG, NESTS], new) == [1, 0]

    @pytest.mark.parametrize("heading", ["鸟类的歌声", "أغاني الطيور", "Ünïcode", "🐦"])
    def test_follows_headings_of_every_script(self, heading):
        old = [part("Other", "Else."), part(heading, "Old words.")]
        assert match(old, [part(heading, "New words."), part("Other", "Else.")]) == [1, 0]

    def test_pairs_the_lead_with_the_lead(self):
        assert match(ALL, [part(None, "All new."), SONG, NESTS, FLIGHT]) == [0, 1, 2, 3]

    def test_never_makes_a_headed_section_of_the_lead_when_the_lead_goes(self):
        assert match([LEAD, SONG], [part("Opening", "All new."), SONG]) == [None, 1]

    def test_never_makes_a_headed_section_of_the_lead_when_the_lead_is_given_a_heading(self):
        assert match([LEAD, SONG], [part("Opening", "It begins."), SONG]) == [None, 1]

    def test_never_makes_a_lead_of_a_headed_section_when_it_loses_its_heading(self):
        assert match([SONG, NESTS], [part(None, "They sing."), NESTS]) == [None, 1]


class TestMatchSameHeadings:
    """Several sections of one name: what they say tells them apart."""

    FIRST, SECOND = part("Notes", "First notes."), part("Notes", "Second notes.")

    def test_keeps_each_when_nothing_changed(self):
        assert match([self.FIRST, self.SECOND], [self.FIRST, self.SECOND]) == [0, 1]

    def test_follows_the_one_that_stays_when_the_first_is_deleted(self):
        assert match([self.FIRST, SONG, self.SECOND], [SONG, self.SECOND]) == [1, 2]

    def test_follows_both_when_they_change_places(self):
        assert match([self.FIRST, self.SECOND], [self.SECOND, self.FIRST]) == [1, 0]

    def test_keeps_the_old_ones_when_one_more_is_put_first(self):
        new = [part("Notes", "Newest notes."), self.FIRST, self.SECOND]
        assert match([self.FIRST, self.SECOND], new) == [None, 0, 1]

    def test_keeps_their_order_when_both_are_rewritten(self):
        new = [part("Notes", "One."), part("Notes", "Two.")]
        assert match([self.FIRST, self.SECOND], new) == [0, 1]


class TestMatchEmptySections:
    """A heading directly followed by another has no text of its own: being empty is no likeness."""

    def test_makes_a_new_section_when_another_empty_one_went(self):
        assert match([SONG, part("Part two", "")], [part("Preface", ""), SONG]) == [None, 0]


class TestNewKey:
    @pytest.mark.parametrize(
        ("heading", "key"),
        [
            ("How birds sing", "how-birds-sing"),
            ("  Why?  ", "why"),
            ("C++ & Rust", "c-rust"),
            ("鸟类的歌声", "鸟类的歌声"),
            ("أغاني الطيور", "أغاني-الطيور"),
            ("Über Größe", "über-größe"),
            ("🐦", "section"),
            ("???", "section"),
            (None, "lead"),
            ("Lead", "lead-2"),
        ],
    )
    def test_is_made_of_the_heading(self, heading, key):
        assert new_key(heading, set()) == key

    def test_is_numbered_when_the_key_is_taken(self):
        assert new_key("Notes", {"notes"}) == "notes-2"
        assert new_key("Notes", {"notes", "notes-2", "notes-4"}) == "notes-3"
        assert new_key("🐦", {"section"}) == "section-2"

    def test_fits_the_column_when_the_heading_is_long(self):
        key = new_key("very long " * 60, {new_key("very long " * 60, set())})
        assert len(key) <= 80
        assert key.endswith("-2")

    def test_is_never_one_that_is_taken_when_the_section_is_the_lead(self):
        assert new_key(None, {LEAD_KEY}) != LEAD_KEY

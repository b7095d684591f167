"""Short lines: headings, and items of lists that begin or end alike."""

import pytest

from comments.anchoring import Span, Status
from tests.comments.anchoring.test_carrying import LEAD, NEST, NEWS, ORPHANED, SONG, at, carry_one, lands_on, short

CUT = "Early mowing destroys most broods, and what is left is taken by foxes."


def now(old, new, exact):
    """The words that a passage is on in the new text."""
    placement = carry_one(old, new, at(old, exact))
    return new[placement.start : placement.end]


class TestCarryHeadings:
    @pytest.mark.parametrize("heading", ["Feeding", "Where it nests", "Nistplätze", "巢"])
    def test_follows_a_heading_when_all_around_it_is_written_anew(self, heading):
        old, new = f"{LEAD}\n{heading}\n{SONG}", f"{NEWS}\n{heading}\n{CUT}"
        assert short(carry_one(old, new, at(old, heading))) == lands_on(at(new, heading))

    def test_follows_a_word_of_it_too(self):
        old, new = f"{LEAD}\nNesting places\n{SONG}", f"{NEWS}\nNesting places\n{CUT}"
        assert short(carry_one(old, new, at(old, "places"))) == lands_on(at(new, "places"))

    def test_orphans_it_when_its_words_stand_in_a_sentence_only(self):
        old = f"{LEAD}\nFeeding\n{SONG}"
        new = f"{NEWS}\nThose who manage the meadows say that feeding in winter helps other birds only.\n{CUT}"
        assert short(carry_one(old, new, at(old, "Feeding"))) == ORPHANED

    def test_asks_a_person_about_one_word_that_stands_elsewhere(self):
        """It may be another heading of the same name."""
        old, new = f"{LEAD}\nNesting\n{SONG}\n{NEST}", f"{LEAD}\n{SONG}\n{NEST}\nNesting"
        assert short(carry_one(old, new, at(old, "Nesting"))) == lands_on(at(new, "Nesting"), Status.UNCERTAIN)

    @pytest.mark.parametrize(("heading", "more"), [("Nesting", "Nesting\n"), ("Map", "")])
    def test_orphans_one_word_that_could_be_any(self, heading, more):
        """Another of its kind was there before; or it is short."""
        old = f"{more}{LEAD}\n{heading}\n{SONG}\n{NEST}"
        new = f"{more}{LEAD}\n{SONG}\n{NEST}\n{heading}"
        assert short(carry_one(old, new, at(old, heading, more.count(heading)))) == ORPHANED

    def test_follows_one_word_with_its_neighbours(self):
        rest = f"{LEAD}\n{SONG}\n{CUT}"
        old, new = f"{rest}\nNesting\n{NEST}", f"Nesting\n{NEST}\n{rest}"
        assert short(carry_one(old, new, at(old, "Nesting"))) == lands_on(at(new, "Nesting"), Status.MOVED)


class TestCarryLine:
    """… whose last word was replaced: it ends where it ended, whatever became of the next."""

    @pytest.mark.parametrize("then", ["", f"\n{NEWS}", f"\n{NEWS}\n{CUT}"])
    def test_up_to_its_end(self, then):
        old, new = f"{LEAD}\nBirds of the open field\n{SONG}", f"{LEAD}\nBirds of the open meadow{then}"
        assert now(old, new, "Birds of the open field") == "Birds of the open meadow"
        assert now(old, new, "the open field") == "the open meadow"

    def test_not_where_much_follows(self):
        old = f"{LEAD}\nBirds of the open field\n{SONG}"
        new = f"{LEAD}\nBirds of the open meadows and of the river banks\n{NEWS}"
        assert now(old, new, "Birds of the open field") == "Birds of the open"

    def test_not_where_it_ended_before(self):
        old = f"{LEAD}\nBirds of the open field in winter\n{SONG}"
        new = f"{LEAD}\nBirds of the open meadow in spring\n{NEWS}"
        assert now(old, new, "Birds of the open field") == "Birds of the open meadow"
        assert now(old, new, "the open field in winter") == "the open meadow in spring"

    def test_not_where_what_stood_in_another_line_follows(self):
        old = f"{LEAD}\nBirds of the open field\n{SONG}\nNests on the bare ground"
        new = f"{LEAD}\nBirds of the open meadow, nests on the bare ground\n{NEWS}"
        assert now(old, new, "Birds of the open field") == "Birds of the open"


class TestCarrySeveral:
    """… lines, or sentences of one."""

    LINES = [LEAD, SONG, NEST, CUT]

    @pytest.mark.parametrize("between", ["\n", " "])
    @pytest.mark.parametrize("order", [(1, 0, 2), (0, 2, 1), (2, 1, 0), (1, 2, 0)])
    def test_stay_one_passage_when_they_change_places(self, order, between):
        lines = [line.replace(". ", ", ") for line in self.LINES]
        was, is_now = (between.join(lines[at] for at in places) for places in ((0, 1, 2), order))
        old, new = f"{NEWS}\n{was}{between}{lines[3]}", f"{NEWS}\n{is_now}{between}{lines[3]}"
        assert now(old, new, was) == is_now
        edited = new.replace("before the sun", "before the moon")
        assert now(old, edited, was) == is_now.replace("before the sun", "before the moon")

    def test_are_parted_by_one_that_stood_elsewhere(self):
        was = f"{LEAD}\n{SONG}"
        old, new = f"{NEWS}\n{was}\n{NEST}\n{CUT}", f"{NEWS}\n{SONG}\n{CUT}\n{LEAD}\n{NEST}"
        assert now(old, new, was) in (LEAD, SONG)

    def test_are_found_to_their_end_when_they_moved_and_were_edited(self):
        was = "The nest is hidden when it is whole.\nIt stays whole until it falls out of view."
        is_now = was.replace("it is whole", "it gets whole").replace("falls", "drops")
        old, new = f"{LEAD}\n{SONG}\n{NEWS}\n{was}\n{CUT}", f"{is_now}\n{LEAD}\n{SONG}\n{NEWS}\n{CUT}"
        assert now(old, new, was) == is_now


class TestCarryLists:
    def test_orphans_the_beginning_of_an_item_that_was_taken_out_before_one_that_begins_alike(self):
        items = [
            f"Birds of the {place}: {bird}."
            for place, bird in (("field", "lark"), ("town", "swift"), ("lake", "teal"))
        ]
        old, new = "\n".join(items), "\n".join([items[0], items[2].replace("teal", "teal and coot")])
        assert short(carry_one(old, new, at(old, "Birds of", 1))) == ORPHANED
        assert short(carry_one(old, new, at(old, "Birds of", 2))) == lands_on(at(new, "Birds of", 1))

    def test_orphans_the_end_of_an_item_that_was_taken_out_after_one_that_ends_alike(self):
        old = f"{LEAD}\nThe lark sings in the early morning\nThe swift screams in the early morning\n{NEST}"
        new = f"{LEAD}\nA lark still sings in the early morning\n{NEST}"
        assert short(carry_one(old, new, at(old, "early morning", 1))) == ORPHANED
        assert short(carry_one(old, new, at(old, "early morning"))) == lands_on(at(new, "early morning"))

    def test_never_takes_the_item_that_follows_for_one_that_was_taken_out(self):
        items = [f"Go, see page: {name}" for name in ("lark", "larks first", "larks last", "owl", "swift")]
        old, new = "\n".join(items), "\n".join(items[:1] + items[3:])
        assert short(carry_one(old, new, at(old, ", see page: larks first"))) == ORPHANED

    def test_follows_a_whole_item_that_moved_though_others_begin_and_end_alike(self):
        kept = [f"See the page: {bird} and its nest" for bird in ("lark", "owl", "swift")]
        went = ["See the page: robin and its song", "See the page: dove and its nest"]
        between = ["See the page: teal and its song", "See the page: wren and its nest"]
        last = "See the page: crow and its song"
        old = "\n".join([*kept, *between, *went, last])
        new = "\n".join([*went, *kept, *(item.replace("and", "with") for item in between), last])
        assert short(carry_one(old, new, at(old, went[1]))) == lands_on(at(new, went[1]), Status.MOVED)


class TestCarryTables:
    """Each cell is a line of its own, and many are alike."""

    @pytest.mark.parametrize("cells", [("12", "7", "12"), ("yes", "no", "yes"), ("yes", "yes", "no")])
    def test_follows_the_cells_of_a_row_when_rows_were_sorted(self, cells):
        table = {"Tree sparrow": ("no", "3", "9"), "Corn crake": ("7", "yes", "12"), "Barn owl": cells}
        old, new = (
            "\n".join([LEAD, *(cell for bird in birds for cell in (bird, *table[bird])), SONG])
            for birds in (table, sorted(table))
        )
        behind = len("Barn owl\n")
        for cell in cells:
            was, is_now = (
                Span(at, at + len(cell)) for at in (text.index("Barn owl") + behind for text in (old, new))
            )
            place = carry_one(old, new, was)
            assert Span(place.start, place.end) == is_now
            behind += len(f"{cell}\n")


class TestCarryCertain:
    def test_is_sure_of_a_long_sentence_most_of_which_stands_in_a_paragraph_written_anew(self):
        said = "Nobody knows to this day how so small a bird sings for minutes while it climbs without a pause."
        old, new = f"{LEAD} {NEST} {said}", f"{NEWS} {CUT} {said.replace('to this day ', '')}"
        place = carry_one(old, new, at(old, said))
        assert (new[place.start : place.end], place.status) == (said.replace("to this day ", ""), Status.CHANGED)


class TestCarrySearched:
    """Among what is new in this revision."""

    def test_asks_a_person_where_nearly_the_same_words_stand_elsewhere(self):
        said = "closed from Friday, 17th of March, until"
        old = f"{LEAD}\nThe ringing hut is {said} further notice.\n{NEST}"
        now = said.replace("March", "Marsh")
        new = f"{LEAD}\n{NEST}\nAll of the hides along the river are {now} the young have flown."
        place = carry_one(old, new, at(old, said))
        assert (new[place.start : place.end], place.status) == (now, Status.UNCERTAIN)

    def test_orphans_it_where_they_only_resemble_it(self):
        said, other = "closed from Friday, 17th of March, until", "closed from Sunday, 28th of March, until"
        old = f"{LEAD}\nThe ringing hut is {said} further notice.\n{NEST}"
        new = f"{LEAD}\n{NEST}\nAll of the hides along the river are {other} the young have flown."
        assert short(carry_one(old, new, at(old, said))) == ORPHANED

import subprocess
import sys

import pytest

from comments.anchoring import Placement, Span, Status, carry, carry_alone, carrying
from comments.anchoring.blocks import align_blocks
from tests.cost import takes_at_most

LEAD = "Skylarks rise before the sun does, and their song carries over the whole valley."
SONG = "A male sings for minutes without a pause. Nobody knows how he breathes."
NEST = "The nest lies in the open field, hidden by nothing but grass."
TEXT = "\n".join([LEAD, SONG, NEST])
# Longer than any context, and like nothing else here.
NEWS = "Twelve farmers of the county agreed last week to mow their meadows later in the year."


def at(text, exact, nth=0):
    start = -1
    for _ in range(nth + 1):
        start = text.index(exact, start + 1)
    return Span(start, start + len(exact))


def carry_one(old, new, span):
    (placement,) = carry(old, new, [span])
    return placement


def lands_on(span, status=Status.KEPT):
    """What is expected of a passage that is found, whichever step found it."""
    return (span.start, span.end, status, 1.0)


def short(placement):
    return placement[:4]


ORPHANED = (None, None, Status.ORPHANED, 0.0)


class TestCarryKept:
    def test_keeps_every_place_when_the_text_is_the_same(self):
        spans = [Span(0, 1), Span(0, len(TEXT)), Span(len(TEXT) - 1, len(TEXT))]
        assert carry(TEXT, TEXT, spans) == [
            Placement(span.start, span.end, Status.KEPT, 1.0, "same text") for span in spans
        ]

    def test_gives_nothing_when_nothing_is_asked(self):
        assert carry(TEXT, "", []) == []

    @pytest.mark.parametrize("exact", ["Skylarks", "song carries", "without a pause", "grass.", SONG, "the"])
    def test_follows_when_text_is_put_before(self, exact):
        new, by, span = f"{NEWS}\n{TEXT}", len(NEWS) + 1, at(TEXT, exact)
        assert short(carry_one(TEXT, new, span)) == lands_on(Span(span.start + by, span.end + by))

    @pytest.mark.parametrize("exact", ["Skylarks", "song carries", "without a pause", "grass.", SONG, "the"])
    def test_stays_when_text_is_put_after(self, exact):
        new = f"{TEXT}\n{NEWS}"
        assert short(carry_one(TEXT, new, at(TEXT, exact))) == lands_on(at(TEXT, exact))

    @pytest.mark.parametrize("exact", ["the whole valley", "for minutes"])
    def test_stays_when_one_side_of_it_is_rewritten(self, exact):
        span = at(TEXT, exact)
        after, before = f"{TEXT[: span.end]} ({NEWS})", f"{NEWS} ({TEXT[span.start :]}"
        for new, there in ((after, span), (before, at(before, exact))):
            place = carry_one(TEXT, new, span)
            # A person is asked where of few words little around them is left.
            assert short(place) in (lands_on(there), lands_on(there, Status.UNCERTAIN))

    def test_follows_when_its_paragraph_goes_elsewhere_with_it(self):
        new = "\n".join([SONG, LEAD, NEST])
        exact = "Nobody knows how"
        assert short(carry_one(TEXT, new, at(TEXT, exact))) == lands_on(at(new, exact))

    @pytest.mark.parametrize("nth", [0, 1, 2])
    def test_keeps_its_rank_when_words_and_neighbours_repeat(self, nth):
        verse = "Sing, lark, sing, the morning is young and the sky is wide. "
        old, new = verse * 3, f"{NEWS} {verse * 3}"
        assert short(carry_one(old, new, at(old, "lark", nth))) == lands_on(at(new, "lark", nth))

    @pytest.mark.parametrize(
        ("text", "exact"),
        [
            ("Before 👩‍👩‍👧‍👦 came 👍🏽 and sat down to look at the birds of the field.", "👍🏽 and sat"),
            ("القبرة تغني قبل شروق الشمس ويسمع صوتها في الوادي كله كل صباح من أيام الربيع", "شروق الشمس"),
            (
                "云雀在太阳升起之前就开始歌唱,它的歌声传遍整个山谷,每一个春天的早晨都是如此,农民们都喜欢听。",
                "传遍整个山谷",
            ),
        ],
    )
    def test_counts_code_points_in_every_script(self, text, exact):
        new = f"😀😀 {text}"
        assert short(carry_one(text, new, at(text, exact))) == lands_on(at(new, exact))


class TestCarryMoved:
    def test_asks_a_person_when_words_stand_alone_elsewhere(self):
        exact = "how he breathes. "
        old = f"{SONG} {NEST}"
        new = f"{NEWS} {exact}{NEWS}"
        assert short(carry_one(old, new, at(old, exact))) == lands_on(at(new, exact), Status.UNCERTAIN)

    def test_follows_a_paragraph_with_everything_in_it(self):
        new = "\n".join([NEST, LEAD, SONG])
        for exact in (NEST, "the open field", "grass"):
            assert short(carry_one(TEXT, new, at(TEXT, exact)))[:2] == (at(new, exact).start, at(new, exact).end)

    def test_follows_a_short_heading(self):
        old = "\n".join(["First words", LEAD, "On nests", NEST, SONG])
        new = "\n".join(["On nests", NEST, "First words", LEAD, SONG])
        for exact in ("First words", "On nests", "nests"):
            place = carry_one(old, new, at(old, exact))
            assert (place.start, place.end) == (at(new, exact).start, at(new, exact).end)

    @pytest.mark.parametrize(("now", "exact"), [("All the first words", "first words"), ("First steps",) * 2])
    def test_follows_a_heading_that_was_edited_when_its_section_moves(self, now, exact):
        old = "\n".join(["First words", LEAD, "On nests", NEST, SONG])
        new = "\n".join(["On nests", NEST, SONG, now, LEAD])
        place = carry_one(old, new, at(old, "First words"))
        assert (place.start, place.end) == (at(new, exact).start, at(new, exact).end)

    def test_follows_a_line_that_was_edited_behind_one_that_moved(self):
        old, new = f"{LEAD}\nby a reader\n{NEST}\n{SONG}", f"{NEST}\n{SONG}\n{LEAD}\nby another reader"
        assert carry_one(old, new, at(old, "by a reader")).start == new.index("by another")

    def test_takes_no_other_heading_for_the_one_of_a_section_that_moves(self):
        old = "\n".join(["First words", LEAD, "On nests", NEST, SONG])
        new = "\n".join(["On nests", NEST, SONG, "A morning", LEAD])
        assert short(carry_one(old, new, at(old, "First words"))) == ORPHANED

    def test_leaves_a_heading_where_it_is_when_its_section_goes_below_another_like_it(self):
        old = "\n".join(["On the larks", LEAD, "On nests", NEST, SONG])
        new = "\n".join(["On the larks", NEWS, "On nests", NEST, SONG, "On all larks", LEAD])
        assert short(carry_one(old, new, at(old, "On the larks"))) == lands_on(at(new, "On the larks"))

    def test_follows_list_items_that_change_places(self):
        items = ["larks in the field", "owls in the barn", "swifts in the tower"]
        old, new = "\n".join([LEAD, *items]), "\n".join([LEAD, items[2], items[0], items[1]])
        for exact in (*items, "barn"):
            place = carry_one(old, new, at(old, exact))
            assert (place.start, place.end) == (at(new, exact).start, at(new, exact).end)

    def test_follows_a_sentence_that_moved_and_was_edited(self):
        new = "\n".join([NEST, SONG.replace("for minutes", "for many minutes"), LEAD])
        place = carry_one(TEXT, new, at(TEXT, "A male sings for minutes without a pause."))
        assert new[place.start : place.end] == "A male sings for many minutes without a pause."

    def test_orphans_common_words_when_they_stand_elsewhere(self):
        new = f"{NEWS} A male came. {NEWS}"
        assert short(carry_one(TEXT, new, at(TEXT, "A male"))) == ORPHANED

    def test_is_never_sure_of_words_that_stand_twice_elsewhere(self):
        exact = "hidden by nothing but grass"
        new = f"{NEWS} So {exact}? {NEWS} Or {exact}! {NEWS}"
        assert carry_one(TEXT, new, at(TEXT, exact)).status in (Status.UNCERTAIN, Status.ORPHANED)


class TestCarryChanged:
    @pytest.mark.parametrize(
        ("exact", "was", "now", "expected"),
        [
            ("sings for minutes without", "minutes", "hours", "sings for hours without"),
            (SONG, "how he breathes", "why", SONG.replace("how he breathes", "why")),
            ("without a pause", "a pause", "any pause", "without any pause"),
            (NEST, "nothing but grass", "grass alone", NEST.replace("nothing but grass", "grass alone")),
        ],
    )
    def test_takes_in_what_replaced_a_part_of_it(self, exact, was, now, expected):
        new = TEXT.replace(was, now)
        place = carry_one(TEXT, new, at(TEXT, exact))
        assert (new[place.start : place.end], place.status) == (expected, Status.CHANGED)
        assert 0 < place.score < 1

    def test_covers_both_halves_when_a_paragraph_is_split(self):
        new = TEXT.replace("pause. Nobody", "pause.\nNobody")
        place = carry_one(TEXT, new, at(TEXT, SONG))
        assert new[place.start : place.end] == SONG.replace("pause. ", "pause.\n")

    def test_stays_when_paragraphs_are_joined(self):
        new = TEXT.replace("\n", " ")
        for exact in (SONG, "Nobody knows how", "valley"):
            assert new[slice(*short(carry_one(TEXT, new, at(TEXT, exact)))[:2])] == exact

    @pytest.mark.parametrize(
        ("old", "new", "exact", "expected"),
        [
            (
                'He said "never" to me - twice, that day.',
                "He said “never” to me – twice, that day.",
                '"never"',
                "“never”",
            ),
            (
                "Zoe\u0308 sang here all morning.",
                "Zo\u00eb sang here all morning.",
                "Zoe\u0308 sang",
                "Zo\u00eb sang",
            ),
            ("It is 10 km to the old barn.", "It is 10\u00a0km to the old barn.", "10 km", "10\u00a0km"),
            (
                "A hyphenation of this word here.",
                "A hyphen\u00adation of this word here.",
                "hyphenation",
                "hyphen\u00adation",
            ),
            ("Un\u200bbroken words of the song.", "Unbroken words of the song.", "Un\u200bbroken", "Unbroken"),
        ],
    )
    def test_knows_the_same_word_in_another_spelling(self, old, new, exact, expected):
        place = carry_one(old, new, at(old, exact))
        assert (new[place.start : place.end], place.status) == (expected, Status.CHANGED)


SCRIPTS = {
    "chinese": (
        "云雀在太阳升起之前就开始歌唱。它的歌声传遍整个山谷。农民们都喜欢听。",
        "传遍整个山谷",
        "它的歌声",
        "那美丽的歌声",
    ),
    "japanese": (
        "ひばりは日の出前に鳴く。その声は谷じゅうに響く。農夫はそれを好む。",
        "谷じゅうに響く",
        "その声は",
        "その高い声は",
    ),
    "korean": (
        "종달새는 해 뜨기 전에 운다. 그 소리는 온 골짜기에 퍼진다. 농부들이 좋아한다.",
        "골짜기에 퍼진다",
        "그 소리는",
        "그 맑은 소리는",
    ),
    "thai": ("นกร้องเพลงก่อนพระอาทิตย์ขึ้น เสียงของมันดังไปทั่วหุบเขา ชาวนาชอบฟัง", "ดังไปทั่วหุบเขา", "เสียงของมัน", "เสียงเพลงของมัน"),
    "hebrew": (
        "העפרוני שר לפני הזריחה. קולו נשמע בכל העמק. האיכרים אוהבים אותו.",
        "נשמע בכל העמק",
        "קולו",
        "קולו החזק",
    ),
    "arabic": (
        "القبرة تغني قبل الشروق. صوتها يملأ الوادي كله. يحبها المزارعون.",
        "يملأ الوادي كله",
        "صوتها",
        "صوتها الجميل",
    ),
    "emoji": (
        "We saw 👩‍👩‍👧‍👦 there. They waved 👍🏽 at us all day. Then it rained.",
        "waved 👍🏽 at us",
        "They",
        "They all",
    ),
    "marks": (
        "Zoe\u0308 came early. Rene\u0301 sang to us all. Then it rained.",
        "Rene\u0301 sang to us",
        "came early",
        "came late",
    ),
}


class TestCarryAmidMuchThatIsNew:
    """Blocks of which little is left, between blocks that stand."""

    def carried(self, was, now, exact):
        old, new = ("\n".join([LEAD, block, NEST]) for block in (was, now))
        return new, carry_one(old, new, at(old, exact))

    def test_is_sure_of_a_word_that_is_held_closely(self):
        was = "Anyone may count them there in May, for some minutes, and write to us about the count next week."
        now = "Anyone may count them there in June from now on; of what was seen a list goes to the office by post."
        new, placement = self.carried(was, now, "count")
        assert short(placement) == lands_on(at(new, "count"))

    def test_finds_few_words_in_a_run_with_those_beside_them(self):
        was = "Our rules are good choices, and young larks fly at twelve: these birds are the fastest, even in rain."
        now = (
            "Our rules are good places to start: young larks fly at twelve. The one time in which you would ring "
            "birds early is when a nest was lost and they were seen to be hurt."
        )
        new, placement = self.carried(was, now, "larks fly at twelve: these")
        assert new[placement.start : placement.end].startswith("larks fly at twelve")

    def test_finds_few_words_where_a_line_begins_with_them_still(self):
        was = "Open gates\nKinds of birds (larks, wrens)\nCounted by the farmers of the county in May."
        now = (
            "Open gates: where they are too few, the farmers might need help with the meadows and with the hay in a "
            "wet year.\nKinds of birds: as seen by day\nCounted by the farmers of the county in May."
        )
        new, placement = self.carried(was, now, "Kinds")
        # A person is asked: little else of the line is left.
        assert short(placement) == lands_on(at(new, "Kinds"), Status.UNCERTAIN)

    def test_is_sure_of_a_line_half_of_which_is_left_when_its_neighbours_stand(self):
        was = "Note: in wet years the nest is lost, and the larks build again by the end of June."
        now = (
            "In wet years the nest is lost, and the larks, as the county found when it looked for what was left by "
            "those who mow, go elsewhere."
        )
        new, placement = self.carried(was, now, was)
        assert (new[placement.start : placement.end], placement.status) == (now, Status.CHANGED)

    def test_asks_a_person_about_half_a_line_when_its_neighbours_are_gone(self):
        exact, there = "if the skylark is in their meadow:", "if the wren is in their hut:"
        was = f"Old thing here\n{exact}\nQuite other."
        now = f"Twelve farmers came to us\n{there}\nThey went home soon, all of them."
        new, placement = self.carried(was, now, exact)
        assert (new[placement.start : placement.end], placement.status) == (there, Status.UNCERTAIN)

    @pytest.mark.parametrize(
        ("was", "now", "exact", "there"),
        [
            (
                "Send the count through the Links\nTell your neighbour of it. Tell the farmer.",
                "Send the count through the Lins\nTell the farmer.",
                "Links",
                "Lins",
            ),
            (
                "Tell us of it\nKestrels are seen here",
                "Two were counted\nKestrls are seen here",
                "Kestrels",
                "Kestrls",
            ),
        ],
        ids=["ends", "begins"],
    )
    def test_finds_a_word_that_was_mended_where_its_line_ends_or_begins(self, was, now, exact, there):
        new, placement = self.carried(was, now, exact)
        assert (new[placement.start : placement.end], placement.status) == (there, Status.CHANGED)

    # Nothing but the line before says that it is the same.
    def test_orphans_a_whole_line_when_one_neighbour_and_its_words_are_gone(self):
        was = "Tell us of it\nKestrels\nWe write to you"
        now = "Tell us of it\nKestrelry\nTwo were counted"
        _new, placement = self.carried(was, now, "Kestrels")
        assert short(placement) == ORPHANED

    def test_asks_a_person_when_little_but_punctuation_is_left(self):
        was, now = (
            "  --> lark/src/main.rs:1:1 | use nest;",
            "  --> wren/src/lib.rs:1:5 | = note: dusk, by day and night",
        )
        _new, placement = self.carried(was, now, "--> lark/src/main.")
        assert placement.status == Status.UNCERTAIN

    def test_does_not_take_in_a_line_that_begins_as_it_does(self):
        exact = "let nest = find(one);"
        # It stands twice.
        was = f"let lark = bird(one, two, three);\n{exact}\nprint(lark);\n{exact}\nend one"
        now = f"let larks = bird(one, two, three);\nlet wren = egg(two);\n{exact}\nprint(larks);\n{exact}\nend two"
        new, placement = self.carried(was, now, exact)
        assert short(placement) == lands_on(at(new, exact))

    def test_does_not_take_in_a_line_that_ends_as_it_does(self):
        exact = "the lark sings here;"
        was = f"one\n{exact}\nof the songs we know\n{exact}\nlast of all the songs we know"
        now = f"two\n{exact}\nof the songs we heard\n{exact}\nan owl waits here;\nlast of all the songs we heard"
        old, new = "\n".join([LEAD, was, NEST]), "\n".join([LEAD, now, NEST])
        assert short(carry_one(old, new, at(old, exact, 1))) == lands_on(at(new, exact, 1))


class TestCarryScripts:
    @pytest.mark.parametrize("script", SCRIPTS)
    def test_follows_when_words_beside_it_change_and_text_is_put_before(self, script):
        old, exact, was, now = SCRIPTS[script]
        new = f"😀 {NEWS}\n{old.replace(was, now)}"
        place = carry_one(old, new, at(old, exact))
        assert (new[place.start : place.end], place.status) == (exact, Status.KEPT)

    @pytest.mark.parametrize("script", SCRIPTS)
    def test_orphans_when_its_sentence_is_gone(self, script):
        old, exact, _was, _now = SCRIPTS[script]
        assert short(carry_one(old, NEWS, at(old, exact))) == ORPHANED


class TestCarryBadInput:
    @pytest.mark.parametrize("sign", ["\0", "\ud800", "\udfff", "\uffff"])
    def test_takes_what_is_no_text(self, sign):
        old = f"{LEAD} {sign} {SONG}"
        place = carry_one(old, f"{NEWS} {old}", at(old, "for minutes"))
        assert place.start is not None

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("a b " * 30_000, "b a a " * 20_000),
            ("x" * 200_000, f"{'x' * 100_000}y{'x' * 99_999}"),
            ("\n".join(["the same block"] * 16_000), "\n".join(["the same block", "another"] * 8_000)),
        ],
        ids=["two words", "one word", "one block"],
    )
    def test_is_bounded(self, old, new):
        spans = [Span(start, start + 40) for start in range(0, 100_000, 1000)]
        assert len(carry(old, new, spans)) == len(spans)

    def test_long_passages_that_are_lost_take_no_longer_than_short_ones(self):
        """A search takes the cube of the length of what it looks for."""
        old, new = (
            "\n".join(" ".join(f"w{line * place % prime % 60}" for place in range(1, 300)) for line in range(1, 200))
            for prime in (997, 1009)
        )
        spans = [Span(start, start + 1500) for start in range(0, 150_000, 1000)]
        assert takes_at_most(2, lambda: carry(old, new, spans))


class TestCarryRefusals:
    @pytest.mark.parametrize(
        "span", [Span(0, 0), Span(3, 3), Span(4, 2), Span(-1, 2), Span(0, 6), Span(5, 6), Span(9, 12)]
    )
    @pytest.mark.parametrize("new", ["abcde", "other"])
    def test_refuses_a_span_that_holds_nothing_or_is_out_of_range(self, span, new):
        with pytest.raises(ValueError, match="passage"):
            carry("abcde", new, [span])

    def test_refuses_all_when_one_is_wrong(self):
        with pytest.raises(ValueError, match="passage"):
            carry("abcde", "abcde", [Span(0, 1), Span(0, 9)])


class TestImport:
    def test_works_without_django_when_it_is_not_configured(self):
        code = (
            "import sys; from comments.anchoring import Span, carry; "
            "print(carry('ab cd', 'ab cd', [Span(3, 5)])[0].status, 'django' in sys.modules)"
        )
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True)  # noqa: S603
        assert (done.stdout, done.stderr) == ("kept False\n", "")


class TestCarryAlone:
    @pytest.mark.parametrize("new", [TEXT, f"{NEWS}\n{TEXT}", f"{NEST}\n{SONG}", SONG.replace("a pause", "rest"), ""])
    def test_puts_each_passage_where_carry_does(self, new):
        for exact in ["Skylarks", SONG, "without a pause", "hidden by nothing", "grass."]:
            for _again in range(2):
                assert carry_alone(TEXT, new, at(TEXT, exact)) == carry_one(TEXT, new, at(TEXT, exact))

    def test_compares_the_same_two_texts_once(self, monkeypatch):
        new, compared = f"{NEWS} Once.\n{TEXT}", []
        monkeypatch.setattr(carrying, "align_blocks", lambda one: compared.append(1) or align_blocks(one))
        for exact in ["Skylarks", "without a pause", "grass."]:
            carry_alone(TEXT, new, at(TEXT, exact))
        assert len(compared) == 1

    def test_refuses_what_is_no_passage(self):
        with pytest.raises(ValueError, match="not a passage"):
            carry_alone(TEXT, NEWS, Span(3, 3))

import pytest

from articles.models import SectionText
from comments.anchoring import Context, Span
from comments.errors import AnchorAmbiguous, AnchorMismatch, AnchorNotFound
from comments.placing import Selection, carried_place, in_section, new_anchor, place
from skycrumbs.problems import Invalid
from tests.factories import make_article, passage, revise

pytestmark = pytest.mark.django_db

LEAD = "Skylarks rise before the sun does, and their song carries over the valley."
SONG = "A male sings for minutes. Then a male rests. Nobody knows how he breathes."
NEST = "The nest lies in the open field. A male guards it from the air."
SOURCE = f"{LEAD}\n\n## Song\n\n{SONG}\n\n## Nest\n\n{NEST}"
TEXT = f"{LEAD}\nSong\n{SONG}\nNest\n{NEST}"


@pytest.fixture
def article():
    return make_article(source=SOURCE)


def at(exact, nth=0, text=TEXT):
    start = -1
    for _ in range(nth + 1):
        start = text.index(exact, start + 1)
    return Span(start, start + len(exact))


def invalid(article, selection):
    with pytest.raises(Invalid) as caught:
        place(article, selection)
    (error,) = caught.value.errors
    return error.field, error.code


class TestPlaceInTheCurrentRevision:
    def test_takes_the_offsets_when_the_words_stand_there(self, article):
        for nth in (0, 1):
            span = at("male", nth)
            found = place(article, Selection("male", start=span.start, end=span.end))
            assert (found.span, found.revision, found.exact) == (span, article.current_revision, "male")

    def test_takes_the_offsets_when_the_revision_is_named(self, article):
        assert place(article, passage(article, "Nobody knows")).span == at("Nobody knows")

    def test_takes_offsets_that_reach_to_the_end_of_the_text(self, article):
        span = Span(len(TEXT) - 4, len(TEXT))
        assert place(article, Selection("air.", start=span.start, end=span.end)).span == span

    def test_names_the_section_that_holds_the_passage(self, article):
        keys = {}
        for exact in ["Skylarks", "Song", "Nobody knows", "guards"]:
            found = place(article, Selection(exact))
            keys[exact] = article.sections.get(pk=found.section_id).key
        assert keys == {"Skylarks": "lead", "Song": "song", "Nobody knows": "song", "guards": "nest"}

    def test_takes_a_whole_section_with_its_heading(self, article):
        assert place(article, Selection(f"Nest\n{NEST}")).span == at(f"Nest\n{NEST}")

    def test_finds_the_quote_when_no_offsets_are_given(self, article):
        assert place(article, Selection("Nobody knows")).span == at("Nobody knows")

    def test_finds_the_quote_by_its_context_when_it_stands_more_than_once(self, article):
        assert place(article, Selection("male", prefix="Then a ", suffix=" rests")).span == at("male", 1)

    def test_counts_code_points(self):
        article = make_article(source="😀👩‍👩‍👧‍👦 and مرحبا and 你好 stand here.")
        text = article.current_revision.canonical_text
        for exact in ["مرحبا", "你好", "stand"]:
            span = at(exact, text=text)
            assert place(article, Selection(exact, start=span.start, end=span.end)).span == span

    @pytest.mark.parametrize("exact", ["nightingales", "nobody knows", "male  sings", "Skylarks\nrise"])
    def test_refuses_when_the_quote_is_not_there(self, article, exact):
        with pytest.raises(AnchorNotFound) as caught:
            place(article, Selection(exact))
        assert (caught.value.code, caught.value.status) == ("anchor_not_found", 422)

    def test_refuses_when_the_quote_stands_more_than_once(self, article):
        with pytest.raises(AnchorAmbiguous, match="3 times") as caught:
            place(article, Selection("male"))
        assert (caught.value.code, caught.value.status) == ("anchor_ambiguous", 422)

    # Wherever else the words stand, once or more than once, with or without a context that names one place.
    @pytest.mark.parametrize(("exact", "prefix"), [("Nobody knows", ""), ("male", ""), ("male", "Then a ")])
    def test_refuses_when_the_offsets_are_off(self, article, exact, prefix):
        with pytest.raises(AnchorMismatch) as caught:
            place(article, Selection(exact, prefix=prefix, start=0, end=5))
        assert (caught.value.code, caught.value.status) == ("anchor_mismatch", 422)

    def test_refuses_when_the_offsets_are_off_and_the_words_stand_nowhere(self, article):
        with pytest.raises(AnchorNotFound):
            place(article, Selection("nightingales", start=0, end=5))


class TestPlaceRefusesInput:
    # The last two: a zero-width space, and a dot below without its letter.
    @pytest.mark.parametrize("exact", ["", " ", "\n\t", "\u200b", "\u0323"])
    def test_refuses_a_blank_quote(self, article, exact):
        assert invalid(article, Selection(exact)) == ("anchor.exact", "blank")

    def test_refuses_half_of_the_offsets(self, article):
        assert invalid(article, Selection("male", start=3)) == ("anchor.end", "required")
        assert invalid(article, Selection("male", end=3)) == ("anchor.start", "required")

    @pytest.mark.parametrize(("start", "end"), [(-1, 3), (-5, -1), (4, 4), (5, 4), (0, 0)])
    def test_refuses_offsets_that_hold_nothing(self, article, start, end):
        assert invalid(article, Selection("male", start=start, end=end)) == ("anchor.start", "out_of_range")

    @pytest.mark.parametrize(("start", "end"), [(0, len(TEXT) + 1), (10**9, 10**9 + 4), (0, 2**70)])
    def test_refuses_offsets_past_the_end(self, article, start, end):
        assert invalid(article, Selection("male", start=start, end=end)) == ("anchor.end", "out_of_range")

    @pytest.mark.parametrize("number", [0, 2, -1, 2**31])
    def test_refuses_a_revision_the_article_does_not_have(self, article, number):
        assert invalid(article, Selection("male", revision=number)) == ("anchor.revision", "unknown")

    def test_refuses_a_revision_number_no_database_can_hold(self, article):
        assert invalid(article, Selection("male", revision=2**70)) == ("anchor.revision", "unknown")

    @pytest.mark.parametrize("exact", ["over the valley.\nSong", "breathes.\nNest", "valley.\n", "\nSong", TEXT])
    def test_refuses_a_passage_that_crosses_sections(self, article, exact):
        assert invalid(article, Selection(exact)) == ("anchor.exact", "crosses_sections")

    def test_refuses_offsets_of_the_named_revision_past_its_end(self, article):
        revise(article, f"{SOURCE} {'More. ' * 50}")
        now = revise(article, f"{SOURCE} {'Still more. ' * 50}")
        selection = Selection("male", start=len(TEXT), end=len(TEXT) + 4, revision=1)
        assert invalid(now, selection) == ("anchor.end", "out_of_range")


class TestPlaceFromAnOlderRevision:
    def test_carries_the_passage_to_the_current_one(self, article):
        selection = passage(article, "Nobody knows how")
        now = revise(article, f"Something entirely new stands first.\n\n{SOURCE}")
        found = place(now, selection)
        assert (found.revision.number, found.exact) == (2, "Nobody knows how")
        assert found.span.start == selection.start + len("Something entirely new stands first.\n")

    def test_carries_the_one_that_was_chosen_when_the_words_stand_more_than_once(self, article):
        span = at("male", 1)
        now = revise(article, f"Something entirely new stands first.\n\n{SOURCE}")
        found = place(now, Selection("male", start=span.start, end=span.end, revision=1))
        assert found.span.start == span.start + len("Something entirely new stands first.\n")

    def test_carries_over_several_revisions(self, article):
        selection = passage(article, "Nobody knows how")
        revise(article, f"One more.\n\n{SOURCE}")
        now = revise(article, f"Two more.\n\n{SOURCE}")
        assert place(now, selection).exact == "Nobody knows how"

    def test_finds_words_that_came_later_when_an_older_revision_is_named(self, article):
        now = revise(article, f"{SOURCE}\n\nThe chicks leave early.")
        assert place(now, Selection("chicks leave", revision=1)).exact == "chicks leave"

    def test_keeps_to_the_words_that_were_read_when_they_changed_since(self, article):
        selection = passage(article, "sings for minutes")
        revise(article, SOURCE.replace("for minutes", "for an hour"))
        now = revise(article, SOURCE.replace("for minutes", "for hours"))
        found = place(now, selection)
        anchor = new_anchor(found)
        assert found.exact == "sings for hours"
        assert (anchor.exact, anchor.revision.number, anchor.start) == ("sings for minutes", 1, selection.start)
        assert anchor.suffix == ". Then a male rests. Nobody knows"[:32]
        assert (anchor.now_revision.number, anchor.now_start, anchor.now_status) == (3, found.span.start, "changed")

    def test_refuses_when_the_words_were_deleted(self, article):
        selection = passage(article, "Nobody knows how")
        now = revise(article, SOURCE.replace(" Nobody knows how he breathes.", ""))
        with pytest.raises(AnchorNotFound):
            place(now, selection)

    # What was chosen is gone; the words stand elsewhere, where the reader never pointed.
    def test_refuses_when_the_passage_was_deleted_though_its_words_stand_elsewhere(self):
        twice = f"{LEAD} The field is wide.\n\n## Song\n\n{SONG} The field is wide. {NEST}"
        article = make_article(source=twice)
        selection = passage(article, "The field is wide.")
        now = revise(article, f"{LEAD}\n\n## Song\n\n{SONG} The field is wide. {NEST}")
        with pytest.raises(AnchorNotFound):
            place(now, selection)

    def test_refuses_when_the_words_were_never_there(self, article):
        now = revise(article, f"{SOURCE} More.")
        with pytest.raises(AnchorNotFound):
            place(now, Selection("nightingales", revision=1))

    def test_refuses_when_the_words_stand_more_than_once_in_the_revision_named(self, article):
        now = revise(article, f"{SOURCE} More.")
        with pytest.raises(AnchorAmbiguous):
            place(now, Selection("male", revision=1))

    def test_refuses_when_the_current_revision_is_named_and_the_words_are_of_an_older_one(self, article):
        now = revise(article, SOURCE.replace("Nobody knows how he breathes.", "More."))
        with pytest.raises(AnchorNotFound):
            place(now, Selection("Nobody knows", revision=2))


class TestCarriedPlace:
    def test_gives_the_span_in_the_new_revision(self, article):
        old, new = article.current_revision, revise(article, f"More.\n\n{SOURCE}").current_revision
        span = at("Nobody knows how")
        found = carried_place(old, new, span)
        assert (found.span, found.read) == (Span(span.start + 6, span.end + 6), None)

    def test_refuses_when_it_is_gone(self, article):
        old, new = article.current_revision, revise(article, "All is new.").current_revision
        with pytest.raises(AnchorNotFound):
            carried_place(old, new, at("Nobody knows how"))


class TestInSection:
    def test_takes_the_whole_of_every_section(self, article):
        revision = article.current_revision
        for text in SectionText.objects.filter(revision=revision):
            found = in_section(revision, Span(text.start, text.end))
            assert (found.section_id, found.revision) == (text.section_id, revision)

    def test_refuses_one_code_point_more(self, article):
        first = SectionText.objects.get(revision=article.current_revision, position=0)
        with pytest.raises(Invalid):
            in_section(article.current_revision, Span(first.start, first.end + 1))


class TestNewAnchor:
    def test_keeps_the_words_and_what_stands_around_them(self, article):
        found = place(article, Selection("Nobody knows"))
        anchor = new_anchor(found)
        assert (anchor.exact, anchor.start, anchor.end) == ("Nobody knows", *_pair(at("Nobody knows")))
        assert anchor.prefix == "for minutes. Then a male rests. "
        assert anchor.suffix == " how he breathes.\nNest\nThe nest "
        assert (len(anchor.prefix), len(anchor.suffix)) == (32, 32)
        assert (anchor.now_start, anchor.now_end, anchor.now_status) == (anchor.start, anchor.end, "kept")
        assert (anchor.revision, anchor.now_revision) == (article.current_revision, article.current_revision)
        assert anchor.article_id == article.pk

    def test_has_a_short_context_when_the_text_ends(self, article):
        first = new_anchor(place(article, Selection("Skylarks")))
        last = new_anchor(place(article, Selection("air.")))
        assert (first.prefix, first.suffix) == ("", " rise before the sun does, and t")
        assert (last.prefix, last.suffix) == ("ield. A male guards it from the ", "")

    def test_gives_the_context_as_a_value(self, article):
        found = place(article, Selection("Skylarks"))
        assert found.context == Context("", " rise before the sun does, and t")


def _pair(span):
    return span.start, span.end

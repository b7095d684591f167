"""The publish page lists each passage that does not stay as it is, however many there are, a part at a time."""

import re
from functools import partial

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import by_hand, rendering, services
from articles.by_hand import ELSEWHERE, FIELDS, Choice, choices_of, packed, resolve, unconfirm
from articles.listing import MOST_ELSEWHERE, PART, listing
from articles.models import Revision
from articles.rendering import render
from articles.steps import Affected, Passage
from comments import carrying, previewing
from comments.models import Anchor, AnchorMove
from comments.services import withdraw
from tests.articles.admin_pages import form_on, page, said, signed_in
from tests.articles.many_passages import said_on, sentence
from tests.factories import make_comment, make_user

PLACES = [Passage(number * 10, number * 10 + 5) for number in range(450)]


class TestListing:
    """Of 450 passages, each of which tells its number where it is asked what becomes of it."""

    def listed(self, *choices, places=PLACES, **asked):
        passages = [Affected(place, partial(int, number)) for number, place in enumerate(places)]
        return listing(passages, {one.passage: one for one in choices}, **asked)

    def choice(self, number, *fields, **others):
        return Choice(*PLACES[number][:2], *fields, **others)

    def test_shows_each_passage_in_one_of_the_parts(self):
        parts = [self.listed(asked=str(number)) for number in (1, 2, 3)]
        assert [[row.fate for row in part.rows] for part in parts] == [
            list(range(200)),
            list(range(200, 400)),
            list(range(400, 450)),
        ]
        assert [part.following and part.following.number for part in parts] == [2, 3, None]

    def test_asks_what_becomes_of_those_that_are_shown_alone(self):
        asked = []
        passages = [Affected(place, partial(asked.append, place)) for place in PLACES]
        listing(passages, {}, asked="3")
        assert asked == PLACES[400:]

    @pytest.mark.parametrize(
        ("asked", "shown"), [("0", 1), ("-4", 1), ("4", 3), ("9" * 5000, 1), ("two", 1), ("1.5", 1), ("", 1)]
    )
    def test_shows_the_nearest_part_where_there_is_none_such(self, asked, shown):
        assert self.listed(asked=asked).part.number == shown

    def test_leads_to_those_around_it_and_at_both_ends_where_there_are_many_parts(self):
        listed = self.listed(places=[Passage(at, at + 1) for at in range(20 * PART)], asked="10")
        numbers = [part and part.number for part in listed.parts]
        assert numbers == [1, 2, None, 7, 8, 9, 10, 11, 12, 13, None, 19, 20]

    def test_is_empty_where_nothing_changes(self):
        empty = self.listed(places=[], asked="2")
        assert (empty.rows, empty.part.number, empty.following) == ([], 1, None)

    def test_stays_where_one_was_unless_something_is_wrong(self):
        wrong = [self.choice(449, error="No."), self.choice(250, error="No."), self.choice(251, error="No.")]
        assert self.listed(before="3").part.number == 3
        assert self.listed(*wrong, before="3").part.number == 2
        assert self.listed(*wrong, before="2", asked="1").part.number == 1

    def test_tells_what_is_wrong_on_which_part_in_order(self):
        lost = Choice(7, 9, error="No.")
        choices = [self.choice(number, error="No.") for number in (449, 251, 250)]
        listed = self.listed(*choices, lost)
        assert [(part.number, those) for part, those in listed.wrong] == [
            (2, [choices[2], choices[1]]),
            (3, [choices[0]]),
        ]
        assert (listed.count_of_wrong, listed.left_over) == (4, [lost])

    def test_tells_each_error_of_the_part_once_with_its_passages(self):
        errors = [(0, "No."), (1, "Never."), (2, "No."), (300, "No.")]
        lost = [Choice(start, start + 1, error="No.") for start in (7, 8)]
        listed = self.listed(*(self.choice(number, error=error) for number, error in errors), *lost)
        assert {error: [row.fate for row in rows] for error, rows in listed.errors.items()} == {
            "No.": [0, 2],
            "Never.": [1],
        }
        assert listed.errors_left_over == {"No.": 2}

    def test_keeps_what_was_said_of_other_parts_and_of_no_passage_twice(self):
        here, there = self.choice(3, "gone"), self.choice(300, "here", "a & b\n=", "2", "a & b\n=")
        listed = self.listed(here, there, self.choice(301))
        assert [row.choice for row in listed.rows if row.choice.what] == [here]
        assert choices_of({ELSEWHERE: listed.elsewhere}) == {PLACES[300]: there}
        assert self.listed(here, there, asked="2").elsewhere == packed([here])

    def test_says_something_once_of_a_passage_that_fares_in_two_ways(self):
        lost = PLACES[0]._replace(written_on=1)
        rows = self.listed(places=[PLACES[0], PLACES[0], lost, lost]).rows
        assert [row.choice for row in rows] == [self.choice(0), None, self.choice(0, written_on=1), None]

    def test_tells_before_so_much_is_said_that_it_cannot_be_sent(self):
        long = [self.choice(number, "here", "x" * by_hand.WORDS_MAX_LENGTH) for number in range(200, 450)]
        assert not self.listed(*long).is_full
        full = self.listed(*long, *(self.choice(number, "here", "\u68ee" * 9_000) for number in range(200, 225)))
        assert full.is_full and len(full.elsewhere) < 2 * MOST_ELSEWHERE == settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    def test_lists_no_more_than_what_one_form_can_say_something_of(self):
        # The token, the draft's version, what changed, the part before and the one asked for, and ELSEWHERE.
        assert PART * len(FIELDS) + 6 < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS

    def test_takes_back_what_holds_of_one_draft_alone(self):
        right, here = Choice(3, 8, "right", shown="4-8"), Choice(9, 12, "here", "bird", "2", "bird")
        unconfirm([right, here])
        assert resolve([right, here], render("bird bird")) == []
        assert right.error == "The draft was changed since you checked this place."
        assert "Choose one of the places." in here.error


def key(number: int) -> str:
    start = number * (len(sentence(0)) + 1)
    return f"{start}-{start + len(sentence(0))}"


# The keys of 450.
WORST_FIRST = [key(number) for number in sorted(range(450), key=lambda number: number % 45 != 0)]


def note(done, name, act, *args):
    done.append(name)
    return act(*args)


def there(number: int) -> tuple[str | None, str]:
    """The words that the passage is on now, and by what it was put there."""
    anchor = Anchor.objects.select_related("now_revision").get(exact=sentence(number))
    words = anchor.now_revision.canonical_text[anchor.now_start : anchor.now_end] if anchor.now_end else None
    return words, anchor.method


@pytest.mark.django_db
class TestPublishPage:
    @pytest.fixture
    def editor(self):
        return signed_in("view_article", "change_article")

    @pytest.fixture
    def article(self):
        return said_on(450)

    @pytest.fixture
    def small(self, monkeypatch):
        """In three parts too."""
        monkeypatch.setattr("articles.listing.PART", 20)
        return said_on(45)

    def send(self, editor, article, response, part=None, changes=None):
        """The form of a page, with `changes`, by the button that shows a part or else by the one that publishes."""
        sent = form_on(response) | (changes or {}) | ({"show": part} if part else {})
        assert len(sent) < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
        return editor.post(page("publish", article), sent, follow=True)

    def listed(self, response):
        return [name.removeprefix("words-") for name in form_on(response) if name.startswith("words-")]

    def test_is_told_of_each_of_450_the_worst_first(self, article):
        (impact,) = services.edition_of(article).impacts()
        assert impact.counts == {"orphaned": 10, "changed": 440}
        assert ["{}-{}".format(*one.passage) for one in impact.passages] == WORST_FIRST
        assert [passage.fate().status for passage in impact.passages] == ["orphaned"] * 10 + ["changed"] * 440

    def test_lists_each_of_450_with_a_form(self, editor, article):
        parts = [editor.get(page("publish", article))]
        parts += [self.send(editor, article, parts[0], part) for part in ("2", "3")]
        for response, numbers in zip(parts, ("1 to 200", "201 to 400", "401 to 450"), strict=True):
            assert response.status_code == 200
            assert f">Passages {numbers} of 450</h2>" in response.content.decode()
        keys = [one for response in parts for one in self.listed(response)]
        assert keys == WORST_FIRST

    def test_keeps_what_was_said_from_part_to_part_and_publishes_it(self, editor, article):
        response = editor.get(page("publish", article))
        words = {f"words-{key(0)}": sentence(7, "evening"), "summary": "New hours"}
        response = self.send(editor, article, response, "3", words)
        assert key(0) not in self.listed(response)
        response = self.send(editor, article, response, "2", {f"what-{key(449)}": "gone"})
        assert Revision.objects.filter(article=article).count() == 1 and not AnchorMove.objects.exists()
        assert form_on(self.send(editor, article, response, "1"))[f"words-{key(0)}"] == sentence(7, "evening")
        response = self.send(editor, article, response)
        assert said(response) == ["Revision 2 is published."]
        assert Revision.objects.get(article=article, number=2).summary == "New hours"
        assert there(0) == (sentence(7, "evening"), "by hand")
        assert there(449) == (None, "by hand")
        assert there(45)[0] is None and there(448)[0] == sentence(448, "evening")
        assert Anchor.objects.filter(method="by hand").count() == 2

    def test_can_say_something_of_each(self, editor, article):
        response = editor.get(page("publish", article))
        for following in ("2", "3", None):
            words = {f"words-{one}": sentence(1, "evening") for one in self.listed(response)}
            response = self.send(editor, article, response, following, words)
        assert said(response) == ["Revision 2 is published."]
        assert Anchor.objects.filter(method="by hand", now_start=len("All is new.\n")).count() == 450

    def test_shows_the_part_that_holds_the_first_error_and_a_way_to_the_others(self, editor, small):
        response = editor.get(page("publish", small))
        response = self.send(editor, small, response, "3", {f"words-{key(1)}": sentence(7, "evening")})
        wrong = {f"words-{key(43)}": "No such words", f"what-{key(42)}": "here"}
        response = self.send(editor, small, response, "2", wrong)
        content = response.content.decode()
        assert response.status_code == 200 and "the places of 2 passages need another look" in content
        response = self.send(editor, small, response)
        content = response.content.decode()
        assert (response.status_code, response.context["listing"].part.number) == (400, 3)
        assert content.count('<div class="errornote">') == 1
        assert f'<a href="#what-{key(43)}" dir="auto">{sentence(43)}</a>' in content
        assert Revision.objects.filter(article=small).count() == 1
        response = self.send(editor, small, response, "1", {f"what-{key(30)}": "here"})
        content = response.content.decode()
        assert f'formaction="#what-{key(42)}" name="show" value="3"' in content
        assert form_on(response)[f"words-{key(1)}"] == sentence(7, "evening")
        right = {f"words-{key(number)}": sentence(number, "evening") for number in (42, 43)}
        response = self.send(editor, small, self.send(editor, small, response, "3"), changes=right)
        assert (response.status_code, response.context["listing"].part.number) == (400, 2)
        response = self.send(editor, small, response, changes={f"words-{key(30)}": sentence(30, "evening")})
        assert said(response) == ["Revision 2 is published."]
        assert Anchor.objects.filter(method="by hand").count() == 4

    def test_says_the_same_error_of_several_passages_once(self, editor, small):
        wrong = {f"words-{key(number)}": "No such words" for number in (1, 2)}
        response = self.send(editor, small, editor.get(page("publish", small)), changes=wrong)
        note = response.content.decode().split('<div class="errornote">')[1].split("</div>")[0]
        assert note.count("These words do not stand in the draft.") == 1
        assert [key(number) for number in (1, 2)] == re.findall('href="#what-([^"]*)"', note)

    def test_remembers_which_of_several_places_was_chosen_on_another_part(self, editor, small):
        response = editor.get(page("publish", small))
        response = self.send(editor, small, response, "1", {f"words-{key(0)}": "Bird 00"})
        assert "These words stand 9 times in the draft." in response.content.decode()
        response = self.send(editor, small, response, "2", {f"number-{key(0)}": "3"})
        assert response.context["listing"].count_of_wrong == 0
        assert said(self.send(editor, small, response)) == ["Revision 2 is published."]
        assert Anchor.objects.get(exact=sentence(0)).now_start == len(f"All is new.\n{sentence(1)}\n{sentence(2)}\n")

    def test_loses_nothing_where_the_draft_was_saved_meanwhile(self, editor, small):
        response = editor.get(page("publish", small))
        shown = {f"what-{key(2)}": "right", f"shown-{key(2)}": "12-44"}
        response = self.send(editor, small, response, "3", {f"words-{key(1)}": sentence(7, "evening")} | shown)
        source = small.draft_source + "\n\nWell."
        services.save_draft(small, title="Birds", source=source, seen_version=small.draft_version)
        for part in ("2", None):
            refused = self.send(editor, small, response, part, {f"what-{key(44)}": "gone", "summary": "Hours"})
            content = refused.content.decode()
            assert refused.status_code == 409 and "saved by somebody else" in content
            assert "the place of 1 passage needs another look" in content
            assert ("The draft was changed since you checked this place." in content) == (part is None)
        assert form_on(refused)["summary"] == "Hours"
        response = self.send(editor, small, refused)
        assert said(response) == ["Revision 2 is published."]
        assert set(Anchor.objects.filter(method="by hand").values_list("exact", flat=True)) == {
            sentence(1),
            sentence(44),
        }

    @pytest.fixture
    def done(self, monkeypatch):
        """What is heavy, each time it is done."""
        done = []
        for owner, name in ((rendering._MARKDOWN, "parse"), (carrying, "carry"), (by_hand, "resolve")):
            monkeypatch.setattr(owner, name, partial(note, done, name, getattr(owner, name)))
        return done

    @pytest.mark.parametrize(
        ("changes", "status", "carries"),
        [
            ({"show": "2"}, 200, 0),
            ({"summary": "x" * 300}, 400, 0),
            ({f"what-{key(1)}": "here"}, 400, 0),
            ({"seen_version": "1"}, 409, 0),
            # Also where something was said.
            ({}, 302, 1),
        ],
    )
    def test_renders_and_carries_once_for_all_parts_and_to_publish(
        self, editor, small, done, changes, status, carries
    ):
        sent = form_on(editor.get(page("publish", small))) | {f"what-{key(1)}": "gone"} | changes
        assert sorted(done) == ["carry", "parse", "resolve"]
        done.clear()
        response = editor.post(page("publish", small), sent)
        assert (response.status_code, sorted(done)) == (status, ["carry"] * carries + ["resolve"])

    def test_carries_anew_where_the_draft_or_what_stands_on_the_text_changed(self, editor, small, done):
        def counts():
            response = editor.get(page("publish", small))
            return dict(response.context["impacts"][0].counts)

        assert counts() == counts() == {"orphaned": 1, "changed": 44}
        quote, author = sentence(1), make_user()
        comment = make_comment(small, author, "Mine.", quote=quote)
        assert counts() == {"orphaned": 1, "changed": 45}
        withdraw(comment, by=author)
        assert counts() == {"orphaned": 1, "changed": 44}
        make_comment(small, author, "Mine alone.", quote=quote, kind="note", visibility="private")
        assert counts() == {"orphaned": 1, "changed": 44}
        done.clear()
        text = "\n\n".join(sentence(number) for number in range(44))
        services.save_draft(small, title="Birds", source=text, seen_version=small.draft_version)
        assert counts() == {"orphaned": 1, "kept": 44}
        assert done.count("carry") == done.count("parse") == 1

    def test_shows_the_nearest_part_where_there_is_none_such(self, editor, small):
        for part, shown in (("99", 3), ("0", 1), ("-1", 1), ("x", 1), ("2e0", 1)):
            for sent in ({"show": part}, {"part": part, "summary": "x" * 300}):
                response = editor.post(page("publish", small), {"seen_version": small.draft_version} | sent)
                assert response.context["listing"].part.number == shown

    def test_asks_as_much_for_450_as_for_5_and_compares_those_shown_alone(self, editor, article, monkeypatch):
        compared = []
        monkeypatch.setattr(previewing, "difference", lambda old, new: compared.append(old) or [])
        queries = []
        for one in (said_on(5), article):
            response = editor.get(page("publish", one))
            with CaptureQueriesContext(connection) as asked:
                self.send(editor, one, response, "1", {f"what-{key(1)}": "gone"})
            queries.append(len(asked))
        assert queries[0] == queries[1]
        assert len(compared) == 2 * 5 + 2 * PART

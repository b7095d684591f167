"""What may stand in a text is one rule, whichever way the text comes."""

import hashlib
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from comments.models import Comment
from comments.rendering import render_comment
from comments.services import Submission, correct, edit, submit
from comments.states import State
from skycrumbs.problems import Invalid
from tests.asking import client_of, codes, problem
from tests.factories import make_article, make_comment, make_user

pytestmark = pytest.mark.django_db

ACUTE = "\N{COMBINING ACUTE ACCENT}"
REFUSED = {
    "": "blank",
    " \n\t\N{NO-BREAK SPACE}": "blank",
    "\N{ZERO WIDTH SPACE}\N{HANGUL FILLER}": "blank",
    "```\n```": "blank",
    "a\0b": "control_character",
    "a\ud800": "control_character",
    "\N{RIGHT-TO-LEFT OVERRIDE}txt.exe": "control_character",
    "x" * 5001: "too_long",
    "x" * 100_000: "too_long",
    "\N{DEVANAGARI LETTER QA}" * 2501: "too_long",
    "x" + "\N{COMBINING DOT BELOW}" * 11: "too_many_marks",
    ("x" + ACUTE * 9 + "**" + ACUTE * 9 + "**") * 9: "too_many_marks",
    ACUTE * 5000: "too_many_marks",
    "a" + (ACUTE + "\N{COMBINING DOT BELOW}") * 9_999: "too_many_marks",
}
TAKEN = {
    " Cafe\N{COMBINING ACUTE ACCENT}\r\nau lait ": "Café\nau lait",
    "x" * 5000: "x" * 5000,
    f"e{ACUTE}" * 5000: "é" * 5000,
    "x" + "\N{COMBINING DOT BELOW}" * 10: "x" + "\N{COMBINING DOT BELOW}" * 10,
    "<b>&amp;</b>": "<b>&amp;</b>",
}


def ids(text):
    return ascii(text[:12])


@pytest.fixture
def author():
    return make_user()


def submitted(author, text):
    return submit(Submission(make_article(), author, text)).text.source


def edited(author, text):
    return edit(make_comment(make_article(), author), by=author, text=text).text.source


def corrected(author, text):
    comment = make_comment(make_article(), author)
    comment.created_at -= timedelta(hours=1)
    comment.save()
    return correct(comment, by=author, text=text).text.corrections[0]["source"]


@pytest.mark.parametrize("write", [submitted, edited, corrected])
class TestEveryWrite:
    @pytest.mark.parametrize("text", REFUSED, ids=ids)
    def test_refuses_what_must_not_stand(self, author, write, text):
        field = "correction" if write is corrected else "text"
        with pytest.raises(Invalid) as caught:
            write(author, text)
        assert [(error.field, error.code) for error in caught.value.errors] == [(field, REFUSED[text])]
        assert not Comment.objects.filter(revisions__number=2).exists()

    @pytest.mark.parametrize("text", TAKEN, ids=ids)
    def test_stores_the_same_of_what_may(self, author, write, text):
        assert write(author, text) == TAKEN[text]


class TestFingerprint:
    SAME = ["Buy it now!", "buy\nit  NOW!", "Ｂｕｙ it\N{ZERO WIDTH SPACE} now!", "Büy it now!"]

    def test_is_one_for_texts_that_say_the_same(self, author):
        digest = hashlib.sha256(b"buyitnow!").hexdigest()
        article = make_article()
        made = [make_comment(article, author, text).text.fingerprint for text in self.SAME]
        assert made == [digest] * 4
        assert make_comment(article, author, "Buy it!").text.fingerprint != digest

    def test_is_another_for_the_next_text(self, author):
        comment = make_comment(make_article(), author, "Buy it now!")
        edit(comment, by=author, text="Never mind.")
        digests = list(comment.revisions.order_by("number").values_list("fingerprint", flat=True))
        assert digests == [hashlib.sha256(b"buyitnow!").hexdigest(), hashlib.sha256(b"nevermind.").hexdigest()]

    def test_is_none_of_what_its_author_alone_reads(self, author):
        note = make_comment(make_article(), author, "Buy it now!", kind="note", visibility="private")
        assert note.text.fingerprint == ""

    def test_is_none_of_a_highlight_without_words(self, author):
        mark = make_comment(make_article(), author, "", kind="highlight", quote="Small birds")
        assert mark.text.fingerprint == ""

    def test_goes_when_the_text_is_erased(self, author):
        comment = make_comment(make_article(), author, state=State.ERASED)
        assert (comment.text.source, comment.text.fingerprint) == ("", "")

    def test_cannot_stay_when_the_text_is_erased(self, author):
        comment = make_comment(make_article(), author, state=State.ERASED)
        with pytest.raises(IntegrityError, match="what_is_erased_has_no_text"), transaction.atomic():
            comment.revisions.update(fingerprint="0" * 64)


class TestRendering:
    def test_is_done_once_for_a_text_that_is_looked_at_judged_and_stored(self, author):
        article, before = make_article(), render_comment.cache_info().misses
        comment = submit(Submission(article, author, "Written for *this* test alone."))
        assert comment.text.html == '<p dir="auto">Written for <em>this</em> test alone.</p>\n'
        assert render_comment.cache_info().misses == before + 1


class TestMarksByTheApi:
    def test_are_a_400_that_names_the_field(self, author):
        make_article("birds")
        response = client_of(author).post("/api/v1/comments/", {"article": "birds", "text": ACUTE * 5000})
        assert problem(response) == (400, "invalid", ["text"])
        assert codes(response) == [("text", "too_many_marks")]
        assert response.json()["errors"][0]["detail"] == "Put at most 10 accents or other marks on one letter."

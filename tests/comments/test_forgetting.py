"""Private notes that their authors withdrew: for ten minutes they can be restored, then nothing is left of them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import transaction

from articles.models import Article
from comments.errors import RestoreClosed
from comments.models import Anchor, AnchorMove, Comment, CommentRevision, Decision
from comments.policy import RESTORE_WINDOW
from comments.services import attach, edit, place_hold, remove_withdrawn_notes, restore, withdraw
from comments.states import State
from events.models import Event
from skycrumbs.problems import Forbidden, NotThere
from skycrumbs.settings import SWEEPS
from tests.asking import client_of, problem
from tests.clock import MOMENT, later, stopped_at
from tests.comments.counting import counters, recount
from tests.factories import make_article, make_comment, make_moderator, make_user, passage, revise
from tests.pages.crowds import make_crowd
from tests.plans import analyze, plans_of
from tests.racing import race, start_and_let_wait

pytestmark = pytest.mark.django_db


def make_note(article, author, text="Words of mine.", **fields):
    return make_comment(article, author, text, kind="note", visibility="private", **fields)


def test_leaves_no_trace_after_ten_minutes():
    article, author = make_article(), make_user()
    note = make_note(article, author, quote="Small birds")
    revise(article, "Small birds, once more.")
    before = Article.objects.values().get(pk=article.pk)
    withdraw(note, by=author)
    withdrawn = Decision.objects.get(comment=note, now=State.WITHDRAWN)
    with stopped_at(withdrawn.at + RESTORE_WINDOW - MOMENT):
        assert remove_withdrawn_notes() == 0
    with stopped_at(withdrawn.at + RESTORE_WINDOW):
        assert remove_withdrawn_notes() == 1
    assert [model.objects.count() for model in (Comment, CommentRevision, Anchor, AnchorMove)] == [0] * 4
    # Ids in the two logs, of what is no longer there.
    assert [str(decision) for decision in Decision.objects.all()] == ["held → open", "open → withdrawn"]
    assert not Event.objects.filter(comment_id=note.pk).exists()
    assert Article.objects.values().get(pk=article.pk) == before
    assert counters(article) == recount(article)


def test_takes_highlights_that_nobody_else_saw():
    author = make_user()
    mark = make_comment(make_article(), author, "", kind="highlight", visibility="private", quote="Small birds")
    withdraw(mark, by=author)
    with later(minutes=11):
        assert remove_withdrawn_notes() == 1
    assert not Anchor.objects.exists()


def test_leaves_everything_else():
    article, author = make_article(), make_user()
    made = [make_comment(article, author, f"{state}", state=state) for state in State]
    own, back = make_note(article, author), make_note(article, author, "Once more mine.")
    withdraw(back, by=author)
    restore(back, by=author)
    with later(minutes=11):
        assert remove_withdrawn_notes() == 0
    assert set(Comment.objects.all()) == {*made, own, back}


def test_leaves_what_was_ever_on_legal_hold():
    article, author = make_article(), make_user()
    note, other = make_note(article, author), make_note(article, author, "Another.")
    place_hold(note, by=make_moderator(), case_ref="17 C 3/26", authority="A court")
    withdraw(note, by=author)
    withdraw(other, by=author)
    with later(minutes=11):
        assert remove_withdrawn_notes() == 1
    assert list(Comment.objects.all()) == [note]


def test_removes_more_than_go_into_one_part(monkeypatch):
    monkeypatch.setattr("comments.services.forgetting.BATCH", 2)
    article, author = make_article(), make_user()
    for number in range(5):
        withdraw(make_note(article, author, f"{number}"), by=author)
    with later(minutes=11):
        assert remove_withdrawn_notes() == 5


def test_looks_through_no_other_comments():
    article, author = make_article(), make_user()
    make_crowd(article, author, 500)
    withdraw(make_note(article, author), by=author)
    analyze()
    (first, *_others) = plans_of(remove_withdrawn_notes)
    assert "notes_withdrawn" in first


@pytest.mark.django_db(transaction=True)
def test_either_removes_or_leaves_what_is_restored_at_the_same_moment():
    author = make_user()
    note = make_note(make_article(), author)
    withdraw(note, by=author)
    withdrawn = Decision.objects.get(comment=note, now=State.WITHDRAWN)
    with stopped_at(withdrawn.at + RESTORE_WINDOW - timedelta(seconds=1)):
        restored, removed = race([lambda: restore(note, by=author), remove_withdrawn_notes])
    assert (removed, restored.state) == (0, "open")
    with later(minutes=11):
        withdraw(note, by=author)
    with later(minutes=22):
        restored, removed = race([lambda: restore(note, by=author), remove_withdrawn_notes])
    assert removed == 1
    assert isinstance(restored, RestoreClosed | NotThere)


def made_and_read(author):
    """A note on a passage, as it was read before anything became of it."""
    note = make_note(make_article(), author, quote="Small birds")
    return Comment.objects.select_related("article", "head_revision", "anchor").get(pk=note.pk)


class TestWhoReadItBefore:
    """What is gone when the lock is taken is not there; nothing else is said of it."""

    ACTS = {
        "restore": lambda note, author: restore(note, by=author),
        "withdraw": lambda note, author: withdraw(note, by=author),
        "edit": lambda note, author: edit(note, by=author, text="Other words."),
        "hold": lambda note, author: place_hold(note, by=author, case_ref="17 C 3/26", authority="A court"),
    }

    @pytest.mark.parametrize("act", ACTS)
    def test_is_told_that_it_is_not_there(self, act):
        author = make_user()
        note = made_and_read(author)
        withdraw(note, by=author)
        with later(minutes=11):
            assert remove_withdrawn_notes() == 1
        with pytest.raises(NotThere) as caught:
            self.ACTS[act](note, author)
        assert (caught.value.code, caught.value.status) == ("not_found", 404)
        assert not Comment.objects.exists()

    def test_may_put_no_passage_in_its_place(self):
        author = make_user()
        note = made_and_read(author)
        withdraw(note, by=author)
        with later(minutes=11):
            remove_withdrawn_notes()
        with pytest.raises(Forbidden):
            attach(note, by=author, selection=passage(note.article, "Small birds"))


@pytest.mark.django_db(transaction=True)
class TestRestoringWhileItIsRemoved:
    """The request finds the note, and waits for the sweep, which removes it."""

    def asked_meanwhile(self, ask):
        author = make_user()
        note = make_note(make_article(), author)
        withdraw(note, by=author)
        at = Decision.objects.get(comment=note, now=State.WITHDRAWN).at
        act = ask(author, note.key)
        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                with stopped_at(at + RESTORE_WINDOW):
                    assert remove_withdrawn_notes() == 1
                with stopped_at(at + RESTORE_WINDOW - MOMENT):
                    waiting = start_and_let_wait(pool, act)
            return waiting.result(timeout=30)

    def test_is_no_place_of_the_api_any_more(self):
        def ask(author, key):
            client = client_of(author)
            return lambda: client.post(f"/api/v1/comments/{key}/restore/")

        assert problem(self.asked_meanwhile(ask)) == (404, "not_found", [])

    def test_is_no_page_any_more(self, client):
        def ask(author, key):
            client.force_login(author)
            return lambda: client.post(f"/comments/{key}/restore/", headers={"Sec-Fetch-Site": "same-origin"})

        answer = self.asked_meanwhile(ask)
        assert answer.status_code == 404
        assert "text/html" in answer["Content-Type"]


def test_is_done_by_the_sweep():
    assert "comments.services.remove_withdrawn_notes" in SWEEPS

"""Private notes that their authors withdrew: for ten minutes they can be restored, then nothing is left of them."""

from datetime import timedelta

import pytest

from articles.models import Article
from comments.errors import RestoreClosed
from comments.models import Anchor, AnchorMove, Comment, CommentRevision, Decision
from comments.policy import RESTORE_WINDOW
from comments.services import place_hold, remove_withdrawn_notes, restore, withdraw
from comments.states import State
from events.models import Event
from skycrumbs.settings import SWEEPS
from tests.clock import MOMENT, later, stopped_at
from tests.comments.counting import counters, recount
from tests.factories import make_article, make_comment, make_moderator, make_user, revise
from tests.pages.crowds import make_crowd
from tests.plans import analyze, plans_of
from tests.racing import race

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
    assert isinstance(restored, RestoreClosed | Comment.DoesNotExist)


def test_is_done_by_the_sweep():
    assert "comments.services.remove_withdrawn_notes" in SWEEPS

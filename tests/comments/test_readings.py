"""Which text of a comment a viewer reads."""

import pytest
from django.contrib.auth.models import AnonymousUser

from comments import services
from comments.models import Comment
from comments.readings import read_as
from comments.states import State
from tests.factories import bring_to, make_article, make_comment, make_moderator, make_user

pytestmark = pytest.mark.django_db

NOBODY = AnonymousUser()


def read(viewer, comment):
    rows = list(Comment.objects.in_threads(viewer).with_page().filter(pk=comment.pk))
    return read_as(viewer, rows)[0]


class TestReadAs:
    def test_gives_everybody_the_public_text_when_it_is_the_only_one(self):
        author = make_user()
        comment = make_comment(make_article(), author, "First.")
        for viewer in (NOBODY, make_user(), author, make_moderator()):
            reading = read(viewer, comment)
            assert (reading.text, reading.edited_at, reading.is_removed) == ("First.", None, False)
            assert reading.writer == comment

    def test_shows_a_held_edit_and_why_it_is_held_to_its_author_and_moderators_alone(self):
        author = make_user()
        comment = make_comment(make_article(), author, "First.", state=State.HELD_EDIT)
        assert comment.state_reason == "test"
        for viewer, text, edited_at, sees_head, told in [
            (NOBODY, "First.", None, False, (None, None)),
            (make_user(), "First.", None, False, (None, None)),
            (author, "An edit that waits.", comment.edited_at, True, ("held_edit", "test")),
            (make_moderator(), "An edit that waits.", comment.edited_at, True, ("held_edit", "test")),
        ]:
            reading = read(viewer, comment)
            assert (reading.text, reading.edited_at, reading.sees_head) == (text, edited_at, sees_head)
            assert (reading.state, reading.reason) == told

    def test_tells_strangers_when_the_public_text_was_edited_and_not_of_the_edit_that_waits(self):
        author = make_user()
        comment = make_comment(make_article(), author, "First.")
        edited = services.edit(comment, by=author, text="Second.")
        assert read(NOBODY, comment).edited_at == edited.edited_at
        bring_to(edited, State.HELD_EDIT)
        reading = read(NOBODY, comment)
        assert reading.text == "Second."
        assert reading.edited_at == reading.revision.created_at
        assert read(author, comment).edited_at > reading.edited_at

    def test_leaves_nothing_but_the_place_when_it_is_a_tombstone(self):
        author = make_user()
        article = make_article()
        comment = make_comment(article, author, "First.", quote="Small birds")
        make_comment(article, make_user(), parent=comment)
        bring_to(comment, State.WITHDRAWN)
        for viewer in (NOBODY, make_user(), author):
            reading = read(viewer, comment)
            assert reading.is_removed
            assert (reading.text, reading.html, reading.writer, reading.anchor) == (None, None, None, None)
            assert reading.edited_at is None
        assert read(make_moderator(), comment).text == "First."

    def test_asks_nothing_of_the_database_when_no_row_is_a_tombstone(self, django_assert_num_queries):
        author = make_user()
        article = make_article()
        for _ in range(3):
            make_comment(article, author, quote="Small birds")
        rows = list(Comment.objects.in_threads(NOBODY).with_page())
        with django_assert_num_queries(0):
            assert [reading.text for reading in read_as(NOBODY, rows)] == ["A thought."] * 3

"""The passage in its paragraphs, out of a window of the text."""

import pytest

from comments.models import Comment
from moderation.cards import with_card
from moderation.passages import Paragraph, passage_of
from tests.factories import make_article, make_comment, make_user

pytestmark = pytest.mark.django_db


def paragraphs(source: str, quote: str) -> list[Paragraph]:
    made = make_comment(make_article(source=source), make_user(), quote=quote)
    comment = with_card(Comment.objects.all()).get(pk=made.pk)
    passage = passage_of(comment.found)
    assert passage is not None
    return passage.paragraphs


class TestPassage:
    def test_stands_alone_in_its_paragraph(self):
        source = "First.\n\nSmall 🙂 birds sing.\n\nLast."
        assert paragraphs(source, "birds") == [Paragraph("Small 🙂 ", "birds", " sing.")]

    def test_may_be_at_either_end_of_the_text(self):
        assert paragraphs("Birds sing.", "Birds") == [Paragraph("", "Birds", " sing.")]
        assert paragraphs("Fish do not.", "not.") == [Paragraph("Fish do ", "not.", "")]

    def test_may_be_whole_paragraphs(self):
        source = "One two.\n\nThree.\n\nFour five."
        assert paragraphs(source, "two.\nThree.\nFour") == [
            Paragraph("One ", "two.", ""),
            Paragraph("", "Three.", ""),
            Paragraph("", "Four", " five."),
        ]

    def test_is_cut_out_of_a_long_paragraph(self):
        (found,) = paragraphs(f"{'a ' * 600}Birds{' b' * 600}.", "Birds")
        assert (found.before, found.marked, found.behind) == ("…" + "a " * 250, "Birds", " b" * 250 + "…")

    def test_is_not_said_to_be_cut_where_the_paragraph_ends(self):
        (found,) = paragraphs(f"{'a ' * 250}Birds{' b' * 249}.", "Birds")
        assert (found.before, found.behind) == ("a " * 250, " b" * 249 + ".")

    def test_is_cut_itself_when_it_is_very_long(self):
        (found,) = paragraphs(f"Before {'birds ' * 1000}after.", "birds " * 900 + "birds")
        assert found.before == "Before "
        assert len(found.marked) == 3994
        assert found.marked.endswith("…")
        assert found.behind == ""

    def test_is_none_where_the_thread_is_on_none(self):
        make_comment(make_article(), make_user())
        comment = with_card(Comment.objects.all()).get()
        assert passage_of(comment.found) is None

import pytest

from articles.errors import BadArticle, StaleDraft
from tests.articles.drafts import fresh, refused_field, save
from tests.factories import make_article

pytestmark = pytest.mark.django_db


class TestSaveDraft:
    def test_changes_the_draft_and_nothing_a_reader_sees(self):
        article = make_article(title="Birds")
        saved = save(article, "New text.", title="Larks")
        assert (saved.draft_title, saved.draft_source, saved.draft_version) == ("Larks", "New text.", 3)
        assert (saved.title, saved.version, saved.current_revision) == ("Birds", 2, article.current_revision)

    def test_refuses_a_draft_that_was_begun_on_an_older_one(self):
        article = make_article(is_published=False)
        save(article, "Theirs.")
        with pytest.raises(StaleDraft) as caught:
            save(article, "Mine.")
        assert (caught.value.code, caught.value.status) == ("stale_version", 409)
        assert fresh(article).draft_source == "Theirs."

    def test_composes_title_and_text_and_evens_line_ends(self):
        saved = save(make_article(is_published=False), "Cafe\u0301\r\nopen", title=" Cafe\u0301 ")
        assert (saved.draft_title, saved.draft_source) == ("Café", "Café\nopen")

    @pytest.mark.parametrize(
        ("title", "source", "field", "code"),
        [
            ("", "Text.", "title", "length"),
            (" \t", "Text.", "title", "length"),
            ("\u200b\u202e", "Text.", "title", "length"),
            ("x" * 201, "Text.", "title", "length"),
            ("Birds", "x" * 1_500_001, "source", "too_long"),
            ("Birds", "a\0b", "source", "control_character"),
            ("Bi\0rds", "Text.", "source", "control_character"),
        ],
    )
    def test_refuses_what_cannot_stand(self, title, source, field, code):
        article = make_article(is_published=False)
        with pytest.raises(BadArticle) as caught:
            save(article, source, title=title)
        assert refused_field(caught) == (field, code)
        assert (caught.value.code, caught.value.status) == ("bad_article", 400)
        assert fresh(article).draft_version == article.draft_version

    def test_takes_the_longest_title_and_an_empty_text(self):
        saved = save(make_article(is_published=False), "", title="x" * 200)
        assert (saved.draft_title, saved.draft_source) == ("x" * 200, "")

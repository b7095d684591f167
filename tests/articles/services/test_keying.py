import pytest

from articles.models import Section, SectionText
from tests.articles.drafts import fresh
from tests.factories import make_article, revise

pytestmark = pytest.mark.django_db


def sections(article):
    """(key, heading, level, text) of each section as it stands now."""
    revision = fresh(article).current_revision
    rows = SectionText.objects.filter(revision=revision).order_by("position").select_related("section")
    return [(t.section.key, t.heading, t.level, revision.canonical_text[t.start : t.end]) for t in rows]


def retired(article):
    return sorted(article.sections.filter(is_retired=True).values_list("key", flat=True))


class TestPublishSections:
    def test_writes_the_lead_and_every_headed_part(self):
        article = make_article(source="Lead.\n\n## How\n\nHow text.\n\n### Why\n\nWhy text.")
        assert sections(article) == [
            ("lead", "", 0, "Lead."),
            ("how", "How", 2, "How\nHow text."),
            ("why", "Why", 3, "Why\nWhy text."),
        ]

    def test_puts_the_keys_into_the_html(self):
        html = make_article(source="Lead.\n\n## How\n\nText.").current_revision.html
        assert '<section id="lead" class="section">' in html
        assert '<section id="how" class="section">' in html

    def test_keeps_the_key_and_the_row_when_a_section_is_renamed(self):
        article = make_article(source="## How\n\nText.\n\n## Why\n\nWords.")
        row = article.sections.get(key="how")
        article = revise(article, "## In what way\n\nText.\n\n## Why\n\nWords.")
        assert sections(article)[0][:2] == ("how", "In what way")
        assert SectionText.objects.get(revision=article.current_revision, position=0).section == row

    def test_keeps_keys_when_sections_change_places(self):
        article = make_article(source="## How\n\nText.\n\n## Why\n\nWords.")
        article = revise(article, "## Why\n\nWords.\n\n## How\n\nText.")
        assert [key for key, *_ in sections(article)] == ["why", "how"]

    def test_numbers_keys_when_headings_are_the_same(self):
        article = make_article(source="## Notes\n\nA.\n\n## Notes\n\nB.\n\n## Notes\n\nC.")
        assert [key for key, *_ in sections(article)] == ["notes", "notes-2", "notes-3"]

    def test_gives_keys_in_the_script_of_the_heading(self):
        article = make_article(source="## 鸟类的歌声\n\nA.\n\n## أغاني الطيور\n\nB.\n\n## 🐦\n\nC.")
        assert [key for key, *_ in sections(article)] == ["鸟类的歌声", "أغاني-الطيور", "section"]

    def test_retires_a_section_that_went_and_keeps_its_row(self):
        article = make_article(source="## How\n\nText.\n\n## Why\n\nWords.")
        article = revise(article, "## How\n\nText.")
        assert retired(article) == ["why"]
        assert SectionText.objects.filter(section__key="why").count() == 1

    def test_revives_a_retired_section_when_it_comes_back(self):
        article = make_article(source="## How\n\nText.\n\n## Why\n\nWords.")
        row = article.sections.get(key="why")
        article = revise(article, "## How\n\nText.")
        article = revise(article, "## How\n\nText.\n\n## Why\n\nOther words.")
        assert retired(article) == []
        assert SectionText.objects.get(revision=article.current_revision, position=1).section == row

    def test_revives_a_section_that_was_renamed_before_it_went(self):
        article = make_article(source="## How\n\nText.\n\n## Why\n\nWords.")
        row = article.sections.get(key="why")
        renamed = "## How\n\nText.\n\n## For what reason\n\nWords."
        article = revise(article, renamed)
        article = revise(article, "## How\n\nText.")
        article = revise(article, renamed)
        assert retired(article) == []
        assert SectionText.objects.get(revision=article.current_revision, position=1).section == row

    def test_revives_sections_of_one_heading_in_their_order(self):
        source = "## How\n\nText.\n\n## Notes\n\nA.\n\n## Notes\n\nB.\n\n## Notes\n\nC."
        article = make_article(source=source)
        article = revise(article, "## How\n\nText.")
        article = revise(article, source)
        assert [key for key, *_ in sections(article)] == ["how", "notes", "notes-2", "notes-3"]

    def test_leaves_the_key_to_what_comes_back_when_a_new_heading_would_make_it(self):
        article = make_article(source="## How\n\nText.\n\n## Why\n\nWords.")
        article = revise(article, "## How\n\nText.\n\n## For what reason\n\nWords.")
        article = revise(article, "## How\n\nText.")
        article = revise(article, "## How\n\nText.\n\n## Why\n\nNew.\n\n## For what reason\n\nWords.")
        assert [(key, heading) for key, heading, *_ in sections(article)] == [
            ("how", "How"),
            ("why-2", "Why"),
            ("why", "For what reason"),
        ]

    def test_does_not_take_a_living_key_when_a_heading_comes_back(self):
        article = make_article(source="## How\n\nText.")
        article = revise(article, "## Why\n\nText.")
        article = revise(article, "## Why\n\nText.\n\n## How\n\nNew words.")
        assert [(key, heading) for key, heading, *_ in sections(article)] == [("how", "Why"), ("how-2", "How")]

    def test_publishes_when_a_lead_is_put_before_what_was_the_lead(self):
        article = make_article(source="It begins.")
        article = revise(article, "## Opening\n\nIt begins.")
        article = revise(article, "A new lead.\n\n## Opening\n\nIt begins.")
        assert [(key, heading) for key, heading, *_ in sections(article)] == [("lead", ""), ("opening", "Opening")]

    def test_publishes_when_the_lead_goes_and_comes_back(self):
        article = make_article(source="It begins.\n\n## How\n\nText.")
        article = revise(article, "## How\n\nText.")
        assert retired(article) == ["lead"]
        article = revise(article, "Again.\n\n## How\n\nText.")
        assert [key for key, *_ in sections(article)] == ["lead", "how"]
        assert Section.objects.filter(article=article).count() == 2

    # SQLite does not look at the length of a column: both must answer alike.
    def test_takes_a_heading_that_is_longer_than_its_column(self):
        article = make_article(source=f"## {'long ' * 120}\n\nText.")
        ((key, heading, level, _text),) = sections(article)
        assert level == 2
        assert len(key) <= 80
        assert 0 < len(heading) <= 500

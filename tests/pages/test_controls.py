import json
from pathlib import Path

from django.test import SimpleTestCase

from articles.canonical import canonical_text
from articles.models import Article, Revision, Section, SectionText
from pages.controls import Discussed, with_controls

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "canonical.json").read_text())
HEADED = (
    "<h2>Where <em>they</em> nest</h2>\n<p>In hedges.</p>\n<ul>\n<li>One\n<ul>\n<li>Two</li>\n</ul>\n</li>\n</ul>"
)


def article(**fields) -> Article:
    return Article(slug="birds", status="published", current_revision=Revision(number=3), **fields)


def section(html: str, *, level: int = 2, start: int = 0) -> SectionText:
    return SectionText(section=Section(key="nests"), html=html, level=level, start=start)


def passage(start: int, end: int) -> str:
    return (
        '<a class="on-block" data-canon="skip" href="/articles/birds/comment/?revision=3&amp;'
        f'start={start}&amp;end={end}" aria-labelledby="on-block-label"></a>'
    )


SECTION = (
    '<a class="on-block" data-canon="skip" href="/articles/birds/comment/?section=nests"'
    ' aria-labelledby="on_section_label"></a>'
)


def said(form: str) -> str:
    """The sign where something was said, that leads on to the form of the sign `form`."""
    leads_on = f' data-form="{form.split(chr(34))[5]}"' if form else ""
    return f'<a class="on-block" data-canon="skip" href="/said/" aria-labelledby="said_label"{leads_on}></a>'


class WithControlsTests(SimpleTestCase):
    def test_a_heading_leads_to_its_section_and_blocks_to_themselves(self):
        self.assertEqual(
            with_controls(article(), section(HEADED, start=100)),
            f"<h2>Where <em>they</em> nest{SECTION}</h2>\n<p>In hedges.{passage(116, 126)}</p>\n<ul>\n"
            f"<li>One\n{passage(127, 130)}<ul>\n<li>Two{passage(131, 134)}</li>\n</ul>\n</li>\n</ul>",
        )

    def test_a_lead_has_passages_alone(self):
        html = with_controls(article(), section("<p>First 🙂.</p><p>Second.</p>", level=0))
        self.assertEqual(html, f"<p>First 🙂.{passage(0, 8)}</p><p>Second.{passage(9, 16)}</p>")

    def test_sections_alone_are_offered_where_passages_are_not_open(self):
        html = with_controls(article(discussion="sections"), section(HEADED))
        self.assertEqual(html, HEADED.replace("</h2>", f"{SECTION}</h2>"))

    def test_a_lead_is_offered_as_a_section_where_passages_are_not_open(self):
        html = with_controls(article(discussion="sections"), section("<p>One.</p><p>Two.</p>", level=0))
        self.assertEqual(html, f"<p>One.{SECTION}</p><p>Two.</p>")

    def test_a_block_that_was_commented_on_leads_to_what_was_said_there_and_from_there_to_the_form(self):
        html = with_controls(article(), section("<p>First.</p><p>Second.</p>", level=0), [Discussed(2, 5, "/said/")])
        self.assertEqual(html, f"<p>First.{said(passage(0, 6))}</p><p>Second.{passage(7, 14)}</p>")

    def test_a_passage_across_blocks_and_one_in_a_heading_are_found_at_each(self):
        html = with_controls(article(), section("<h2>Nests</h2><p>One.</p><p>Two.</p>"), [Discussed(3, 8, "/said/")])
        self.assertEqual(
            html, f"<h2>Nests{said(SECTION)}</h2><p>One.{said(passage(6, 10))}</p><p>Two.{passage(11, 15)}</p>"
        )

    def test_what_was_said_is_offered_where_nothing_can_be_said_any_more(self):
        html = with_controls(article(is_open=False), section("<p>One.</p>", level=0), [Discussed(0, 2, "/said/")])
        self.assertEqual(html, f"<p>One.{said('')}</p>")

    def test_nothing_is_offered_where_nothing_can_be_said(self):
        for closed in ({"discussion": "off"}, {"is_open": False}):
            with self.subTest(closed):
                self.assertEqual(with_controls(article(**closed), section(HEADED)), HEADED)

    def test_nothing_is_offered_on_a_block_too_long_to_quote(self):
        html = f"<p>{'a' * 10_001}</p>"
        self.assertEqual(with_controls(article(), section(html, level=0)), html)

    def test_the_canonical_text_stays_as_it_was(self):
        for vector in VECTORS:
            with self.subTest(vector["name"]):
                html = with_controls(article(), section(vector["html"], level=0))
                self.assertEqual(canonical_text(html), vector["text"])

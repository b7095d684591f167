"""Reading files: a page's text dump, Markdown with front matter, and what is refused."""

import os
import random
from collections import Counter
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from django.utils.text import slugify

from articles.canonical import blocks, word_count
from articles.importing import ImportRefused, read_article, slug_of
from articles.importing.escaping import escape_inline, escape_line_start
from articles.rendering import render

TITLE = "AI Safety and Alignment in 2026: Where the Research Stands"
CROSS_LINK = "AI Regulation in 2026: What New Laws Mean for Your Business"
CROSS_LINK_PATH = "/articles/ai-regulation-in-2026-what-new-laws-mean-for-your-business/"

# The layout of the page whose dump is read first of all, with sentences of its own.
DUMP = f"""\
SkycrumbsSkycrumbs
AI News

{TITLE}

May 9, 2026\u00b77 min read
{TITLE}

{TITLE}

Machines do more each year, and "more" needs care.

Here is what stands \u2014 and what doesn't.

What It Is About

The parts are these:

  \u2022 Specification: Saying what is meant is hard
  \u2022 Robustness: It has to hold under pressure \u2014 always
  \u2022 Scalable oversight: Who looks when nobody can?
  \u2022 Generalization: 2 worlds are not one

What's not contested: the list is short.

Progress in 2025-2026: What Improved

Automated tests: They run at night. They find much.

The Hard Problems

Deceptive alignment: A model could wait.

How Labs Work

One lab has a * and a_b_c [sic] <tag> & more.

Governance

Key developments:

  \u2022 First rule
  \u2022 Second rule
  \u2022 Third rule
  \u2022 Fourth rule

The gap remains. For a broader look, see {CROSS_LINK}.

The Race

1. This begins with a number.

For Users

Practically:

  \u2022 Less misuse: Better tests mean fewer tricks
  \u2022 More use: It follows
  \u2022 Better doubt: It says so
  \u2022 Fewer surprises: It is repaired

Looking Ahead

The next years will show it.

Comments

Loading comments...

Leave a comment"""


class Seed(NamedTuple):
    """A dump, and how many words its body has."""

    data: bytes
    words: int


@pytest.fixture(scope="module")
def seed():
    """The dump of the real page where it can be found, else one of the same shape."""
    beside = Path(__file__).parents[3] / "shared" / "seed" / "ai-safety-and-alignment-in-2026.txt"
    path = Path(os.environ.get("SKYCRUMBS_SEED", beside))
    return Seed(path.read_bytes(), 1232) if path.is_file() else Seed(DUMP.encode(), 164)


def refusal(data, **given):
    with pytest.raises(ImportRefused) as raised:
        read_article(data, **given)
    return raised.value


def dump_of(body):
    return f"A Title\n\nMay 9, 2026\u00b77 min read\n\n{body}".encode()


def text_of(article):
    return render(article.source).text


class TestSeed:
    def test_says_what_the_page_says_above_its_body(self, seed):
        article = read_article(seed.data)
        assert (article.title, article.category, article.published_on) == (TITLE, "AI News", date(2026, 5, 9))
        assert (article.by_line, article.language, article.slug) == ("", "", "")

    def test_has_nine_sections_of_which_the_first_is_the_lead(self, seed):
        sections = render(read_article(seed.data).source).sections
        assert [section.level for section in sections] == [0, 2, 2, 2, 2, 2, 2, 2, 2]
        assert sections[8].heading == "Looking Ahead"

    def test_has_a_lead_of_two_paragraphs(self, seed):
        lead = render(read_article(seed.data).source).sections[0]
        assert [block.tag for block in blocks(lead.html)] == ["p", "p"]

    def test_has_three_lists_of_four_items(self, seed):
        html = "".join(section.html for section in render(read_article(seed.data).source).sections)
        assert [part.count("<li") for part in html.split("<ul>")[1:]] == [4, 4, 4]

    def test_has_the_words_of_the_page(self, seed):
        assert word_count(text_of(read_article(seed.data))) == seed.words

    def test_changes_no_letter_of_the_body(self, seed):
        raw = seed.data.decode().replace("\u2022", "").split("Comments\n")[0].split("min read")[1]
        body = " ".join(raw.split()).replace(TITLE, "").strip()
        assert " ".join(text_of(read_article(seed.data)).split()) == body

    def test_leaves_out_title_site_name_and_comment_area(self, seed):
        text = text_of(read_article(seed.data))
        assert [word for word in (TITLE, "Skycrumbs", "Leave a comment", "min read") if word in text] == []

    def test_makes_run_in_labels_strong(self, seed):
        source = read_article(seed.data).source
        assert "- **Specification:** " in source
        assert "\n**Deceptive alignment:** A " in source
        assert "\nWhat's not contested: the " in source

    def test_makes_the_cross_link_real(self, seed):
        rendered = render(read_article(seed.data).source)
        assert rendered.links == (CROSS_LINK_PATH.split("/")[2],)
        assert f'see <a href="{CROSS_LINK_PATH}" rel="noopener">{CROSS_LINK}</a>.' in rendered.sections[5].html

    def test_notes_what_was_left_out_and_guessed(self, seed):
        assert read_article(seed.data).notes == (
            "Left out the site name \u201cSkycrumbs\u201d.",
            "Left out the title where it stood again (2 times).",
            "Left out the words of the comment area.",
            f"Linked \u201c{CROSS_LINK}\u201d to {CROSS_LINK_PATH} (guessed from \u201csee \u2026\u201d).",
        )


class TestDumpHead:
    def test_goes_without_site_name_and_category(self):
        article = read_article(dump_of("Words."))
        assert (article.title, article.category, article.notes) == ("A Title", "", ())

    def test_takes_a_line_above_the_title_for_the_category(self):
        assert read_article(b"News\n\n" + dump_of("Words.")).category == "News"

    def test_notes_further_lines_that_it_leaves_out(self):
        article = read_article(b"SiteSite\nMenu\nNews\n\n" + dump_of("Words."))
        assert article.category == "News"
        assert article.notes == ("Left out the site name \u201cSite\u201d.", "Left out the line \u201cMenu\u201d.")

    def test_reads_cr_lf_and_a_byte_order_mark(self):
        article = read_article(b"\xef\xbb\xbf" + dump_of("One.\n\nTwo.").replace(b"\n", b"\r\n"))
        assert (article.title, article.source) == ("A Title", "One.\n\nTwo.")

    def test_composes_characters(self):
        assert read_article(dump_of("cafe\u0301.")).source == "caf\u00e9."


class TestDumpBody:
    @pytest.mark.parametrize(
        ("line", "markdown"),
        [
            ("A heading", "## A heading"),
            ("Notes on C #", "## Notes on C \\#"),
            ("A sentence.", "A sentence."),
            ("A question?", "A question?"),
            ('He said "no."', 'He said "no."'),
            ("What follows:", "What follows:"),
            ("Word " * 24 + "end", "Word " * 24 + "end"),
        ],
    )
    def test_a_short_line_without_end_punctuation_is_a_heading(self, line, markdown):
        assert read_article(dump_of(f"{line}\n\nText.")).source == f"{markdown}\n\nText."

    def test_a_last_line_with_nothing_under_it_is_no_heading(self):
        assert read_article(dump_of("Text.\n\nThe end")).source == "Text.\n\nThe end"

    @pytest.mark.parametrize(
        "line",
        [
            "# no heading",
            "> no quotation",
            "- no item",
            "+ no item",
            "12) no item",
            "=====",
            "***",
            "```",
            "~~~",
            "a | b",
            "| - | - |",
            ":-- no table",
            "&copy; &#65; R&D",
            "<b>no</b> <https://example.org>",
            "![no](image) [no]: reference",
            "`no` *no* **no** _no_ ~~no~~ \\",
        ],
    )
    def test_marks_stand_as_they_are(self, line):
        assert text_of(read_article(dump_of(f"First.\n{line}\n\n{line}.\n\n  \u2022 {line}"))) == (
            f"First. {line}\n{line}.\n{line}"
        )

    def test_lines_like_a_table_stand_as_they_are(self):
        body = "a | b\n:-- | --:\n\nc | d\n:--\n\ne | f\n| - | - |\n\nEnd."
        assert text_of(read_article(dump_of(body))) == "a | b :-- | --:\nc | d :--\ne | f | - | - |\nEnd."

    def test_an_item_alone_is_no_heading(self):
        assert read_article(dump_of("Text:\n\n  \u2022 One item\n\nText.")).source == "Text:\n\n- One item\n\nText."

    def test_any_line_of_marks_and_letters_stands_as_it_is(self):
        chance = random.Random(7)  # noqa: S311
        for _ in range(2_000):
            line = " ".join("".join(chance.choices("a1.:#*_`[]()<>&~|\\-+=!\"'", k=4)) for _ in range(4))
            assert render(escape_line_start(escape_inline(line))).text == line

    def test_a_label_is_strong_before_a_capital_only(self):
        body = "Label here: Words.\n\nWhat is it: words.\n\nA: b.\n\nA sentence. Then: More.\n\nAt 10:30 All."
        assert [line for line in read_article(dump_of(body)).source.split("\n\n") if "**" in line] == [
            "**Label here:** Words."
        ]


class TestLinks:
    def test_a_given_title_becomes_a_link_where_it_stands_first(self):
        article = read_article(dump_of("See My (Title) now.\n\nMy (Title) again."), links={"My (Title)": "/a_(b)/"})
        assert article.source == "See [My (Title)](</a_(b)/>) now.\n\nMy (Title) again."
        assert render(article.source).sections[0].html.startswith('<p dir="auto">See <a href="/a_(b)/"')
        assert article.notes == ("Linked \u201cMy (Title)\u201d to /a_(b)/.",)

    def test_a_given_address_goes_before_the_guess(self):
        body = f"For more, see {CROSS_LINK}."
        assert f"[{CROSS_LINK}](</x/>)" in read_article(dump_of(body), links={CROSS_LINK: "/x/"}).source

    def test_a_title_that_begins_a_paragraph_is_no_label(self):
        article = read_article(dump_of(f"{CROSS_LINK} is out."), links={CROSS_LINK: "/x/"})
        assert article.source == f"[{CROSS_LINK}](</x/>) is out."

    @pytest.mark.parametrize(
        "sentence",
        ["For more, see the other page.", "Come and see It Now.", "We see That This is Not One.", "See a b c d."],
    )
    def test_nothing_is_guessed_from_what_is_no_title(self, sentence):
        assert "](" not in read_article(dump_of(sentence)).source

    def test_a_title_that_does_not_stand_in_the_text_is_refused(self):
        refused = refusal(dump_of("Words."), links={"Elsewhere": "/x/"})
        assert refused.code == "link_not_found"
        assert "Elsewhere" in refused.reason

    @pytest.mark.parametrize("url", ["javascript:alert(1)", "//example.org", "x y", "", "/a>b", "data:x"])
    def test_an_address_that_is_none_is_refused(self, url):
        assert refusal(dump_of("Words."), links={"Words": url}).code == "bad_link"

    def test_they_are_refused_for_markdown(self):
        assert refusal(b"# T\n\nWords.", links={"Words": "/x/"}).code == "links_refused"


class TestMarkdown:
    WHOLE = (
        '---\ntitle: "One: Two"\ncategory: News\ndate: 2026-05-09\n'
        "by: A. Writer\nlanguage: en-GB\nslug: one-two\n---\n"
    )

    def test_takes_everything_from_the_front_matter(self):
        article = read_article(f"{self.WHOLE}\nBody *text*.\n".encode())
        assert article == article.__class__(
            title="One: Two",
            category="News",
            published_on=date(2026, 5, 9),
            by_line="A. Writer",
            language="en-GB",
            slug="one-two",
            source="Body *text*.",
            notes=(),
        )

    @pytest.mark.parametrize("heading", ["# One: Two", "## One: *Two* ##", "One: Two\n===="])
    def test_drops_a_first_heading_that_is_the_title(self, heading):
        article = read_article(f"{self.WHOLE}\n\n{heading}\n\nBody.".encode())
        assert (article.source, article.notes) == ("Body.", ("Left out the first heading: it is the title.",))

    def test_keeps_another_first_heading(self):
        assert read_article(f"{self.WHOLE}# Other\n\nBody.".encode()).source == "# Other\n\nBody."

    def test_takes_the_title_from_a_first_heading_without_front_matter(self):
        article = read_article(b"# Name\n\nBody.\n\n---\n\nMore.")
        assert (article.title, article.source) == ("Name", "Body.\n\n---\n\nMore.")

    def test_takes_words_for_what_they_are(self):
        assert read_article(b"---\ntitle: 1984\nlanguage: no\nby:\n---\nx").language == "no"

    @pytest.mark.parametrize(
        ("front_matter", "code", "reason"),
        [
            ("title: a\nauthor: b", "unknown_key", "Line 3: unknown key \u201cauthor\u201d"),
            ("title: a: b", "bad_front_matter", "Line 2: not YAML"),
            ("title: a\ntitle: b", "bad_front_matter", "Line 3: \u201ctitle\u201d stands twice"),
            ("title: [a]", "bad_front_matter", "Line 2: a key or its value is no plain text"),
            ("- title", "bad_front_matter", "Line 2: the front matter is no list"),
            ("[" * 5_000, "bad_front_matter", "nested too deeply"),
            ("title: a\ndate: May 9", "bad_date", "\u201cdate\u201d is \u201cMay 9\u201d"),
            ("title: a\nslug: A b", "bad_slug", "\u201cslug\u201d is \u201cA b\u201d"),
            ("title: a\nlanguage: English!", "bad_language", "\u201clanguage\u201d is \u201cEnglish!\u201d"),
            ("category: b", "no_title", "neither a title"),
            ("", "no_title", "neither a title"),
        ],
    )
    def test_refuses_front_matter_that_it_cannot_take(self, front_matter, code, reason):
        refused = refusal(f"---\n{front_matter}\n---\n\nBody.".encode())
        assert refused.code == code
        assert reason in refused.reason

    def test_refuses_front_matter_without_an_end(self):
        assert refusal(b"---\ntitle: a\n\nBody.").code == "bad_front_matter"

    def test_refuses_an_article_that_is_a_title_alone(self):
        assert refusal(f"{self.WHOLE}# One: Two\n\n***\n".encode()).code == "no_body"


class TestRefusals:
    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"", "empty"),
            (b" \n\t\r\n", "empty"),
            (b"\x00", "binary"),
            (b"\x89PNG\r\n\x1a\n\x00", "binary"),
            (b"caf\xe9", "not_utf8"),
            (b"# T\n\na\x1b[0mb", "control_character"),
            ("# T\n\na\u202eb".encode(), "control_character"),
            (b"Just some words.", "no_title"),
            (b'{"title": 1}', "no_title"),
            (b"#\n\nNo heading text.", "no_title"),
            (b"## A section\n\nNo title.", "no_title"),
            ("May 9, 2026\u00b77 min read\n\nWords.".encode(), "no_title"),
            ("T\n\nMay 32, 2026\u00b77 min read\n\nWords.".encode(), "bad_date"),
            ("T\n\nMai 3, 2026\u00b77 min read\n\nWords.".encode(), "bad_date"),
            (dump_of(""), "no_body"),
            (dump_of("A Title\n\nComments\n\nLeave a comment"), "no_body"),
            (b"# T\n\n" + b"x" * (5 * 1024 * 1024), "too_large"),
        ],
    )
    def test_a_file_that_is_no_article_is_refused(self, data, code):
        assert refusal(data).code == code

    def test_the_reason_names_the_file(self):
        assert refusal(b"", name="page.txt").reason == "page.txt: The file is empty."

    def test_a_control_character_is_named_with_its_line(self):
        assert refusal(b"# T\n\na\x07").reason == "Line 3 has a control character (U+0007)."


class TestSlugOf:
    @pytest.mark.parametrize(
        "title", [TITLE, CROSS_LINK, "  Caf\u00e9 -- au  lait! ", "C++", "\u4e2d\u6587 2026", "---", ""]
    )
    def test_is_the_slug_that_django_makes(self, title):
        assert slug_of(title) == slugify(title)

    @pytest.mark.parametrize(
        ("title", "slug"),
        [("Why snake_case & C++", "why-snake-case-c"), ("_x_", "x"), ("Große Straße, Ærø", "grosse-strasse-aero")],
    )
    def test_has_hyphens_where_there_were_underscores(self, title, slug):
        assert slug_of(title) == slug


class TestDump:
    def test_has_the_structure_that_the_checklist_asks_for(self):
        """The dump above stands in for the real page: it must not be easier to read."""
        kinds = Counter(
            block.tag for part in render(read_article(DUMP.encode()).source).sections for block in blocks(part.html)
        )
        assert kinds == {"h2": 8, "li": 12, "p": 12}

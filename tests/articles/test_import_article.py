"""`manage.py import_article`."""

import os
import re
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from articles.models import Article, Category, Revision

pytestmark = pytest.mark.django_db

DEMO = Path(settings.BASE_DIR) / "demo"
MAIN = DEMO / "ai-safety-and-alignment-in-2026.md"
MAIN_SLUG = "ai-safety-and-alignment-in-2026"
REGULATION_SLUG = "ai-regulation-in-2026-what-new-laws-mean-for-your-business"

DUMP = """\
SkycrumbsSkycrumbs

AI News

Birds of the Town

May 9, 2026·7 min read

Birds of the Town

Birds live in towns as well. Many people never look up.

Nor do most of them listen.

Where They Nest

Some nest in walls:

  • Swifts: They need a hole under the roof
  • Sparrows: They take what is left

More is said in Bees of the Town.

Comments

Loading comments...

Leave a comment
"""


def seed() -> Path:
    """The text dump the importer was made for, where it is at hand."""
    beside = Path(settings.BASE_DIR).parent / "shared" / "seed" / "ai-safety-and-alignment-in-2026.txt"
    return Path(os.environ.get("SKYCRUMBS_SEED", beside))


def run(*arguments: str | Path) -> str:
    out = StringIO()
    call_command("import_article", *map(str, arguments), stdout=out, no_color=True)
    return out.getvalue()


@pytest.fixture
def dump(tmp_path):
    file = tmp_path / "birds.txt"
    file.write_text(DUMP, encoding="utf-8")
    return file


class TestImport:
    def test_says_what_it_understood(self, dump):
        out = run(dump)
        assert re.search(r"^Title: +Birds of the Town$", out, re.M)
        assert re.search(r"^Category: +AI News$", out, re.M)
        assert re.search(r"^Date: +2026-05-09$", out, re.M)
        assert re.search(r"^By: +\(the file does not say\)$", out, re.M)
        assert re.search(r"^Length: +46 words, 1 min read$", out, re.M)
        assert re.search(r"^Sections: +2\n  1\. \(lead, without a heading\)\n  2\. Where They Nest$", out, re.M)
        assert "Note:      Left out the site name “Skycrumbs”." in out
        assert out.endswith("New article /articles/birds-of-the-town/: the draft is saved, and not published yet.\n")

    def test_saves_a_draft(self, dump):
        run(dump)
        article = Article.objects.get(slug="birds-of-the-town")
        assert (article.draft_title, article.category.name) == ("Birds of the Town", "AI News")
        assert (str(article.published_on), article.status) == ("2026-05-09", "draft")
        assert Revision.objects.count() == 0

    def test_publishes_when_asked(self, dump):
        assert run(dump, "--publish").endswith("New article /articles/birds-of-the-town/: revision 1 is published.\n")
        assert Article.objects.get().is_published

    def test_makes_no_revision_when_nothing_changed(self, dump):
        run(dump, "--publish")
        again = run(dump, "--publish")
        assert again.endswith("Article /articles/birds-of-the-town/: nothing changed since revision 1.\n")
        assert Revision.objects.count() == 1

    def test_makes_the_next_revision_when_the_text_changed(self, dump):
        run(dump, "--publish")
        dump.write_text(DUMP.replace("Many people", "Most people"), encoding="utf-8")
        assert run(dump, "--publish").endswith(": revision 2 is published.\n")

    def test_changes_the_draft_alone_when_not_asked_to_publish(self, dump):
        run(dump, "--publish")
        dump.write_text(DUMP.replace("Many people", "Most people"), encoding="utf-8")
        out = run(dump)
        assert "the draft is changed; readers see revision 1 until it is published." in out
        article = Article.objects.get()
        assert "Most people" in article.draft_source
        assert "Many people" in article.current_revision.source

    def test_takes_the_address_given(self, dump):
        run(dump, "--slug", "town-birds")
        assert Article.objects.get().slug == "town-birds"

    def test_makes_a_title_a_link_when_told_its_address(self, dump):
        run(dump, "--publish", "--link", "Bees of the Town=/articles/bees/?a=b")
        assert '<a href="/articles/bees/?a=b" rel="noopener">Bees of the Town</a>' in Revision.objects.get().html

    def test_reads_markdown_with_front_matter(self):
        out = run(MAIN, "--publish")
        article = Article.objects.get(slug=MAIN_SLUG)
        assert (article.by_line, article.language) == ("Ines Okafor", "en")
        assert "Ines Okafor" in out
        assert article.current_revision.section_texts.count() == 9
        assert article.links.get().to_slug == REGULATION_SLUG

    @pytest.mark.parametrize("file", sorted(DEMO.glob("*-*.md")), ids=lambda file: file.name)
    def test_reads_every_article_of_the_demo(self, file):
        assert "revision 1 is published." in run(file, "--publish")


class TestRefuses:
    def refused(self, *arguments: str | Path) -> str:
        """The reason; nothing may have been written."""
        with pytest.raises(CommandError) as error:
            run(*arguments, "--publish")
        assert (Article.objects.count(), Category.objects.count()) == (0, 0)
        return str(error.value)

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", "The file is empty."),
            (b"\x00\x01\x02", "The file is not text: it has NUL bytes."),
            (b"caf\xe9", "The file is not UTF-8 text (byte 3)."),
            (b'{"a": 1}', "The file has neither a title in front matter nor the date line of a page's text dump."),
            (b"---\ntitle: A\ncolour: red\n---\nText.", "Line 3: unknown key “colour”"),
            (b"---\ntitle: A\n---\n", "The article has no body."),
            (b"# A\n\ntext \x07", "Line 3 has a control character (U+0007)."),
            (b"# A\n\n" + b"x" * (5 * 1024 * 1024), "The file is larger than 5 MB."),
            (b"# " + b"A" * 201 + b"\n\nText.", "title: A title has 1 to 200 characters."),
            (b"---\ntitle: A\ncategory: " + b"B" * 81 + b"\n---\nText.", "category: Use at most 80 characters."),
            (
                b"---\ntitle: A\nby: " + b"B" * 121 + b"\n---\nText.",
                "by_line: Ensure this value has at most 120 characters (it has 121).",
            ),
            ("# 鳥\n\nText.".encode(), "slug: No address can be made of this title. Name one, as the slug."),
        ],
    )
    def test_a_file_that_is_no_article(self, tmp_path, data, reason):
        file = tmp_path / "file"
        file.write_bytes(data)
        assert self.refused(file).startswith(f"{file}: {reason}")

    def test_a_file_that_is_not_there(self, tmp_path):
        assert self.refused(tmp_path / "none.md") == f"{tmp_path / 'none.md'}: No such file or directory."

    def test_a_folder(self, tmp_path):
        assert self.refused(tmp_path) == f"{tmp_path}: This is no regular file."

    def test_refuses_a_pipe_instead_of_waiting_for_it(self, tmp_path):
        os.mkfifo(tmp_path / "pipe")
        assert self.refused(tmp_path / "pipe") == f"{tmp_path / 'pipe'}: This is no regular file."

    @pytest.mark.parametrize("slug", ["A B", "a--b", "../etc", "x" * 201])
    def test_an_address_that_is_none(self, slug):
        reason = "Use at most 200 characters." if slug[0] == "x" else "Use small letters, digits and single hyphens."
        assert self.refused(MAIN, "--slug", slug) == f"{MAIN}: slug: {reason}"

    @pytest.mark.parametrize("link", ["Bees of the Town", "=/articles/bees/", "Bees=javascript:alert(1)", "Bees="])
    def test_a_link_that_is_none(self, dump, link):
        assert "write TITLE=URL, the URL beginning with http://, https:// or /." in self.refused(dump, "--link", link)

    def test_a_link_whose_title_is_not_in_the_text(self, dump):
        assert "Wasps of the Town" in self.refused(dump, "--link", "Wasps of the Town=/articles/wasps/")

    def test_a_link_for_markdown(self):
        assert "Links can be given for a text dump only" in self.refused(MAIN, "--link", "A=/b/")


@pytest.fixture(params=["dump", "demo"])
def imported(request):
    """The seed's article, and the demo's, which has the same shape; the demo's twice where there is no seed."""
    file = seed() if request.param == "dump" and seed().is_file() else MAIN
    run(file, "--publish", "--slug", "seed")
    return Article.objects.get(slug="seed").current_revision, file


class TestSeed:
    def test_has_the_title_category_and_date(self, imported):
        revision, _file = imported
        assert revision.title == "AI Safety and Alignment in 2026: Where the Research Stands"
        assert revision.article.category.name == "AI News"
        assert str(revision.article.published_on) == "2026-05-09"

    def test_has_nine_sections_and_a_lead_of_two_paragraphs(self, imported):
        revision, _file = imported
        lead, *headed = revision.section_texts.order_by("position")
        assert (lead.heading, lead.level, lead.html.count("<p ")) == ("", 0, 2)
        assert [section.heading for section in headed] == [
            "What AI Alignment Actually Means",
            "Progress in 2025-2026: What Actually Improved",
            "The Hard Problems That Remain Unsolved",
            "How Leading Labs Approach Safety",
            "Governance and External Oversight",
            "The Capability-Safety Race",
            "What This Means for AI Users",
            "Looking Ahead",
        ]

    def test_has_twelve_list_items_in_three_lists_of_four(self, imported):
        revision, _file = imported
        lists = re.findall(r"<ul>.*?</ul>", revision.html, re.DOTALL)
        assert [part.count("<li ") for part in lists] == [4, 4, 4]
        assert revision.html.count("<li ") == 12

    def test_has_run_in_labels_that_do_not_break_the_text(self, imported):
        revision, _file = imported
        assert "<strong>Specification:</strong>" in revision.html
        assert "Specification: " in revision.canonical_text

    def test_links_to_the_other_article_in_its_fifth_headed_section(self, imported):
        revision, _file = imported
        holder = revision.section_texts.get(heading="Governance and External Oversight")
        assert f'href="/articles/{REGULATION_SLUG}/"' in holder.html
        assert holder.html.rstrip().endswith("</p>")
        assert revision.article.links.get().to_slug == REGULATION_SLUG

    def test_has_the_title_once_and_no_words_of_the_page_around_it(self, imported):
        revision, _file = imported
        for words in (revision.title, "Skycrumbs", "Loading comments", "Leave a comment", "min read"):
            assert words not in revision.canonical_text

    def test_is_read_in_seven_minutes(self, imported):
        revision, file = imported
        words = {".txt": 1232, ".md": 1299}[file.suffix]
        assert (revision.words, revision.reading_minutes) == (words, 7)

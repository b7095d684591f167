"""An article's Markdown: sections, offsets, links, and what is not let through."""

import pytest

from articles.canonical import canonical_text
from articles.rendering import assemble, render
from tests.cost import takes_at_most

EVERYTHING = """\
Lead with *emphasis*, `code  here`, \U0001f469\u200d\U0001f467 and a break\\
second line.

First heading
=============

- one
- two
    1. deep

  more of two

> quoted
>
> ## not a section

| a | b |
|---|---|
| 1 | ~~2~~ |

```python

x  =  1

```

## \u0639\u0646\u0648\u0627\u0646 *two*

\u0646\u0635 \u0639\u0631\u0628\u064a\u200f.

### Third

***

    indented

"""


def html_of(source):
    return "".join(section.html for section in render(source).sections)


class TestSections:
    def test_cuts_at_every_top_level_heading(self):
        sections = render(EVERYTHING).sections
        assert [(section.heading, section.level) for section in sections] == [
            (None, 0),
            ("First heading", 2),
            ("\u0639\u0646\u0648\u0627\u0646 two", 2),
            ("Third", 3),
        ]

    def test_offsets_give_each_section_its_text(self):
        rendered = render(EVERYTHING)
        texts = [rendered.text[section.start : section.end] for section in rendered.sections]
        assert texts == [
            "Lead with emphasis, code here, \U0001f469\u200d\U0001f467 and a break\nsecond line.",
            "First heading\none\ntwo\ndeep\nmore of two\nquoted\nnot a section\na\nb\n1\n2\n\nx  =  1\n",
            "\u0639\u0646\u0648\u0627\u0646 two\n\u0646\u0635 \u0639\u0631\u0628\u064a\u200f.",
            "Third\nindented",
        ]
        assert rendered.text == "\n".join(texts)

    def test_html_holds_the_heading(self):
        assert render("## A *b*\n\ntext").sections[0].html == (
            '<h2 dir="auto">A <em>b</em></h2>\n<p dir="auto">text</p>\n'
        )

    def test_there_is_no_lead_when_a_heading_is_first(self):
        assert [section.heading for section in render("***\n\n## A\n\ntext").sections] == ["A"]

    def test_there_are_none_without_text(self):
        rendered = render(" \n\n***\n")
        assert (rendered.sections, rendered.text, rendered.links) == ((), "", ())

    def test_a_heading_without_text_begins_no_section(self):
        assert [section.heading for section in render("lead\n\n##\n\nmore\n\n## &nbsp;\n\nend").sections] == [None]

    @pytest.mark.parametrize("unseen", ["\u200b", "\u200b\u2060\u200d", "\u3164", "\u00ad"])
    def test_a_heading_that_cannot_be_seen_begins_no_section(self, unseen):
        sections = render(f"## {unseen}\n\nlead\n\n## {unseen}\n\nmore\n\n## A{unseen}\n\nend").sections
        assert [section.heading for section in sections] == [None, f"A{unseen}"]


class TestText:
    @pytest.mark.parametrize(
        "source",
        [
            EVERYTHING,
            "```\n\n\n```\n\n## A\n\ntext",
            "text\n\n```\n\nx\n\n\n```\n\n## A\n\n```\n\n```\n\n## B\n\n\ty",
            "# A\n\n# B\n\n# C",
            "> lead\n\n## A  \n\n&nbsp;\n\n## B\n\n| x |\n|---|",
        ],
    )
    def test_is_the_canonical_text_of_the_assembled_html(self, source):
        rendered = render(source)
        html = assemble((f"k{at}", section.html) for at, section in enumerate(rendered.sections))
        assert canonical_text(html) == rendered.text

    def test_is_composed_when_the_source_is_not(self):
        assert render("cafe\u0301").text == "caf\u00e9"


class TestAssemble:
    def test_wraps_each_section_in_its_key(self):
        assert assemble([("a", "<p>x</p>\n"), ("b", "<p>y</p>\n")]) == (
            '<section id="a" class="section">\n<p>x</p>\n</section>\n'
            '<section id="b" class="section">\n<p>y</p>\n</section>'
        )

    def test_escapes_the_key(self):
        assert assemble([('"><b>', "")]).startswith('<section id="&quot;&gt;&lt;b&gt;" class')


class TestHtml:
    def test_a_level_1_heading_becomes_level_2(self):
        assert html_of("# A\n\n> # B") == (
            '<h2 dir="auto">A</h2>\n<blockquote dir="auto">\n<h2 dir="auto">B</h2>\n</blockquote>\n'
        )

    def test_blocks_find_their_own_direction(self):
        html = html_of("p\n\n- li\n\n> q\n\n| h |\n|---|\n| d |\n\n###### six")
        for tag in ("p", "li", "blockquote", "th", "td", "h6"):
            assert f'<{tag} dir="auto">' in html

    def test_keeps_the_first_number_of_a_list(self):
        assert '<ol start="3">' in html_of("3. c\n4. d")

    def test_raw_html_stays_text(self):
        assert html_of("<script>alert(1)</script>\n\na <b onclick=x>b</b> <!-- c -->") == (
            '<p dir="auto">&lt;script&gt;alert(1)&lt;/script&gt;</p>\n'
            '<p dir="auto">a &lt;b onclick=x&gt;b&lt;/b&gt; &lt;!-- c --&gt;</p>\n'
        )

    def test_there_are_no_images(self):
        assert html_of("![alt](https://example.org/x.png)") == (
            '<p dir="auto">!<a href="https://example.org/x.png" rel="noopener">alt</a></p>\n'
        )

    def test_the_language_of_code_leaves_no_class(self):
        assert html_of('```py" onclick="x\ny\n```') == "<pre><code>y\n</code></pre>\n"

    @pytest.mark.parametrize(
        "url",
        [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "&#106;avascript:alert(1)",
            "javascript&colon;alert(1)",
            "java%0ascript:alert(1)",
            "data:text/html,x",
            "data:image/png;base64,AAAA",
            "vbscript:x",
            "file:///etc/passwd",
            "blob:https://example.org/x",
            "\u0001javascript:alert(1)",
        ],
    )
    def test_a_link_that_may_not_be_is_no_link(self, url):
        html = html_of(f"[x]({url}) [y](<{url}>) <{url}> [z]\n\n[z]: {url}")
        assert "<a" not in html

    @pytest.mark.parametrize(
        "url",
        ["https://example.org/a:b", "http://example.org", "mailto:a@example.org", "/a:b", "#part", "?a=b:c", "x"],
    )
    def test_a_link_that_may_be_is_one(self, url):
        assert f'<a href="{url}" rel="noopener">x</a>' in html_of(f"[x]({url})")


class TestLinks:
    def test_names_each_article_once_in_order(self):
        rendered = render(
            "[b *two*](/articles/b/) [a](/articles/a/#part) [again](/articles/b?x=1)\n\n"
            "- [c](/articles/c/ 'title')\n\n[out](https://example.org/articles/d/) [sub](/articles/e/revisions/1/)"
        )
        assert rendered.links == ("b", "a", "c")
        assert rendered.link_labels == {"b": "b two", "a": "a", "c": "c"}

    def test_finds_those_in_headings_quotations_and_tables(self):
        source = "## [a](/articles/a/)\n\n> [b](/articles/b/)\n\n| [c](/articles/c/) |\n|---|"
        assert render(source).links == ("a", "b", "c")

    def test_leaves_out_what_is_code(self):
        assert render("`[a](/articles/a/)`").links == ()


class TestHostileSource:
    @pytest.mark.parametrize("mark", [">", "*", "[", "- ", "![", "`", "**a _b ", "[a](", "<", "1. ", "|", "~"])
    def test_10_000_marks_are_rendered_in_time(self, mark):
        assert takes_at_most(5, lambda: render(mark * 10_000))
        rendered = render(mark * 10_000)
        assert canonical_text(assemble(("k", section.html) for section in rendered.sections)) == rendered.text

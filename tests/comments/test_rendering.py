"""A comment's Markdown: the subset, and what is not let through."""

import pytest

from comments.rendering import render_comment
from tests.cost import takes_at_most


def inline(source):
    return render_comment(source).removeprefix('<p dir="auto">').removesuffix("</p>\n")


class TestSubset:
    @pytest.mark.parametrize(
        ("source", "html"),
        [
            ("*a* _b_", "<em>a</em> <em>b</em>"),
            ("**a** __b__", "<strong>a</strong> <strong>b</strong>"),
            ("~~a~~", "<s>a</s>"),
            ("`a  <b>`", "<code>a  &lt;b&gt;</code>"),
            ("a\nb  \nc\\\nd", "a<br>\nb<br>\nc<br>\nd"),
            ("&copy; &lt; \\*a\\*", "&amp;copy; &amp;lt; *a*"),
        ],
    )
    def test_inline_marks(self, source, html):
        assert inline(source) == html

    def test_paragraphs(self):
        assert render_comment("a\n\nb") == '<p dir="auto">a</p>\n<p dir="auto">b</p>\n'

    def test_quotations_and_lists(self):
        assert render_comment("> a\n\n- b\n  1. c\n\n2. d") == (
            '<blockquote dir="auto">\n<p dir="auto">a</p>\n</blockquote>\n'
            '<ul>\n<li dir="auto">b\n<ol>\n<li dir="auto">c</li>\n</ol>\n</li>\n</ul>\n'
            '<ol start="2">\n<li dir="auto">d</li>\n</ol>\n'
        )

    def test_fenced_code(self):
        assert render_comment("```js\na  < b\n```") == "<pre><code>a  &lt; b\n</code></pre>\n"

    @pytest.mark.parametrize(
        "source", ["# a", "a\n===", "a\n---", "***", "| a |\n|---|", "    a", "[a]: https://b.c"]
    )
    def test_what_is_not_part_of_it_stays_text(self, source):
        lines = "<br>\n".join(line.strip() for line in source.split("\n"))
        assert inline(source) == lines

    def test_there_are_no_images(self):
        assert "<img" not in render_comment("![a](https://example.org/x.png)")

    def test_is_composed_when_the_source_is_not(self):
        assert inline("cafe\u0301") == "caf\u00e9"


class TestLinks:
    @pytest.mark.parametrize("url", ["https://example.org/a?b=c", "http://example.org", "mailto:a@example.org"])
    def test_are_marked_as_left_by_readers(self, url):
        assert inline(f"[x]({url})") == f'<a href="{url}" rel="nofollow ugc noopener">x</a>'

    @pytest.mark.parametrize(
        "url",
        [
            "javascript:alert(1)",
            "JAVASCRIPT:alert(1)",
            "&#x6A;avascript:alert(1)",
            "javascript&colon;alert(1)",
            "data:text/html,x",
            "data:image/svg+xml,x",
            "vbscript:x",
            "ftp://example.org",
            "//example.org/x",
            "/articles/a/",
            "#part",
            "x",
        ],
    )
    def test_are_none_with_another_address(self, url):
        assert "<a" not in render_comment(f"[x]({url}) [y](<{url}>) <{url}>")

    def test_an_address_alone_is_none(self):
        assert "<a" not in render_comment("https://example.org")

    def test_a_title_is_left_out(self):
        assert inline('[x](https://b.c "t")') == '<a href="https://b.c" rel="nofollow ugc noopener">x</a>'


class TestHostileText:
    @pytest.mark.parametrize(
        "source",
        [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "<svg/onload=alert(1)>",
            "<!--><script>alert(1)</script>",
            "<a href='javascript:alert(1)'>x</a>",
            "&lt;script&gt;alert(1)&lt;/script&gt;",
        ],
    )
    def test_html_is_shown_and_not_obeyed(self, source):
        html = inline(source)
        assert "<" not in html
        assert "alert(1)" in html

    def test_a_quotation_mark_ends_no_attribute(self):
        html = inline('[x](https://b.c/"onclick="alert)')
        assert html == '<a href="https://b.c/%22onclick=%22alert" rel="nofollow ugc noopener">x</a>'

    @pytest.mark.parametrize(
        "mark",
        [
            ">",
            "> ",
            "*",
            "**",
            "_",
            "[",
            "![",
            "](",
            "[a](",
            "~~",
            "`",
            "``a`",
            "<",
            "&",
            "\\",
            "- ",
            "1. ",
            "**a _b ",
        ],
    )
    @pytest.mark.parametrize("length", [5_000, 10_000])
    def test_marks_alone_are_rendered_in_time(self, mark, length):
        source = (mark * length)[:length]
        assert render_comment(source).startswith(("<p", "<blockquote", "<ul", "<ol", "<pre"))
        assert takes_at_most(0.5, lambda: render_comment(source))

    def test_nesting_ends_where_nobody_reads_on(self):
        assert render_comment("> " * 5_000 + "a").count("<blockquote") <= 20

"""Canonical text: the shared vectors, the blocks, words, and what it costs."""

import json
from pathlib import Path

import pytest

from articles.canonical import blocks, canonical_text, sha256, word_count
from tests.cost import takes_at_most

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "canonical.json").read_text(encoding="utf-8"))


def vectors():
    return pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])


class TestVectors:
    def test_there_are_as_many_as_were_agreed(self):
        assert len(VECTORS) == 54

    @vectors()
    def test_gives_the_shared_text(self, vector):
        assert canonical_text(vector["html"]) == vector["text"]

    @vectors()
    def test_gives_the_shared_sha256(self, vector):
        assert sha256(canonical_text(vector["html"])) == vector["sha256"]

    @vectors()
    def test_gives_the_shared_blocks(self, vector):
        assert [list(block[:3]) for block in blocks(vector["html"])] == vector["blocks"]


class TestSha256:
    def test_is_that_of_the_utf8_text(self):
        # Checked with sha256sum.
        assert sha256("caf\u00e9") == "850f7dc43910ff890f8879c0ed26fe697c93a067ad93a7d50f466a7028a9bf4e"


class TestBlocks:
    def ends(self, html):
        return [html[: block.at] for block in blocks(html)]

    def test_a_block_ends_before_its_end_tag(self):
        assert self.ends("<p>one <em>two</em></p><p>three</p>") == [
            "<p>one <em>two</em>",
            "<p>one <em>two</em></p><p>three",
        ]

    def test_an_item_ends_before_the_list_inside_it(self):
        assert self.ends("<ul><li>one<ul><li>two</li></ul></li></ul>") == [
            "<ul><li>one",
            "<ul><li>one<ul><li>two",
        ]

    def test_a_line_break_ends_no_block(self):
        assert self.ends("<p>one<br>two</p>") == ["<p>one<br>two"]

    def test_code_ends_before_the_end_tag_of_pre(self):
        assert self.ends("<pre><code>x\n</code></pre>") == ["<pre><code>x\n</code>"]

    def test_text_without_an_element_ends_with_the_html(self):
        assert self.ends("words") == ["words"]

    def test_the_index_counts_in_the_html_as_given_when_lines_end_in_cr_lf(self):
        assert self.ends("<p>one</p>\r\n\r<p>two\r\nlines</p>") == ["<p>one", "<p>one</p>\r\n\r<p>two\r\nlines"]

    def test_a_control_put_in_at_the_index_changes_no_text(self):
        html = "<ul><li>one <b>x</b><ul><li>two</li></ul></li></ul><pre><code>y\n</code></pre><p>z</p>"
        control = '<a data-canon="skip" href="/">7</a>'
        with_controls = html
        for block in reversed(blocks(html)):
            with_controls = with_controls[: block.at] + control + with_controls[block.at :]
        assert with_controls.count(control) == 4
        assert canonical_text(with_controls) == "one x\ntwo\ny\nz"

    def test_leaves_out_blocks_of_white_space_alone(self):
        assert blocks("<p>&nbsp;</p><pre>\n\n \n</pre>") == []


class TestWordCount:
    def test_counts_what_has_a_letter_or_a_digit(self):
        assert word_count("It's 7 \u2014 caf\u00e9 ... (yes) \u2022 * a-b\n\u0645\u0631\u062d\u0628\u0627 1.") == 7

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("\u5c0f\u9e1f\u5728\u65e9\u6668\u6b4c\u5531\u3002", 4),
            ("\u9ce5 7 birds", 3),
            ("\uc791\uc740 \uc0c8\ub4e4\uc774 \ub178\ub798\ud55c\ub2e4", 3),
        ],
        ids=["Chinese", "a sign among words", "Korean"],
    )
    def test_counts_two_characters_as_a_word_where_no_spaces_are(self, text, words):
        assert word_count(text) == words

    def test_is_zero_without_text(self):
        assert word_count(" \n\u2014 ") == 0


class TestCost:
    def test_reads_200_kilobytes_in_a_moment(self):
        html = "<ul><li>One <em>item</em> of text</li></ul><p>Plain words &amp; more.</p>\n" * 2_800
        assert len(html) > 200_000
        assert takes_at_most(1, lambda: canonical_text(html))
        assert canonical_text(html).startswith("One item of text\nPlain words & more.\nOne")

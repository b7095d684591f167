"""Where links lead, read from the HTML that readers get."""

import pytest

from comments.rendering import render_comment
from moderation.checks.hosts import find_links
from tests.cost import takes_at_most


def hosts(source):
    return find_links(render_comment(source)).hosts


def disguised(source):
    return find_links(render_comment(source)).disguised


class TestHosts:
    @pytest.mark.parametrize(
        ("source", "expected"),
        [
            ("No links. Not this.one, e.g. or i.e. either; 5.2.19 neither.", []),
            ("[a](https://example.org/b)", ["example.org"]),
            ("<https://example.org>", ["example.org"]),
            ("[*a* `b`](HTTPS://Example.ORG:8080/x?y#z)", ["example.org"]),
            ("> - [a](http://a.example)\n> - [b](http://b.example)", ["a.example", "b.example"]),
            ("[a](http://a.example) [b](http://a.example/b)", ["a.example", "a.example"]),
            ("<mailto:ada@example.org> and <grace@example.net>", ["example.org", "example.net"]),
            ("[a](mailto:?subject=x)", ["mailto"]),
            ("[a](https://ada:secret@example.org/)", ["example.org"]),
            ("[a](https://bücher.example/)", ["bücher.example"]),
            ("[a](https://[2001:db8::1]/)", ["2001:db8::1"]),
            ("[a](https://[bad/) [a](https://xn--ß.example)", ["xn--ss.example"]),
            # Not linked, but to be copied.
            ("See https://example.org/a, or www.example.net.", ["example.org", "www.example.net"]),
            ("(http://www.example.org)", ["www.example.org"]),
            ("`https://example.org` and\n\n```\nftp://example.net/x\n```", ["example.org", "example.net"]),
            ("https://ex*am*ple.org", ["example.org"]),
            ("ｈｔｔｐｓ：／／example.org", ["example.org"]),
            ("ht\N{ZERO WIDTH SPACE}tps://exam\N{SOFT HYPHEN}ple.org", ["example.org"]),
            ("https://ada@example.org", ["example.org"]),
            ("https://one.example,https://two.example", ["one.example", "two.example"]),
            ("[a](javascript://x.example)", ["x.example"]),
            ("https://", []),
            ("awww.no www. www", []),
            # One on each side of a link or a line.
            ("https://a.example[b](https://b.example)https://c.example", ["b.example", "a.example", "c.example"]),
            ("https://a.example\nwww.b.example", ["a.example", "www.b.example"]),
        ],
    )
    def test_are_those_of_every_link_and_address(self, source, expected):
        assert hosts(source) == expected

    @pytest.mark.parametrize("url", ["https://[bad/", "https://", "https:"])
    def test_are_the_scheme_of_what_has_none(self, url):
        assert find_links(f'<p><a href="{url}">a</a></p>').hosts == ["https"]


class TestDisguised:
    @pytest.mark.parametrize(
        ("source", "expected"),
        [
            ("[bank.example](https://evil.example)", [("bank.example", "evil.example")]),
            ("[https://bank.example/sign-in](https://evil.example)", [("bank.example", "evil.example")]),
            ("[see **bank**.example, please](https://evil.example)", [("bank.example", "evil.example")]),
            ("[www.bank.example](https://evil.example)", [("www.bank.example", "evil.example")]),
            ("[BANK.example](https://bank.example.evil.example)", [("bank.example", "bank.example.evil.example")]),
            ("[bank.example](https://notbank.example)", [("bank.example", "notbank.example")]),
            ("[help.bank.example](https://bank.example)", [("help.bank.example", "bank.example")]),
            ("<https://bank.example@evil.example>", [("bank.example", "evil.example")]),
            ("[ada@bank.example](mailto:ada@evil.example)", [("bank.example", "evil.example")]),
            ("[ｂａｎｋ．example](https://evil.example)", [("bank.example", "evil.example")]),
            ("[bank。example](https://evil.example)", [("bank.example", "evil.example")]),
            ("[ba\N{ZERO WIDTH SPACE}nk.example](https://evil.example)", [("bank.example", "evil.example")]),
            # The first letter of one is Cyrillic.
            ("[bаnk.example](https://bank.example)", [("bаnk.example", "bank.example")]),
            ("[bank.example](https://xn--bnk-6cd.example)", [("bank.example", "bаnk.example")]),
            ("[a.example b.example](https://c.example)", [("a.example", "c.example"), ("b.example", "c.example")]),
        ],
    )
    def test_names_another_host_than_it_leads_to(self, source, expected):
        assert disguised(source) == expected

    @pytest.mark.parametrize(
        "source",
        [
            "[the bank](https://bank.example)",
            "[bank.example](https://bank.example/sign-in)",
            "[https://bank.example/evil.example](https://bank.example/evil.example)",
            "<https://bank.example/?next=evil.example#other.example>",
            "[www.bank.example](https://bank.example)",
            "[bank.example](https://www.bank.example)",
            # Who has the one has what is below it.
            "[bank.example](https://help.bank.example)",
            "[bücher.example](https://xn--bcher-kva.example)",
            "[Straße.example](https://STRASSE.example)",
            "<ada.lovelace@bank.example>",
            "[ada.lovelace@bank.example](mailto:ada.lovelace@bank.example)",
            "[Node.js](https://bank.example) [index.html](https://bank.example)",
            "[U.S. news, e.g. 5.2.19 and so on...](https://bank.example)",
            "evil.example is not linked",
        ],
    )
    def test_is_nothing_that_says_where_it_leads(self, source):
        assert disguised(source) == []


class TestTime:
    @pytest.mark.parametrize(
        "part",
        [
            "<http:a>",
            "[a.b](http://c) ",
            "a.",
            "a-",
            "www.",
            "a@",
            "http://",
            "[www.](http://a.b)",
            "ab",
            "\ufdfa",
            "xn--",
        ],
    )
    def test_grows_with_the_text_alone(self, part):
        html = render_comment((part * 5000)[:5000])
        assert takes_at_most(0.15, lambda: find_links(html))

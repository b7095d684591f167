"""What the table of words cannot say: which word stands in which row, what scripts are given, and numbers."""

import json
import re

import pytest
from django.test import Client

from tests.canary import api, public_pages
from tests.canary.checking import client_of
from tests.canary.finding import numbers, words
from tests.canary.scene import REMOVED, SHOWN, STAGES, Site
from tests.canary.sight import ANONYMOUS, WORDS, Viewer

pytestmark = pytest.mark.django_db


def article_page(site: Site, query: str = "") -> str:
    return Client().get(f"/articles/{site.slug(SHOWN)}/{query}").content.decode()


def first_page(site: Site) -> list:
    rows = [one for one in public_pages.in_thread_order(site) if public_pages.stands_below_the_text(one)]
    return rows[:50]


class TestArticlePage:
    """What the table of words cannot say: which word stands in which row, and what scripts are given."""

    def test_shows_each_row_its_own_words(self, site):
        rows = re.findall(
            r'<article class="comment (.*?)" id="comment-(.*?)".*?>(.*?)</article>', article_page(site), re.S
        )
        assert [(key, words(row), "tombstone" in kind) for kind, key, row in rows] == [
            (one.key, public_pages.row_words([one]), one.situation in REMOVED) for one in first_page(site)
        ]

    def test_says_nothing_more_of_a_removed_comment(self, site):
        said = {"withdrawn": "Deleted by its author"}
        rows = re.findall(r'id="comment-([^"]*)" tabindex="-1">(.*?)</article>', article_page(site), re.S)
        removed = {one.key: said.get(one.situation, "Removed") for one in site.shown if one.situation in REMOVED}
        assert {key: row for key, row in rows if key in removed} == {
            one.key: f"\n<p>{removed[one.key]}</p>\n\n" for one in first_page(site) if one.key in removed
        }

    def test_paints_the_passages_of_public_comments_alone(self, site):
        text, on_page = site.articles[SHOWN].current_revision.canonical_text, first_page(site)
        painted: dict[str, list] = {}
        for one in filter(public_pages.is_painted, site.shown):
            painted.setdefault(one.quote, []).append(one)
        expected = [
            {
                "start": text.index(quote),
                "end": text.index(quote) + len(quote),
                "count": len(there),
                "ids": list(dict.fromkeys([there[0].key, *(one.key for one in there if one in on_page)])),
            }
            for quote, there in painted.items()
        ]
        given = re.search(r'<script id="highlights" type="application/json">(.*?)</script>', article_page(site))
        assert given and json.loads(given[1]) == sorted(expected, key=lambda passage: passage["start"])
        assert [passage["count"] for passage in expected if passage["ids"][0] in shared(site)] == [3]

    def test_lists_the_orphans_of_public_comments_alone(self, site):
        listed = re.findall(r'<li><a href="[^"]*">(.*?)</a>.*? <q dir="auto">(.*?)</q></li>', article_page(site))
        orphans = [(one.name, one.passage) for one in site.shown if public_pages.is_orphan(one)]
        assert len(orphans) == 9
        assert sorted(listed) == sorted(orphans)

    def test_shows_nothing_of_a_discussion_that_is_off(self, site):
        content = Client().get(f"/articles/{site.slug(('published', 'off'))}/").content.decode()
        assert '<script id="highlights" type="application/json">[]</script>' in content
        assert not re.search(r'class="(comment|orphans|count|talk)', content)


def shared(site: Site) -> set[str]:
    return {one.key for one in site.shown if one.form.passage == "shared"}


class TestCounts:
    """Numbers are words too: each counts what anybody can see, and nothing else."""

    def test_of_several_articles_are_told_to_everybody_alike(self, site, viewers):
        expected = {"-".join(stage): 0 for stage in STAGES} | {"published-full": 64}
        for viewer in viewers.values():
            response = client_of(viewer, by_token=viewer.user is not None).get(api.counts_of_all(site))
            assert response.json() == expected

    def test_on_pages(self, site):
        assert public_number(site) == 64
        home = Client().get("/").content.decode()
        assert re.findall(r"#all_comments\">(\d+) comment", home) == ["64"]
        assert re.findall(r"#all_comments\">(\d+) comment", Client().get("/category/nature/").content.decode()) == [
            "64"
        ]
        page = article_page(site)
        assert re.findall(r'id="all_comments_title">Comments <span class="count">(\d+)<', page) == ["64"]
        assert re.findall(r"comments: </span>(\d+)</span>", page) == [str(n) for n in by_section(site).values() if n]

    def test_in_the_api(self, site):
        listed = Client().get("/api/v1/articles/").json()["results"]
        counts = {site.slug(SHOWN): 64, site.slug(("published", "off")): 0}
        assert {one["slug"]: one["comment_count"] for one in listed} == counts
        for stage, expected in {SHOWN: by_section(site), ("published", "off"): {"passages": 0}}.items():
            article = Client().get(f"/api/v1/articles/{site.slug(stage)}/").json()
            found = {section["key"]: section["comment_count"] for section in article["sections"]}
            assert found == {key: expected.get(key, 0) for key in found}

    def test_of_replies(self, site):
        listed = {}
        for ask in api.pages("", ANONYMOUS, api.shown_rows(ANONYMOUS, site.planted), 200):
            listed |= {one["id"]: one["replies"] for one in Client().get(ask.path).json()["results"]}
        public = [one for one in site.shown if ANONYMOUS.sight(one) is WORDS]
        assert listed == {
            one.key: sum(one.number in numbers(reply.above) for reply in public)
            for one in site.shown
            if ANONYMOUS.has_listed(one)
        }


def public_number(site: Site) -> int:
    return len([one for one in site.shown if ANONYMOUS.sight(one) is WORDS and one.form.kind != "highlight"])


def by_section(site: Site) -> dict[str, int]:
    """How many public comments stand in each section that is there."""
    there = [one.section for one in site.shown if ANONYMOUS.sight(one) is WORDS and one.form.kind != "highlight"]
    return {key: there.count(key) for key in ("lead", "how-they-sing", "passages")}


class TestApi:
    def test_gives_a_removed_comment_no_more_than_its_place(self, site):
        removed = [one for one in site.shown if one.situation in REMOVED and one.form.is_answered]
        assert {one.situation for one in removed} == set(REMOVED)
        for one in removed:
            (found,) = [row for row in below(one, Client()) if row["id"] == one.key]
            assert found["removed"] is True
            assert {name for name, value in found.items() if value is None} >= {"text", "html", "author", "anchor"}
            assert not {"state", "reason"} & set(found)

    def test_tells_author_and_moderators_the_state_and_nobody_else(self, site, viewers):
        one = next(one for one in site.shown if one.situation == "held_edit" and one.visibility == "public")
        path = f"/api/v1/comments/{one.key}/"
        shown = {role: client_of(viewer).get(path).json() for role, viewer in viewers.items()}
        shown["author"] = client_of(Viewer("author", one.author)).get(path).json()
        assert {role: found.get("state") for role, found in shown.items()} == {
            "anonymous": None, "reader": None, "staff": None, "editor": None,
            "limited moderator": None, "moderator": "held_edit", "superuser": "held_edit", "author": "held_edit",
        }  # fmt: skip
        assert shown["reader"]["edited"] is None
        assert shown["author"]["edited"] is not None


def below(planted, client: Client) -> list[dict]:
    parent = planted.parent.key if planted.parent else "none"
    return client.get(f"/api/v1/comments/?parent={parent}&article=published-full&page_size=200").json()["results"]

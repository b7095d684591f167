"""Articles and revisions as programs read them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from articles import services
from articles.models import Article, Category
from articles.services import unpublish
from tests.asking import problem
from tests.factories import SOURCE, make_article, make_comment, make_token, make_user, revise

pytestmark = pytest.mark.django_db

LIST = "/api/v1/articles/"
CATEGORIES = "/api/v1/categories/"


@pytest.fixture
def api():
    return APIClient()


class TestArticleList:
    def test_names_what_a_reader_sees_of_an_article(self, api):
        ada, bo = make_user("Ada"), make_user("Bo")
        article = make_article("birds", authors=[ada, bo], published_on="2026-05-09", language="en-GB")
        make_comment(article, by=ada)
        [found] = api.get(LIST).json()["results"]
        assert found == {
            "slug": "birds",
            "title": "Birds",
            "category": {"slug": "nature", "name": "Nature"},
            "authors": [{"name": "Ada"}, {"name": "Bo"}],
            "credit": "Ada, Bo",
            "published_on": "2026-05-09",
            "reading_minutes": 1,
            "comment_count": 1,
            "language": "en-GB",
            "discussion": "full",
            "is_open": True,
            "revision": 1,
            "links": {
                "self": "http://testserver/api/v1/articles/birds/",
                "html": "http://testserver/articles/birds/",
            },
        }

    def test_leaves_out_drafts_and_what_was_taken_away(self, api):
        make_article("draft", is_published=False)
        unpublish(make_article("gone"), by=None)
        make_article("there")
        assert [found["slug"] for found in api.get(LIST).json()["results"]] == ["there"]

    def test_counts_no_comments_when_the_discussion_is_off(self, api):
        article = make_article()
        make_comment(article, by=make_user())
        Article.objects.update(discussion="off")
        assert api.get(LIST).json()["results"][0]["comment_count"] == 0

    def test_is_newest_first_and_of_one_day_the_last_made_first(self, api):
        for slug, day in [("b", "2026-05-01"), ("c", "2026-05-02"), ("a", "2026-05-01")]:
            make_article(slug, published_on=day)
        assert [found["slug"] for found in api.get(LIST).json()["results"]] == ["c", "a", "b"]

    def test_is_walked_there_and_back_when_it_has_several_pages(self, api):
        for number, day in enumerate([3, 1, 2, 2, 1]):
            make_article(f"a{number}", published_on=f"2026-05-0{day}")
        pages = [api.get(LIST, {"page_size": 2}).json()]
        while pages[-1]["next"] and len(pages) < 9:
            pages.append(api.get(pages[-1]["next"]).json())
        slugs = [[found["slug"] for found in page["results"]] for page in pages]
        assert slugs == [["a0", "a3"], ["a2", "a4"], ["a1"]]
        assert pages[0]["previous"] is None
        back = api.get(pages[2]["previous"]).json()
        assert [found["slug"] for found in back["results"]] == ["a2", "a4"]
        assert [found["slug"] for found in api.get(back["previous"]).json()["results"]] == ["a0", "a3"]

    def test_bounds_a_page_by_what_an_index_can_look_up(self, api):
        """Which index PostgreSQL takes for so few articles depends on what was there before."""
        for day in range(1, 9):
            make_article(f"birds-{day}", published_on=f"2026-05-{day:02}")
        further = api.get(LIST, {"page_size": 3}).json()["next"]
        back = api.get(further).json()["previous"]
        for page, bound in [(further, "<="), (back, ">=")]:
            with CaptureQueriesContext(connection) as asked:
                api.get(page)
            assert any(f'"published_on" {bound} ' in query["sql"] for query in asked)

    def test_refuses_a_cursor_when_its_article_is_gone(self, api):
        articles = [make_article(f"a{number}") for number in range(3)]
        next_page = api.get(LIST, {"page_size": 1}).json()["next"]
        unpublish(articles[2], by=None)
        assert problem(api.get(next_page)) == (400, "invalid", ["cursor"])

    def test_keeps_to_a_category(self, api):
        make_article("birds")
        make_article("trains", category=Category.objects.create(slug="travel", name="Travel"))
        found = api.get(LIST, {"category": "travel"}).json()["results"]
        assert [article["slug"] for article in found] == ["trains"]

    @pytest.mark.parametrize(
        ("query", "code", "field"),
        [
            ("category=nowhere", "invalid", "category"),
            ("category=a%00b", "invalid", "category"),
            ("category=", "invalid", "category"),
            ("colour=red", "unknown_parameter", "colour"),
            ("format=json", "unknown_parameter", "format"),
            ("format=xml", "unknown_parameter", "format"),
            ("a%00b=1", "unknown_parameter", "a\0b"),
            ("page_size=0", "invalid", "page_size"),
            ("page_size=201", "invalid", "page_size"),
            ("page_size=99999999999999999999", "invalid", "page_size"),
            ("page_size=-1", "invalid", "page_size"),
            ("page_size=ten", "invalid", "page_size"),
            ("page_size=%D9%A3", "invalid", "page_size"),
            ("cursor=x", "invalid", "cursor"),
            ("cursor=%00", "invalid", "cursor"),
            ("cursor=PmEAYg", "invalid", "cursor"),
        ],
    )
    def test_refuses_a_bad_parameter_by_name(self, api, query, code, field):
        make_article()
        assert problem(api.get(f"{LIST}?{query}")) == (400, code, [field])

    def test_takes_as_many_queries_for_one_as_for_fifty(self, api):
        counts = []
        for slugs in (["one"], [f"more-{number}" for number in range(50)]):
            for slug in slugs:
                make_article(slug, source="Short.", authors=[make_user()])
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert api.get(LIST).status_code == 200
            counts.append(len(queries))
        assert counts == [2, 2]

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
    def test_is_only_read(self, api, method):
        response = api.generic(method.upper(), LIST)
        assert problem(response) == (405, "method_not_allowed", [])
        assert response["Allow"] == "GET, HEAD"


class TestArticleDetail:
    def test_adds_sections_and_the_hash_of_the_text(self, api):
        article = make_article("birds")
        make_comment(article, by=make_user(), section=article.sections.get(key="how-birds-sing"))
        found = api.get(f"{LIST}birds/").json()
        assert found["revision"] == 1
        assert found["sha256"] == article.current_revision.sha256
        assert found["links"]["self"] == "http://testserver/api/v1/articles/birds/"
        text = article.current_revision.canonical_text
        assert [(s["heading"], s["level"], s["comment_count"]) for s in found["sections"]] == [
            ("", 0, 0),
            ("How birds sing", 2, 1),
            ("Where they nest", 2, 0),
        ]
        second = found["sections"][1]
        assert second["key"] == "how-birds-sing"
        assert text[second["start"] : second["end"]].startswith("How birds sing\n")
        assert found["sections"][0]["start"] == 0
        assert found["sections"][2]["end"] == len(text)

    def test_gives_the_new_revision_when_it_was_revised(self, api):
        revise(make_article("birds"), SOURCE + "\n\nMore.")
        assert api.get(f"{LIST}birds/").json()["revision"] == 2

    def test_is_410_when_it_was_taken_away(self, api):
        unpublish(make_article("birds"), by=None)
        assert problem(api.get(f"{LIST}birds/")) == (410, "removed", [])

    def test_is_404_when_it_is_a_draft(self, api):
        make_article("birds", is_published=False)
        assert problem(api.get(f"{LIST}birds/")) == (404, "not_found", [])

    @pytest.mark.parametrize("path", ["none/", "a%00b/", "UPPER/", "x" * 3000 + "/"])
    def test_is_404_when_there_is_none(self, api, path):
        assert problem(api.get(LIST + path)) == (404, "not_found", [])

    def test_refuses_a_parameter(self, api):
        make_article("birds")
        assert problem(api.get(f"{LIST}birds/?page_size=1")) == (400, "unknown_parameter", ["page_size"])

    def test_takes_as_many_queries_for_three_sections_as_for_thirty(self, api):
        make_article("few")
        make_article("many", source="\n\n".join(f"## Part {number}\n\nText." for number in range(30)))
        counts = []
        for slug in ("few", "many"):
            with CaptureQueriesContext(connection) as queries:
                assert api.get(f"{LIST}{slug}/").status_code == 200
            counts.append(len(queries))
        assert counts == [3, 3]


class TestRevisionDetail:
    def test_gives_the_text_and_its_sections(self, api):
        article = make_article("birds")
        revision = article.current_revision
        found = api.get(f"{LIST}birds/revisions/1/").json()
        assert found["canonical_text"] == revision.canonical_text
        assert found["sha256"] == revision.sha256
        assert found["html"] == revision.html
        assert (found["article"], found["number"], found["title"]) == ("birds", 1, "Birds")
        assert found["created"] == revision.created_at.isoformat().replace("+00:00", "Z")
        assert list(found["sections"][1]) == ["key", "heading", "level", "start", "end"]
        assert found["links"]["html"] == "http://testserver/articles/birds/revisions/1/"

    def test_still_gives_an_old_one_when_there_is_a_newer(self, api):
        article = make_article("birds")
        old = article.current_revision.canonical_text
        revise(article, "Everything new.")
        assert api.get(f"{LIST}birds/revisions/1/").json()["canonical_text"] == old
        assert api.get(f"{LIST}birds/revisions/2/").json()["canonical_text"] == "Everything new."

    def test_is_410_when_the_article_was_taken_away(self, api):
        unpublish(make_article("birds"), by=None)
        assert problem(api.get(f"{LIST}birds/revisions/1/")) == (410, "removed", [])

    @pytest.mark.parametrize("number", ["0", "2", "99999999999999999999999", "9" * 5000, "-1", "one"])
    def test_is_404_when_there_is_none(self, api, number):
        make_article("birds")
        assert problem(api.get(f"{LIST}birds/revisions/{number}/")) == (404, "not_found", [])

    def test_is_404_when_the_article_is_a_draft(self, api):
        article = make_article("birds", is_published=False)
        assert article.current_revision is None
        assert problem(api.get(f"{LIST}birds/revisions/1/")) == (404, "not_found", [])


class TestCategoryList:
    def test_names_those_with_published_articles_and_counts_these(self, api):
        travel, empty = (Category.objects.create(slug=name.lower(), name=name) for name in ("Travel", "Empty"))
        for slug in ("birds", "bees"):
            make_article(slug)
        make_article("trains", category=travel)
        make_article("draft", category=travel, is_published=False)
        make_article("unseen", category=empty, is_published=False)
        unpublish(make_article("gone"), by=None)
        assert api.get(CATEGORIES).json() == {
            "next": None,
            "previous": None,
            "results": [
                {"slug": "nature", "name": "Nature", "article_count": 2},
                {"slug": "travel", "name": "Travel", "article_count": 1},
            ],
        }

    def test_is_walked_there_and_back_by_name(self, api):
        for name in ("Cats", "Ants", "Bees"):
            make_article(category=Category.objects.create(slug=name.lower(), name=name))
        first = api.get(CATEGORIES, {"page_size": 2}).json()
        assert [found["slug"] for found in first["results"]] == ["ants", "bees"]
        last = api.get(first["next"]).json()
        assert ([found["slug"] for found in last["results"]], last["next"]) == (["cats"], None)
        assert api.get(last["previous"]).json()["results"] == first["results"]

    def test_refuses_a_bad_parameter_by_name(self, api):
        assert problem(api.get(CATEGORIES, {"name": "Ants"})) == (400, "unknown_parameter", ["name"])
        assert problem(api.get(CATEGORIES, {"cursor": "PmEAYg"})) == (400, "invalid", ["cursor"])

    def test_takes_one_query_for_one_category_as_for_ten(self, api):
        counts = []
        for number in range(10):
            make_article(category=Category.objects.create(slug=f"c{number}", name=f"C{number}"), source="Short.")
            with CaptureQueriesContext(connection) as queries:
                assert len(api.get(CATEGORIES).json()["results"]) == number + 1
            counts.append(len(queries))
        assert counts == [1] * 10


class TestRevisionList:
    def test_is_newest_first_without_texts(self, api):
        article = revise(make_article("birds", source="Two words."), "Now three words.")
        article.revisions.filter(number=2).update(summary="One word more.")
        second, first = api.get(f"{LIST}birds/revisions/").json()["results"]
        text = api.get(f"{LIST}birds/revisions/2/").json()
        assert second == {
            "number": 2,
            "created": text["created"],
            "summary": "One word more.",
            "words": 3,
            "sha256": text["sha256"],
            "links": text["links"],
        }
        assert (first["number"], first["summary"], first["words"]) == (1, "", 2)

    def test_is_walked_there_and_back(self, api):
        article = make_article("birds")
        for number in range(2, 6):
            article = revise(article, f"Text {number}.")
        pages = [api.get(f"{LIST}birds/revisions/", {"page_size": 2}).json()]
        while pages[-1]["next"] and len(pages) < 9:
            pages.append(api.get(pages[-1]["next"]).json())
        assert [[found["number"] for found in page["results"]] for page in pages] == [[5, 4], [3, 2], [1]]
        assert api.get(pages[2]["previous"]).json()["results"] == pages[1]["results"]

    @pytest.mark.parametrize("cursor", ["PmJpcmRz", "Pjk5OTk5OTk5OTk5", "Pi0x"])
    def test_refuses_a_cursor_that_names_no_number(self, api, cursor):
        make_article("birds")
        response = api.get(f"{LIST}birds/revisions/", {"cursor": cursor})
        assert problem(response) == (400, "invalid", ["cursor"])

    def test_is_410_or_404_where_nobody_may_read_the_article(self, api):
        unpublish(make_article("gone"), by=None)
        make_article("draft", is_published=False)
        assert problem(api.get(f"{LIST}gone/revisions/")) == (410, "removed", [])
        for slug in ("draft", "nowhere"):
            assert problem(api.get(f"{LIST}{slug}/revisions/")) == (404, "not_found", [])

    def test_takes_as_many_queries_for_one_as_for_ten(self, api):
        article, counts = make_article("birds"), []
        for number in range(10):
            if number in (0, 9):
                with CaptureQueriesContext(connection) as queries:
                    assert len(api.get(f"{LIST}birds/revisions/").json()["results"]) == number + 1
                counts.append(len(queries))
            article = revise(article, f"Text {number}.")
        assert counts == [2, 2]


class TestKeeping:
    """Who may keep an answer, and how it is asked after."""

    def test_may_be_kept_by_anyone_when_nobody_asks(self, api):
        make_article("birds")
        response = api.get(LIST)
        assert response["Cache-Control"] == "public, no-cache"
        assert {"Accept", "Authorization", "Cookie"} <= {name.strip() for name in response["Vary"].split(",")}
        again = api.get(LIST, HTTP_IF_NONE_MATCH=response["ETag"])
        assert (again.status_code, again.content) == (304, b"")

    def test_is_another_when_something_changed(self, api):
        article = make_article("birds")
        etag = api.get(LIST)["ETag"]
        make_comment(article, by=make_user())
        assert api.get(LIST, HTTP_IF_NONE_MATCH=etag).status_code == 200

    def test_is_private_when_it_came_with_a_token(self, api):
        make_article("birds")
        response = api.get(LIST, HTTP_AUTHORIZATION=f"Token {make_token(make_user())}")
        assert response.status_code == 200
        assert response["Cache-Control"] == "private, no-store"
        # Nobody may keep it; who changes something can say what they read.
        assert "ETag" in response

    def test_is_private_when_it_came_with_a_session(self, api):
        api.force_login(make_user())
        assert api.get(LIST)["Cache-Control"] == "private, no-store"

    def test_has_the_same_bytes_for_all_when_asked_without_credentials(self, api):
        make_article("birds")
        plain = api.get(LIST)
        odd = api.get(LIST, HTTP_COOKIE="a=b", HTTP_ACCEPT_LANGUAGE="ar", HTTP_USER_AGENT="x", REMOTE_ADDR="9.9.9.9")
        assert (odd.content, odd["Cache-Control"]) == (plain.content, "public, no-cache")

    @pytest.mark.parametrize("token", ["nonsense", "!!", "a b", "", "\xe9", "x" * 5000])
    def test_is_401_when_the_token_is_no_good(self, api, token):
        response = api.get(LIST, HTTP_AUTHORIZATION=f"Token {token}")
        assert problem(response) == (401, "bad_token", [])
        assert response["WWW-Authenticate"] == "Token"
        assert response["Cache-Control"] == "no-store"

    def test_is_406_when_json_is_not_wanted(self, api):
        assert problem(api.get(LIST, HTTP_ACCEPT="text/html")) == (406, "not_acceptable", [])

    def test_reads_the_address_as_utf_8_when_a_header_claims_another_charset(self, api):
        make_article("birds")
        response = api.generic("GET", f"{LIST}?%C3%A9=1", content_type="text/plain; charset=latin-1")
        assert problem(response) == (400, "unknown_parameter", ["\xe9"])


class TestUnknownAddress:
    @pytest.mark.parametrize("path", ["/api/", "/api/v1/", "/api/v2/articles/", "/api/v1/nothing/"])
    def test_is_a_problem_document(self, api, path):
        assert problem(api.get(path)) == (404, "not_found", [])


def test_nothing_is_written_when_everything_is_read(api):
    """Reading leaves no trace: not even a version moves."""
    article = make_article("birds")
    services.save_draft(article, title="New", source="Draft text.", seen_version=article.draft_version)
    for path in (LIST, f"{LIST}birds/", f"{LIST}birds/revisions/", f"{LIST}birds/revisions/1/", CATEGORIES):
        with CaptureQueriesContext(connection) as queries:
            assert b"Draft text." not in api.get(path).content
        assert {query["sql"].split()[0] for query in queries.captured_queries} == {"SELECT"}

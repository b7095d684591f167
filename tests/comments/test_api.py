"""Comments as programs read them."""

import base64

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from articles.services import unpublish
from comments import services
from comments.models import Comment
from comments.states import State
from comments.submission import GuestName
from skycrumbs.ids import new_id, to_key
from tests.asking import client_of, problem
from tests.factories import SOURCE, a_guest, bring_to, make_article, make_comment, make_moderator, make_user, revise
from tests.pages.crowds import make_crowd

pytestmark = pytest.mark.django_db

LIST = "/api/v1/comments/"


@pytest.fixture
def api():
    return client_of()


@pytest.fixture
def moderator():
    return make_moderator()


def ids(response):
    assert response.status_code == 200, response.content
    return [row["id"] for row in response.json()["results"]]


def rfc3339(moment):
    return moment.isoformat().replace("+00:00", "Z")


class TestCommentDetail:
    def test_gives_everything_of_a_comment_on_a_passage(self, api):
        article = make_article("birds")
        comment = make_comment(article, make_user("Ada"), "*Yes*", quote="Small birds")
        start = article.current_revision.canonical_text.index("Small birds")
        assert api.get(f"{LIST}{comment.key}/").json() == {
            "id": comment.key,
            "article": "birds",
            "section": "how-birds-sing",
            "parent": None,
            "root": comment.key,
            "depth": 0,
            "kind": "comment",
            "visibility": "public",
            "author": {"name": "Ada", "kind": "account"},
            "text": "*Yes*",
            "html": '<p dir="auto"><em>Yes</em></p>\n',
            "created": rfc3339(comment.created_at),
            "corrections": [],
            "edited": None,
            "replies": 0,
            "votes": 0,
            "removed": False,
            "anchor": {
                "exact": "Small birds",
                "prefix": "t stands before every heading.\nHow birds sing\n"[-32:],
                "suffix": " sing at dawn because the air is",
                "start": start,
                "end": start + 11,
                "revision": 1,
                "now": {"start": start, "end": start + 11, "revision": 1, "status": "kept", "score": 1.0},
            },
            "links": {
                "self": f"http://testserver/api/v1/comments/{comment.key}/",
                "html": f"http://testserver/comments/{comment.key}/",
            },
        }

    def test_gives_the_place_in_the_thread_of_a_reply(self, api):
        article = make_article()
        root = make_comment(article, make_user())
        child = make_comment(article, make_user(), parent=root)
        reply = make_comment(article, make_user(), parent=child)
        found = api.get(f"{LIST}{reply.key}/").json()
        assert (found["parent"], found["root"], found["depth"]) == (child.key, root.key, 2)
        assert (found["section"], found["anchor"]) == (None, None)
        assert api.get(f"{LIST}{root.key}/").json()["replies"] == 2

    def test_says_where_the_passage_went_when_the_article_was_revised(self, api):
        article = make_article("birds")
        kept = make_comment(article, make_user(), quote="Large birds wait")
        lost = make_comment(article, make_user(), quote="Most of them nest in hedges.")
        start = article.current_revision.canonical_text.index("Large birds wait")
        lead = "A first paragraph that stands before every heading.\n\n"
        assert lead in SOURCE
        revise(article, SOURCE.replace(lead, "").replace("Most of them nest in hedges. ", ""))
        anchor = api.get(f"{LIST}{kept.key}/").json()["anchor"]
        assert (anchor["start"], anchor["end"], anchor["revision"]) == (start, start + 16, 1)
        now, shift = anchor["now"], len(lead) - 1
        assert (now["start"], now["end"], now["revision"]) == (start - shift, start - shift + 16, 2)
        now = api.get(f"{LIST}{lost.key}/").json()["anchor"]["now"]
        assert (now["start"], now["end"], now["revision"], now["status"]) == (None, None, 2, "orphaned")

    def test_shows_an_edit_that_waits_to_its_author_and_moderators_alone(self, api, moderator):
        author = make_user()
        comment = make_comment(make_article(), author, "First.", state=State.HELD_EDIT)
        for client in (api, client_of(make_user())):
            found = client.get(f"{LIST}{comment.key}/").json()
            assert (found["text"], found["edited"]) == ("First.", None)
            assert not {"version", "state", "reason"} & set(found)
        for client in (client_of(author), client_of(moderator)):
            found = client.get(f"{LIST}{comment.key}/").json()
            assert (found["text"], found["edited"]) == ("An edit that waits.", rfc3339(comment.edited_at))
            assert (found["state"], found["reason"]) == ("held_edit", "test")

    def test_is_410_when_it_was_public_and_is_not(self, api):
        author = make_user()
        for state in (State.WITHDRAWN, State.REJECTED, State.SPAM, State.ILLEGAL, State.ERASED):
            comment = make_comment(make_article(), author, state=state)
            assert problem(api.get(f"{LIST}{comment.key}/")) == (410, "removed", [])

    def test_is_410_when_replies_keep_its_place(self, api):
        article = make_article()
        comment = make_comment(article, make_user("Ada"), "First.")
        make_comment(article, make_user(), parent=comment)
        bring_to(comment, State.WITHDRAWN)
        response = api.get(f"{LIST}{comment.key}/")
        assert problem(response) == (410, "removed", [])
        assert b"Ada" not in response.content and b"First" not in response.content

    def test_is_read_by_a_moderator_when_it_was_withdrawn(self, moderator):
        comment = make_comment(make_article(), make_user(), "First.", state=State.WITHDRAWN)
        found = client_of(moderator).get(f"{LIST}{comment.key}/").json()
        assert (found["text"], found["state"], found["removed"]) == ("First.", "withdrawn", False)

    def test_is_404_when_it_waits_for_a_moderator(self, api, moderator):
        author = make_user()
        comment = make_comment(make_article(), author, state=State.HELD)
        for client in (api, client_of(make_user())):
            assert problem(client.get(f"{LIST}{comment.key}/")) == (404, "not_found", [])
        for client in (client_of(author), client_of(moderator)):
            assert client.get(f"{LIST}{comment.key}/").json()["state"] == "held"

    def test_is_404_when_it_is_anothers_private_note(self, api, moderator):
        author = make_user()
        note = make_comment(make_article(), author, "Mine.", kind="note", visibility="private")
        for client in (api, client_of(make_user()), client_of(moderator)):
            assert problem(client.get(f"{LIST}{note.key}/")) == (404, "not_found", [])
        found = client_of(author).get(f"{LIST}{note.key}/").json()
        assert (found["text"], found["visibility"], found["kind"]) == ("Mine.", "private", "note")

    def test_is_404_when_its_article_is_not_public(self, api):
        article = make_article()
        comment = make_comment(article, make_user())
        unpublish(article, by=None)
        assert problem(api.get(f"{LIST}{comment.key}/")) == (404, "not_found", [])

    @pytest.mark.parametrize("key", ["x", "A" * 22, "A" * 21 + "B", "%00" * 22, "x" * 5000, "1"])
    def test_is_404_when_there_is_none(self, api, key):
        assert problem(api.get(f"{LIST}{key}/")) == (404, "not_found", [])

    def test_refuses_a_parameter(self, api):
        comment = make_comment(make_article(), make_user())
        assert problem(api.get(f"{LIST}{comment.key}/?kind=note")) == (400, "unknown_parameter", ["kind"])

    @pytest.mark.parametrize("method", ["post", "put", "options"])
    def test_is_405_when_the_method_is_not_there(self, api, method):
        comment = make_comment(make_article(), make_user())
        response = getattr(api, method)(f"{LIST}{comment.key}/", {})
        assert problem(response) == (405, "method_not_allowed", [])
        assert response["Allow"] == "GET, HEAD, PATCH, DELETE"

    def test_may_be_kept_when_nobody_asks_and_not_when_somebody_does(self, api):
        comment = make_comment(make_article(), make_user())
        response = api.get(f"{LIST}{comment.key}/")
        assert response["Cache-Control"] == "public, no-cache"
        assert api.get(f"{LIST}{comment.key}/", HTTP_IF_NONE_MATCH=response["ETag"]).status_code == 304
        assert client_of(make_user()).get(f"{LIST}{comment.key}/")["Cache-Control"] == "private, no-store"


class TestCommentList:
    def test_is_oldest_first_or_newest_first_as_asked(self, api):
        article = make_article()
        keys = [make_comment(article, make_user()).key for _ in range(3)]
        assert ids(api.get(LIST)) == keys
        assert ids(api.get(LIST, {"ordering": "created"})) == keys
        assert ids(api.get(LIST, {"ordering": "-created"})) == keys[::-1]

    def test_leaves_out_what_is_not_public(self, api):
        author, article = make_user(), make_article("birds")
        public = make_comment(article, author)
        for state in (State.HELD, State.REJECTED, State.WITHDRAWN, State.ERASED):
            make_comment(article, author, state=state)
        make_comment(article, author, kind="note", visibility="private")
        for slug, hide in [("gone", lambda a: unpublish(a, by=None)), ("off", self.switch_off)]:
            other = make_article(slug)
            make_comment(other, author)
            hide(other)
        assert ids(api.get(LIST)) == [public.key]

    def switch_off(self, article):
        Article.objects.filter(pk=article.pk).update(discussion="off")

    def test_adds_what_one_wrote_oneself(self, api):
        author, article = make_user(), make_article()
        held = make_comment(article, author, state=State.HELD)
        note = make_comment(article, author, kind="note", visibility="private")
        assert ids(client_of(author).get(LIST)) == [held.key, note.key]
        assert ids(client_of(make_user()).get(LIST)) == []

    def test_keeps_the_place_alone_of_a_removed_comment_with_replies(self, api):
        article = make_article("birds")
        comment = make_comment(article, make_user("Adalbert"), "Pterodactyl.", quote="Small birds")
        reply = make_comment(article, make_user(), parent=comment)
        comment = bring_to(comment, State.WITHDRAWN)
        response = api.get(LIST)
        assert response.json()["results"][0] == {
            "id": comment.key,
            "article": "birds",
            "section": "how-birds-sing",
            "parent": None,
            "root": comment.key,
            "depth": 0,
            "kind": "comment",
            "visibility": "public",
            "author": None,
            "text": None,
            "html": None,
            "created": rfc3339(comment.created_at),
            "corrections": [],
            "edited": None,
            "replies": 1,
            "votes": None,
            "removed": True,
            "anchor": None,
            "links": {
                "self": f"http://testserver/api/v1/comments/{comment.key}/",
                "html": f"http://testserver/comments/{comment.key}/",
            },
        }
        assert ids(response) == [comment.key, reply.key]
        assert response.json()["results"][1]["removed"] is False
        for word in (b"Adalbert", b"Pterodactyl", b"Small birds"):
            assert word not in response.content

    def test_gives_a_moderator_the_text_of_a_tombstone(self, moderator):
        article = make_article()
        comment = make_comment(article, make_user(), "First.")
        make_comment(article, make_user(), parent=comment)
        bring_to(comment, State.REJECTED)
        row = client_of(moderator).get(LIST).json()["results"][0]
        assert (row["text"], row["state"], row["removed"]) == ("First.", "rejected", False)

    def test_filters_by_article_section_kind_parent_and_passage(self, api):
        author, birds = make_user(), make_article("birds")
        root = make_comment(birds, author)
        reply = make_comment(birds, author, parent=root)
        on_passage = make_comment(birds, author, quote="Small birds")
        on_section = make_comment(birds, author, section=birds.sections.get(key="where-they-nest"))
        highlight = make_comment(birds, author, "", kind="highlight", quote="Large birds")
        elsewhere = make_comment(make_article("trains"), author)
        for query, expected in [
            ("article=birds", [root, reply, on_passage, on_section, highlight]),
            ("article=trains", [elsewhere]),
            ("article=birds&section=how-birds-sing", [on_passage, highlight]),
            ("article=birds&section=where-they-nest", [on_section]),
            ("kind=highlight", [highlight]),
            ("kind=note", []),
            (f"parent={root.key}", [reply]),
            ("article=birds&parent=none", [root, on_passage, on_section, highlight]),
            ("anchored=true", [on_passage, highlight]),
            ("article=birds&anchored=false", [root, reply, on_section]),
            ("article=trains&article=birds&kind=note&kind=highlight", [highlight]),
        ]:
            assert ids(api.get(f"{LIST}?{query}")) == [comment.key for comment in expected], query

    def test_filters_by_the_moment_of_creation(self, api):
        article = make_article()
        first, second = (make_comment(article, make_user()) for _ in range(2))
        Comment.objects.filter(pk=first.pk).update(created_at="2026-01-31T12:00:00Z")
        Comment.objects.filter(pk=second.pk).update(created_at="2026-01-31T12:00:01Z")
        for moment, expected in [
            ("2026-01-31T11:59:59Z", [first, second]),
            ("2026-01-31T12:00:00Z", [second]),
            ("2026-01-31T13:00:00.5+01:00", [second]),
            ("2026-01-31T12:00:01z", []),
        ]:
            assert ids(api.get(LIST, {"created_after": moment})) == [comment.key for comment in expected], moment

    @pytest.mark.parametrize(
        ("query", "code", "field"),
        [
            ("article=none", "invalid", "article"),
            ("article=draft", "invalid", "article"),
            ("article=a%00b", "invalid", "article"),
            ("article=", "invalid", "article"),
            ("section=how-birds-sing", "invalid", "section"),
            ("article=birds&section=none", "invalid", "section"),
            ("article=birds&section=%00", "invalid", "section"),
            ("article=none&section=how-birds-sing", "invalid", "article"),
            ("kind=poem", "invalid", "kind"),
            ("kind=%00", "invalid", "kind"),
            ("parent=7", "invalid", "parent"),
            ("parent=AZDwAAAAcACAAAAAAAAAAA", "invalid", "parent"),
            ("parent=a%00b", "invalid", "parent"),
            ("anchored=yes", "invalid", "anchored"),
            ("anchored=True", "invalid", "anchored"),
            ("created_after=2026-01-31", "invalid", "created_after"),
            ("created_after=2026-01-31T12:00:00", "invalid", "created_after"),
            ("created_after=2026-13-31T12:00:00Z", "invalid", "created_after"),
            ("created_after=0001-01-01T00:00:00%2B14:00", "invalid", "created_after"),
            ("created_after=9999-12-31T23:59:59-14:00", "invalid", "created_after"),
            ("created_after=yesterday", "invalid", "created_after"),
            ("created_after=1%00", "invalid", "created_after"),
            ("ordering=author", "invalid", "ordering"),
            ("ordering=-pk", "invalid", "ordering"),
            ("cursor=nonsense", "invalid", "cursor"),
            ("cursor=PjE", "invalid", "cursor"),
            ("cursor=", "invalid", "cursor"),
            ("page_size=201", "invalid", "page_size"),
            ("page_size=0", "invalid", "page_size"),
            ("page_size=1.5", "invalid", "page_size"),
            ("colour=red", "unknown_parameter", "colour"),
            ("author__password=x", "unknown_parameter", "author__password"),
        ],
    )
    def test_refuses_a_bad_parameter_by_name(self, api, query, code, field):
        make_article("birds")
        make_article("draft", is_published=False)
        assert problem(api.get(f"{LIST}?{query}")) == (400, code, [field])

    def test_does_not_tell_of_a_parent_one_may_not_read(self, api):
        note = make_comment(make_article(), make_user(), kind="note", visibility="private")
        assert problem(api.get(LIST, {"parent": note.key})) == (400, "invalid", ["parent"])

    def test_is_walked_once_through_while_others_write_and_remove(self, api):
        article, author = make_article("birds"), make_user()
        keys = [make_comment(article, author).key for _ in range(5)]
        page = api.get(LIST, {"article": "birds", "page_size": 2}).json()
        assert page["previous"] is None
        seen = [row["id"] for row in page["results"]]
        services.withdraw(Comment.objects.first(), by=author)
        late = make_comment(article, author).key
        while page["next"] and len(seen) < 20:
            assert "article=birds" in page["next"]
            page = api.get(page["next"]).json()
            seen += [row["id"] for row in page["results"]]
        assert seen == [*keys, late]

    def test_is_walked_back_when_it_is_newest_first(self, api):
        article, author = make_article(), make_user()
        keys = [make_comment(article, author).key for _ in range(5)][::-1]
        page = api.get(LIST, {"ordering": "-created", "page_size": 2}).json()
        last = api.get(api.get(page["next"]).json()["next"])
        assert (ids(last), last.json()["next"]) == (keys[4:], None)
        middle = api.get(last.json()["previous"])
        assert ids(middle) == keys[2:4]
        first = api.get(middle.json()["previous"])
        assert (ids(first), first.json()["previous"]) == (keys[:2], None)
        assert ids(api.get(first.json()["next"])) == keys[2:4]

    def test_has_no_integer_keys_in_its_cursors(self, api):
        article, author = make_article(), make_user()
        keys = [make_comment(article, author).key for _ in range(2)]
        following = api.get(LIST, {"page_size": 1}).json()["next"]
        cursor = following.split("cursor=")[1].split("&")[0]
        assert base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode() == f">{keys[0]}"

    def test_has_fifty_rows_unless_told_otherwise_and_at_most_two_hundred(self, api):
        make_crowd(make_article(), make_user(), 201)
        assert len(ids(api.get(LIST))) == 50
        assert len(ids(api.get(LIST, {"page_size": 200}))) == 200

    def test_takes_as_many_queries_for_ten_comments_as_for_ten_thousand(self, api):
        article, author = make_article("birds"), make_user()
        clients = [api, client_of(make_user()), client_of(author)]
        make_crowd(article, author, 10)
        few = [self.count(client) for client in clients]
        make_crowd(article, author, 9_990)
        assert Comment.objects.count() == 10_000
        many = [self.count(client) for client in clients]
        # Article, comments, sections; with a token its own two and two for the rights of its owner.
        assert few == many == [3, 7, 7]

    def test_looks_for_comments_without_carrying_their_texts(self, api):
        make_comment(make_article("birds"), make_user(), quote="Small birds")
        with CaptureQueriesContext(connection) as queries:
            api.get(LIST, {"article": "birds", "quote": "birds"})
        (asked,) = (query["sql"] for query in queries if "LIMIT 51" in query["sql"])
        looking = asked[asked.index(" IN (SELECT") : asked.index("LIMIT 51")]
        assert "anchor" in looking
        assert "commentrevision" in asked and "commentrevision" not in looking

    def count(self, client):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST, {"article": "birds"}).status_code == 200
        return len(queries)

    def test_takes_one_query_more_when_tombstones_stand_on_the_page(self, api):
        article, author = make_article("birds"), make_user()
        comments = [make_comment(article, author, quote="Small birds") for _ in range(3)]
        for comment in comments:
            make_comment(article, author, parent=comment)
        before = self.count(api)
        for comment in comments:
            bring_to(comment, State.WITHDRAWN)
        assert self.count(api) == before + 1

    def test_answers_304_when_nothing_changed(self, api):
        article = make_article()
        make_comment(article, make_user())
        etag = api.get(LIST)["ETag"]
        assert api.get(LIST, HTTP_IF_NONE_MATCH=etag).status_code == 304
        make_comment(article, make_user())
        assert api.get(LIST, HTTP_IF_NONE_MATCH=etag).status_code == 200


class TestReplyList:
    def test_gives_direct_replies_oldest_first(self, api):
        article, author = make_article(), make_user()
        root = make_comment(article, author)
        children = [make_comment(article, author, parent=root) for _ in range(3)]
        make_comment(article, author, parent=children[0])
        assert ids(api.get(f"{LIST}{root.key}/replies/")) == [child.key for child in children]
        page = api.get(f"{LIST}{root.key}/replies/", {"page_size": 2}).json()
        assert ids(api.get(page["next"])) == [children[2].key]

    def test_leaves_out_replies_that_wait(self, api):
        article, author = make_article(), make_user()
        root = make_comment(article, make_user())
        held = make_comment(article, author, parent=root, state=State.HELD)
        assert ids(api.get(f"{LIST}{root.key}/replies/")) == []
        assert ids(client_of(author).get(f"{LIST}{root.key}/replies/")) == [held.key]

    def test_is_there_when_the_parent_is_a_tombstone(self, api):
        article = make_article()
        root = make_comment(article, make_user())
        reply = make_comment(article, make_user(), parent=root)
        bring_to(root, State.WITHDRAWN)
        assert ids(api.get(f"{LIST}{root.key}/replies/")) == [reply.key]

    def test_is_410_when_the_parent_is_gone_and_404_when_it_never_was_there(self, api):
        gone = make_comment(make_article(), make_user(), state=State.WITHDRAWN)
        assert problem(api.get(f"{LIST}{gone.key}/replies/")) == (410, "removed", [])
        note = make_comment(make_article(), make_user(), kind="note", visibility="private")
        for key in (note.key, to_key(new_id()), "x"):
            assert problem(api.get(f"{LIST}{key}/replies/")) == (404, "not_found", [])

    @pytest.mark.parametrize("query", ["kind=note", "ordering=created", "article=birds"])
    def test_takes_no_filters(self, api, query):
        root = make_comment(make_article("birds"), make_user())
        response = api.get(f"{LIST}{root.key}/replies/?{query}")
        assert problem(response) == (400, "unknown_parameter", [query.split("=")[0]])


class TestGuests:
    def test_are_named_and_their_address_is_not(self):
        comment = make_comment(make_article(), GuestName("Gus", "gus@example.org", is_proven=True))
        response = client_of().get(f"{LIST}{comment.key}/")
        assert response.json()["author"] == {"name": "Gus", "kind": "guest"}
        assert "example.org" not in response.content.decode()

    def test_are_not_there_until_they_prove_the_address(self):
        comment = make_comment(make_article(), a_guest(is_proven=False))
        for client in (client_of(), client_of(make_moderator()), client_of(make_user(is_superuser=True))):
            assert client.get(f"{LIST}{comment.key}/").status_code == 404
            assert client.get(LIST).json()["results"] == []

"""Finding comments by who wrote them, their thread, their words and their dates."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import services
from comments.models import Comment, CommentRevision
from comments.querysets import NOBODY
from comments.states import State
from tests.asking import client_of, codes, problem
from tests.clock import later
from tests.factories import bring_to, make_article, make_comment, make_guest_comment, make_moderator, make_user
from tests.pages.crowds import make_crowd
from tests.plans import analyze, looked_up, plans_of

pytestmark = pytest.mark.django_db

LIST = "/api/v1/comments/"


@pytest.fixture
def api():
    return client_of()


@pytest.fixture
def birds():
    return make_article("birds")


def found(client, **query):
    response = client.get(LIST, query)
    assert response.status_code == 200, response.content
    return [row["id"] for row in response.json()["results"]]


def keys(*comments):
    return [comment.key for comment in comments]


class TestAuthor:
    def test_finds_accounts_and_guests_of_exactly_that_name(self, api, birds):
        account, guest = make_comment(birds, make_user("Nora")), make_guest_comment(birds, "Nora")
        make_comment(birds, make_user("nora"))
        make_comment(make_article("bees"), make_user("Nora"))
        assert found(api, article="birds", author="Nora") == keys(account, guest)
        assert found(api, article="birds", author="Nor") == []

    def test_does_not_tell_whose_a_removed_comment_was(self, api, birds):
        author = make_user("Nora")
        comment = make_comment(birds, author)
        make_comment(birds, make_user(), parent=comment)
        assert bring_to(comment, State.WITHDRAWN).is_tombstone
        for client, expected in [(api, []), (client_of(author), []), (client_of(make_moderator()), [comment.key])]:
            assert found(client, article="birds", author="Nora") == expected

    def test_finds_ones_own_wherever_they_stand_whatever_ones_name(self, birds):
        author = make_user("@me")
        own = [make_comment(birds, author, state=State.HELD), make_comment(make_article("bees"), author)]
        make_comment(birds, make_user())
        assert found(client_of(author), author="@me") == keys(*own)

    def test_refuses_ones_own_to_nobody_and_a_name_without_an_article(self, api, birds):
        for query, code in [({"author": "@me"}, "not_signed_in"), ({"author": "Nora"}, "needs_article")]:
            response = api.get(LIST, query)
            assert problem(response) == (400, "invalid", ["author"])
            assert codes(response) == [("author", code)]


class TestRoot:
    def test_finds_the_thread_with_its_root(self, api, birds):
        root, other = make_comment(birds, make_user()), make_comment(birds, make_user())
        reply = make_comment(birds, make_user(), parent=root)
        below = make_comment(birds, make_user(), parent=reply)
        assert found(api, root=root.key) == keys(root, reply, below)
        assert found(api, root=other.key) == keys(other)

    def test_refuses_a_reply_and_what_one_may_not_read(self, api, birds):
        root = make_comment(birds, make_user())
        reply = make_comment(birds, make_user(), parent=root)
        held = make_comment(birds, make_user(), state=State.HELD)
        for value, code in [(reply.key, "not_a_root"), (held.key, "unknown"), ("7", "unknown")]:
            response = api.get(LIST, {"root": value})
            assert problem(response) == (400, "invalid", ["root"])
            assert codes(response) == [("root", code)]


class TestQuote:
    def test_finds_the_words_of_the_passage_in_either_case(self, api, birds):
        small = make_comment(birds, make_user(), quote="Small birds sing")
        make_comment(birds, make_user(), "Small birds sing.", quote="Large birds wait")
        assert found(api, article="birds", quote="small BIRDS") == keys(small)

    def test_takes_signs_of_patterns_for_themselves(self, api, birds):
        make_comment(birds, make_user(), quote="Small birds sing")
        for words in ("Small%", "Small_birds", ".*ing", "\\\\\\"):
            assert found(api, article="birds", quote=words) == []


class TestSearch:
    def test_finds_the_words_of_the_text_in_either_case(self, api, birds):
        comment = make_comment(birds, make_user(), "A *Pterodactyl* sings.")
        make_comment(make_article("bees"), make_user(), "A pterodactyl.")
        assert found(api, article="birds", search="pteroDACTYL") == keys(comment)
        assert found(api, article="birds", search="pterodactyls") == []

    def test_finds_letters_however_they_were_composed(self, api, birds):
        comment = make_comment(birds, make_user(), "Caf\u00e9s.")
        assert found(api, article="birds", search="Cafe\u0301s") == keys(comment)

    def test_finds_an_edit_that_waits_for_those_alone_who_read_it(self, api, birds):
        author = make_user()
        comment = make_comment(birds, author, "First words.", state=State.HELD_EDIT)
        readers = [api, client_of(make_user()), client_of(make_moderator(make_article("bees")))]
        insiders = [client_of(author), client_of(make_moderator()), client_of(make_moderator(birds))]
        for clients, shown, hidden in [(readers, "First", "that waits"), (insiders, "that waits", "First")]:
            for client in clients:
                assert found(client, article="birds", search=shown) == keys(comment)
                assert found(client, article="birds", search=hidden) == []

    def test_finds_guests_comments_for_who_is_signed_in(self, birds):
        comment = make_guest_comment(birds, text="A pterodactyl.")
        assert found(client_of(make_user()), article="birds", search="pterodactyl") == keys(comment)

    def test_does_not_find_what_is_held_removed_or_anothers_note(self, api, birds):
        author = make_user()
        held = make_comment(birds, author, "Pterodactyl.", state=State.HELD)
        note = make_comment(birds, author, "Pterodactyl.", kind="note", visibility="private")
        removed = make_comment(birds, author, "Pterodactyl.")
        make_comment(birds, make_user(), parent=removed)
        bring_to(removed, State.REJECTED)
        assert found(api, article="birds", search="pterodactyl") == []
        assert found(client_of(make_moderator()), article="birds", search="pterodactyl") == keys(held, removed)
        assert found(client_of(author), article="birds", search="pterodactyl") == keys(held, note, removed)

    @pytest.mark.parametrize("name", ["search", "quote"])
    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ("{}=bird", "needs_article"),
            ("article=birds&{}=bi", "length"),
            ("article=birds&{}=%20%20bi%20", "length"),
            ("article=birds&{}=" + "x" * 201, "length"),
            ("article=birds&{}=%20%20%20", "blank"),
        ],
    )
    def test_refuses_what_would_be_looked_for_everywhere(self, api, birds, name, query, code):
        response = api.get(f"{LIST}?{query.format(name)}")
        assert problem(response) == (400, "invalid", [name])
        assert codes(response) == [(name, code)]


class TestAnchored:
    def test_does_not_tell_that_a_removed_comment_was_on_a_passage(self, api, birds):
        author = make_user()
        comment = make_comment(birds, author, quote="Small birds")
        reply = make_comment(birds, make_user(), parent=comment)
        assert found(api, anchored="true") == keys(comment)
        assert bring_to(comment, State.WITHDRAWN).is_tombstone
        for client in (api, client_of(author)):
            assert found(client, anchored="true") == []
            assert found(client, anchored="false") == keys(comment, reply)
        moderator = client_of(make_moderator())
        assert found(moderator, anchored="true") == keys(comment)
        assert found(moderator, anchored="false") == keys(reply)

    def test_finds_what_guests_wrote(self, api, birds):
        comment = make_guest_comment(birds, "Gus")
        for client in (api, client_of(make_user()), client_of(make_moderator(birds))):
            assert found(client, anchored="false") == keys(comment)


class TestWords:
    @pytest.mark.parametrize(
        ("name", "allowed"),
        [("kind", "comment, highlight, note"), ("anchored", "true, false"), ("ordering", "created, -created")],
    )
    def test_says_which_there_are_when_it_is_another(self, api, name, allowed):
        response = api.get(LIST, {name: "x" * 3000})
        assert problem(response) == (400, "invalid", [name])
        assert codes(response) == [(name, "invalid_choice")]
        assert response.json()["detail"] == f"Use one of: {allowed}."


class TestMoments:
    def test_of_making_have_an_end_that_is_left_out(self, api, birds):
        first, second = (make_comment(birds, make_user()) for _ in range(2))
        Comment.objects.filter(pk=first.pk).update(created_at="2026-01-31T12:00:00Z")
        Comment.objects.filter(pk=second.pk).update(created_at="2026-01-31T12:00:01Z")
        assert found(api, created_before="2026-01-31T12:00:00Z") == []
        assert found(api, created_before="2026-01-31T12:00:01Z") == keys(first)
        between = {"created_after": "2026-01-31T12:00:00Z", "created_before": "2026-01-31T12:00:02Z"}
        assert found(api, **between) == keys(second)

    def test_of_an_edit_are_those_that_are_told(self, api, birds):
        author = make_user()
        make_comment(birds, author, "Never edited.")
        comment = make_comment(birds, author, "First.")
        with later(minutes=5) as first_edit:
            services.edit(comment, by=author, text="Second.")
        # Its default is not stopped with the clock.
        CommentRevision.objects.filter(comment=comment, number=2).update(created_at=first_edit)
        assert found(api, edited_after=(first_edit.replace(microsecond=0)).isoformat()) == keys(comment)
        with later(minutes=10) as second_edit:
            bring_to(Comment.objects.get(pk=comment.pk), State.HELD_EDIT)
        between = (first_edit + (second_edit - first_edit) / 2).isoformat()
        for client in (api, client_of(make_user())):
            assert client.get(f"{LIST}{comment.key}/").json()["edited"] < between
            assert found(client, edited_after=first_edit.replace(microsecond=0).isoformat()) == keys(comment)
            assert found(client, edited_after=between) == []
        for client in (client_of(author), client_of(make_moderator())):
            assert found(client, edited_after=between) == keys(comment)

    @pytest.mark.parametrize("name", ["created_before", "edited_after"])
    @pytest.mark.parametrize("value", ["2026-01-31", "2026-01-31T12:00:00", "2026-13-31T12:00:00Z", "yesterday"])
    def test_are_refused_without_their_offset(self, api, name, value):
        assert problem(api.get(LIST, {name: value})) == (400, "invalid", [name])


class TestCost:
    def test_is_as_many_queries_for_ten_comments_as_for_a_thousand(self, api, birds):
        author = make_user("Ada")
        make_crowd(birds, author, 10)
        few = self.counts(api)
        make_crowd(birds, author, 990)
        assert few == self.counts(api) == [3, 2, 2, 1]

    def counts(self, api):
        counts = []
        for query in ({"author": "Ada"}, {"search": "comment"}, {"quote": "birds"}, {}):
            where = {"article": "birds"} if query else {"edited_after": "2020-01-01T00:00:00Z"}
            with CaptureQueriesContext(connection) as queries:
                found(api, **where, **query)
            counts.append(len(queries))
        return counts

    def test_of_what_was_edited_since_is_that_of_what_was_edited(self, birds):
        (first, *_others) = make_crowd(birds, make_user(), 200)
        Comment.objects.filter(pk=first.pk).update(edited_at=timezone.now())
        analyze()
        edited = Comment.objects.edited_since(timezone.now(), NOBODY)
        assert re.search("edited_at ?>", looked_up(lambda: list(edited)))

    def test_of_no_replies_is_not_that_of_all_that_have_no_parent(self, api, birds):
        author = make_user()
        for root in make_crowd(birds, author, 200)[:60]:
            make_crowd(birds, author, 2, below=root)
        analyze()
        plans = plans_of(lambda: found(api, article="birds", parent="none"))
        assert "comments_comment_parent" not in "".join(plans)

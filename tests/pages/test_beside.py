import re

import pytest
from django.test import Client

from articles.models import Article
from comments.anchoring import Status
from comments.models import Anchor
from comments.states import State
from pages.beside import COMMENTS_PER_PAGE
from tests.factories import bring_to, make_article, make_comment, make_user, revise
from tests.pages import crowds
from tests.plans import looked_up

pytestmark = pytest.mark.django_db

SOURCE = "Larks rise early. A male sings for minutes without a pause."


@pytest.fixture
def article():
    return make_article("larks", SOURCE)


def make_crowd(article, size, quote="sings for minutes"):
    return [make_comment(article, make_user(), f"Word {number}.", quote=quote) for number in range(size)]


def beside(comment, query=""):
    return Client().get(f"/comments/{comment.key}/beside/{query}")


def around(comment, query=""):
    return Client().get(f"/comments/{comment.key}/around/{query}")


def keys_on(response) -> list[str]:
    return [row.key for row in response.context["comments"]]


def test_lists_what_stands_on_the_very_passage(article):
    first, second = make_crowd(article, 2)
    make_crowd(article, 1, quote="A male sings")
    make_comment(article, make_user(), "On nothing.")
    make_comment(article, make_user(), "A reply.", parent=first)
    for comment in (first, second):
        response = beside(comment)
        assert keys_on(response) == [first.key, second.key]
        assert (
            '<blockquote class="target-text" dir="auto">sings for minutes</blockquote>' in response.content.decode()
        )


def test_shows_the_passage_as_it_reads_now(article):
    (comment,) = make_crowd(article, 1)
    revise(article, f"New words before.\n\n{SOURCE.replace('minutes', 'many minutes')}")
    assert beside(comment).context["passage"] == "sings for many minutes"


def test_of_what_is_not_public_shows_nothing(article):
    first, second = make_crowd(article, 2)
    note = make_comment(article, make_user(), kind="note", visibility="private", quote="sings for minutes")
    bring_to(second, State.REJECTED)
    assert keys_on(beside(first)) == [first.key]
    assert [beside(comment).status_code for comment in (second, note)] == [410, 404]


def test_is_404_where_there_is_no_passage_any_more(article):
    lost, reply = make_crowd(article, 1)[0], make_comment(article, make_user(), "On nothing.")
    Anchor.objects.update(now_status=Status.ORPHANED, now_start=None, now_end=None)
    assert [beside(comment).status_code for comment in (lost, reply)] == [404, 404]


def test_is_one_page_in_few_queries(article, django_assert_num_queries):
    (only,) = make_crowd(article, 1)
    with django_assert_num_queries(11):
        response = beside(only)
    assert (keys_on(response), response.context["more_url"]) == ([only.key], "")


def test_goes_on_below_a_page_in_as_few_queries(article, django_assert_num_queries):
    crowd = make_crowd(article, 2 * COMMENTS_PER_PAGE)
    keys = [comment.key for comment in crowd]
    first, rest = keys[:COMMENTS_PER_PAGE], keys[COMMENTS_PER_PAGE:]
    with django_assert_num_queries(11):
        response = beside(crowd[0])
    # A script shows this part on another page: the address is whole.
    more_url = f"/comments/{keys[0]}/beside/?after={first[-1]}"
    assert (keys_on(response), response.context["more_url"]) == (first, more_url)
    assert keys_on(Client().get(more_url)) == rest


def test_is_found_by_the_place_without_reading_the_other_comments(article):
    (comment, *_others) = crowds.make_crowd(article, make_user(), 60, is_anchored=True)
    found = looked_up(lambda: beside(comment))
    assert re.search(r"article_id ?= ?\S+ AND \(?now_start ?= ?\S+ AND \(?now_end ?=", found)


class TestAround:
    """The page that the sign beside a block leads to, once something was said there."""

    def test_lists_what_stands_anywhere_in_the_block(self, article):
        revise(article, f"{SOURCE}\n\nOthers sleep late.")
        article.refresh_from_db()
        (first,) = make_crowd(article, 1)
        (across,) = make_crowd(article, 1, quote="A male sings for")
        make_crowd(article, 1, quote="sleep late")
        make_comment(article, make_user(), "A reply.", parent=first)
        response = around(across)
        assert keys_on(response) == [first.key, across.key]
        assert response.context["passage"] == SOURCE
        assert f'<a href="/comments/{first.key}/#replies_title">1 reply</a>' in response.content.decode()

    def test_leads_on_to_the_form_for_all_of_the_block(self, article):
        (comment,) = make_crowd(article, 1)
        url = around(comment).context["form_url"]
        assert url == f"/articles/larks/comment/?revision=1&start=0&end={len(SOURCE)}"
        assert "<mark>Larks rise early. A male sings" in Client().get(url).content.decode()

    def test_is_read_where_nothing_can_be_written_any_more(self, article):
        (comment,) = make_crowd(article, 1)
        Article.objects.update(is_open=False)
        response = around(comment)
        assert keys_on(response) == [comment.key]
        assert response.context["form_url"] == ""

    def test_is_404_where_there_is_no_passage_any_more(self, article):
        (comment,) = make_crowd(article, 1)
        Anchor.objects.update(now_status=Status.ORPHANED, now_start=None, now_end=None)
        assert around(comment).status_code == 404

    def test_is_one_page_in_few_queries(self, article, django_assert_num_queries):
        (only,) = make_crowd(article, 1)
        with django_assert_num_queries(12):
            response = around(only)
        assert (keys_on(response), response.context["more_url"]) == ([only.key], "")

    def test_goes_on_below_a_page_in_as_few_queries(self, article, django_assert_num_queries):
        crowd = make_crowd(article, 2 * COMMENTS_PER_PAGE)
        with django_assert_num_queries(12):
            response = around(crowd[-1])
        rest = Client().get(response.context["more_url"])
        parts = [crowd[:COMMENTS_PER_PAGE], crowd[COMMENTS_PER_PAGE:]]
        assert [keys_on(response), keys_on(rest)] == [[comment.key for comment in part] for part in parts]

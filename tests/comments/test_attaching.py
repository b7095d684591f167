import pytest

from articles.models import Article
from articles.services import unpublish
from comments import services
from comments.errors import AnchorNotFound, StaleVersion
from comments.models import Anchor, AnchorMove, Comment
from comments.placing import Selection
from comments.states import State
from skycrumbs.problems import Forbidden
from tests.asking import client_of, problem
from tests.comments.counting import counters, recount
from tests.factories import bring_to, make_article, make_comment, make_moderator, make_user, passage, revise

pytestmark = pytest.mark.django_db

LEAD = "Larks rise early.\n\n## Song\n\n"
SOURCE = f"{LEAD}A male sings for minutes without a pause.\n\n## Nest\n\nIt lies in the open field."
REWRITTEN = f"{LEAD}Nobody knows why.\n\n## Nest\n\nIt lies in the open, and he sings above it."


@pytest.fixture
def author():
    return make_user("Ada")


@pytest.fixture
def comment(author):
    """One that lost its passage, with a reply."""
    article = make_article("larks", SOURCE)
    comment = make_comment(article, author, quote="sings for minutes without a pause")
    make_comment(article, make_user(), parent=comment)
    revise(article, REWRITTEN)
    assert Anchor.objects.get().now_status == "orphaned"
    return Comment.objects.with_page().get(pk=comment.pk)


def there(exact: str = "he sings above it") -> Selection:
    return passage(Article.objects.select_related("current_revision").get(), exact)


class TestAttach:
    def test_puts_a_lost_passage_in_its_place_and_keeps_what_was_quoted(self, comment, author):
        version = comment.article.version
        services.attach(comment, by=author, selection=there())
        anchor = Anchor.objects.select_related("now_revision").get()
        words = anchor.now_revision.canonical_text[anchor.now_start : anchor.now_end]
        assert (words, anchor.now_status, anchor.method) == ("he sings above it", "changed", "by hand")
        assert (anchor.exact, anchor.revision.number) == ("sings for minutes without a pause", 1)
        move = AnchorMove.objects.last()
        assert (move.from_start, move.to_start, move.method) == (None, anchor.now_start, "by hand")
        assert Article.objects.get().version > version

    def test_takes_the_thread_to_the_section_of_the_passage(self, comment, author):
        services.attach(comment, by=author, selection=there())
        assert {one.section.key for one in Comment.objects.all()} == {"nest"}
        assert counters(comment.article) == recount(comment.article)

    def test_is_carried_on_from_there(self, comment, author):
        services.attach(comment, by=author, selection=there())
        revise(comment.article, f"A word before.\n\n{REWRITTEN}")
        anchor = Anchor.objects.select_related("now_revision").get()
        words = anchor.now_revision.canonical_text[anchor.now_start : anchor.now_end]
        assert (words, anchor.now_status) == ("he sings above it", "changed")

    def test_confirms_an_uncertain_place(self, comment, author):
        place = there()
        Anchor.objects.update(now_start=place.start, now_end=place.end, now_status="uncertain")
        services.attach(comment, by=author, selection=place)
        assert Anchor.objects.get().now_status == "changed"

    def test_can_be_done_again_by_who_judges_or_edits(self, comment, author):
        services.attach(comment, by=author, selection=there())
        editor = make_user("Ed", is_superuser=True, is_staff=True)
        for person in (make_moderator(), editor):
            services.attach(comment, by=person, selection=there("in the open"))
        assert AnchorMove.objects.filter(method="by hand").count() == 3

    def test_is_refused_to_others(self, comment):
        with pytest.raises(Forbidden):
            services.attach(comment, by=make_user("Ben"), selection=there())

    def test_is_refused_to_its_author_where_it_is_certain(self, comment, author):
        services.attach(comment, by=author, selection=there())
        with pytest.raises(Forbidden):
            services.attach(comment, by=author, selection=there("in the open"))

    def test_is_refused_to_all_where_the_article_is_not_published_any_more(self, comment, author):
        unpublish(comment.article, by=None)
        for person in (author, make_moderator(), make_user("Ed", is_superuser=True)):
            with pytest.raises(Forbidden):
                services.attach(comment, by=person, selection=there())

    def test_is_refused_to_its_author_once_they_withdrew_it(self, comment, author):
        services.withdraw(comment, by=author)
        with pytest.raises(Forbidden):
            services.attach(comment, by=author, selection=there())

    def test_is_refused_to_who_judges_or_edits_while_it_is_not_public(self, comment):
        bring_to(comment, State.REJECTED)
        for person in (make_moderator(), make_user("Ed", is_superuser=True)):
            with pytest.raises(Forbidden):
                services.attach(comment, by=person, selection=there())

    def test_is_refused_for_words_that_are_not_there(self, comment, author):
        with pytest.raises(AnchorNotFound):
            services.attach(comment, by=author, selection=Selection("no such words"))
        assert Anchor.objects.get().now_status == "orphaned"

    def test_is_refused_when_the_passage_was_put_elsewhere_since_it_was_seen(self, comment, author):
        seen, editor = Anchor.objects.get(), make_user("Ed", is_superuser=True)
        services.attach(comment, by=author, selection=there())
        with pytest.raises(StaleVersion):
            services.attach(comment, by=editor, selection=there("in the open"), seen=seen)
        services.attach(comment, by=editor, selection=there("in the open"), seen=Anchor.objects.get())
        assert AnchorMove.objects.filter(method="by hand").count() == 2

    def test_is_refused_for_a_comment_on_no_passage(self, comment, author):
        other = make_comment(comment.article, author)
        with pytest.raises(Forbidden):
            services.attach(other, by=author, selection=there())


class TestApi:
    def address(self, comment):
        return f"/api/v1/comments/{comment.key}/anchor/"

    def test_gives_the_anchor_and_takes_a_new_place(self, comment, author):
        client = client_of(author)
        seen = client.get(self.address(comment))
        assert seen.json()["now"]["status"] == "orphaned"
        sent = {"exact": "he sings above it"}
        answer = client.put(self.address(comment), sent, headers={"If-Match": seen.headers["ETag"]})
        assert (answer.status_code, answer.json()["now"]["status"]) == (200, "changed")
        again = client.put(self.address(comment), sent, headers={"If-Match": seen.headers["ETag"]})
        assert problem(again)[:2] == (412, "precondition_failed")

    @pytest.mark.parametrize(
        ("sent", "status", "code"),
        [
            ({"exact": "no such words"}, 422, "anchor_not_found"),
            ({"exact": "Larks", "start": 1, "end": 6, "revision": 2}, 422, "anchor_mismatch"),
            ({}, 400, "invalid"),
            ({"exact": "Larks", "color": "red"}, 400, "unknown_field"),
        ],
    )
    def test_refuses_what_a_new_comment_refuses(self, comment, author, sent, status, code):
        assert problem(client_of(author).put(self.address(comment), sent))[:2] == (status, code)

    @pytest.mark.parametrize(
        ("sent", "field", "code"),
        [
            ({}, "exact", "required"),
            ({"exact": " "}, "exact", "blank"),
            ({"exact": "early.\nSong"}, "exact", "crosses_sections"),
            ({"exact": "Larks", "start": 1}, "end", "required"),
            ({"exact": "Larks", "start": 5, "end": 5}, "start", "out_of_range"),
            ({"exact": "Larks", "start": 5, "end": 5000}, "end", "out_of_range"),
            ({"exact": "Larks", "revision": 9}, "revision", "unknown"),
            ({"exact": "Larks", "place": 1}, "place", "unknown_field"),
        ],
    )
    def test_names_the_field_as_of_a_new_comment_without_the_anchor_around_it(
        self, comment, author, sent, field, code
    ):
        api = client_of(author)
        put = api.put(self.address(comment), sent)
        post = api.post("/api/v1/comments/", {"article": "larks", "text": "Why?", "anchor": sent})
        told = [[(error["field"], error["code"]) for error in answer.json()["errors"]] for answer in (put, post)]
        assert told == [[(field, code)], [(f"anchor.{field}", code)]]
        assert put.json()["code"] == post.json()["code"]

    def test_refuses_strangers_and_who_is_not_signed_in(self, comment):
        assert client_of(make_user()).put(self.address(comment), {"exact": "Larks"}).status_code == 403
        assert client_of().put(self.address(comment), {"exact": "Larks"}).status_code == 401

    def test_is_404_for_a_comment_on_no_passage(self, comment, author):
        other = make_comment(comment.article, author)
        assert client_of(author).get(self.address(other)).status_code == 404

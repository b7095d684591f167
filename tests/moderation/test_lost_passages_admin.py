"""The list of passages to look at, and putting one in its place from there."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from articles.models import Article
from comments import services
from comments.models import Anchor, AnchorMove, Comment
from comments.policy import can_attach
from comments.suggestions import offers_for
from moderation.models import LostPassage
from tests.factories import make_article, make_comment, make_user, revise
from tests.moderation.moderators import limited, moderator

pytestmark = pytest.mark.django_db

LIST = "/admin/moderation/lostpassage/"
SONG = "A male sings for minutes without a pause."
SOURCE = f"Larks rise early.\n\n## Song\n\n{SONG}\n\n## Nest\n\nIt lies in the open field."
NOW = "He hardly ever makes a pause, and often sings for many minutes."


def client_of(user) -> Client:
    client = Client(headers={"Sec-Fetch-Site": "same-origin"})
    client.force_login(user)
    return client


def editor():
    person = make_user("Ed", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(codename="change_article"))
    return person


def lost(name="Ada", source=SOURCE, **fields) -> Comment:
    """A comment whose passage is lost, with something like it in the article."""
    article = make_article(source=source, **fields)
    comment = make_comment(article, make_user(name), quote="sings for minutes without a pause")
    revise(article, source.replace(SONG, "All is new.").replace("It lies", f"{NOW} It lies"))
    # Whatever carrying makes of it.
    Anchor.objects.filter(comment=comment).update(now_status="orphaned", now_start=None, now_end=None)
    return Comment.objects.select_related("article", "anchor").get(pk=comment.pk)


def shown(client: Client, query: str = "") -> list[int]:
    rows = client.get(LIST + query).context["cl"].result_list
    return [row.comment_id for row in rows]


class TestList:
    def test_shows_what_it_was_and_where_it_may_be_with_a_button(self):
        comment = lost()
        content = client_of(moderator()).get(LIST).content.decode()
        assert "<mark>sings for minutes without a pause</mark>" in content
        assert "<mark>pause, and often sings for many minutes</mark>" in content
        assert f'formaction="{LIST}{comment.anchor.pk}/attach/?"' in content
        for page in (f"/comments/{comment.key}/", f"/comments/{comment.key}/passage/", "Ada", "lost"):
            assert page in content

    def test_offers_the_place_that_an_uncertain_one_has_first(self):
        comment = lost()
        Anchor.objects.update(now_status="uncertain", now_start=0, now_end=5, score=0.61)
        offers = client_of(moderator()).get(LIST).context["cl"].result_list[0].offers
        assert (offers[0].text, offers[0].percent, offers[0].is_placed) == ("Larks", 61, True)
        assert "sings for many minutes" in offers[1].text
        assert comment.key

    def test_is_closed_to_staff_who_neither_moderate_nor_edit(self):
        assert client_of(make_user("Sue", is_staff=True)).get(LIST).status_code == 403

    def test_shows_a_limited_moderator_their_part_alone_and_an_editor_all(self):
        here, elsewhere = lost(), lost("Ben")
        assert shown(client_of(limited(moderator(), here.article))) == [here.pk]
        # The newest comment first.
        assert shown(client_of(editor())) == [elsewhere.pk, here.pk]

    def test_shows_what_each_may_put_in_place_and_nothing_private_or_hidden(self):
        public, held, gone, kept = lost(), lost(), lost(), lost()
        Comment.objects.filter(pk=held.pk).update(public_revision=None, state="held")
        Article.objects.filter(pk=gone.article_id).update(status="unpublished")
        Anchor.objects.filter(comment=kept).update(now_status="kept", now_start=0, now_end=5)
        mo = moderator()
        for writer in (make_user(), mo):
            note = make_comment(public.article, writer, kind="note", visibility="private", quote="open field")
            Anchor.objects.filter(comment=note).update(now_status="orphaned", now_start=None, now_end=None)
        for person in (mo, editor(), make_user(is_staff=True, is_superuser=True)):
            assert shown(client_of(person)) == [public.pk]
            rows = LostPassage.objects.to_look_at(person).select_related("comment__article")
            assert all(can_attach(person, row.comment, row) for row in rows)

    def test_is_narrowed_by_state_and_by_article(self):
        one, two = lost(), lost()
        Anchor.objects.filter(comment=two).update(now_status="uncertain", now_start=0, now_end=5)
        client = client_of(moderator())
        assert shown(client, "?state=orphaned") == [one.pk]
        assert shown(client, "?state=uncertain") == [two.pk]
        assert shown(client, f"?article={two.article_id}") == [two.pk]
        assert shown(client, "?article=x") == []

    @pytest.mark.parametrize("size", [2, 12])
    def test_takes_as_many_queries_for_few_as_for_many(self, size, django_assert_num_queries):
        for _number in range(size):
            lost()
        client = client_of(moderator())
        with django_assert_num_queries(QUERIES):
            assert len(shown(client)) == size

    def test_looks_for_places_of_the_rows_of_the_page_alone(self, monkeypatch):
        for _number in range(3):
            lost()
        asked = []
        monkeypatch.setattr("moderation.admin.lost_passages.LostPassageAdmin.list_per_page", 2)
        monkeypatch.setattr(
            "moderation.admin.lost_passages.offers_for", lambda rows: asked.append(len(rows)) or offers_for(rows)
        )
        client = client_of(moderator())
        assert [len(shown(client)), len(shown(client, "?p=2"))] == [2, 1]
        assert asked == [2, 1]


QUERIES = 10


class TestAttach:
    def press(self, client, comment, place, query=""):
        return client.post(f"{LIST}{comment.anchor.pk}/attach/{query}", {"place": place})

    def place(self, comment):
        return offers_for([comment.anchor])[comment.anchor.pk][0].name

    def test_puts_the_passage_there_and_leads_back(self):
        comment = lost()
        response = self.press(client_of(moderator()), comment, self.place(comment), "?state=orphaned")
        assert (response.status_code, response.url) == (303, f"{LIST}?state=orphaned")
        anchor = Anchor.objects.select_related("now_revision").get()
        words = anchor.now_revision.canonical_text[anchor.now_start : anchor.now_end]
        assert (words, anchor.now_status, anchor.method) == (
            "pause, and often sings for many minutes",
            "changed",
            "by hand",
        )

    @pytest.mark.parametrize(
        ("place", "status", "words"),
        [
            ("", 400, "Choose one of the places."),
            ("2-x-9", 400, "Choose one of the places."),
            ("9-1-5", 400, "The article has no such revision."),
            ("2-5-999999", 400, "The text of this revision ends at"),
            ("1-30-60", 422, "The article changed, and this passage is no longer in it."),
        ],
    )
    def test_says_why_it_is_refused_and_shows_the_list_again(self, place, status, words):
        comment = lost()
        response = self.press(client_of(moderator()), comment, place)
        content = response.content.decode()
        assert (response.status_code, words in content, "sings for many minutes" in content) == (status, True, True)
        assert Anchor.objects.get().now_status == "orphaned"

    def test_says_that_it_was_put_in_place_meanwhile_and_shows_the_list_again(self):
        comment, other = lost(), lost("Bea")
        place = self.place(comment)
        assert self.press(client_of(moderator()), comment, place).status_code == 303
        response = self.press(client_of(editor()), comment, place)
        assert response.status_code == 409
        assert "was put in its place meanwhile" in response.content.decode()
        assert [row.comment_id for row in response.context["cl"].result_list] == [other.pk]
        assert AnchorMove.objects.filter(method="by hand").count() == 1

    def test_takes_no_word_for_a_place_that_changed_meanwhile(self, monkeypatch):
        comment = lost()
        place = self.place(comment)

        def put_elsewhere_first(*args, **options):
            Anchor.objects.update(now_status="uncertain", now_start=0, now_end=5)
            return attach(*args, **options)

        attach = services.attach
        monkeypatch.setattr(services, "attach", put_elsewhere_first)
        response = self.press(client_of(editor()), comment, place)
        assert (response.status_code, Anchor.objects.get().now_start) == (409, 0)

    def test_is_404_for_what_the_list_does_not_show(self):
        here, elsewhere = lost(), lost()
        client = client_of(limited(moderator(), here.article))
        assert self.press(client, elsewhere, self.place(elsewhere)).status_code == 404
        assert self.press(client_of(make_user(is_staff=True)), here, self.place(here)).status_code == 403

    def test_leads_to_the_list_when_it_is_looked_at(self):
        response = client_of(moderator()).get(f"{LIST}1/attach/?p=2")
        assert (response.status_code, response.url) == (303, f"{LIST}?p=2")

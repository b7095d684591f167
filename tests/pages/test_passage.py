import re

import pytest
from django.db.models import F
from django.test import Client

from articles.models import Article
from comments.anchoring import Status
from comments.models import Anchor, Comment
from tests.factories import make_article, make_comment, make_user, revise

pytestmark = pytest.mark.django_db

SONG = "A male sings for minutes without a pause. Nobody knows how he breathes."
SOURCE = f"Larks rise early.\n\n## Song\n\n{SONG}\n\n## Nest\n\nThe nest lies in the open field."


@pytest.fixture
def article():
    return make_article("larks", SOURCE)


@pytest.fixture
def comment(article):
    return make_comment(article, make_user("Ada"), quote="sings for minutes without a pause")


def passage_page(comment):
    return Client().get(f"/comments/{comment.key}/passage/")


class TestPage:
    def test_shows_both_texts_and_what_changed_word_by_word(self, article, comment):
        revise(article, SOURCE.replace("minutes", "many hours"))
        content = passage_page(comment).content.decode()
        assert "A male <mark>sings for minutes without a pause</mark>" in content
        assert "A male <mark>sings for many hours without a pause</mark>" in content
        assert '<del><span class="unseen">deleted: </span>minutes</del>' in content
        assert '<ins><span class="unseen">inserted: </span>many hours</ins>' in content
        assert "Revision 1, " in content

    def test_leads_to_the_section_where_it_stands_now(self, article, comment):
        revise(article, SOURCE.replace(SONG, "All is new.").replace("The nest", f"{SONG} The nest"))
        assert '<a href="/articles/larks/#nest">In the section “Nest”</a>' in passage_page(comment).content.decode()

    def test_leads_to_the_introduction_that_has_no_heading(self, article):
        comment = make_comment(article, make_user(), quote="Larks rise")
        content = passage_page(comment).content.decode()
        assert re.search('<a href="/articles/larks/#[a-z-]+">In the introduction</a>', content)

    def test_of_one_that_is_gone_shows_what_it_was(self, article, comment):
        revise(article, "All is new.")
        content = passage_page(comment).content.decode()
        assert "In the section" not in content
        assert "The passage is not in the article any more." in content
        assert "<mark>sings for minutes without a pause</mark>" in content
        assert "now_title" not in content

    def test_reaches_from_the_first_revision_to_the_fiftieth(self, article, comment):
        for number in range(49):
            revise(article, f"Note {number}.\n\n{SOURCE.replace('minutes', 'many hours')}")
        assert comment.article.revisions.count() == 50
        content = passage_page(comment).content.decode()
        assert "<mark>sings for many hours without a pause</mark>" in content
        assert "minutes</del>" in content

    def test_says_so_where_nothing_changed(self, comment):
        content = passage_page(comment).content.decode()
        assert "stands as it did" in content
        assert "difference_title" not in content

    def test_is_404_for_a_comment_on_no_passage(self, article):
        assert passage_page(make_comment(article, make_user())).status_code == 404

    def test_takes_seven_queries(self, article, comment, django_assert_num_queries):
        with django_assert_num_queries(7):
            passage_page(comment)


class TestLink:
    def test_stands_with_the_line_that_says_what_happened(self, article, comment):
        link = f'<a href="/comments/{comment.key}/passage/" rel="nofollow">Then and now</a>'
        assert link not in Client().get("/articles/larks/").content.decode()
        revise(article, SOURCE.replace("minutes", "many hours"))
        line = f"This passage has changed since. {link}"
        assert line in Client().get("/articles/larks/").content.decode()
        assert line in Client().get(f"/comments/{comment.key}/").content.decode()


class TestPuttingInPlace:
    @pytest.fixture
    def lost(self, article, comment):
        revise(article, SOURCE.replace(SONG, "Nobody knows why, and he sings above it."))
        return comment

    def post(self, comment, by=None, **sent):
        client = Client(headers={"Sec-Fetch-Site": "same-origin"})
        if by:
            client.force_login(by)
        return client.post(f"/comments/{comment.key}/passage/", sent)

    def test_is_offered_to_its_author_alone(self, lost):
        client = Client()
        assert "Put the passage in its place" not in client.get(f"/comments/{lost.key}/passage/").content.decode()
        client.force_login(lost.author)
        content = client.get(f"/comments/{lost.key}/passage/").content.decode()
        assert "Put the passage in its place" in content
        assert "It is where the page says" not in content

    def test_leads_to_the_comment_in_its_place(self, lost):
        response = self.post(lost, lost.author, exact="he sings above it")
        assert (response.status_code, response.url) == (303, f"/articles/larks/#comment-{lost.key}")
        assert Anchor.objects.get().now_status == Status.CHANGED

    def test_of_a_private_note_leads_to_the_page_that_shows_it(self, article):
        note = make_comment(article, make_user(), kind="note", visibility="private", quote="sings for minutes")
        Anchor.objects.update(now_status=Status.UNCERTAIN)
        assert self.post(note, note.author, exact="The nest lies").url == f"/comments/{note.key}/"

    def test_offers_to_its_author_what_resembles_it_by_a_button(self, article, comment):
        revise(
            article, SOURCE.replace(SONG, "All is new.").replace("The nest", "He sings for whole minutes. The nest")
        )
        Anchor.objects.update(now_status=Status.ORPHANED, now_start=None, now_end=None)
        address = f"/comments/{comment.key}/passage/"
        assert "Where it may be" not in Client().get(address).content.decode()
        client = Client()
        client.force_login(comment.author)
        content = client.get(address).content.decode()
        assert "He <mark>sings for whole minutes</mark>. The nest" in content
        hidden = dict(re.findall(r'<input type="hidden" name="(exact|revision|start|end)" value="([^"]+)">', content))
        assert self.post(comment, comment.author, **hidden).status_code == 303
        anchor = Anchor.objects.select_related("now_revision").get()
        assert anchor.now_revision.canonical_text[anchor.now_start : anchor.now_end] == "sings for whole minutes"

    def test_of_an_uncertain_one_is_confirmed_with_one_button(self, article, comment):
        Anchor.objects.update(now_status=Status.UNCERTAIN)
        client = Client(headers={"Sec-Fetch-Site": "same-origin"})
        client.force_login(comment.author)
        content = client.get(f"/comments/{comment.key}/passage/").content.decode()
        assert "It is where the page says" in content
        hidden = dict(re.findall(r'<input type="hidden" name="(exact|revision|start|end)" value="([^"]*)">', content))
        assert self.post(comment, comment.author, **hidden).status_code == 303
        assert Anchor.objects.get().now_status == Status.KEPT

    def test_of_an_uncertain_one_is_offered_where_else_it_may_be(self, article, comment):
        """And not once more where it is, for the sake of a full stop."""
        revise(article, SOURCE.replace("The nest", "He sings for minutes without a break. The nest"))
        Anchor.objects.update(now_status=Status.UNCERTAIN, now_end=F("now_end") + len("."))
        client = Client()
        client.force_login(comment.author)
        content = client.get(f"/comments/{comment.key}/passage/").content.decode()
        offered = content.split("Where else it may be")[1]
        assert re.findall("<mark>(.*?)</mark>", offered) == ["sings for minutes without a"]

    def test_shows_what_was_chosen_in_the_text_before_it_is_put_there(self, lost):
        client = Client(headers={"Sec-Fetch-Site": "same-origin"})
        client.force_login(lost.author)
        revision = Article.objects.get().current_revision
        start = revision.canonical_text.index("he sings above")
        chosen = {"revision": revision.number, "start": start, "end": start + 8}
        content = client.get(f"/comments/{lost.key}/passage/", chosen).content.decode()
        assert "<mark>he sings</mark>" in content
        hidden = dict(re.findall(r'<input type="hidden" name="(exact|revision|start|end)" value="([^"]+)">', content))
        assert hidden == {name: str(value) for name, value in chosen.items()} | {"exact": "he sings"}
        assert Anchor.objects.get().now_status == Status.ORPHANED
        assert self.post(lost, lost.author, **hidden).status_code == 303
        anchor = Anchor.objects.get()
        assert (anchor.now_start, anchor.now_end) == (start, start + 8)

    @pytest.mark.parametrize(
        ("chosen", "status", "words"),
        [
            ({"start": 1, "end": 2}, 400, "This address names no place"),
            ({"revision": 9, "start": 1, "end": 2}, 404, "no such revision"),
            ({"revision": 1, "start": 30, "end": 40}, 404, "no longer in it"),
            ({"revision": 2, "start": 5, "end": 5}, 400, "start must be 0 or more"),
        ],
    )
    def test_says_why_what_an_address_names_cannot_be_chosen(self, lost, chosen, status, words):
        client = Client()
        client.force_login(lost.author)
        response = client.get(f"/comments/{lost.key}/passage/", chosen)
        assert response.status_code == status
        assert words in response.content.decode()

    def test_shows_strangers_nothing_to_choose(self, lost):
        revision = Article.objects.get().current_revision
        chosen = {"revision": revision.number, "start": 1, "end": 5}
        content = Client().get(f"/comments/{lost.key}/passage/", chosen).content.decode()
        assert "You chose" not in content
        assert "place_title" not in content

    @pytest.mark.parametrize(("exact", "status"), [("", 400), ("no such words", 422)])
    def test_gives_back_what_was_typed_with_the_reason(self, lost, exact, status):
        response = self.post(lost, lost.author, exact=exact)
        assert response.status_code == status
        assert f">\n{exact}</textarea>" in response.content.decode()
        assert Anchor.objects.get().now_status == Status.ORPHANED

    def test_finds_words_whatever_white_space_is_between_them(self, article, lost):
        """As they come from a page where they stand in two paragraphs."""
        revise(article, SOURCE.replace(SONG, "He sings.\n\nNobody knows why."))
        assert self.post(lost, lost.author, exact=" He sings.\r\n\r\nNobody  knows ").status_code == 303
        anchor = Anchor.objects.select_related("now_revision").get()
        text = anchor.now_revision.canonical_text[anchor.now_start : anchor.now_end]
        assert text == "He sings.\nNobody knows"

    def test_offers_each_place_of_words_that_stand_several_times(self, article, lost):
        revise(article, SOURCE.replace(SONG, "He sings by day.\n\nBy night he sings again, and he sings well."))
        response = self.post(lost, lost.author, exact="he sings")
        content = response.content.decode()
        assert response.status_code == 422
        assert "These words stand 2 times in the article. Choose one of the places." in content
        assert ">\nhe sings</textarea>" in content
        offered = content.split("Where these words stand")[1].split("</ul>")[0]
        assert "By night <mark>he sings</mark> again, and he sings well." in offered
        hidden = re.findall(r'<input type="hidden" name="(exact|revision|start|end)" value="([^"]+)">', offered)
        assert self.post(lost, lost.author, **dict(hidden[4:])).status_code == 303
        anchor = Anchor.objects.select_related("now_revision").get()
        assert anchor.now_revision.canonical_text[anchor.now_start :].startswith("he sings well.")

    def test_asks_for_more_where_words_stand_very_often(self, article, lost):
        revise(article, SOURCE.replace(SONG, "He sings. " * 21))
        content = self.post(lost, lost.author, exact="He sings").content.decode()
        assert "These words stand more than 20 times in the article. Type more of the text around them." in content
        assert "Where these words stand" not in content

    @pytest.mark.parametrize(
        ("by", "why"),
        [
            (lambda lost: None, "You are signed out."),
            (lambda lost: make_user(), "Only a passage that is lost or uncertain"),
        ],
    )
    def test_is_refused_to_strangers_and_to_who_is_signed_out_with_the_reason_and_what_they_typed(
        self, lost, by, why
    ):
        response = self.post(lost, by(lost), exact="he sings above it")
        content = response.content.decode()
        assert response.status_code == 403
        assert why in content and ">\nhe sings above it</textarea>" in content
        assert "Where it may be" not in content and "Choose it in the text" not in content
        assert Anchor.objects.get().now_status == Status.ORPHANED

    def test_says_why_where_somebody_else_put_it_in_its_place_meanwhile(self, lost):
        Anchor.objects.update(now_status=Status.CHANGED, now_start=0, now_end=5)
        content = self.post(lost, lost.author, exact="he sings above it").content.decode()
        assert "Only a passage that is lost or uncertain" in content
        assert ">\nhe sings above it</textarea>" in content

    def test_shows_nothing_that_another_site_sent_to_who_may_not(self, lost):
        client = Client(headers={"Sec-Fetch-Site": "cross-site"}, enforce_csrf_checks=True)
        response = client.post(f"/comments/{lost.key}/passage/", {"exact": "he sings above it"})
        assert response.status_code == 403
        assert "he sings above it" not in response.content.decode()

    def test_needs_proof_of_where_it_was_sent_from(self, lost):
        client = Client(headers={"Sec-Fetch-Site": "cross-site"}, enforce_csrf_checks=True)
        client.force_login(lost.author)
        assert client.post(f"/comments/{lost.key}/passage/", {"exact": "he sings above it"}).status_code == 403


class TestApi:
    def test_gives_both_texts_and_the_difference(self, article, comment):
        revise(article, SOURCE.replace("minutes", "many hours"))
        found = Client().get(f"/api/v1/comments/{comment.key}/passage/").json()
        start = Comment.objects.get().anchor.start
        assert found["status"] == "changed"
        assert found["then"] | {"prefix": "", "suffix": ""} == {
            "text": "sings for minutes without a pause", "start": start, "end": start + 33,
            "revision": 1, "prefix": "", "suffix": "",
        }  # fmt: skip
        assert found["now"]["text"] == "sings for many hours without a pause"
        assert found["now"]["revision"] == 2
        assert found["diff"] == [
            {"change": "equal", "text": "sings for "},
            {"change": "deleted", "text": "minutes"},
            {"change": "inserted", "text": "many hours"},
            {"change": "equal", "text": " without a pause"},
        ]

    def test_has_no_now_for_one_that_is_gone(self, article, comment):
        revise(article, "All is new.")
        found = Client().get(f"/api/v1/comments/{comment.key}/passage/").json()
        assert (found["status"], found["now"]) == (Status.ORPHANED, None)
        assert [piece["change"] for piece in found["diff"]] == ["deleted"]

    def test_is_404_for_a_comment_on_no_passage(self, article):
        comment = make_comment(article, make_user())
        response = Client().get(f"/api/v1/comments/{comment.key}/passage/")
        assert (response.status_code, response.json()["code"]) == (404, "not_found")

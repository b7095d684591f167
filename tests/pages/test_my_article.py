from unittest.mock import patch

from django.test import TestCase, override_settings

from accounts.guests import guest_of, make_link
from accounts.models import GuestLink
from comments import services
from comments.models import Comment
from comments.states import State
from tests.factories import a_guest, bring_to, make_article, make_comment, make_user, revise

URL = "/me/article/birds.json"
SOURCE = "Small birds sing at dawn. Large birds wait.\n"


class MarksTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.ada, cls.ben = make_user("Ada"), make_user("Ben")
        cls.article = make_article("birds", SOURCE)

    def marks(self) -> dict:
        answer = self.client.get(URL)
        self.assertEqual(answer.headers["Cache-Control"], "private, no-store")
        return answer.json()

    def test_are_none_for_nobody(self):
        make_comment(self.article, self.ada)
        self.assertEqual(self.marks(), {"revision": 1, "own": [], "voted": None})

    def test_are_ones_own_with_their_places(self):
        comment = make_comment(self.article, self.ada, "Who *says* 1 < 2?\n\nI.", quote="sing at dawn")
        make_comment(self.article, self.ben, quote="Large birds")
        self.client.force_login(self.ada)
        own = {"kind": "comment", "state": "open", "visibility": "public", "is_public": True, "start": 12, "end": 24}
        own |= {"name": "Ada", "words": "Who says 1 < 2?\nI."}
        self.assertEqual(self.marks(), {"revision": 1, "own": [{"key": comment.key, **own}], "voted": []})

    def test_tell_what_one_voted_for_and_can_still_read(self):
        comment, gone = (make_comment(self.article, self.ben) for _ in range(2))
        for one in (comment, gone):
            services.vote(one, by=self.ada)
        bring_to(gone, State.WITHDRAWN)
        self.client.force_login(self.ada)
        self.assertEqual(self.marks()["voted"], [comment.key])
        self.client.force_login(self.ben)
        self.assertEqual(self.marks()["voted"], [])

    def test_are_where_the_passage_is_now(self):
        make_comment(self.article, self.ada, quote="Large birds wait")
        revise(self.article, "A new start. " + SOURCE)
        self.client.force_login(self.ada)
        marks = self.marks()
        self.assertEqual(marks["revision"], 2)
        self.assertEqual([(one["start"], one["end"]) for one in marks["own"]], [(39, 55)])

    def test_have_words_where_they_have_a_text_and_a_place(self):
        make_comment(self.article, self.ada, quote="Large birds", kind=Comment.Kind.HIGHLIGHT)
        make_comment(self.article, self.ada, "On all of it.")
        make_comment(self.article, self.ada, "x" * 500, quote="Large birds")
        edited = make_comment(self.article, self.ada, "Then.", quote="sing", state=State.APPROVED)
        with override_settings(COMMENT_CHECKS=["tests.factories.hold"]):
            services.edit(edited, by=self.ada, text="Now.")
        self.client.force_login(self.ada)
        self.assertEqual([one["words"] for one in self.marks()["own"]], ["Now.", "x" * 200, "", ""])
        self.assertEqual([one["name"] for one in self.marks()["own"]], ["Ada", "Ada", "", ""])

    def test_have_words_of_the_newest_alone(self):
        comments = [make_comment(self.article, self.ada, quote="sing at dawn") for _ in range(3)]
        self.client.force_login(self.ada)
        with patch("pages.my_article.MOST_CARDS", 2):
            told = {one["key"] for one in self.marks()["own"] if one["words"]}
        self.assertEqual(told, {comment.key for comment in comments[1:]})

    def test_have_no_place_when_the_passage_is_gone(self):
        make_comment(self.article, self.ada, quote="Large birds wait")
        revise(self.article, "Nothing of it is left in this text.\n")
        self.client.force_login(self.ada)
        self.assertEqual([(one["start"], one["end"]) for one in self.marks()["own"]], [(None, None)])

    def test_hold_what_waits_and_what_is_private_but_nothing_deleted(self):
        note = Comment.Kind.NOTE
        held = make_comment(self.article, self.ada, state=State.HELD)
        private = make_comment(self.article, self.ada, kind=note, visibility=Comment.Visibility.PRIVATE)
        make_comment(self.article, self.ada, state=State.WITHDRAWN)
        self.client.force_login(self.ada)
        own = self.marks()["own"]
        self.assertEqual([(one["key"], one["is_public"]) for one in own], [(private.key, False), (held.key, False)])

    def test_are_a_guests_too_where_the_browser_proved_the_address(self):
        guest = a_guest("Gus")
        comment = make_comment(self.article, guest)
        self.client.cookies["__Host-skyedit"] = make_link(guest_of(guest.email), GuestLink.Purpose.SESSION)
        self.assertEqual([one["key"] for one in self.marks()["own"]], [comment.key])

    def test_ask_the_database_as_often_for_many_as_for_one(self):
        self.client.force_login(self.ada)
        for number in range(2):
            for _ in range(1 + number * 30):
                make_comment(self.article, self.ada, quote="sing at dawn")
            with self.subTest(number), self.assertNumQueries(8):
                self.client.get(URL)

    def test_of_an_article_that_is_not_there_are_not_either(self):
        make_article("draft", SOURCE, is_published=False)
        self.assertEqual(self.client.get("/me/article/draft.json").status_code, 404)
        self.assertEqual(self.client.get("/me/article/none.json").status_code, 404)

from django.test import TestCase

from comments.models import Comment
from comments.states import State
from tests.factories import make_article, make_comment, make_user
from tests.pages.crowds import make_crowd


class PageTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.ada, cls.grace = make_user("Ada", email="ada@example.org"), make_user("Grace")
        cls.article = make_article("birds", "Small birds sing at dawn.\n", title="Birds", authors=[cls.grace])

    def get(self):
        self.client.force_login(self.ada)
        return self.client.get("/me/")

    def test_nobody_is_asked_to_sign_in(self):
        answer = self.client.get("/me/")
        self.assertContains(answer, "Sign in to comment, and to find again what you wrote.")
        self.assertContains(answer, 'href="/accounts/login/"')

    def test_shows_ones_own_comments_the_newest_first(self):
        first = make_comment(self.article, self.ada, "First.", quote="Small birds")
        make_comment(self.article, self.grace, "Somebody else's.")
        second = make_comment(self.article, self.ada, "Second.")
        answer = self.get()
        self.assertEqual([row.key for row in answer.context["comments"]], [second.key, first.key])
        self.assertContains(answer, '<a href="/articles/birds/" dir="auto">Birds</a>', count=2, html=True)
        self.assertContains(answer, "Small birds")
        self.assertNotContains(answer, "Somebody else")
        self.assertContains(answer, "ada@example.org")
        self.assertContains(answer, 'href="/accounts/logout/"')

    def test_says_what_became_of_each(self):
        make_comment(self.article, self.ada, "One.", state=State.HELD)
        make_comment(self.article, self.ada, "Two.", state=State.HELD_EDIT)
        make_comment(self.article, self.ada, "Three.", state=State.SPAM)
        make_comment(self.article, self.ada, "Four.", kind="note", visibility="private", quote="Small birds")
        make_comment(self.article, self.ada, "Five.")
        make_comment(self.article, self.ada, "Canary.", state=State.WITHDRAWN)
        answer = self.get()
        notices = [row.notice for row in answer.context["comments"]]
        self.assertEqual(notices, ["", "private", "removed", "held_edit", "held"])
        self.assertNotContains(answer, "Canary.")

    def test_shows_fifty(self):
        make_crowd(self.article, self.ada, 51)
        self.assertEqual(len(self.get().context["comments"]), 50)

    def test_asks_the_same_number_of_queries_for_any_number(self):
        make_comment(self.article, self.ada, quote="Small birds")
        self.get()
        with self.assertNumQueries(7):
            self.client.get("/me/")
        make_crowd(make_article("other", authors=[self.ada]), self.ada, 30)
        with self.assertNumQueries(7):
            self.client.get("/me/")

    def test_is_kept_by_nobody(self):
        self.assertEqual(self.get().headers["Cache-Control"], "private, no-store")
        self.assertEqual(Comment.objects.count(), 0)


class SummaryTests(TestCase):
    def test_names_nobody(self):
        answer = self.client.get("/me/summary.json")
        self.assertEqual((answer.status_code, answer.json()), (200, {"name": None}))
        self.assertEqual(answer.headers["Cache-Control"], "private, no-store")

    def test_names_who_is_signed_in(self):
        self.client.force_login(make_user("Ada <b>"))
        answer = self.client.get("/me/summary.json")
        self.assertEqual(answer.json(), {"name": "Ada <b>"})
        self.assertEqual(answer.headers["Cache-Control"], "private, no-store")

    def test_takes_no_post(self):
        self.assertEqual(self.client.post("/me/summary.json").status_code, 405)

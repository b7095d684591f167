from uuid import UUID

from django.conf import settings
from django.test import TestCase

from accounts.guests import make_link
from accounts.models import Guest, GuestLink
from comments.models import Comment
from comments.states import State
from moderation.forms_guard import read_token
from tests.factories import make_article, make_comment, make_user
from tests.pages.crowds import make_crowd


class PageTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.ada, cls.grace = make_user("Ada", email="ada@example.org"), make_user("Grace")
        cls.article = make_article("birds", "Small birds sing at dawn.\n", title="Birds", authors=[cls.grace])

    def get(self, query: str = ""):
        self.client.force_login(self.ada)
        return self.client.get(f"/me/{query}")

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

    def test_shows_fifty_at_a_time_with_a_link_to_the_older_ones(self):
        note = make_comment(self.article, self.ada, kind="note", visibility="private", quote="Small birds")
        Comment.objects.filter(pk=note.pk).update(public_id=UUID(int=0))
        make_crowd(self.article, self.ada, 50)
        newest = [comment.key for comment in Comment.objects.order_by("-public_id")]
        first = self.get()
        self.assertEqual([row.key for row in first.context["comments"]], newest[:50])
        self.assertContains(
            first, f'<a class="button quiet" href="?after={newest[49]}">Older comments</a>', html=True
        )
        second = self.get(f"?after={newest[49]}")
        self.assertEqual([row.notice for row in second.context["comments"]], ["private"])
        self.assertNotContains(second, "?after=")

    def test_leads_nowhere_from_fifty(self):
        make_crowd(self.article, self.ada, 50)
        self.assertNotContains(self.get(), "?after=")

    def test_goes_on_below_a_comment_that_was_withdrawn_meanwhile(self):
        older = make_comment(self.article, self.ada)
        withdrawn = make_comment(self.article, self.ada, state=State.WITHDRAWN)
        newer = make_comment(self.article, self.ada)
        Comment.objects.filter(pk=newer.pk).update(public_id=UUID(int=2**128 - 1))
        Comment.objects.filter(pk=older.pk).update(public_id=UUID(int=0))
        rows = self.get(f"?after={withdrawn.key}").context["comments"]
        self.assertEqual([row.key for row in rows], ["A" * 22])

    def test_goes_on_among_ones_own_alone(self):
        theirs = make_comment(self.article, self.grace, "Somebody else's.")
        Comment.objects.filter(pk=theirs.pk).update(public_id=UUID(int=0))
        last = make_comment(self.article, self.ada)
        self.assertEqual(self.get(f"?after={last.key}").context["comments"], [])

    def test_cannot_go_on_below_what_is_no_key(self):
        for key in ("", "x", "A" * 21 + "B"):
            with self.subTest(key):
                self.assertEqual(self.get(f"?after={key}").status_code, 404)

    def test_asks_the_same_number_of_queries_for_any_number(self):
        make_comment(self.article, self.ada, quote="Small birds")
        self.get()
        with self.assertNumQueries(13):
            self.client.get("/me/")
        make_crowd(make_article("other", authors=[self.ada]), self.ada, 30)
        with self.assertNumQueries(13):
            self.client.get("/me/")

    def test_is_kept_by_nobody(self):
        self.assertEqual(self.get().headers["Cache-Control"], "private, no-store")
        self.assertEqual(Comment.objects.count(), 0)


class SummaryTests(TestCase):
    def test_names_nobody(self):
        answer = self.client.get("/me/summary.json")
        told = {name: answer.json()[name] for name in ("name", "is_guest")}
        self.assertEqual((answer.status_code, told), (200, {"name": None, "is_guest": False}))
        self.assertEqual(answer.headers["Cache-Control"], "private, no-store")

    def test_gives_nobody_a_fresh_token_for_a_form(self):
        tokens = [self.client.get("/me/summary.json").json()["guard"] for _ in range(2)]
        self.assertTrue(all(read_token(token) for token in tokens))
        self.assertNotEqual(*tokens)

    def test_tells_a_guest_from_nobody(self):
        guest = Guest.objects.create(email="gus@example.org")
        self.client.cookies[settings.GUEST_COOKIE_NAME] = make_link(guest, GuestLink.Purpose.SESSION)
        told = self.client.get("/me/summary.json").json()
        self.assertEqual((told["name"], told["is_guest"]), (None, True))

    def test_names_who_is_signed_in(self):
        self.client.force_login(make_user("Ada <b>"))
        answer = self.client.get("/me/summary.json")
        self.assertEqual(answer.json(), {"name": "Ada <b>"})
        self.assertEqual(answer.headers["Cache-Control"], "private, no-store")

    def test_takes_no_post(self):
        self.assertEqual(self.client.post("/me/summary.json").status_code, 405)

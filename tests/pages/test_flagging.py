import re
from html import unescape

from django.contrib.auth.models import Permission
from django.test import override_settings

from comments import services as comments
from comments.states import State
from moderation.models import Flag
from tests.clock import later
from tests.factories import make_comment, make_user
from tests.pages.comment_case import CommentCase


class FlagCase(CommentCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.comment = make_comment(cls.article, cls.ada, "Buy <this>.")

    def report(self, viewer=None, *, on=None, site="same-origin", reason="spam", **data):
        return self.send(on or self.comment, "flag/", viewer, site, reason=reason, **data)

    def check_typed(self, answer, note: str, reason: str) -> None:
        html = answer.content.decode()
        area = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", html, re.DOTALL)
        self.assertEqual(unescape(area[1]), note)
        self.assertEqual(re.findall(r'name="reason" value="(\w+)"[^>]* checked', html), [reason] if reason else [])
        self.assertIn("csrfmiddlewaretoken", html)


class LinkTests(FlagCase):
    def check_link(self, page: str, viewer, is_there: bool) -> None:
        self.client.logout()
        if viewer:
            self.client.force_login(viewer)
        link = f'href="/comments/{self.comment.key}/flag/"'
        self.assertIs(link in self.client.get(page).content.decode(), is_there)

    def test_is_on_the_article_for_everybody_alike(self):
        for viewer in (None, self.ada, self.grace):
            self.check_link("/articles/birds/", viewer, True)

    def test_is_on_the_comments_own_page_for_all_but_its_author(self):
        page = f"/comments/{self.comment.key}/"
        self.check_link(page, None, True)
        self.check_link(page, self.grace, True)
        self.check_link(page, self.ada, False)
        self.check_link("/me/", self.ada, False)

    def test_pages_stay_as_they_were_when_it_is_reported(self):
        pages = ("/articles/birds/", f"/comments/{self.comment.key}/")
        before = [self.client.get(page).content for page in pages]
        self.report(self.grace, reason="other", note="Canary.")
        self.client.logout()
        self.assertEqual([self.client.get(page).content for page in pages], before)
        self.client.force_login(self.ada)
        for page in (*pages, "/me/"):
            self.assertNotContains(self.client.get(page), "Canary.")


class FormTests(FlagCase):
    def test_shows_the_comment_and_six_reasons(self):
        answer = self.get(self.comment, "flag/", self.grace)
        self.assertContains(answer, "Buy &lt;this&gt;.")
        self.assertContains(answer, '<input type="radio" name="reason"', count=6)
        self.check_typed(answer, "", "")
        self.assertNotContains(answer, "Sign in to report it.")
        self.assertNotContains(answer, ">Reply<")

    def test_leads_back_to_the_comment(self):
        back = f'<a class="button quiet" href="/articles/birds/#comment-{self.comment.key}">Do not report it</a>'
        self.assertContains(self.get(self.comment, "flag/", self.grace), back, html=True)

    def test_is_kept_by_nobody(self):
        for viewer in (None, self.grace):
            answer = self.get(self.comment, "flag/", viewer)
            self.assertEqual(answer.headers["Cache-Control"], "private, no-store")

    def test_asks_nobody_to_sign_in_first(self):
        answer = self.get(self.comment, "flag/")
        self.assertContains(answer, "Sign in to report it.")
        self.assertContains(answer, f'href="/accounts/login/?next=%2Fcomments%2F{self.comment.key}%2Fflag%2F"')

    def test_shows_a_moderator_what_readers_see(self):
        waiting = make_comment(self.article, self.ada, "The first text.", state=State.HELD_EDIT)
        moderator = make_user("Mo")
        moderator.user_permissions.add(Permission.objects.get(codename="moderate_comment"))
        answer = self.get(waiting, "flag/", moderator)
        self.assertContains(answer, "The first text.")
        self.assertNotContains(answer, "An edit that waits.")

    def test_is_refused_to_its_author(self):
        for answer in (self.get(self.comment, "flag/", self.ada), self.report(self.ada)):
            self.assertContains(answer, "You cannot report your own comment.", status_code=403)
        self.assertFalse(Flag.objects.exists())

    def test_is_not_there_for_what_cannot_be_read(self):
        held = make_comment(self.article, self.ada, state=State.HELD)
        note = make_comment(self.article, self.ada, kind="note", visibility="private")
        removed = make_comment(self.article, self.ada, "Canary.", state=State.REJECTED)
        for viewer in (None, self.grace):
            for hidden, status in ((held, 404), (note, 404), (removed, 410)):
                self.assertEqual(self.get(hidden, "flag/", viewer).status_code, status)
                self.assertEqual(self.report(viewer, on=hidden).status_code, status)
            self.assertNotContains(self.get(removed, "flag/", viewer), "Canary.", status_code=410)

    def test_shows_nothing_of_what_was_withdrawn(self):
        comments.withdraw(self.comment, by=self.ada)
        for viewer in (None, self.grace):
            answer = self.get(self.comment, "flag/", viewer)
            self.assertContains(answer, "Its author has withdrawn it.")
            self.assertNotContains(answer, "Buy")
            self.assertNotContains(answer, "Ada")
        with later(hours=24, seconds=1):
            self.assertEqual(self.get(self.comment, "flag/", self.grace).status_code, 410)

    def test_takes_as_many_queries_however_many_flags_there_are(self):
        self.client.force_login(self.grace)
        page = f"/comments/{self.comment.key}/flag/"
        with self.assertNumQueries(8):
            self.client.get(page)
        for _ in range(5):
            self.report(make_user())
        self.client.force_login(self.grace)
        with self.assertNumQueries(8):
            self.client.get(page)


class PostTests(FlagCase):
    def test_stores_it_and_says_so_here_from_then_on(self):
        answer = self.report(self.grace, reason="other", note="It is\r\ncopied.")
        self.assertRedirects(
            answer, f"/comments/{self.comment.key}/flag/", status_code=303, fetch_redirect_response=False
        )
        flag = Flag.objects.get()
        self.assertEqual((flag.person, flag.reason, flag.note), (self.grace, "other", "It is\ncopied."))
        reported = self.get(self.comment, "flag/", self.grace)
        self.assertContains(reported, "Reported. A moderator will read it.")
        self.assertNotContains(reported, "copied")
        self.assertNotContains(self.get(self.comment, "flag/", make_user()), "Reported.")

    def test_is_one_when_it_is_sent_twice(self):
        self.assertEqual(self.report(self.grace).status_code, 303)
        self.assertEqual(self.report(self.grace, reason="abuse").status_code, 303)
        self.assertEqual(Flag.objects.get().reason, "spam")

    def test_takes_what_was_just_withdrawn(self):
        comments.withdraw(self.comment, by=self.ada)
        self.assertEqual(self.report(self.grace).status_code, 303)
        self.assertEqual(Flag.objects.get().source, "Buy <this>.")
        self.assertContains(self.get(self.comment, "flag/", self.grace), "Reported.")

    def test_gives_everything_back_with_the_way_to_sign_in(self):
        answer = self.report(reason="abuse", note="He <wrote> it twice.")
        self.assertContains(answer, "You are signed out.", status_code=403)
        self.assertContains(answer, "Sign in to report it.", status_code=403)
        self.check_typed(answer, "He <wrote> it twice.", "abuse")
        self.assertFalse(Flag.objects.exists())

    def test_stores_nothing_without_proof_and_gives_everything_back(self):
        answer = self.report(self.grace, site="cross-site", note="Really.")
        self.assertContains(answer, "We could not tell whether this came from you.", status_code=403)
        self.check_typed(answer, "Really.", "spam")
        self.assertFalse(Flag.objects.exists())

    def test_its_own_token_is_proof_enough(self):
        form = self.get(self.comment, "flag/", self.grace).content.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)[1]
        data = {"reason": "spam", "note": "", "csrfmiddlewaretoken": token}
        self.assertEqual(self.client.post(f"/comments/{self.comment.key}/flag/", data).status_code, 303)

    def test_refuses_what_is_wrong_and_gives_everything_back(self):
        for reason, note, kept_reason, words in (
            ("", "Really.", "", "Choose what is wrong."),
            ("boring", "Really.", "", "Choose what is wrong."),
            ("other", " ", "other", "Say what is wrong with it."),
            ("spam", "a" * 501, "spam", "Use at most 500 characters."),
            ("spam", "a\u202eb", "spam", "The character U+202E cannot be used here."),
            ("spam", "a\0b", "spam", "Null characters are not allowed."),
        ):
            with self.subTest(words):
                answer = self.report(self.grace, reason=reason, note=note)
                self.assertContains(answer, words, status_code=400)
                self.check_typed(answer, note, kept_reason)
        self.assertFalse(Flag.objects.exists())

    @override_settings(FLAG_LIMITS=[(0, 3600)])
    def test_refuses_too_many_at_once(self):
        answer = self.report(self.grace, note="Really.")
        self.assertContains(answer, "That is too many at once.", status_code=429)
        self.assertIn(int(answer.headers["Retry-After"]), range(1, 3601))
        self.check_typed(answer, "Really.", "spam")

    def test_takes_forms_and_nothing_else(self):
        self.assertEqual(self.client.put(f"/comments/{self.comment.key}/flag/").status_code, 405)

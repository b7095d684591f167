"""The pages behind links that are mailed to guests."""

import re

from django.test import Client, override_settings

from accounts import guests
from accounts.models import Guest, GuestLink
from articles import services as articles
from articles.models import Article
from comments import services
from comments.models import Comment
from comments.services import remove_unproven
from comments.states import State
from tests.clock import later
from tests.factories import (
    bring_to,
    hold,
    make_article,
    make_comment,
    make_guest_comment,
    make_user,
    passage,
    revise,
)
from tests.pages.compose_case import ComposeCase
from tests.pages.snapshots import stored

Purpose = GuestLink.Purpose
HOLD = ["tests.factories.hold"]
UNKNOWN = "A" * 43


def hold_new(submission):
    found = hold(submission)
    return type(found)(found.verdict, "first_comments")


class LinkCase(ComposeCase):
    purpose = Purpose.PROVE
    where = "confirm"

    def setUp(self):
        super().setUp()
        self.comment = self.write()

    def write(self, text: str = "On *all* of it.", **fields) -> Comment:
        return make_guest_comment(self.article, "Nora", text, email="nora@example.org", is_proven=False, **fields)

    def path(self, comment: Comment | None = None) -> str:
        comment = comment or self.comment
        return f"/guests/{self.where}/{guests.make_link(comment.guest, self.purpose, comment.pk)}/"

    def press(self, path: str, site: str = "same-origin", **data):
        return self.client.post(path, data, headers={"sec-fetch-site": site})

    def state(self) -> tuple[str, str]:
        self.comment.refresh_from_db()
        return self.comment.state, self.comment.state_reason

    def viewer(self) -> Guest | None:
        """As whom the browser acts by its cookie."""
        cookie = self.client.cookies.get("__Host-skyedit")
        return guests.guest_by_session(cookie.value) if cookie else None

    def check_secret(self, answer) -> None:
        self.assertIn("no-store", answer.headers["Cache-Control"])
        self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(answer.headers["X-Robots-Tag"], "noindex")

    def check_dead(self, path: str, status: int, *words: str) -> None:
        for answer in (self.client.get(path), self.press(path)):
            for one in words:
                self.assertContains(answer, one, status_code=status)
            self.check_secret(answer)
            self.assertNotIn("__Host-skyedit", answer.cookies)


class ConfirmTests(LinkCase):
    def test_shows_what_will_happen_and_writes_nothing(self):
        comment = self.write(selection=passage(self.article, "sing at dawn"))
        path = self.path(comment)
        before = stored()
        for _ in range(2):
            answer = self.client.get(path)
            self.assertContains(answer, '<a href="/articles/birds/" dir="auto">Birds</a>')
            self.assertContains(answer, '<blockquote class="quote" dir="auto">sing at dawn</blockquote>')
            self.assertContains(answer, "<b><bdi>Nora</bdi></b>")
            self.assertContains(answer, '<span class="badge plain">Guest</span>')
            self.assertContains(answer, "On <em>all</em> of it.")
            self.assertContains(answer, "Confirm and post")
            self.assertNotContains(answer, "nora@")
            self.check_secret(answer)
        self.client.head(path)
        self.assertEqual(stored(), before)

    def test_publishes_it_at_the_press_of_the_button_and_leads_to_it(self):
        answer = self.press(self.path())
        self.assertRedirects(answer, f"/articles/birds/#comment-{self.comment.key}", status_code=303)
        self.assertEqual(self.state(), (State.OPEN, ""))
        self.check_secret(answer)
        self.assertContains(self.client.get("/articles/birds/"), "On <em>all</em> of it.")

    def test_mails_replies_to_who_ticks_it_and_to_nobody_else(self):
        self.press(self.path())
        guest = self.comment.guest
        guest.refresh_from_db()
        self.assertFalse(guest.wants_reply_mail)
        other = self.write("Another.")
        self.client.post(self.path(other), {"replies": "on"}, headers={"sec-fetch-site": "same-origin"})
        other.guest.refresh_from_db()
        self.assertTrue(other.guest.wants_reply_mail)

    def test_lets_the_browser_act_as_the_guest_for_a_quarter_of_an_hour(self):
        answer = self.press(self.path())
        cookie = answer.cookies["__Host-skyedit"]
        self.assertEqual((cookie["max-age"], cookie["secure"], cookie["httponly"]), (900, True, True))
        self.assertEqual((cookie["samesite"], cookie["path"], cookie["domain"]), ("Strict", "/", ""))
        self.assertEqual(self.viewer(), self.comment.guest)
        self.assertContains(self.client.get(f"/comments/{self.comment.key}/"), "Withdraw")
        with later(minutes=15):
            self.assertIsNone(self.viewer())

    def test_leads_to_its_own_page_where_a_moderator_reads_it_first(self):
        with override_settings(COMMENT_CHECKS=["tests.pages.test_guest_links.hold_new"]):
            self.comment = self.write("Another.")
        answer = self.press(self.path())
        self.assertRedirects(answer, f"/comments/{self.comment.key}/", 303, fetch_redirect_response=False)
        self.assertEqual(self.state(), (State.HELD, "first_comments"))
        page = self.client.get(f"/comments/{self.comment.key}/")
        self.assertContains(page, "A moderator reads it first, because these are your first comments.")
        self.assertEqual(Client().get(f"/comments/{self.comment.key}/").status_code, 404)

    def test_gives_no_reason_that_is_none_of_theirs(self):
        with override_settings(COMMENT_CHECKS=HOLD):
            self.comment = self.write("Another.")
        self.press(self.path())
        page = self.client.get(f"/comments/{self.comment.key}/")
        self.assertContains(page, "Confirmed. A moderator reads it first.")
        self.assertNotContains(page, "first comments")

    def test_leads_whoever_is_signed_in_to_a_page_they_may_see(self):
        with override_settings(COMMENT_CHECKS=HOLD):
            self.comment = self.write("Another.")
        self.client.force_login(self.ada)
        answer = self.press(self.path())
        self.assertRedirects(answer, "/me/", 303, fetch_redirect_response=False)
        self.assertContains(self.client.get("/me/"), "Confirmed. A moderator reads it first.")
        self.assertEqual(self.state(), (State.HELD, "test"))

    def test_proves_no_other_comment_with_that_address(self):
        other = self.write("Another.")
        self.press(self.path())
        other.refresh_from_db()
        self.assertEqual(other.state_reason, "confirm_email")
        self.assertEqual(self.client.get(f"/comments/{other.key}/").status_code, 404)

    def test_stores_nothing_of_a_form_that_may_come_from_elsewhere(self):
        path = self.path()
        before = stored()
        for site in ("cross-site", "same-site", "none"):
            answer = self.press(path, site)
            self.assertContains(answer, "Press the button once more.")
            self.assertNotIn("__Host-skyedit", answer.cookies)
        self.assertEqual(stored(), before)

    def test_its_own_token_proves_the_form_where_the_browser_says_nothing(self):
        path = self.path()
        page = self.client.get(path).content.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        # As from any page that tells its address to nobody.
        answer = self.client.post(path, {"csrfmiddlewaretoken": token}, headers={"origin": "null"})
        self.assertEqual((answer.status_code, self.state()[0]), (303, State.OPEN))

    def test_comes_too_late_for_the_discussion_and_not_for_the_comment(self):
        """What was written while it was open is read once it is confirmed."""
        Article.objects.update(is_open=False)
        self.assertEqual(self.press(self.path()).status_code, 303)
        self.assertEqual(self.state()[0], State.OPEN)

    def test_leads_to_its_own_page_when_the_article_is_gone(self):
        articles.unpublish(self.article, by=None)
        path = self.path()
        self.assertContains(self.client.get(path), "On <em>all</em> of it.")
        self.assertRedirects(self.press(path), f"/comments/{self.comment.key}/", status_code=303)


class DeadConfirmTests(LinkCase):
    """A link that does nothing any more says why, changes nothing, and gives nobody a cookie."""

    def test_one_that_was_used(self):
        path = self.path()
        self.press(path)
        self.client = Client(enforce_csrf_checks=True)
        before = stored()
        self.check_dead(path, 410, "Used already", "This link was used already.")
        self.check_dead(path, 410, f'href="/comments/{self.comment.key}/claim/"')
        self.check_dead(path, 410, f'href="/comments/{self.comment.key}/"')
        self.assertEqual(stored(), before)

    def test_one_that_was_used_for_what_still_waits(self):
        with override_settings(COMMENT_CHECKS=HOLD):
            self.comment = self.write("Another.")
        path = self.path()
        self.press(path)
        self.client = Client(enforce_csrf_checks=True)
        self.check_dead(path, 410, f'href="/comments/{self.comment.key}/claim/"')
        self.assertNotContains(self.client.get(path), "See the comment", status_code=410)

    def test_another_one_of_a_comment_that_was_confirmed(self):
        path, other = self.path(), self.path()
        self.press(other)
        self.client = Client(enforce_csrf_checks=True)
        self.check_dead(path, 410, "Used already")

    def test_one_that_ran_out(self):
        path = self.path()
        with later(days=7):
            before = stored()
            self.check_dead(
                path, 410, "Too old", "What is not confirmed within 7 days is deleted.", "/articles/birds/"
            )
            self.assertNotContains(self.client.get(path), "/claim/", status_code=410)
            self.assertEqual(stored(), before)
        self.assertEqual(self.state(), (State.HELD, "confirm_email"))

    def test_works_until_then(self):
        path = self.path()
        with later(days=6, hours=23):
            self.assertEqual(self.press(path).status_code, 303)

    def test_one_whose_comment_was_deleted(self):
        path = self.path()
        with later(days=8):
            remove_unproven()
        self.check_dead(path, 404, "There is no page here", 'href="/"')

    def test_one_that_never_was(self):
        for token in (UNKNOWN, "x", "A" * 3000):
            self.check_dead(f"/guests/confirm/{token}/", 404, "There is no page here", "Perhaps it was cut off")

    def test_one_with_characters_that_no_link_has(self):
        for token in ("a%00b", "é", "a b", "a/b"):
            self.assertEqual(self.client.get(f"/guests/confirm/{token}/").status_code, 404)

    def test_one_that_is_for_something_else(self):
        for purpose in (Purpose.MANAGE, Purpose.SESSION):
            token = guests.make_link(self.comment.guest, purpose, self.comment.pk)
            self.check_dead(f"/guests/confirm/{token}/", 404, "There is no page here")

    def test_one_of_another_guests_comment(self):
        other = guests.guest_of("eve@example.org")
        token = guests.make_link(other, Purpose.PROVE, self.comment.pk)
        self.check_dead(f"/guests/confirm/{token}/", 404, "There is no page here")
        self.assertEqual(self.state(), (State.HELD, "confirm_email"))


class ManageTests(LinkCase):
    purpose = Purpose.MANAGE
    where = "manage"

    def write(self, text: str = "On *all* of it.", **fields) -> Comment:
        return make_guest_comment(self.article, "Nora", text, email="nora@example.org", **fields)

    def test_shows_the_comment_and_writes_nothing(self):
        path = self.path()
        before = stored()
        answer = self.client.get(path)
        self.assertContains(answer, "On <em>all</em> of it.")
        self.assertContains(answer, "Edit or withdraw it")
        self.assertNotContains(answer, "nora@")
        self.check_secret(answer)
        self.assertEqual(stored(), before)

    def test_lets_the_browser_edit_and_withdraw_it_at_the_press_of_the_button(self):
        answer = self.press(self.path())
        self.assertRedirects(answer, f"/comments/{self.comment.key}/", status_code=303)
        self.assertEqual(self.viewer(), self.comment.guest)
        self.press(f"/comments/{self.comment.key}/withdraw/")
        self.assertEqual(self.state()[0], State.WITHDRAWN)

    def test_opens_what_nobody_else_sees_to_its_writer(self):
        for state in (State.REJECTED, State.SPAM, State.ILLEGAL):
            with self.subTest(state):
                self.comment = self.write(f"Some {state}.")
                bring_to(self.comment, state)
                path = self.path()
                self.assertContains(self.client.get(path), f"Some {state}.")
                self.assertEqual(self.press(path).status_code, 303)
                self.assertContains(self.client.get(f"/comments/{self.comment.key}/"), f"Some {state}.")

    def test_keeps_the_link_while_somebody_is_signed_in(self):
        path = self.path()
        self.client.force_login(self.ada)
        before = stored()
        self.assertContains(self.client.get(path), "You are signed in")
        self.assertNotContains(self.press(path), "Edit or withdraw it")
        self.assertEqual(stored(), before)
        self.client.logout()
        self.assertEqual(self.press(path).status_code, 303)

    def test_stores_nothing_of_a_form_that_may_come_from_elsewhere(self):
        path = self.path()
        before = stored()
        self.assertContains(self.press(path, "cross-site"), "Press the button once more.")
        self.assertEqual(stored(), before)

    def test_is_dead_once_used(self):
        path = self.path()
        self.press(path)
        self.client = Client(enforce_csrf_checks=True)
        self.check_dead(path, 410, "Used already", f'href="/comments/{self.comment.key}/claim/"')

    def test_is_dead_after_an_hour(self):
        path = self.path()
        with later(hours=1):
            self.check_dead(path, 410, "Too old", f'href="/comments/{self.comment.key}/claim/"')
            self.assertNotContains(self.client.get(path), "within 7 days", status_code=410)

    def test_is_dead_when_it_is_for_something_else(self):
        for purpose in (Purpose.PROVE, Purpose.SESSION):
            token = guests.make_link(self.comment.guest, purpose, self.comment.pk)
            self.check_dead(f"/guests/manage/{token}/", 404, "There is no page here")

    def test_is_dead_when_the_comment_was_taken_back_or_erased(self):
        for state in (State.WITHDRAWN, State.ERASED):
            self.comment = self.write(f"Some {state}.")
            path = self.path()
            if state == State.WITHDRAWN:
                services.withdraw(self.comment, by=self.comment.guest)
            else:
                bring_to(self.comment, state)
            self.check_dead(path, 404, "There is no page here")

    def test_is_dead_before_the_address_was_proven(self):
        comment = make_guest_comment(self.article, email="nora@example.org", is_proven=False)
        self.check_dead(self.path(comment), 404, "There is no page here")
        comment.refresh_from_db()
        self.assertEqual(comment.state_reason, "confirm_email")

    def test_opens_no_other_guests_comments(self):
        other = make_guest_comment(self.article, email="eve@example.org")
        self.press(self.path())
        self.assertEqual(self.press(f"/comments/{other.key}/withdraw/").status_code, 403)
        other.refresh_from_db()
        self.assertEqual(other.state, State.OPEN)


class BadgeTests(ComposeCase):
    def test_tells_a_guest_from_the_member_of_that_name(self):
        make_guest_comment(self.article, "Ada")
        page = self.client.get("/articles/birds/")
        self.assertContains(page, '<span class="badge plain">Guest</span>', count=1)

    def test_stands_where_passages_are_gone(self):
        article = make_article("gone", "## Song\n\nSmall birds sing.\n\nLarge ones wait.\n", title="Gone")
        make_guest_comment(article, "Nora", selection=passage(article, "Large ones wait."))
        revise(article, "## Song\n\nSmall birds sing.\n", title="Gone")
        page = self.client.get("/articles/gone/").content.decode()
        (orphan,) = re.findall(r"<aside class=\"orphans\".*?</aside>", page, re.S)
        self.assertIn('<span class="badge plain">Guest</span>', orphan)

    def test_asks_on_its_own_page_whether_it_is_the_readers(self):
        mine, members = make_guest_comment(self.article), make_user("Grace")
        page = self.client.get(f"/comments/{mine.key}/")
        self.assertContains(page, f'<a href="/comments/{mine.key}/claim/" rel="nofollow">Did you write this?</a>')
        hers = make_comment(self.article, members)
        self.assertNotContains(self.client.get(f"/comments/{hers.key}/"), "Did you write this?")

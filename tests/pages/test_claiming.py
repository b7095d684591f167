"""How a guest asks for a link to what they wrote, and what everybody else learns from asking: nothing."""

from django.core import mail
from django.test import override_settings

from accounts.models import LimitWindow
from comments.models import Comment
from comments.states import State
from events.models import Event
from skycrumbs.ids import new_id, to_key
from tests.factories import bring_to, make_comment, make_guest_comment
from tests.pages.comment_case import CommentCase
from tests.pages.snapshots import stored

ASKED = "guest.link_asked"


class ClaimCase(CommentCase):
    def ask(self, key: str, email: str = "nora@example.org", site: str = "same-origin"):
        return self.client.post(f"/comments/{key}/claim/", {"email": email}, headers={"sec-fetch-site": site})

    def asked(self) -> list[tuple]:
        return list(Event.objects.filter(type=ASKED).values_list("comment_id", "actor_id", "data"))

    def write(self, **fields) -> Comment:
        return make_guest_comment(self.article, "Nora", email="nora@example.org", **fields)


class FormTests(ClaimCase):
    def test_is_the_same_for_every_comment_there_is_or_is_not(self):
        rejected = bring_to(self.write(text="Gone."), State.REJECTED)
        mine, members = self.write(), make_comment(self.article, self.ada)
        unproven = self.write(text="Not yet.", is_proven=False)
        pages = set()
        for key in (mine.key, members.key, rejected.key, unproven.key, to_key(new_id())):
            answer = self.client.get(f"/comments/{key}/claim/")
            self.client.cookies.clear()
            text = answer.content.decode().replace(key, "KEY")
            start = text.index('name="csrfmiddlewaretoken"')
            pages.add((answer.status_code, text[:start] + text[text.index(">", start) :]))
            self.assertIn("no-store", answer.headers["Cache-Control"])
        self.assertEqual([status for status, _page in pages], [200])

    def test_writes_nothing(self):
        comment = self.write()
        before = stored()
        self.client.get(f"/comments/{comment.key}/claim/")
        self.client.head(f"/comments/{comment.key}/claim/")
        self.assertEqual(stored(), before)


class AskTests(ClaimCase):
    def test_has_a_link_mailed_where_the_address_is_the_one(self):
        comment = self.write()
        answer = self.ask(comment.key, " NORA@Example.org ")
        self.assertRedirects(answer, "/guests/asked/", status_code=303)
        self.assertEqual(self.asked(), [(comment.pk, None, {})])

    def test_has_one_mailed_for_what_its_writer_alone_sees(self):
        for state in (State.REJECTED, State.ILLEGAL, State.SPAM):
            with self.subTest(state):
                comment = bring_to(self.write(text=f"Some {state}."), state)
                self.ask(comment.key)
                self.assertEqual(self.asked()[-1], (comment.pk, None, {}))

    def test_has_none_mailed_to_any_other_address(self):
        mine = self.write()
        members = make_comment(self.article, self.ada)
        for key, email in (
            (mine.key, "eve@example.org"),
            (members.key, self.ada.email),
            (to_key(new_id()), "n@e.org"),
        ):
            self.assertRedirects(self.ask(key, email), "/guests/asked/", status_code=303)
        self.assertEqual(self.asked(), [])

    def test_has_none_mailed_where_a_guest_used_a_members_address(self):
        """The member's own comments are the account's; the address opens what was written by it as a guest alone."""
        guests = make_guest_comment(self.article, email=self.ada.email)
        members = make_comment(self.article, self.ada)
        self.ask(members.key, self.ada.email)
        self.assertEqual(self.asked(), [])
        self.ask(guests.key, self.ada.email)
        self.assertEqual(self.asked(), [(guests.pk, None, {})])

    def test_has_none_mailed_for_what_is_not_proven_or_was_taken_back(self):
        unproven = self.write(text="Not yet.", is_proven=False)
        erased = bring_to(self.write(text="Erased."), State.ERASED)
        for comment in (unproven, erased):
            self.ask(comment.key)
        self.assertEqual(self.asked(), [])

    def test_answers_byte_for_byte_alike_whether_it_is_the_one_or_not(self):
        comment = self.write()
        answers = []
        for key, email in (
            (comment.key, "nora@example.org"),
            (comment.key, "eve@example.org"),
            (to_key(new_id()), "n@e.org"),
        ):
            self.client.cookies.clear()
            answer = self.ask(key, email)
            answers.append((answer.status_code, dict(answer.headers), answer.content, answer.cookies.output()))
        self.assertEqual(answers[0], answers[1])
        self.assertEqual(answers[0], answers[2])
        self.assertEqual(len(self.asked()), 1)

    def test_leads_to_a_page_that_is_the_same_for_everybody(self):
        page = self.client.get("/guests/asked/")
        self.assertContains(page, "If this comment was written with that address, a link is on its way.")
        self.assertEqual(page.headers["Cache-Control"], "public, no-cache")

    def test_sends_nothing_itself(self):
        self.ask(self.write().key)
        self.assertEqual(mail.outbox, [])


class RefusalTests(ClaimCase):
    def check(self, answer, status: int, words: str, email: str) -> None:
        self.assertContains(answer, words, status_code=status)
        self.assertContains(answer, f'value="{email}"' if email else 'name="email"', status_code=status)
        self.assertEqual(self.asked(), [])

    def test_no_address(self):
        self.check(self.ask(self.write().key, ""), 400, "Write your e-mail address.", "")

    def test_no_field_at_all(self):
        answer = self.client.post(f"/comments/{self.write().key}/claim/", headers={"sec-fetch-site": "same-origin"})
        self.check(answer, 400, "Write your e-mail address.", "")

    def test_what_is_no_address(self):
        self.check(self.ask(self.write().key, "nora"), 400, "Write an e-mail address such as", "nora")

    def test_a_form_that_may_come_from_another_site(self):
        answer = self.ask(self.write().key, site="cross-site")
        self.check(answer, 403, "Send it once more.", "nora@example.org")
        self.assertEqual(LimitWindow.objects.count(), 0)

    @override_settings(MAIL_LIMITS=[(2, 3600)])
    def test_too_much_mail_to_an_address_whether_or_not_it_is_the_one(self):
        mine = self.write()
        for email in ("nora@example.org", "eve@example.org"):
            with self.subTest(email):
                Event.objects.all().delete()
                for _ in range(2):
                    self.assertEqual(self.ask(mine.key, email).status_code, 303)
                Event.objects.all().delete()
                answer = self.ask(mine.key, email.upper())
                self.check(answer, 429, "That is too many at once.", email.upper())
                self.assertIn("Retry-After", answer.headers)

    @override_settings(MAIL_NETWORK_LIMITS=[(2, 3600)])
    def test_too_much_mail_from_a_network(self):
        mine = self.write()
        for number in range(2):
            self.ask(mine.key, f"nora-{number}@example.org")
        self.check(self.ask(mine.key), 429, "That is too many at once.", "nora@example.org")

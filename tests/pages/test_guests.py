"""Comments by people without an account, from the form to the page that sends them to their mail."""

import re
from html import unescape

from django.test import override_settings

from accounts import guests
from accounts.models import Guest, GuestLink, User
from comments import services
from comments.checking import Result
from comments.models import Comment
from comments.states import State
from moderation.forms_guard import read_token
from skycrumbs.problems import Forbidden
from tests.clock import later
from tests.factories import make_guest_comment, make_user
from tests.pages.compose_case import FORM, ComposeCase

SAME_ORIGIN = {"sec-fetch-site": "same-origin"}
NORA = {"name": "Nora", "email": "nora@example.org"}


def refuse(submission):
    raise Forbidden("You are kept from commenting.")


def look(submission) -> Result:
    """A check that notes what it was given."""
    seen.append((submission.network, submission.form, submission.guest))
    return Result()


seen: list = []


class GuestCase(ComposeCase):
    def prove(self, email: str = "nora@example.org") -> Guest:
        """Let this browser act as the guest with that address."""
        guest = guests.guest_of(email)
        self.client.cookies["__Host-skyedit"] = guests.make_link(guest, GuestLink.Purpose.SESSION)
        return guest

    def typed(self, answer) -> dict:
        """What stands in the two visible fields."""
        html = answer.content.decode()
        fields = re.findall(r'<input type="(?:text|email)" name="(name|email)"(?: value="([^"]*)")?', html)
        return {name: unescape(value) for name, value in fields}

    def check_nothing_is_stored(self) -> None:
        self.assertEqual((Comment.objects.count(), Guest.objects.count()), (0, 0))


class AskingTests(GuestCase):
    """Who presses a button without being signed in is asked who they are, on the preview."""

    def test_shows_the_text_and_asks_for_name_and_address(self):
        answer = self.send("Some *words*.", section="nests")
        self.assertContains(answer, "Some <em>words</em>.")
        self.assertEqual(self.typed(answer), {"name": "", "email": ""})
        carried = self.carried(answer)
        self.assertEqual((carried["text"], carried["section"]), ("Some *words*.", "nests"))
        self.assertNotContains(answer, "errorlist")
        self.assertEqual(answer.headers["Cache-Control"], "private, no-store")
        self.check_nothing_is_stored()

    def test_offers_to_sign_in_as_well(self):
        link = "/accounts/login/?next=%2Farticles%2Fbirds%2Fcomment%2F%3Fsection%3Dnests"
        for do in ("post", "preview"):
            self.assertContains(self.send(do=do, section="nests"), f'href="{link}"')

    def test_says_what_the_address_is_for(self):
        self.assertContains(self.send(), "Only to confirm that it is you. It is shown to nobody.")

    def test_asks_nobody_who_is_signed_in(self):
        answer = self.send_signed_in(do="preview")
        self.assertEqual(self.typed(answer), {})
        self.assertNotContains(answer, "Post it as a guest")

    def test_fills_nothing_in_that_was_not_typed(self):
        self.prove()
        answer = self.send()
        self.assertEqual(self.typed(answer), {"name": "", "email": ""})
        self.assertNotContains(answer, "nora@")

    def test_the_form_on_kept_pages_is_as_ever(self):
        for path in (FORM, "/articles/birds/"):
            html = self.client.get(path).content.decode()
            self.assertEqual(self.typed(self.client.get(path)), {})
            self.assertNotIn("csrfmiddlewaretoken", html)
            self.prove()
            self.assertEqual(self.client.get(path).content.decode(), html)
            self.client.cookies.clear()


class PostTests(GuestCase):
    def test_stores_a_comment_that_waits_for_proof_and_leads_to_the_mail(self):
        answer = self.send("On *all* of it.", **NORA)
        self.assertRedirects(answer, "/comments/sent/", status_code=303)
        comment = Comment.objects.get()
        self.assertEqual((comment.state, comment.state_reason), (State.HELD, "confirm_email"))
        self.assertEqual(
            (comment.author, comment.writer_name, comment.guest.email), (None, "Nora", "nora@example.org")
        )
        self.assertEqual(comment.text.source, "On *all* of it.")

    def test_stores_one_on_a_passage_on_a_section_and_below_a_comment(self):
        self.send(**NORA, **self.at("sing at dawn"))
        self.assertEqual(Comment.objects.latest("pk").anchor.exact, "sing at dawn")
        self.send("Another.", **NORA, section="nests")
        self.assertEqual(Comment.objects.latest("pk").section.key, "nests")
        parent = make_guest_comment(self.article)
        self.send("A reply.", **NORA, parent=parent.key)
        self.assertEqual(Comment.objects.latest("pk").parent, parent)

    def test_posts_what_the_preview_holds_by_its_token(self):
        asked = self.client.post(FORM, {"text": "A thought.", "do": "post", **NORA, **self.at("sing at dawn")})
        self.assertEqual(Comment.objects.count(), 0)
        sent = self.client.post(FORM, self.carried(asked) | self.typed(asked) | {"do": "post"})
        self.assertRedirects(sent, "/comments/sent/", status_code=303)
        self.assertEqual(Comment.objects.get().anchor.exact, "sing at dawn")

    def test_shows_nothing_of_it_to_anybody(self):
        paths = ["/", "/articles/birds/", "/api/v1/comments/", "/api/v1/articles/birds/"]
        before = {path: self.client.get(path).content for path in paths}
        self.send(**NORA, **self.at("sing at dawn"))
        comment = Comment.objects.get()
        self.assertEqual({path: self.client.get(path).content for path in paths}, before)
        root = make_user("Root", is_staff=True, is_superuser=True)
        for viewer in (None, root, "guest"):
            self.client.logout()
            if viewer == root:
                self.client.force_login(root)
            elif viewer:
                self.prove()
            for path in (f"/comments/{comment.key}/", f"/api/v1/comments/{comment.key}/"):
                self.assertEqual(self.client.get(path).status_code, 404, (viewer, path))

    def test_leads_everybody_to_the_same_page(self):
        make_user("Ada", email="ada@example.org")
        answers = [self.send(name="Ada", email=email) for email in ("ada@example.org", "nora@example.org")]
        self.assertEqual({answer.headers["Location"] for answer in answers}, {"/comments/sent/"})
        self.assertEqual(len({answer.content for answer in answers}), 1)
        page = self.client.get("/comments/sent/")
        self.assertContains(page, "The link works for 7 days.")
        self.assertEqual(page.headers["Cache-Control"], "public, no-cache")

    def test_changes_nothing_of_the_member_with_that_name_and_address(self):
        self.ada.emailaddress_set.create(email=self.ada.email, verified=True, primary=True)
        before = User.objects.filter(pk=self.ada.pk).values().get()
        addresses = list(self.ada.emailaddress_set.values())
        self.send(name="Ada", email=self.ada.email.upper())
        self.assertEqual(User.objects.filter(pk=self.ada.pk).values().get(), before)
        self.assertEqual(list(self.ada.emailaddress_set.values()), addresses)
        self.assertEqual((Comment.objects.get().author, User.objects.count()), (None, 1))
        self.client.force_login(self.ada)
        self.assertNotContains(self.client.get("/me/"), "A thought.")

    def test_posts_as_the_account_where_one_was_signed_in_meanwhile(self):
        self.send_signed_in(**NORA)
        comment = Comment.objects.get()
        self.assertEqual((comment.author, comment.guest, Guest.objects.count()), (self.ada, None, 0))

    def test_makes_one_comment_of_a_form_that_is_sent_twice(self):
        with override_settings(DOUBLE_POST_SECONDS=60):
            answers = [self.send(**NORA) for _ in range(2)]
        self.assertEqual([answer.status_code for answer in answers], [303, 303])
        self.assertEqual(Comment.objects.count(), 1)

    def test_sets_nothing_that_was_not_asked_for(self):
        self.send(**NORA, visibility="private", state="approved", author="1", is_proven="1")
        comment = Comment.objects.get()
        self.assertEqual((comment.kind, comment.visibility, comment.state), ("comment", "public", "held"))

    @override_settings(COMMENT_CHECKS=["tests.pages.test_guests.look"])
    def test_gives_the_checks_what_the_form_carried_and_where_it_came_from(self):
        seen.clear()
        self.send(**NORA, website="http://spam.example/", guard="a token")
        (network, form, guest) = seen[0]
        self.assertEqual((network, form.trap, form.token), ("127.0.0.1", "http://spam.example/", "a token"))
        self.assertEqual(guest, services.GuestName("Nora", "nora@example.org", is_proven=False))


class ProvenTests(GuestCase):
    """A browser that proved an address in the last quarter of an hour needs no mail for it."""

    def test_posts_at_once(self):
        guest = self.prove()
        answer = self.send(name="Nora B.", email=" NORA@example.org")
        comment = Comment.objects.get()
        self.assertRedirects(answer, f"/articles/birds/#comment-{comment.key}", status_code=303)
        self.assertEqual((comment.state, comment.guest, comment.writer_name), (State.OPEN, guest, "Nora B."))

    @override_settings(COMMENT_CHECKS=["tests.factories.hold"])
    def test_leads_to_the_comments_own_page_when_it_is_held(self):
        self.prove()
        answer = self.send(**NORA)
        comment = Comment.objects.get()
        self.assertRedirects(answer, f"/comments/{comment.key}/", status_code=303)
        self.assertContains(self.client.get(f"/comments/{comment.key}/"), "Held for review.")

    def test_proves_no_other_address(self):
        self.prove("eve@example.org")
        self.assertRedirects(self.send(**NORA), "/comments/sent/", status_code=303)
        self.assertEqual(Comment.objects.get().state_reason, "confirm_email")

    def test_ends_after_a_quarter_of_an_hour(self):
        self.prove()
        with later(minutes=15):
            self.assertRedirects(self.send(**NORA), "/comments/sent/", status_code=303)

    def test_is_no_matter_of_a_cookie_that_was_made_up(self):
        for cookie in ("x", "é" * 43, "A" * 5000):
            self.client.cookies["__Host-skyedit"] = cookie
            self.assertRedirects(self.send(cookie[:9], **NORA), "/comments/sent/", status_code=303)

    def test_no_mailed_link_serves_as_the_cookie(self):
        guest = guests.guest_of("nora@example.org")
        for purpose in (GuestLink.Purpose.PROVE, GuestLink.Purpose.MANAGE):
            self.client.cookies["__Host-skyedit"] = guests.make_link(guest, purpose)
            self.assertRedirects(self.send(purpose, **NORA), "/comments/sent/", status_code=303)


class RefusalTests(GuestCase):
    """Nothing half done: whatever is wrong, nothing is stored and everything typed comes back."""

    def check(self, words: str, status: int = 400, **fields) -> None:
        sent = NORA | fields
        answer = self.send("What I *typed*.", **sent, **self.at("sing at dawn"))
        self.assertContains(answer, words, status_code=status)
        carried = self.carried(answer)
        self.assertEqual((carried["text"], carried["exact"]), ("What I *typed*.", "sing at dawn"))
        self.assertEqual(self.typed(answer), sent)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.check_nothing_is_stored()
        return answer

    def test_no_name(self):
        answer = self.check("Write the name others should see.", name="")
        self.assertContains(answer, 'aria-invalid="true"', count=1, status_code=400)

    def test_no_address(self):
        self.check("Write your e-mail address.", email="")

    def test_neither(self):
        answer = self.check("Write the name others should see.", name="", email="")
        self.assertContains(answer, "Write your e-mail address.", status_code=400)

    def test_what_is_no_address(self):
        self.check("Write an e-mail address such as name@example.org.", email="nora")

    def test_an_address_with_a_line_of_its_own(self):
        for end in ("\n", "\r\n"):
            answer = self.send(name="Nora", email=f"nora@example.org{end}Bcc: eve@example.org")
            self.assertContains(answer, "Write an e-mail address such as", status_code=400)
        self.check_nothing_is_stored()

    def test_an_address_too_long_for_mail(self):
        self.check("Use at most 254 characters.", email="n" * 250 + "@example.org")

    def test_a_name_with_a_control_character(self):
        self.check("The character U+001B cannot be used here.", name="No\x1bra")

    def test_a_name_with_a_null_character(self):
        answer = self.send(name="No\0ra", email="nora@example.org")
        self.assertContains(answer, "The character U+0000 cannot be used here.", count=1, status_code=400)
        self.assertContains(answer, "<li>", count=1, status_code=400)

    def test_a_form_with_half_of_the_fields(self):
        answer = self.send(email="nora@example.org")
        self.assertContains(answer, "Write the name others should see.", status_code=400)

    def test_a_name_written_backwards(self):
        answer = self.check("The character U+202E cannot be used here.", name="\u202earoN")
        self.assertContains(answer, "<b>You</b>", status_code=400)

    def test_a_name_of_look_alikes(self):
        self.check("with the letters of one alphabet.", name="N\u043era")

    def test_a_name_of_five_thousand_marks(self):
        self.check("Use at most 60 characters.", name="N" + "\u0301" * 5000)

    def test_the_name_of_staff(self):
        make_user("Mo Mot", is_staff=True)
        self.check("Somebody who writes or works for this site goes by that name.", name="mo mot")

    def test_a_name_that_is_markup_is_text(self):
        answer = self.send(name="<script>alert(1)</script>", email="")
        self.assertContains(answer, "<b><bdi>&lt;script&gt;alert(1)&lt;/script&gt;</bdi></b>", status_code=400)
        self.assertNotContains(answer, "<script>alert", status_code=400)

    @override_settings(COMMENT_CHECKS=["tests.pages.test_guests.refuse"])
    def test_what_a_check_will_not_have(self):
        self.check("You are kept from commenting.", status=403)

    def test_nothing_is_asked_of_a_text_that_cannot_stand(self):
        answer = self.send("", **NORA)
        self.assertContains(answer, "Write something first.", status_code=400)
        self.check_nothing_is_stored()

    def test_a_form_that_may_come_from_another_site(self):
        answer = self.send(site="cross-site", **NORA)
        self.assertContains(answer, "Nothing is posted yet.")
        self.assertEqual(self.typed(answer), NORA)
        self.check_nothing_is_stored()


class ChangeTests(GuestCase):
    def test_takes_name_and_address_along_and_brings_them_back(self):
        form = self.send("Half a thou", do="change", section="nests", **NORA)
        carried = self.carried(form)
        self.assertLessEqual({"text": "Half a thou", "section": "nests", **NORA}.items(), carried.items())
        self.assertEqual(self.typed(self.client.post(FORM, carried | {"do": "preview"})), NORA)
        self.check_nothing_is_stored()

    def test_does_not_look_like_a_program_when_it_is_posted_from_there(self):
        for text in ("Half a thou", ""):
            form = self.send(text, do="change" if text else "post", **NORA)
            with self.subTest(text), override_settings(COMMENT_CHECKS=["tests.pages.test_guests.look"]):
                seen.clear()
                self.client.post(FORM, self.carried(form) | {"text": "A thought.", "do": "post"}, headers=SAME_ORIGIN)
                (_network, posted, _guest) = seen[0]
                self.assertEqual((posted.trap, read_token(posted.token) is not None), ("", True))

    def test_takes_them_along_past_a_text_that_cannot_stand(self):
        carried = self.carried(self.send("", **NORA))
        self.assertEqual((carried["name"], carried["email"]), ("Nora", "nora@example.org"))

    def test_takes_nothing_along_that_was_not_asked(self):
        self.assertEqual(self.carried(self.send("Half a thou", do="change")), {"text": "Half a thou"})

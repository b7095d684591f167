import re

from django.test import Client, TestCase

from accounts.models import Guest, User
from delivery.stopping import stop_link
from tests.factories import make_user


class MailCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.ada, cls.grace = make_user("Ada", email="ada@example.org"), make_user("Grace")

    def setUp(self):
        self.client = Client(enforce_csrf_checks=True)

    def wanted(self) -> dict[str, bool]:
        return dict(User.objects.values_list("name", "wants_reply_mail"))


class StopTests(MailCase):
    def setUp(self):
        super().setUp()
        self.path = stop_link(self.ada).removeprefix("https://testserver")

    def test_is_asked_with_one_button(self):
        answer = self.client.get(self.path)
        self.assertContains(answer, "Stop mail about replies?")
        self.assertContains(answer, f'<form method="post" action="{self.path}">')
        self.assertContains(answer, "<button", count=1)

    def test_writes_nothing_when_it_is_only_looked_at(self):
        self.client.get(self.path)
        self.client.head(self.path)
        self.assertEqual(self.wanted(), {"Ada": True, "Grace": True})

    def test_stops_it_for_one_person_as_a_mail_program_asks(self):
        """RFC 8058, section 3.2: a POST with this one field, no cookies, and no redirect for an answer."""
        answer = self.client.post(self.path, {"List-Unsubscribe": "One-Click"})
        self.assertContains(answer, "Stopped", status_code=200)
        self.assertEqual(self.wanted(), {"Ada": False, "Grace": True})

    def test_stops_it_from_its_own_page_and_from_any_other(self):
        for site in ("same-origin", "cross-site", "none"):
            User.objects.update(wants_reply_mail=True)
            self.assertEqual(self.client.post(self.path, headers={"sec-fetch-site": site}).status_code, 200)
            self.assertEqual(self.wanted(), {"Ada": False, "Grace": True})

    def test_says_so_from_then_on_however_often_it_is_asked(self):
        self.client.post(self.path)
        for answer in (self.client.post(self.path), self.client.get(self.path)):
            self.assertContains(answer, "You get no mail any more when somebody replies to you.")
            self.assertNotContains(answer, "<button")

    def test_is_for_who_has_the_link_whoever_is_signed_in(self):
        self.client.force_login(self.grace)
        self.client.post(self.path)
        self.assertEqual(self.wanted(), {"Ada": False, "Grace": True})

    def test_names_nobody_and_is_kept_by_nobody(self):
        for answer in (self.client.get(self.path), self.client.post(self.path)):
            self.assertNotContains(answer, "Ada")
            self.assertNotContains(answer, "ada@example.org")
            self.assertEqual(answer.headers["Cache-Control"], "private, no-store")

    def test_stops_it_for_a_guest_who_has_no_page_of_their_own(self):
        guest = Guest.objects.create(email="nora@example.org", wants_reply_mail=True)
        path = stop_link(guest).removeprefix("https://testserver")
        self.assertContains(self.client.get(path), "Stop mail about replies?")
        answer = self.client.post(path, {"List-Unsubscribe": "One-Click"})
        self.assertContains(answer, "You get no mail any more when somebody replies to you.")
        self.assertNotContains(answer, "Your page")
        self.assertNotContains(answer, "nora@example.org")
        guest.refresh_from_db()
        self.assertFalse(guest.wants_reply_mail)
        self.assertEqual(self.wanted(), {"Ada": True, "Grace": True})

    def test_is_not_there_for_a_token_that_is_not_ours(self):
        for path in ("/mail/stop/x/", f"/mail/stop/{self.ada.pk}/", f"{self.path[:-2]}/"):
            for answer in (self.client.get(path), self.client.post(path)):
                self.assertEqual(answer.status_code, 404)
        self.assertEqual(self.wanted(), {"Ada": True, "Grace": True})

    def test_takes_nothing_but_a_look_and_a_form(self):
        self.assertEqual(self.client.put(self.path).status_code, 405)


class SwitchTests(MailCase):
    def send(self, replies="off", viewer=None, site="same-origin"):
        self.client.logout()
        if viewer:
            self.client.force_login(viewer)
        return self.client.post("/me/mail/", {"replies": replies}, headers={"sec-fetch-site": site})

    def test_says_how_it_stands_and_offers_the_other(self):
        self.client.force_login(self.ada)
        answer = self.client.get("/me/")
        self.assertContains(answer, "You get a mail when somebody replies to you.")
        self.assertContains(answer, '<input type="hidden" name="replies" value="off">', html=True)
        User.objects.update(wants_reply_mail=False)
        answer = self.client.get("/me/")
        self.assertContains(answer, "You get no mail when somebody replies to you.")
        self.assertContains(answer, '<input type="hidden" name="replies" value="on">', html=True)

    def test_is_on_nobodys_page_but_ones_own(self):
        self.assertNotContains(self.client.get("/me/"), "/me/mail/")

    def test_is_switched_off_and_on(self):
        answer = self.send("off", self.ada)
        self.assertRedirects(answer, "/me/", status_code=303, fetch_redirect_response=False)
        self.assertEqual(self.wanted(), {"Ada": False, "Grace": True})
        self.send("on", self.ada)
        self.assertEqual(self.wanted(), {"Ada": True, "Grace": True})

    def test_is_switched_once_by_a_form_sent_twice(self):
        self.send("off", self.ada)
        self.send("off", self.ada)
        self.assertEqual(self.wanted()["Ada"], False)

    def test_its_own_token_is_proof_enough(self):
        self.client.force_login(self.ada)
        html = self.client.get("/me/").content.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html)[1]
        answer = self.client.post("/me/mail/", {"replies": "off", "csrfmiddlewaretoken": token})
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(self.wanted()["Ada"], False)

    def test_is_not_switched_by_another_site(self):
        answer = self.send("off", self.ada, site="cross-site")
        self.assertContains(answer, "We could not tell whether this came from you.", status_code=403)
        self.assertContains(answer, '<a class="button" href="/me/">Back to your page</a>', status_code=403, html=True)
        self.assertEqual(self.wanted()["Ada"], True)

    def test_is_not_switched_by_nobody(self):
        self.assertContains(self.send("off"), "You are signed out.", status_code=403)
        self.assertEqual(self.wanted(), {"Ada": True, "Grace": True})

    def test_is_not_switched_to_what_is_neither(self):
        for replies in ("", "maybe", "ON"):
            answer = self.send(replies, self.ada)
            self.assertContains(answer, "Choose whether you want mail or not.", status_code=400)
        self.assertEqual(self.wanted()["Ada"], True)

    def test_takes_forms_alone(self):
        self.client.force_login(self.ada)
        self.assertEqual(self.client.get("/me/mail/").status_code, 405)

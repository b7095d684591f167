import re
from html import unescape

from django.test import override_settings

from accounts import guests
from articles.models import Article
from comments import services
from comments.states import State
from pages.viewers import SESSION
from tests.clock import later
from tests.factories import make_comment, make_guest_comment
from tests.pages.comment_case import CommentCase


class EditTests(CommentCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.comment = make_comment(cls.article, cls.ada, "The <first> text.", quote="Small birds")

    def change(self, text: str = "A better text.", *, viewer=None, version: object = 2, **kwargs):
        return self.send(self.comment, "edit/", viewer or self.ada, text=text, version=version, **kwargs)

    def check_typed(self, answer, text: str) -> None:
        area = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", answer.content.decode(), re.DOTALL)
        self.assertEqual(unescape(area[1]), text)
        self.assertContains(answer, "csrfmiddlewaretoken", status_code=answer.status_code)

    def test_the_form_holds_the_text_and_a_token(self):
        answer = self.get(self.comment, "edit/", self.ada)
        self.check_typed(answer, "The <first> text.")
        self.assertContains(answer, '<input type="hidden" name="version" value="2"')
        self.assertContains(answer, "Small birds")
        self.assertEqual(answer.headers["Cache-Control"], "private, no-store")

    def test_saves_and_leads_back(self):
        answer = self.change()
        self.assertRedirects(answer, f"/articles/birds/#comment-{self.comment.key}", status_code=303)
        self.comment.refresh_from_db()
        self.assertEqual(self.comment.public_revision.source, "A better text.")

    @override_settings(COMMENT_CHECKS=["tests.factories.hold"])
    def test_leads_among_the_others_when_the_edit_waits(self):
        self.assertRedirects(self.change(), f"/articles/birds/#comment-{self.comment.key}", status_code=303)

    def test_its_own_token_is_proof_enough(self):
        form = self.get(self.comment, "edit/", self.ada).content.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)[1]
        data = {"text": "A better text.", "version": 2, "csrfmiddlewaretoken": token}
        answer = self.client.post(f"/comments/{self.comment.key}/edit/", data)
        self.assertEqual(answer.status_code, 303)

    def test_nothing_is_changed_without_proof_and_the_text_comes_back(self):
        answer = self.change(site="cross-site")
        self.assertContains(answer, "We could not tell whether this came from you.", status_code=403)
        self.check_typed(answer, "A better text.")
        self.comment.refresh_from_db()
        self.assertEqual(self.comment.head_revision.source, "The <first> text.")

    def test_gives_the_text_back_when_the_session_ended_meanwhile(self):
        answer = self.send(self.comment, "edit/", text="A better text.", version=2)
        self.assertContains(answer, "You are signed out", status_code=403)
        self.check_typed(answer, "A better text.")
        self.comment.refresh_from_db()
        self.assertEqual(self.comment.head_revision.source, "The <first> text.")

    def test_gives_nobody_words_that_another_sites_page_sent(self):
        for key, status in ((self.comment.key, 302), ("A" * 22, 404)):
            for site in ("cross-site", "same-site"):
                with self.subTest(key=key, site=site):
                    path, data = f"/comments/{key}/edit/", {"text": "Words of theirs.", "version": 1}
                    answer = self.client.post(path, data, headers={"sec-fetch-site": site})
                    self.assertEqual(answer.status_code, status)
                    self.assertNotIn("Words of theirs.", answer.content.decode())

    def test_gives_the_text_back_of_what_nobody_else_reads_and_tells_nothing_of_it(self):
        note = make_comment(self.article, self.ada, "Mine alone.", kind="note", visibility="private")
        for key in (note.key, "A" * 22):
            for act in ("edit", "correct"):
                with self.subTest(key=key, act=act):
                    path, data = f"/comments/{key}/{act}/", {"text": "A <better> text.", "version": 1}
                    answer = self.client.post(path, data, headers={"sec-fetch-site": "same-origin"})
                    self.assertContains(answer, 'href="/accounts/login/"', status_code=403)
                    self.assertContains(answer, f'href="/comments/{key}/claim/"', status_code=403)
                    self.check_typed(answer, "A <better> text.")
                    self.assertNotContains(answer, "Mine alone.", status_code=403)
                    self.assertNotContains(answer, "Birds", status_code=403)
        answer = self.send(note, "edit/", self.grace, text="A", version=1)
        self.assertEqual(answer.status_code, 404)
        answer = self.send(note, "edit/", self.ada, text="A <better> text.", version=note.version)
        self.assertRedirects(answer, f"/comments/{note.key}/", status_code=303)

    def test_refuses_a_bad_text_and_gives_it_back(self):
        for text, words in (("", "Write something first."), ("a" * 5001, "Use at most 5000 characters.")):
            with self.subTest(words):
                answer = self.change(text)
                self.assertContains(answer, words, status_code=400)
                self.check_typed(answer, text)

    def test_refuses_a_form_that_does_not_say_which_version(self):
        for version in ("", "x", "0"):
            with self.subTest(version):
                self.check_typed(self.change(version=version), "A better text.")
                self.assertEqual(self.change(version=version).status_code, 400)

    def test_refuses_a_version_that_changed_and_takes_it_when_sent_again(self):
        services.edit(self.comment, by=self.ada, text="From another window.")
        answer = self.change()
        self.assertContains(answer, "The comment changed since you read it.", status_code=409)
        self.check_typed(answer, "A better text.")
        self.assertContains(answer, '<input type="hidden" name="version" value="3"', status_code=409)
        self.assertEqual(self.change(version=3).status_code, 303)

    def test_refuses_when_the_discussion_was_closed(self):
        Article.objects.update(is_open=False)
        answer = self.change()
        self.assertContains(answer, "This discussion is closed.", status_code=409)
        self.check_typed(answer, "A better text.")

    @override_settings(COMMENT_CHECKS=["tests.factories.refuse"])
    def test_refuses_too_many_at_once(self):
        answer = self.change()
        self.assertContains(answer, "That is too many at once.", status_code=429)
        self.assertIn(int(answer.headers["Retry-After"]), range(1, 3601))
        self.check_typed(answer, "A better text.")

    def test_is_for_its_author_alone(self):
        for answer in (self.get(self.comment, "edit/", self.grace), self.change(viewer=self.grace)):
            self.assertContains(answer, "This is not yours to open", status_code=403)

    def test_nobody_is_asked_to_sign_in_and_led_back(self):
        login = f"/accounts/login/?next=/comments/{self.comment.key}/edit/"
        self.assertRedirects(self.get(self.comment, "edit/"), login, fetch_redirect_response=False)

    def test_is_not_there_for_what_cannot_be_read(self):
        held = make_comment(self.article, self.ada, state=State.HELD)
        gone = make_comment(self.article, self.ada, state=State.WITHDRAWN)
        self.assertEqual(self.get(held, "edit/", self.grace).status_code, 404)
        self.assertEqual(self.get(gone, "edit/", self.ada).status_code, 410)

    def test_is_refused_once_it_was_removed_as_spam(self):
        removed = make_comment(self.article, self.ada, state=State.SPAM)
        self.assertEqual(self.get(removed, "edit/", self.ada).status_code, 403)
        self.assertContains(
            self.send(removed, "edit/", self.ada, text="Anew.", version=3), "Only its author", status_code=403
        )

    def test_of_a_rejected_comment_goes_back_to_the_moderators(self):
        rejected = make_comment(self.article, self.ada, state=State.REJECTED)
        answer = self.send(rejected, "edit/", self.ada, text="Kinder words.", version=rejected.version)
        self.assertRedirects(answer, f"/comments/{rejected.key}/", status_code=303)
        rejected.refresh_from_db()
        self.assertEqual((rejected.state, rejected.state_reason), ("held", "resubmitted"))

    def test_leads_to_the_correction_when_the_time_is_over(self):
        with later(minutes=16):
            answer = self.get(self.comment, "edit/", self.ada)
        self.assertRedirects(answer, f"/comments/{self.comment.key}/correct/", fetch_redirect_response=False)

    def test_gives_the_text_back_and_the_way_to_a_correction_when_somebody_answered_meanwhile(self):
        make_comment(self.article, self.grace, parent=self.comment)
        with later(minutes=3):
            answer = self.change()
        self.assertContains(answer, "This text can no longer be replaced.", status_code=409)
        self.check_typed(answer, "A better text.")
        self.assertContains(answer, f'href="/comments/{self.comment.key}/correct/"', status_code=409)

    def test_a_guest_edits_by_the_cookie_of_a_proven_address_and_by_nothing_else(self):
        comment = make_guest_comment(self.article, "Nora")
        path, data = f"/comments/{comment.key}/edit/", {"text": "A better text.", "version": comment.version}
        answer = self.client.post(path, data, headers={"sec-fetch-site": "same-origin"})
        self.assertContains(answer, "You are signed out", status_code=403)
        self.client.cookies["__Host-skyedit"] = guests.make_link(comment.guest, SESSION)
        answer = self.client.post(path, data, headers={"sec-fetch-site": "same-origin"})
        self.assertEqual(answer.status_code, 303)
        comment.refresh_from_db()
        self.assertEqual(comment.head_revision.source, "A better text.")

    def test_another_guest_may_not(self):
        comment, other = make_guest_comment(self.article, "Nora"), make_guest_comment(self.article, "Nils")
        self.client.cookies["__Host-skyedit"] = guests.make_link(other.guest, SESSION)
        for act in ("edit", "withdraw", "correct"):
            self.assertEqual(self.client.get(f"/comments/{comment.key}/{act}/").status_code, 403)

    def test_a_highlight_may_be_left_without_words(self):
        painted = make_comment(self.article, self.ada, "Why.", kind="highlight", quote="birds sing")
        answer = self.send(painted, "edit/", self.ada, text="", version=2)
        self.assertRedirects(answer, f"/comments/{painted.key}/", status_code=303)


class CorrectTests(CommentCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.comment = make_comment(cls.article, cls.ada, "The first text.")

    def add(self, text: str = "It was dawn.", *, viewer=None, version: object = 2, **kwargs):
        return self.send(self.comment, "correct/", viewer or self.ada, text=text, version=version, **kwargs)

    def test_is_offered_once_the_text_can_no_longer_be_replaced(self):
        link = f'href="/comments/{self.comment.key}/correct/"'
        self.assertNotContains(self.get(self.comment, viewer=self.ada), link)
        with later(minutes=16):
            self.assertContains(self.get(self.comment, viewer=self.ada), link)
            self.assertContains(self.get(self.comment, "correct/", self.ada), "The first text.")
            self.assertNotContains(self.get(self.comment, viewer=self.grace), link)

    def test_adds_it_below_and_leads_back(self):
        with later(minutes=16):
            answer = self.add()
            self.assertRedirects(answer, f"/articles/birds/#comment-{self.comment.key}", status_code=303)
        page = self.get(self.comment)
        self.assertContains(page, "The first text.")
        self.assertContains(page, "It was dawn.")

    def test_is_refused_while_the_text_can_be_replaced(self):
        self.assertEqual(self.get(self.comment, "correct/", self.ada).status_code, 403)
        answer = self.add()
        self.assertContains(answer, "only once it can no longer be edited", status_code=403)
        self.assertContains(answer, "It was dawn.", status_code=403)

    def test_refuses_a_blank_one_and_another_version(self):
        with later(minutes=16):
            self.assertContains(self.add(" "), "Write something first.", status_code=400)
            self.assertContains(self.add(version=1), "The comment changed since you read it.", status_code=409)

    def test_is_for_its_author_alone(self):
        with later(minutes=16):
            self.assertEqual(self.get(self.comment, "correct/", self.grace).status_code, 403)
            self.assertEqual(self.add(viewer=self.grace).status_code, 403)
            self.assertEqual(self.get(self.comment, "correct/").status_code, 302)

    def test_changes_nothing_without_proof(self):
        with later(minutes=16):
            answer = self.add(site="cross-site")
        self.assertContains(answer, "We could not tell whether this came from you.", status_code=403)
        self.comment.refresh_from_db()
        self.assertEqual(self.comment.head_revision.corrections, [])

    def test_is_not_there_for_what_cannot_be_read(self):
        held = make_comment(self.article, self.ada, state=State.HELD)
        self.assertEqual(self.get(held, "correct/", self.grace).status_code, 404)

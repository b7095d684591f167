import re
from html import unescape

from django.contrib.auth.models import Permission
from django.test import Client, TestCase, override_settings

from articles import services as articles
from articles.models import Article
from comments import services
from comments.models import Comment
from comments.states import State
from skycrumbs.ids import new_id, to_key
from tests.factories import make_article, make_comment, make_user, revise
from tests.pages.crowds import make_crowd

SOURCE = "## Song\n\nSmall birds sing at dawn.\n"


class CommentCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.ada, cls.grace = make_user("Ada"), make_user("Grace")
        cls.article = make_article("birds", SOURCE, title="Birds")

    def setUp(self):
        self.client = Client(enforce_csrf_checks=True)

    def get(self, comment: Comment, act: str = "", viewer=None):
        self.client.logout()
        if viewer:
            self.client.force_login(viewer)
        return self.client.get(f"/comments/{comment.key}/{act}")

    def send(self, comment: Comment, act: str, viewer=None, site: str = "same-origin", **data):
        self.client.logout()
        if viewer:
            self.client.force_login(viewer)
        return self.client.post(f"/comments/{comment.key}/{act}", data, headers={"sec-fetch-site": site})


class PageTests(CommentCase):
    def test_shows_the_comment_and_its_passage(self):
        comment = make_comment(self.article, self.ada, "What I think.", quote="Small birds")
        answer = self.get(comment)
        self.assertContains(answer, "Comment by Ada")
        self.assertContains(answer, "What I think.")
        self.assertContains(answer, "Small birds")
        self.assertContains(answer, f'<a href="/articles/birds/#comment-{comment.key}" dir="auto">Birds</a>')
        self.assertNotContains(answer, "/edit/")

    def test_leads_to_the_article_alone_when_the_comment_is_not_on_its_first_page(self):
        painted = make_comment(self.article, self.ada, kind="highlight", quote="Small birds")
        held = make_comment(self.article, self.ada, state=State.HELD)
        make_crowd(self.article, self.ada, 50)
        later = make_comment(self.article, self.ada)
        for comment in (painted, held, later):
            answer = self.get(comment, viewer=self.ada)
            self.assertContains(answer, '<a href="/articles/birds/" dir="auto">Birds</a>', html=True)

    def test_shows_two_hundred_replies_at_a_time_and_counts_them_all(self):
        comment = make_comment(self.article, self.ada)
        replies = make_crowd(self.article, self.grace, 201, below=comment)
        first = self.get(comment)
        self.assertEqual([row.key for row in first.context["replies"]], [reply.key for reply in replies[:200]])
        self.assertContains(first, 'Replies <span class="count">201</span>')
        more = f'<a class="button quiet" href="?after={replies[199].key}#replies_title">More replies</a>'
        self.assertContains(first, more, html=True)
        second = self.get(comment, f"?after={replies[199].key}")
        self.assertEqual([row.key for row in second.context["replies"]], [replies[200].key])
        self.assertContains(second, 'Replies <span class="count">201</span>')
        self.assertNotContains(second, "?after=")

    def test_leads_nowhere_from_two_hundred_replies(self):
        comment = make_comment(self.article, self.ada)
        make_crowd(self.article, self.grace, 200, below=comment)
        self.assertNotContains(self.get(comment), "?after=")

    def test_goes_on_below_a_reply_that_was_removed_meanwhile(self):
        comment = make_comment(self.article, self.ada)
        make_comment(self.article, self.grace, parent=comment)
        removed = make_comment(self.article, self.grace, parent=comment)
        later = make_comment(self.article, self.grace, parent=comment)
        Comment.objects.filter(pk=removed.pk).update(state="spam", public_revision=None)
        rows = self.get(comment, f"?after={removed.key}").context["replies"]
        self.assertEqual([row.key for row in rows], [later.key])

    def test_cannot_go_on_below_what_is_no_reply_that_anybody_could_read(self):
        comment = make_comment(self.article, self.ada)
        reply = make_comment(self.article, self.grace, parent=comment)
        below = make_comment(self.article, self.grace, parent=reply)
        held = make_comment(self.article, self.ada, parent=comment, state=State.HELD)
        for key in (comment.key, below.key, held.key, "A" * 22, "x", ""):
            with self.subTest(key):
                self.assertEqual(self.get(comment, f"?after={key}", self.ada).status_code, 404)

    def test_names_whom_one_above_answers_by_a_link_that_is_not_dead(self):
        thread = [make_comment(self.article, self.ada)]
        for _ in range(66):
            thread.append(make_comment(self.article, self.ada, parent=thread[-1]))
        above = self.get(thread[66]).context["ancestors"]
        self.assertEqual([row.key for row in above], [one.key for one in [*thread[:64], thread[65]]])
        self.assertEqual(above[7].parent_url, f"#comment-{thread[6].key}")
        self.assertEqual(above[-1].parent_url, f"/comments/{thread[64].key}/")

    def test_is_kept_by_nobody(self):
        comment = make_comment(self.article, self.ada)
        self.assertEqual(self.get(comment).headers["Cache-Control"], "private, no-store")

    def test_shows_what_stands_above_and_below(self):
        root = make_comment(self.article, self.ada, "The root.")
        comment = make_comment(self.article, self.ada, "The middle.", parent=root)
        make_comment(self.article, self.ada, "A reply to it.", parent=comment)
        make_comment(self.article, self.ada, "A reply beside it.", parent=root)
        answer = self.get(comment)
        self.assertEqual([row.key for row in answer.context["ancestors"]], [root.key])
        self.assertEqual([row.html for row in answer.context["replies"]], ['<p dir="auto">A reply to it.</p>\n'])

    def test_finds_the_parent_at_the_deepest_level_of_a_thread(self):
        last = root = make_comment(self.article, self.ada)
        for _ in range(65):
            last = make_comment(self.article, self.ada, parent=last)
        ancestors = self.get(last).context["ancestors"]
        self.assertEqual((ancestors[0].key, ancestors[-1].key), (root.key, last.parent.key))
        self.assertEqual(len(ancestors), 65)

    def test_a_removed_comment_above_is_a_tombstone(self):
        root = make_comment(self.article, self.ada, "Canary.")
        comment = make_comment(self.article, self.grace, "A reply.", parent=root)
        Comment.objects.filter(pk=root.pk).update(state="spam", public_revision=None)
        answer = self.get(comment)
        self.assertContains(answer, "<p>Removed</p>", html=True)
        self.assertNotContains(answer, "Canary.")

    def test_offers_its_author_what_they_may_do(self):
        comment = make_comment(self.article, self.ada)
        for act in ("edit", "withdraw"):
            link = f'href="/comments/{comment.key}/{act}/"'
            self.assertContains(self.get(comment, viewer=self.ada), link)
            self.assertNotContains(self.get(comment, viewer=self.grace), link)

    def test_a_held_comment_is_there_for_its_author_alone(self):
        comment = make_comment(self.article, self.ada, "Canary.", state=State.HELD)
        self.assertContains(self.get(comment, viewer=self.ada), "Held for review.")
        self.assertEqual(self.get(comment).status_code, 404)
        self.assertEqual(self.get(comment, viewer=self.grace).status_code, 404)

    def test_a_private_note_is_there_for_its_author_alone(self):
        note = make_comment(self.article, self.ada, kind="note", visibility="private", quote="Small birds")
        self.assertContains(self.get(note, viewer=self.ada), "Private: only you see this.")
        moderator = make_user("Moderator")
        moderator.user_permissions.add(Permission.objects.get(codename="moderate_comment"))
        for viewer in (None, self.grace, moderator):
            self.assertEqual(self.get(note, viewer=viewer).status_code, 404)

    def test_an_edit_that_waits_is_shown_to_its_author(self):
        comment = make_comment(self.article, self.ada, "The first text.", state=State.HELD_EDIT)
        mine, theirs = self.get(comment, viewer=self.ada), self.get(comment, viewer=self.grace)
        self.assertContains(mine, "An edit that waits.")
        self.assertContains(mine, "Your change is held for review.")
        self.assertContains(theirs, "The first text.")
        self.assertNotContains(theirs, "An edit that waits.")
        self.assertNotContains(theirs, "held for review")

    def test_a_removed_comment_is_gone_for_others_and_there_for_its_author(self):
        comment = make_comment(self.article, self.ada, "Canary.", state=State.REJECTED)
        self.assertContains(self.get(comment, viewer=self.ada), "A moderator removed this comment.")
        self.assertContains(self.get(comment), "This was removed", status_code=410)
        self.assertNotContains(self.get(comment), "Canary.", status_code=410)

    def test_a_removed_comment_with_replies_is_there_for_a_moderator(self):
        comment = make_comment(self.article, self.ada, "Canary.")
        make_comment(self.article, self.grace, parent=comment)
        Comment.objects.filter(pk=comment.pk).update(state="spam", public_revision=None)
        moderator = make_user("Moderator")
        moderator.user_permissions.add(Permission.objects.get(codename="moderate_comment"))
        self.assertContains(self.get(comment, viewer=moderator), "Canary.")

    def test_a_withdrawn_comment_is_gone_for_its_author_too(self):
        comment = make_comment(self.article, self.ada, state=State.WITHDRAWN)
        for viewer in (None, self.ada):
            self.assertEqual(self.get(comment, viewer=viewer).status_code, 410)

    def test_is_404_when_its_article_is_not_public(self):
        comment = make_comment(self.article, self.ada)
        articles.unpublish(self.article, by=None)
        self.assertEqual(self.get(comment).status_code, 404)

    def test_is_404_for_what_is_no_comment(self):
        for key in (to_key(new_id()), "x", "A" * 21, "A" * 21 + "B"):
            with self.subTest(key):
                self.assertEqual(self.client.get(f"/comments/{key}/").status_code, 404)

    def test_asks_the_same_number_of_queries_for_any_number_of_replies(self):
        comment = make_comment(self.article, self.ada, quote="Small birds")
        reply = make_comment(self.article, self.grace, parent=comment)
        self.client.logout()
        with self.assertNumQueries(6):
            self.client.get(f"/comments/{reply.key}/")
        for _ in range(10):
            make_comment(self.article, make_user(), parent=reply)
        with self.assertNumQueries(6):
            self.client.get(f"/comments/{reply.key}/")

    def test_takes_no_post(self):
        comment = make_comment(self.article, self.ada)
        self.assertEqual(Client().post(f"/comments/{comment.key}/").status_code, 405)


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
        self.assertContains(answer, "You are signed out.", status_code=403)
        self.check_typed(answer, "A better text.")
        self.comment.refresh_from_db()
        self.assertEqual(self.comment.head_revision.source, "The <first> text.")

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

    @override_settings(COMMENT_LIMITS=[(0, 3600)])
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

    def test_is_refused_once_it_was_removed(self):
        removed = make_comment(self.article, self.ada, state=State.REJECTED)
        self.assertEqual(self.get(removed, "edit/", self.ada).status_code, 403)

    def test_a_highlight_may_be_left_without_words(self):
        painted = make_comment(self.article, self.ada, "Why.", kind="highlight", quote="birds sing")
        answer = self.send(painted, "edit/", self.ada, text="", version=2)
        self.assertRedirects(answer, f"/comments/{painted.key}/", status_code=303)


class WithdrawTests(CommentCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.comment = make_comment(cls.article, cls.ada, "What I said.")

    def check_still_there(self) -> None:
        self.comment.refresh_from_db()
        self.assertEqual(self.comment.state, State.OPEN)

    def test_asks_first_and_changes_nothing(self):
        answer = self.get(self.comment, "withdraw/", self.ada)
        self.assertContains(answer, "Withdraw this comment?")
        self.assertContains(answer, "What I said.")
        self.assertContains(answer, "csrfmiddlewaretoken")
        self.check_still_there()

    def test_withdraws_and_leads_to_the_article(self):
        answer = self.send(self.comment, "withdraw/", self.ada)
        self.assertRedirects(answer, "/articles/birds/", status_code=303)
        self.comment.refresh_from_db()
        self.assertEqual(self.comment.state, State.WITHDRAWN)

    def test_leads_to_ones_own_page_when_the_article_is_not_public(self):
        articles.unpublish(self.article, by=None)
        self.assertRedirects(self.send(self.comment, "withdraw/", self.ada), "/me/", status_code=303)

    def test_changes_nothing_without_proof(self):
        answer = self.send(self.comment, "withdraw/", self.ada, site="cross-site")
        self.assertContains(answer, "We could not tell whether this came from you.", status_code=403)
        self.check_still_there()

    def test_is_for_its_author_alone(self):
        self.assertEqual(self.send(self.comment, "withdraw/", self.grace).status_code, 403)
        self.check_still_there()

    def test_nobody_is_asked_to_sign_in(self):
        login = f"/accounts/login/?next=/comments/{self.comment.key}/withdraw/"
        answer = self.send(self.comment, "withdraw/")
        self.assertRedirects(answer, login, fetch_redirect_response=False)
        self.check_still_there()

    def test_is_gone_the_second_time(self):
        self.send(self.comment, "withdraw/", self.ada)
        self.assertEqual(self.send(self.comment, "withdraw/", self.ada).status_code, 410)

    def test_the_passage_it_was_on_is_painted_no_more(self):
        comment = make_comment(self.article, self.ada, quote="Small birds")
        revise(self.article, SOURCE + "\nMore.\n")
        self.send(comment, "withdraw/", self.ada)
        self.assertNotContains(self.client.get("/articles/birds/"), comment.key)

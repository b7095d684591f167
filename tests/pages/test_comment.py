from django.contrib.auth.models import Permission
from django.test import Client

from articles import services as articles
from comments import services
from comments.models import Comment, Decision
from comments.states import State
from comments.transitions import Grounds
from skycrumbs.ids import new_id, to_key
from tests.clock import later
from tests.factories import make_comment, make_guest_comment, make_user
from tests.pages.comment_case import CommentCase
from tests.pages.crowds import make_crowd


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

    def test_tells_its_author_what_the_moderator_wrote_and_nobody_else(self):
        comment = make_comment(self.article, self.ada)
        make_comment(self.article, self.grace, parent=comment)
        moderator = make_user("Moderator", is_superuser=True)
        grounds = Grounds(by=moderator, role=Decision.Role.MODERATOR, note="Please <b>stay</b> kind.")
        services.decide(comment, State.REJECTED, grounds, seen_version=comment.version)
        self.assertContains(self.get(comment, viewer=self.ada), "<p>Please &lt;b&gt;stay&lt;/b&gt; kind.</p>")
        for viewer, status in ((moderator, 200), (None, 410), (self.grace, 410)):
            self.assertNotContains(self.get(comment, viewer=viewer), "stay", status_code=status)

    def test_shows_corrections_below_the_text_and_when_they_were_made(self):
        comment = make_comment(self.article, self.ada, "Birds sing at dusk.")
        with later(minutes=16):
            services.correct(comment, by=self.ada, text="At *dawn*.")
        answer = self.get(comment)
        self.assertContains(answer, "Birds sing at dusk.")
        self.assertContains(answer, '<p dir="auto">At <em>dawn</em>.</p>')
        self.assertContains(answer, "Correction, ")

    def test_a_guest_is_told_from_members(self):
        comment = make_guest_comment(self.article, "Ada")
        self.assertContains(self.get(comment), '<span class="badge plain">Guest</span>', html=True)
        member = make_comment(self.article, self.ada)
        self.assertNotContains(self.get(member), "Guest")

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
        make_comment(self.article, self.ada, parent=reply)
        self.client.logout()
        with self.assertNumQueries(18):
            self.client.get(f"/comments/{reply.key}/")
        for _ in range(10):
            make_comment(self.article, make_user(), parent=reply)
        with self.assertNumQueries(18):
            self.client.get(f"/comments/{reply.key}/")

    def test_takes_no_post(self):
        comment = make_comment(self.article, self.ada)
        self.assertEqual(Client().post(f"/comments/{comment.key}/").status_code, 405)

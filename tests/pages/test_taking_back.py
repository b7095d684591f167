from articles import services as articles
from comments.models import Comment, Decision
from comments.states import State
from tests.clock import later
from tests.factories import make_comment, revise
from tests.pages.comment_case import SOURCE, CommentCase


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

    def test_says_that_nothing_of_a_private_note_is_kept(self):
        note = make_comment(self.article, self.ada, "Mine.", kind="note", visibility="private")
        answer = self.get(note, "withdraw/", self.ada)
        self.assertContains(answer, "You can bring it back for ten minutes. Then nothing of it is kept.")
        self.assertNotContains(answer, "Readers will no longer see it.")

    def test_withdraws_and_leads_to_where_it_can_be_undone(self):
        answer = self.send(self.comment, "withdraw/", self.ada)
        self.assertRedirects(answer, f"/comments/{self.comment.key}/restore/", status_code=303)
        self.comment.refresh_from_db()
        self.assertEqual(self.comment.state, State.WITHDRAWN)

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

    def test_leads_to_what_brings_it_back_the_second_time(self):
        for _press in range(2):
            answer = self.send(self.comment, "withdraw/", self.ada)
            self.assertRedirects(answer, f"/comments/{self.comment.key}/restore/", status_code=303)
        self.assertEqual(Decision.objects.filter(comment=self.comment, now="withdrawn").count(), 1)

    def test_is_gone_for_others_and_once_it_cannot_be_brought_back(self):
        self.send(self.comment, "withdraw/", self.ada)
        self.assertEqual(self.send(self.comment, "withdraw/", self.grace).status_code, 410)
        with later(minutes=10, seconds=1):
            self.assertEqual(self.send(self.comment, "withdraw/", self.ada).status_code, 410)

    def test_the_passage_it_was_on_is_painted_no_more(self):
        comment = make_comment(self.article, self.ada, quote="Small birds")
        revise(self.article, SOURCE + "\nMore.\n")
        self.send(comment, "withdraw/", self.ada)
        self.assertNotContains(self.client.get("/articles/birds/"), comment.key)


class RestoreTests(CommentCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.comment = make_comment(cls.article, cls.ada, "What I said.", state=State.WITHDRAWN)

    def state(self) -> str:
        return Comment.objects.get(pk=self.comment.pk).state

    def test_offers_to_undo_and_changes_nothing(self):
        answer = self.get(self.comment, "restore/", self.ada)
        self.assertContains(answer, "Your comment is withdrawn")
        self.assertContains(answer, 'href="/articles/birds/"')
        self.assertNotContains(answer, "What I said.")
        self.assertEqual(self.state(), "withdrawn")

    def test_leads_to_ones_own_page_when_the_article_is_not_public(self):
        articles.unpublish(self.article, by=None)
        self.assertContains(self.get(self.comment, "restore/", self.ada), 'href="/me/"')

    def test_brings_it_back_among_the_others(self):
        answer = self.send(self.comment, "restore/", self.ada)
        self.assertRedirects(answer, f"/articles/birds/#comment-{self.comment.key}", status_code=303)
        self.assertEqual(self.state(), "open")

    def test_ends_after_ten_minutes(self):
        with later(minutes=10, seconds=1):
            self.assertEqual(self.get(self.comment, "restore/", self.ada).status_code, 410)
            self.assertEqual(self.send(self.comment, "restore/", self.ada).status_code, 410)
        self.assertEqual(self.state(), "withdrawn")

    def test_is_for_its_author_alone(self):
        for viewer in (None, self.grace):
            self.assertEqual(self.get(self.comment, "restore/", viewer).status_code, 410)
            self.assertEqual(self.send(self.comment, "restore/", viewer).status_code, 410)
        self.assertEqual(self.state(), "withdrawn")

    def test_changes_nothing_without_proof(self):
        answer = self.send(self.comment, "restore/", self.ada, site="cross-site")
        self.assertContains(answer, "We could not tell whether this came from you.", status_code=403)
        self.assertEqual(self.state(), "withdrawn")

    def test_is_not_there_for_what_was_not_withdrawn(self):
        standing = make_comment(self.article, self.ada)
        never_public = make_comment(self.article, self.ada, state=State.HELD)
        for comment in (standing, never_public):
            self.assertEqual(self.get(comment, "restore/", self.ada).status_code, 404)

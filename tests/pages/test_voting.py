from django.test import Client, TestCase

from comments import services
from comments.models import Comment
from comments.states import State
from tests.factories import bring_to, make_article, make_comment, make_user


class VoteTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.ada, cls.ben = make_user("Ada"), make_user("Ben")
        cls.comment = make_comment(make_article("birds"), cls.ada)

    def setUp(self):
        self.client = Client(enforce_csrf_checks=True)
        self.path = f"/comments/{self.comment.key}/"

    def press(self, do: str = "vote", site: str = "same-origin"):
        return self.client.post(f"{self.path}vote/", {"do": do}, headers={"sec-fetch-site": site})

    def votes(self) -> int:
        return Comment.objects.get(pk=self.comment.pk).votes

    def test_leads_to_the_comments_own_page_which_tells_and_takes_it_back(self):
        self.client.force_login(self.ben)
        self.assertRedirects(self.press(), self.path, 303)
        self.assertContains(self.client.get(self.path), '<button class="plain" aria-pressed="true">')
        self.assertContains(self.client.get(self.path), 'name="do" value="back"')
        self.press("back")
        self.assertEqual(self.votes(), 0)
        self.assertContains(self.client.get(self.path), '<button class="plain" aria-pressed="false">')

    def test_the_page_of_the_article_says_the_same_to_everybody(self):
        services.vote(self.comment, by=self.ben)
        pages = set()
        for user in (None, self.ada, self.ben):
            client = Client()
            if user:
                client.force_login(user)
            pages.add(client.get("/articles/birds/").content)
        (page,) = pages
        self.assertIn(b'aria-pressed="false"', page)
        self.assertIn(b'<span class="votes">1</span>', page)

    def test_tells_a_script_where_the_comment_is(self):
        self.client.force_login(self.ben)
        answer = self.client.post(f"{self.path}vote/", {"then": "comment"}, headers={"sec-fetch-site": "same-origin"})
        self.assertEqual((answer.status_code, answer.headers["Location"]), (201, self.path))

    def test_needs_an_account(self):
        self.assertRedirects(self.press(), f"/accounts/login/?next={self.path}", 302)
        self.assertEqual(self.votes(), 0)

    def test_from_another_site_does_nothing(self):
        self.client.force_login(self.ben)
        self.assertEqual(self.press(site="cross-site").status_code, 403)
        self.assertEqual(self.votes(), 0)

    def test_of_ones_own_is_refused_in_words_and_has_no_button(self):
        self.client.force_login(self.ada)
        self.assertContains(self.press(), "You cannot vote for your own comment.", status_code=403)
        self.assertNotContains(self.client.get(self.path), 'class="vote"')

    def test_of_what_is_gone_is_gone(self):
        bring_to(self.comment, State.WITHDRAWN)
        self.client.force_login(self.ben)
        self.assertEqual(self.press().status_code, 410)

    def test_is_a_post(self):
        self.client.force_login(self.ben)
        self.assertEqual(self.client.get(f"{self.path}vote/").status_code, 405)

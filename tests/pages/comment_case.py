"""What tests of a comment's pages share: an article, two people, and a browser that may prove where it comes from."""

from django.test import Client, TestCase

from comments.models import Comment
from tests.factories import make_article, make_user

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

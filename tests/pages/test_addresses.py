from django.test import SimpleTestCase
from django.urls import reverse

from articles.models import Article
from comments.models import Comment
from pages.addresses import article_path, comment_path, compose_path
from skycrumbs.ids import new_id


class PathTests(SimpleTestCase):
    """The same as `reverse` gives, which they ask once."""

    def test_of_articles_are_those_of_their_slugs(self):
        for slug in ("birds", "small-birds_2", "-" * 30):
            with self.subTest(slug):
                article = Article(slug=slug)
                self.assertEqual(article_path(article), reverse("pages:article", args=[slug]))
                self.assertEqual(compose_path(article), reverse("pages:compose", args=[slug]))

    def test_of_comments_are_those_of_their_keys(self):
        for page in ("comment", "edit", "vote", "passage"):
            for _number in range(2):
                comment = Comment(public_id=new_id())
                with self.subTest(page, key=comment.key):
                    self.assertEqual(comment_path(comment, page), reverse(f"pages:{page}", args=[comment.public_id]))

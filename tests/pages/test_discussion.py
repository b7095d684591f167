import re
import unittest

from django.db import connection
from django.test import TestCase

from comments.models import Anchor, Comment
from comments.states import State
from tests.factories import bring_to, make_article, make_comment, make_user
from tests.pages.crowds import make_crowd
from tests.plans import looked_up

SOURCE = "One bird sings. Two birds wait. Three birds sleep.\n"


class SortTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.ada = make_user("Ada")
        cls.article = make_article("birds", SOURCE)
        cls.three = make_comment(cls.article, cls.ada, "On three.", quote="Three birds")
        cls.whole = make_comment(cls.article, cls.ada, "On all.")
        cls.one = make_comment(cls.article, cls.ada, "On one.", quote="One bird")
        cls.reply = make_comment(cls.article, cls.ada, "A reply.", parent=cls.three)

    def keys(self, query: str = "") -> list[str]:
        return shown(self.client.get(f"/articles/birds/{query}"))

    def test_oldest_thread_first_unless_another_order_is_asked_for(self):
        expected = [one.key for one in (self.three, self.reply, self.whole, self.one)]
        self.assertEqual(self.keys(), expected)
        self.assertEqual(self.keys("?sort=oldest"), expected)
        self.assertEqual(self.keys("?sort=loudest"), expected)

    def test_newest_thread_first_with_replies_below_what_they_answer(self):
        expected = [one.key for one in (self.one, self.whole, self.three, self.reply)]
        self.assertEqual(self.keys("?sort=newest"), expected)

    def test_in_the_order_of_the_text_with_what_is_on_no_passage_last(self):
        expected = [one.key for one in (self.one, self.three, self.reply, self.whole)]
        self.assertEqual(self.keys("?sort=place"), expected)

    def test_names_the_order_that_is_chosen(self):
        answer = self.client.get("/articles/birds/?sort=newest")
        self.assertContains(answer, 'href="/articles/birds/?sort=newest#all_comments" aria-current="true"')

    def test_hides_in_every_order_what_nobody_reads(self):
        bring_to(self.one, State.WITHDRAWN)
        for sort in ("oldest", "newest", "place"):
            with self.subTest(sort):
                self.assertNotIn(self.one.key, self.keys(f"?sort={sort}"))


def shown(answer) -> list[str]:
    """The keys of the comments on a page, in its order."""
    return re.findall(r'id="comment-([\w-]{22})"', answer.content.decode())


class PagingTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        ada = make_user("Ada")
        cls.article = make_article("birds", "Birds sing at dawn and at dusk. " * 20)
        make_crowd(cls.article, ada, 70, is_anchored=True)
        (root, *_rest) = make_crowd(cls.article, ada, 20)
        make_crowd(cls.article, ada, 60, below=root)

    def walk(self, sort: str) -> list[str]:
        found, url = [], f"/articles/birds/?sort={sort}"
        while url:
            answer = self.client.get(url)
            found += shown(answer)
            html = answer.content.decode()
            more = html.find("data-more")
            url = "" if more < 0 else "/articles/birds/" + html[:more].rsplit('href="', 1)[1].split("#")[0]
            url = url.replace("&amp;", "&")
        return found

    def test_meets_every_comment_once_in_every_order(self):
        everything = self.walk("oldest")
        self.assertEqual(len(everything), len(set(everything)))
        self.assertGreater(len(everything), 100)
        for sort in ("newest", "place"):
            with self.subTest(sort):
                self.assertCountEqual(self.walk(sort), everything)

    def test_stands_in_the_order_of_the_text_throughout(self):
        gone = list(Comment.objects.filter(anchor__isnull=False)[10:20])
        Anchor.objects.filter(comment__in=gone).update(now_status="orphaned", now_start=None, now_end=None)
        make_crowd(self.article, make_user(), 60, below=Comment.objects.filter(anchor__now_start=7).first())
        rows = Comment.objects.select_related("root__anchor")
        places = {row: row.root.anchor.now_start if row.root.has_anchor else None for row in rows}
        last = 10**9
        ordered = sorted(rows, key=lambda c: (last if places[c] is None else places[c], c.root_id, c.path))
        self.assertEqual(self.walk("place"), [row.key for row in ordered])

    def test_asks_as_often_for_many_as_for_few(self):
        few = make_article("few")
        make_crowd(few, make_user(), 10)
        # By place the threads are looked up first: those on a passage, and where they are too few, the others.
        for sort, of_many, of_few in (("oldest", 8, 7), ("newest", 9, 7), ("place", 10, 10)):
            for slug, queries in (("birds", of_many), ("few", of_few)):
                with self.subTest(sort, slug=slug), self.assertNumQueries(queries):
                    self.client.get(f"/articles/{slug}/?sort={sort}")

    def test_looks_a_place_up_and_reads_nothing_before_it(self):
        last = Comment.objects.filter(parent=None).last().key
        for sort, bound in (("oldest", "root_id ?>"), ("newest", "root_id ?<"), ("place", "root_id ?>")):
            with self.subTest(sort):
                self.assertRegex(self.looked_up(sort, last), bound)

    @unittest.skipUnless(connection.vendor == "sqlite", "PostgreSQL does so of many passages alone")
    def test_looks_a_passage_up_and_reads_nothing_before_it(self):
        on_passage = Comment.objects.filter(anchor__isnull=False)[40].key
        self.assertRegex(self.looked_up("place", on_passage), "now_start ?>")

    def looked_up(self, sort: str, after: str) -> str:
        return looked_up(lambda: self.client.get(f"/articles/birds/?sort={sort}&after={after}"))

    def test_a_place_that_was_never_there_is_not_found(self):
        self.assertEqual(self.client.get(f"/articles/birds/?sort=newest&after={'0' * 22}").status_code, 404)


class FoldTests(TestCase):
    def test_a_thread_with_replies_can_be_folded(self):
        ada, article = make_user("Ada"), make_article("birds")
        root = make_comment(article, ada)
        self.assertNotContains(self.client.get("/articles/birds/"), '<details class="replies"')
        make_comment(article, ada, "A reply.", parent=root)
        answer = self.client.get("/articles/birds/")
        self.assertContains(
            answer,
            f'<details class="replies" open><summary data-count="replies-{root.key}">1 reply</summary>',
        )


class BadgeTests(TestCase):
    def test_says_who_is_of_the_staff(self):
        article = make_article("birds")
        make_comment(article, make_user("Sam", is_staff=True))
        self.assertContains(self.client.get("/articles/birds/"), '<span class="badge">Staff</span>')


class MyPageTests(TestCase):
    def test_is_narrowed_to_one_article(self):
        ada = make_user("Ada")
        birds, trees = make_article("birds"), make_article("trees", title="Trees")
        make_comment(birds, ada, "On birds.")
        make_comment(trees, ada, "", kind=Comment.Kind.HIGHLIGHT, quote="Small birds")
        self.client.force_login(ada)
        self.assertContains(self.client.get("/me/"), "?article=trees")
        answer = self.client.get("/me/?article=birds")
        self.assertContains(answer, "On birds.")
        self.assertNotContains(answer, ">Highlight</span>")
        self.assertContains(self.client.get("/me/?article=trees"), ">Highlight</span>")
        self.assertContains(self.client.get("/me/?article=none"), "Nothing yet.")

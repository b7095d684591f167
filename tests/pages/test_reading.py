from datetime import date

from django.test import Client, TestCase

from articles import services
from articles.models import Article, Category
from tests.factories import SOURCE, make_article, make_comment, make_user, revise

LINK = "Read [What comes next](/articles/what-comes-next/) after this.\n"


class HomeTests(TestCase):
    def test_lists_published_articles_the_newest_first(self):
        make_article("older", title="Older", published_on=date(2026, 5, 1))
        make_article("newer", title="Newer", published_on=date(2026, 5, 9))
        answer = self.client.get("/")
        self.assertEqual([article.slug for article in answer.context["articles"]], ["newer", "older"])
        self.assertContains(answer, '<a href="/articles/newer/" lang="en" dir="auto">Newer</a>', html=True)

    def test_says_nothing_of_drafts_and_unpublished_articles(self):
        make_article("draft", title="A secret draft", is_published=False)
        services.unpublish(make_article("gone", title="Taken back"), by=None)
        answer = self.client.get("/")
        self.assertNotContains(answer, "A secret draft")
        self.assertNotContains(answer, "Taken back")

    def test_says_so_when_there_is_nothing(self):
        self.assertContains(self.client.get("/"), "No articles yet.")

    def test_names_the_categories_that_have_something_to_read(self):
        make_article("birds")
        Category.objects.create(slug="empty", name="Nothing in it")
        answer = self.client.get("/")
        self.assertContains(answer, '<a href="/category/nature/">Nature</a>', html=True)
        self.assertNotContains(answer, "Nothing in it")

    def test_leads_on_past_twenty(self):
        for number in range(21):
            make_article(f"a-{number}", published_on=date(2026, 1, 1))
        first = self.client.get("/")
        self.assertEqual(len(first.context["articles"]), 20)
        self.assertContains(first, 'href="?page=2"')
        second = self.client.get("/?page=2")
        self.assertEqual([article.slug for article in second.context["articles"]], ["a-0"])
        self.assertNotContains(second, "?page=")

    def test_answers_404_where_the_list_does_not_go(self):
        for page in ("2", "0", "-1", "abc", "9" * 30, ""):
            with self.subTest(page):
                self.assertEqual(self.client.get("/", {"page": page}).status_code, 404)

    def test_asks_the_same_number_of_queries_for_any_list(self):
        make_article("one")
        with self.assertNumQueries(4):
            self.client.get("/")
        for number in range(12):
            make_article(f"a-{number}", authors=[make_user()])
        with self.assertNumQueries(4):
            self.client.get("/")

    def test_takes_no_post(self):
        self.assertEqual(self.client.post("/").status_code, 405)


class CategoryTests(TestCase):
    def test_lists_its_own_published_articles(self):
        make_article("birds", title="Birds of the north")
        make_article("draft", title="A secret draft", is_published=False)
        make_article("cars", title="Cars", category=Category.objects.create(slug="cars", name="Cars"))
        answer = self.client.get("/category/nature/")
        self.assertContains(answer, "<h1>Nature</h1>", html=True)
        self.assertEqual([article.slug for article in answer.context["articles"]], ["birds"])

    def test_answers_404_for_one_that_is_not_there(self):
        self.assertEqual(self.client.get("/category/nowhere/").status_code, 404)


class ArticleTests(TestCase):
    def test_shows_title_category_date_and_reading_time(self):
        make_article("birds", title="Birds & bees", published_on=date(2026, 5, 9))
        answer = self.client.get("/articles/birds/")
        self.assertContains(answer, '<h1 lang="en" dir="auto">Birds &amp; bees</h1>', html=True)
        self.assertContains(answer, '<a href="/category/nature/">Nature</a>', html=True)
        self.assertContains(answer, '<time datetime="2026-05-09">May 9, 2026</time>', html=True)
        self.assertContains(answer, "<span>1 min read</span>", html=True)
        self.assertContains(answer, '<link rel="canonical" href="https://testserver/articles/birds/">', html=True)

    def test_a_former_address_leads_to_the_present_one(self):
        services.rename(make_article("birds"), "songbirds")
        answer = self.client.get("/articles/birds/")
        self.assertRedirects(answer, "/articles/songbirds/", status_code=301)

    def test_a_former_address_keeps_what_was_asked(self):
        comment = make_comment(make_article("birds"), make_user())
        services.rename(Article.objects.get(), "songbirds")
        answer = self.client.get(f"/articles/birds/?after={comment.key}")
        self.assertRedirects(answer, f"/articles/songbirds/?after={comment.key}", status_code=301)

    def test_a_former_address_writes_what_was_asked_as_an_address(self):
        services.rename(make_article("birds"), "songbirds")
        answer = self.client.get("/articles/birds/", query_params={"q": "é\r\nX: #&"})
        self.assertEqual(answer.headers["Location"], "/articles/songbirds/?q=%C3%A9%0D%0AX%3A+%23%26")

    def test_the_former_address_of_a_draft_tells_nothing(self):
        services.rename(make_article("plan", is_published=False), "secret-plan")
        self.assertEqual(self.client.get("/articles/plan/").status_code, 404)

    def test_answers_410_when_it_was_unpublished(self):
        article = make_article("birds", title="Birds of the north")
        services.unpublish(article, by=None)
        answer = self.client.get("/articles/birds/")
        self.assertContains(answer, "This was removed", status_code=410)
        self.assertNotContains(answer, "Birds of the north", status_code=410)

    def test_answers_410_at_a_former_address_too(self):
        article = make_article("birds")
        services.rename(article, "songbirds")
        services.unpublish(article, by=None)
        self.assertEqual(self.client.get("/articles/birds/").status_code, 410)

    def test_answers_410_when_it_was_unpublished_though_others_link_to_it(self):
        services.unpublish(make_article("what-comes-next"), by=None)
        make_article("now", LINK)
        self.assertEqual(self.client.get("/articles/what-comes-next/").status_code, 410)

    def test_answers_404_for_a_draft(self):
        make_article("plan", is_published=False)
        self.assertContains(self.client.get("/articles/plan/"), "There is no page here", status_code=404)

    def test_answers_404_for_what_is_not_there(self):
        self.assertContains(self.client.get("/articles/nowhere/"), "There is no page here", status_code=404)

    def test_takes_no_post(self):
        make_article("birds")
        self.assertEqual(self.client.post("/articles/birds/").status_code, 405)


class AwaitedArticleTests(TestCase):
    def test_is_named_by_the_link_and_names_who_links(self):
        make_article("now", LINK, title="The present")
        answer = self.client.get("/articles/what-comes-next/")
        self.assertContains(answer, '<h1 dir="auto">What comes next</h1>', html=True)
        self.assertContains(answer, '<a href="/articles/now/" dir="auto">The present</a>', html=True)
        self.assertContains(answer, "Not published yet")

    def test_says_nothing_of_the_draft_that_is_there(self):
        make_article("now", LINK)
        make_article("what-comes-next", title="A working title", is_published=False)
        answer = self.client.get("/articles/what-comes-next/")
        self.assertContains(answer, "What comes next")
        self.assertNotContains(answer, "A working title")

    def test_is_404_when_only_a_draft_links_to_it(self):
        make_article("now", LINK, is_published=False)
        self.assertEqual(self.client.get("/articles/what-comes-next/").status_code, 404)

    def test_is_404_when_the_linking_article_was_unpublished(self):
        services.unpublish(make_article("now", LINK), by=None)
        self.assertEqual(self.client.get("/articles/what-comes-next/").status_code, 404)


class RevisionTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        article = make_article("birds", "Small birds sing.\n", title="Birds")
        cls.article = revise(article, "Large birds sing.\n", title="Larger birds")

    def test_shows_a_past_text_under_its_own_title(self):
        answer = self.client.get("/articles/birds/revisions/1/")
        self.assertContains(answer, '<h1 lang="en" dir="auto">Birds</h1>', html=True)
        self.assertContains(answer, "Small birds sing.")
        self.assertContains(answer, "This is revision 1, of ")
        self.assertContains(answer, '<a href="/articles/birds/">Read the article as it is now</a>', html=True)
        self.assertNotContains(answer, "on-block")

    def test_says_which_one_is_current(self):
        self.assertContains(self.client.get("/articles/birds/revisions/2/"), "It is the current one.")

    def test_answers_404_for_a_number_that_is_not_there(self):
        for number in ("3", "0", "9" * 30):
            with self.subTest(number):
                self.assertEqual(self.client.get(f"/articles/birds/revisions/{number}/").status_code, 404)

    def test_answers_404_for_an_article_that_is_not_there(self):
        make_article("plan", is_published=False)
        self.assertEqual(self.client.get("/articles/plan/revisions/1/").status_code, 404)
        self.assertEqual(self.client.get("/articles/nowhere/revisions/1/").status_code, 404)

    def test_answers_410_when_the_article_was_unpublished(self):
        services.unpublish(self.article, by=None)
        self.assertEqual(self.client.get("/articles/birds/revisions/1/").status_code, 410)

    def test_a_former_address_leads_to_the_present_one(self):
        services.rename(self.article, "songbirds")
        answer = self.client.get("/articles/birds/revisions/1/")
        self.assertRedirects(answer, "/articles/songbirds/revisions/1/", status_code=301)


class KeptPagesTests(TestCase):
    """Every page that anybody may keep: it cannot depend on who asks."""

    @classmethod
    def setUpTestData(cls):
        cls.reader = make_user("Reader With A Name", is_staff=True)
        article = make_article("birds", SOURCE + LINK, authors=[make_user("Author")])
        comment = make_comment(article, cls.reader, quote="Small birds sing at dawn")
        cls.pages = [
            "/",
            "/?page=1",
            "/category/nature/",
            "/articles/birds/",
            f"/articles/birds/?after={comment.key}",
            "/articles/birds/revisions/1/",
            "/articles/what-comes-next/",
            "/articles/birds/comment/",
            "/articles/birds/comment/?revision=1&start=0&end=7",
            "/articles/birds/comment/?section=how-birds-sing",
            f"/articles/birds/comment/?parent={comment.key}",
        ]

    def test_may_be_kept_by_all_and_set_nothing(self):
        for page in self.pages:
            with self.subTest(page):
                answer = self.client.get(page)
                self.assertEqual(answer.status_code, 200)
                self.assertEqual(answer.headers["Cache-Control"], "public, no-cache")
                self.assertNotIn("Cookie", answer.headers.get("Vary", ""))
                self.assertFalse(answer.cookies)
                self.assertNotContains(answer, "csrf")

    def test_are_the_same_bytes_for_somebody_signed_in(self):
        for page in self.pages:
            with self.subTest(page):
                self.client.logout()
                for_nobody = self.client.get(page)
                self.client.force_login(self.reader)
                for_somebody = self.client.get(page)
                self.assertEqual(for_nobody.content, for_somebody.content)
                self.assertEqual(for_nobody.headers["ETag"], for_somebody.headers["ETag"])
                self.assertNotIn("Cookie", for_somebody.headers.get("Vary", ""))
                self.assertFalse(for_somebody.cookies)

    def test_answer_304_to_whoever_has_them(self):
        for page in self.pages:
            with self.subTest(page):
                etag = self.client.get(page).headers["ETag"]
                answer = self.client.get(page, headers={"If-None-Match": etag})
                self.assertEqual((answer.status_code, answer.content), (304, b""))
                self.assertEqual(answer.headers["Cache-Control"], "public, no-cache")

    def test_answer_200_again_after_a_change(self):
        etag = self.client.get("/articles/birds/").headers["ETag"]
        make_comment(Article.objects.get(slug="birds"), self.reader, "Another thought.")
        answer = self.client.get("/articles/birds/", headers={"If-None-Match": etag})
        self.assertContains(answer, "Another thought.")

    def test_answer_head(self):
        self.assertEqual(self.client.head("/articles/birds/").status_code, 200)

    def test_what_is_not_there_is_not_kept(self):
        answer = self.client.get("/articles/nowhere/")
        self.assertEqual(answer.headers["Cache-Control"], "no-store")


class OtherMethodsTests(TestCase):
    def test_are_405_whether_or_not_a_token_comes(self):
        make_article("birds")
        client = Client(enforce_csrf_checks=True)
        for path in ["/", "/articles/birds/", "/articles/birds/revisions/1/", "/category/nature/"]:
            for method in (client.post, client.put, client.patch, client.delete):
                with self.subTest(path=path, method=method.__name__):
                    self.assertEqual(method(path).status_code, 405)

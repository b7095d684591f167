import json
import re

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from articles.canonical import canonical_text
from articles.models import Article
from comments import services
from comments.models import Anchor, Comment, CommentRevision
from comments.states import State
from tests.factories import bring_to, make_article, make_comment, make_guest_comment, make_user, passage, revise
from tests.pages.crowds import make_crowd
from tests.plans import looked_up, plans_of

TWO_SECTIONS = "## Song\n\nSmall birds sing at dawn.\n\n## Nests\n\nMost birds nest in hedges.\n"
AWKWARD = """\
A lead with 🙂 and *emphasis* [and a link](https://example.org/?a=1&b=2).

## اللغة العربية

- One
    - Two, *nested*

      with a second paragraph
- Three

```
code  with   spaces

and a blank line
```

| A | B |
|---|---|
| 1 | two<br>lines |

> A quotation\\
> in two lines.
"""


class ArticlePageCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.ada, cls.grace = make_user("Ada"), make_user("Grace")
        cls.article = make_article("birds", TWO_SECTIONS, title="Birds")

    def get(self, query: str = ""):
        return self.client.get(f"/articles/birds/{query}")

    def highlights(self) -> list:
        script = re.search(r'<script id="highlights"[^>]*>(.*?)</script>', self.get().content.decode())
        return json.loads(script[1])


class QueriesTests(ArticlePageCase):
    """At most eleven queries, whatever the size."""

    def check(self, size: int) -> None:
        comments = make_crowd(self.article, self.ada, size, is_anchored=True)
        with self.assertNumQueries(8):
            self.get()
        with self.assertNumQueries(9):
            self.get(f"?after={comments[size // 2].key}")
        self.client.force_login(self.ada)
        with self.assertNumQueries(8):
            self.get()

    def test_are_eight_with_ten_comments(self):
        self.check(10)

    def test_are_eight_with_a_thousand(self):
        self.check(1000)

    def test_are_eight_with_ten_thousand(self):
        self.check(10_000)

    def test_are_ten_with_replies_tombstones_authors_orphans_and_backlinks(self):
        self.article.authors.set([self.ada, self.grace])
        root = make_comment(self.article, self.ada, quote="Small birds")
        answered = make_comment(self.article, self.ada, parent=root)
        make_comment(self.article, self.grace, parent=answered)
        make_comment(self.article, self.grace, parent=make_comment(self.article, self.ada, parent=root))
        Comment.objects.filter(pk=answered.pk).update(state="spam", public_revision=None)
        revise(self.article, TWO_SECTIONS.replace("Small birds", "They"))
        make_article("other", "See [Birds](/articles/birds/).\n")
        with self.assertNumQueries(10):
            self.get()

    def test_are_eight_with_guests_edits_corrections_votes_and_sections(self):
        edited = make_comment(self.article, self.ada, section=self.article.sections.get(key="nests"))
        services.edit(edited, by=self.ada, text="Second.")
        bring_to(Comment.objects.get(pk=edited.pk), State.HELD_EDIT)
        corrected = make_guest_comment(self.article)
        make_guest_comment(self.article, parent=corrected)
        added = [{"source": "More.", "html": "<p>More.</p>", "at": "2026-07-01T12:00:00+00:00"}]
        CommentRevision.objects.filter(comment=corrected).update(corrections=added)
        Comment.objects.filter(pk=corrected.pk).update(votes=2)
        with self.assertNumQueries(8):
            answer = self.get()
        for shown in ("Second.", '<span class="help">edited</span>', "Nora", "More.", "on “Nests”"):
            self.assertContains(answer, shown)

    def test_find_passages_in_their_order_and_orphans_without_reading_every_comment(self):
        make_crowd(self.article, self.ada, 60, is_anchored=True)
        found = looked_up(self.get)
        self.assertRegex(found, r"article_id ?= ?\S+ AND \(?now_start( IS NOT NULL|>)")
        self.assertRegex(found, r"article_id ?= ?\S+ AND \(?now_start( IS NULL|=)")
        self.assertNotIn("USE TEMP B-TREE FOR GROUP BY", "".join(plans_of(self.get)))


class LoadedTests(ArticlePageCase):
    def check(self, page: str) -> None:
        with CaptureQueriesContext(connection) as queries:
            self.get(page)
        asked = " ".join(query["sql"] for query in queries).replace('"', "")
        self.assertIn("articles_revision.canonical_text", asked)
        for text in ("articles_article.draft_source", "articles_revision.source", "articles_revision.html"):
            self.assertNotIn(text, asked)
        self.assertNotIn("comments_commentrevision.source", asked)

    def test_are_no_texts_that_no_page_shows(self):
        for page in ("", "comment/", "comment/?section=song", "revisions/1/"):
            with self.subTest(page):
                self.check(page)


class TextTests(ArticlePageCase):
    def test_reads_as_the_revision_does_with_controls_and_orphans_in_it(self):
        article = make_article("awkward", AWKWARD)
        make_comment(article, self.ada, quote="Two, nested")
        revise(article, AWKWARD.replace("Two, *nested*", "Something else"))
        html = self.client.get("/articles/awkward/").content.decode()
        start = html.index('<div class="text"')
        text = html[start : html.index("</article>", start)]
        revision = Article.objects.get(slug="awkward").current_revision
        self.assertIn('class="on-block"', text)
        self.assertIn('class="orphans"', text)
        self.assertEqual(canonical_text(text), revision.canonical_text)

    def test_each_section_can_be_linked_to(self):
        self.assertContains(self.get(), '<section class="section" id="nests">')
        self.assertContains(self.get(), '<a href="#nests" data-count="section-nests">')

    def test_names_the_articles_that_link_here(self):
        make_article("other", "See [Birds](/articles/birds/).\n", title="Another article")
        make_article("draft", "See [Birds](/articles/birds/).\n", title="A secret draft", is_published=False)
        answer = self.get()
        self.assertContains(answer, '<a href="/articles/other/" dir="auto">Another article</a>', html=True)
        self.assertNotContains(answer, "A secret draft")


class CommentsTests(ArticlePageCase):
    def test_says_so_when_there_are_none(self):
        self.assertContains(self.get(), "No comments yet.")

    def test_stand_in_threads_with_name_text_and_passage(self):
        first = make_comment(self.article, self.ada, "On *this*.", quote="Small birds")
        make_comment(self.article, self.ada, "Later.")
        reply = make_comment(self.article, self.grace, "A reply.", parent=first)
        answer = self.get()
        self.assertEqual([row.html for row in answer.context["comments"]][1], '<p dir="auto">A reply.</p>\n')
        self.assertContains(answer, f'<article class="comment indent-0" id="comment-{first.key}"')
        self.assertContains(answer, f'<article class="comment indent-1" id="comment-{reply.key}"')
        self.assertContains(answer, "<b><bdi>Ada</bdi></b>", html=True)
        self.assertContains(answer, '<p dir="auto">On <em>this</em>.</p>', html=True)
        quote = f'<a href="/articles/birds/#song" data-passage="{first.key}">Small birds</a>'
        self.assertContains(answer, quote, html=True)
        self.assertContains(answer, f'href="/articles/birds/comment/?parent={first.key}"')

    def test_say_which_section_they_are_on(self):
        comment = make_comment(self.article, self.ada, section=self.article.sections.get(key="nests"))
        make_comment(self.article, self.ada, "A reply.", parent=comment)
        link = '<a href="/articles/birds/#nests">on “Nests”</a>'
        self.assertContains(self.get(), link, count=1, html=True)
        self.assertContains(self.client.get(f"/comments/{comment.key}/"), link, count=1, html=True)

    def test_say_so_when_they_are_on_the_lead(self):
        article = make_article("led", "A lead.\n\n" + TWO_SECTIONS)
        make_comment(article, self.ada, section=article.sections.get(texts__level=0))
        self.assertContains(self.client.get("/articles/led/"), "on “Introduction”")

    def test_the_articles_author_is_marked(self):
        self.article.authors.set([self.grace])
        make_comment(self.article, self.ada)
        self.assertNotContains(self.get(), '<span class="badge">Author</span>')
        make_comment(self.article, self.grace)
        self.assertContains(self.get(), '<span class="badge">Author</span>', count=1)

    def test_a_reply_past_the_deepest_indent_names_whom_it_answers(self):
        last = make_comment(self.article, self.ada)
        for number in range(7):
            last = make_comment(self.article, self.ada, parent=last, text=f"Reply {number}.")
        row = self.get().context["comments"][-1]
        self.assertEqual((row.depth, row.indent, row.parent_name), (7, 6, "Ada"))
        self.assertContains(self.get(), f'<a href="#comment-{last.parent.key}">to Ada</a>', html=True)

    def test_a_reply_tells_screen_readers_whom_it_answers(self):
        root = make_comment(self.article, self.ada)
        make_comment(self.article, make_user("Ben"), parent=root, text="A reply.")
        self.assertContains(self.get(), '<b><bdi>Ben</bdi></b> <span class="unseen">to Ada</span>')
        self.assertContains(self.get(), 'aria-label="Ben"')

    def test_a_reply_leads_to_the_page_of_what_it_answers_when_that_is_not_on_this_one(self):
        last = make_comment(self.article, self.ada)
        for number in range(7):
            last = make_comment(self.article, self.ada, parent=last, text=f"Reply {number}.")
        answer = self.get(f"?after={last.parent.key}")
        self.assertContains(answer, f'<a href="/comments/{last.parent.key}/">to Ada</a>', html=True)

    def test_a_removed_comment_with_replies_is_a_tombstone_without_name_and_words(self):
        removed = make_comment(self.article, make_user("Nobody's Name"), "Canary.", quote="Small birds")
        make_comment(self.article, self.ada, "A reply.", parent=removed)
        Comment.objects.filter(pk=removed.pk).update(state="spam", public_revision=None)
        answer = self.get()
        self.assertContains(answer, "<p>Removed</p>", html=True)
        self.assertContains(answer, "A reply.")
        self.assertNotContains(answer, "Canary.")
        self.assertNotContains(answer, "Nobody&#x27;s Name")
        self.assertNotContains(answer, f'data-passage="{removed.key}"')

    def test_a_withdrawn_comment_with_replies_says_who_took_it_away(self):
        withdrawn = make_comment(self.article, self.ada, "Canary.")
        make_comment(self.article, self.grace, "A reply.", parent=withdrawn)
        Comment.objects.filter(pk=withdrawn.pk).update(state="withdrawn", public_revision=None)
        self.assertContains(self.get(), "<p>Deleted by its author</p>", html=True)

    def test_what_waits_or_is_private_is_not_shown_to_its_author_either(self):
        make_comment(self.article, self.ada, "Held back.", state=State.HELD)
        make_comment(self.article, self.ada, "My note.", kind="note", visibility="private", quote="Small birds")
        self.client.force_login(self.ada)
        answer = self.get()
        self.assertNotContains(answer, "Held back.")
        self.assertNotContains(answer, "My note.")
        self.assertEqual(self.highlights(), [])

    def test_an_edit_that_waits_shows_the_text_from_before(self):
        make_comment(self.article, self.ada, "The first text.", state=State.HELD_EDIT)
        answer = self.get()
        self.assertContains(answer, "The first text.")
        self.assertNotContains(answer, "An edit that waits.")
        self.assertNotContains(answer, '<span class="help">edited</span>')

    def test_a_highlight_is_painted_and_listed_only_when_answered(self):
        painted = make_comment(self.article, self.ada, "", kind="highlight", quote="Small birds")
        self.assertEqual(self.get().context["comments"], [])
        make_comment(self.article, self.grace, "Why this?", parent=painted)
        self.assertEqual([row.key for row in self.get().context["comments"]][0], painted.key)

    def test_are_fifty_at_a_time_with_a_link_to_the_rest(self):
        comments = make_crowd(self.article, self.ada, 101)
        first = self.get()
        self.assertEqual([row.key for row in first.context["comments"]], [c.key for c in comments[:50]])
        self.assertContains(first, f'href="?after={comments[49].key}#all_comments"')
        second = self.get(f"?after={comments[49].key}")
        self.assertEqual([row.key for row in second.context["comments"]], [c.key for c in comments[50:100]])
        third = self.get(f"?after={comments[99].key}")
        self.assertEqual([row.key for row in third.context["comments"]], [comments[100].key])
        self.assertNotContains(third, "?after=")

    def test_go_on_inside_a_thread(self):
        root = make_comment(self.article, self.ada)
        replies = [make_comment(self.article, self.ada, f"Reply {n}.", parent=root) for n in range(3)]
        later = make_comment(self.article, self.ada, "Later.")
        rows = self.get(f"?after={replies[0].key}").context["comments"]
        self.assertEqual([row.key for row in rows], [replies[1].key, replies[2].key, later.key])

    def test_go_on_from_a_comment_that_was_removed_meanwhile(self):
        removed = make_comment(self.article, self.ada)
        later = make_comment(self.article, self.ada, "Later.")
        Comment.objects.filter(pk=removed.pk).update(state="spam", public_revision=None)
        rows = self.get(f"?after={removed.key}").context["comments"]
        self.assertEqual([row.key for row in rows], [later.key])

    def test_cannot_go_on_from_elsewhere(self):
        other = make_comment(make_article("other"), self.ada)
        private = make_comment(self.article, self.ada, kind="note", visibility="private", quote="Small birds")
        for key in (other.key, private.key, "A" * 22, "x", ""):
            with self.subTest(key):
                self.assertEqual(self.get(f"?after={key}").status_code, 404)


class FormTests(ArticlePageCase):
    def test_stands_below_without_a_token(self):
        answer = self.get()
        self.assertContains(answer, '<form class="compose" method="post" action="/articles/birds/comment/">')
        self.assertContains(answer, '<textarea name="text"')
        self.assertNotContains(answer, 'type="hidden"')

    def test_is_not_there_when_the_discussion_is_closed(self):
        Article.objects.update(is_open=False)
        answer = self.get()
        self.assertContains(answer, "Comments are closed.")
        self.assertNotContains(answer, "<form")
        self.assertNotContains(answer, 'class="on-block"')

    def test_nothing_is_said_of_comments_when_the_discussion_is_off(self):
        make_comment(self.article, self.ada, "Canary.", quote="Small birds")
        Article.objects.update(discussion="off")
        answer = self.get()
        self.assertNotContains(answer, "Canary.")
        self.assertNotContains(answer, "Leave a comment")
        self.assertEqual(self.highlights(), [])


class HighlightsTests(ArticlePageCase):
    def test_one_for_each_passage_with_its_count_and_comments(self):
        first = make_comment(self.article, self.ada, quote="Small birds")
        second = make_comment(self.article, self.grace, quote="Small birds")
        other = make_comment(self.article, self.grace, quote="birds sing")
        self.assertEqual(
            self.highlights(),
            [
                {"start": 5, "end": 16, "count": 2, "ids": [first.key, second.key]},
                {"start": 11, "end": 21, "count": 1, "ids": [other.key]},
            ],
        )

    def test_name_the_first_comment_when_it_is_not_on_this_page(self):
        painted = make_comment(self.article, self.ada, "", kind="highlight", quote="Small birds")
        second = make_comment(self.article, self.grace, quote="Small birds")
        (found,) = self.highlights()
        self.assertEqual((found["count"], found["ids"]), (2, [painted.key, second.key]))

    def test_stand_where_the_passage_is_now(self):
        make_comment(self.article, self.ada, quote="nest in hedges")
        revise(self.article, "A new lead.\n\n" + TWO_SECTIONS)
        (found,) = self.highlights()
        text = Article.objects.get().current_revision.canonical_text
        self.assertEqual(text[found["start"] : found["end"]], "nest in hedges")

    def test_are_five_hundred_at_most_in_order(self):
        make_crowd(self.article, self.ada, 700, is_anchored=True)
        found = self.highlights()
        self.assertEqual(len(found), 500)
        self.assertEqual(found, sorted(found, key=lambda one: (one["start"], one["end"])))

    def test_leave_out_what_is_not_public(self):
        make_comment(self.article, self.ada, quote="Small birds", state=State.HELD)
        make_comment(self.article, self.ada, quote="birds sing", state=State.SPAM)
        self.assertEqual(self.highlights(), [])


class OrphansTests(ArticlePageCase):
    def orphaned(self, new_source: str, quote: str = "Small birds sing") -> Comment:
        comment = make_comment(self.article, self.ada, "Of them.", quote=quote)
        revise(self.article, new_source)
        return comment

    def test_stand_at_the_section_they_were_in(self):
        comment = self.orphaned(TWO_SECTIONS.replace("Small birds sing at dawn.", "Silence."))
        answer = self.get()
        sections = answer.context["sections"]
        there = {"url": f"#comment-{comment.key}", "name": "Ada", "is_guest": False, "quote": "Small birds sing"}
        self.assertEqual([section["orphans"] for section in sections], [[there], []])
        self.assertEqual(answer.context["orphans"], [])
        self.assertContains(answer, "This passage is gone from the text.")
        self.assertContains(answer, f'<a href="/articles/birds/revisions/1/" data-passage="{comment.key}">')
        self.assertEqual(self.highlights(), [])

    def test_stand_at_the_article_when_their_section_is_gone(self):
        comment = self.orphaned("## Nests\n\nMost birds nest in hedges.\n")
        answer = self.get()
        self.assertEqual([orphan["url"] for orphan in answer.context["orphans"]], [f"#comment-{comment.key}"])
        self.assertContains(answer, "On text that has changed", count=1)

    def test_lead_to_their_own_page_when_they_are_not_on_this_one(self):
        make_crowd(self.article, self.ada, 50)
        comment = self.orphaned(TWO_SECTIONS.replace("Small birds sing at dawn.", "Silence."))
        self.assertEqual(self.get().context["sections"][0]["orphans"][0]["url"], f"/comments/{comment.key}/")

    def test_are_fifty_at_most(self):
        make_crowd(self.article, self.ada, 60, is_anchored=True)
        Anchor.objects.update(now_status="orphaned", now_start=None, now_end=None)
        answer = self.get()
        self.assertEqual(len(answer.context["orphans"]), 50)
        self.assertContains(answer, "More comments are on text that has changed")

    def test_say_nothing_of_more_when_all_are_listed(self):
        make_crowd(self.article, self.ada, 50, is_anchored=True)
        Anchor.objects.update(now_status="orphaned", now_start=None, now_end=None)
        answer = self.get()
        self.assertEqual(len(answer.context["orphans"]), 50)
        self.assertNotContains(answer, "More comments are on text that has changed")

    def test_leave_out_what_is_not_public(self):
        comment = self.orphaned(TWO_SECTIONS.replace("Small birds sing at dawn.", "Silence."))
        Comment.objects.filter(pk=comment.pk).update(state="spam", public_revision=None)
        self.assertNotContains(self.get(), "On text that has changed")


class ChosenPassageTests(ArticlePageCase):
    def test_a_control_leads_to_the_form_on_its_block(self):
        chosen = passage(self.article, "Most birds nest in hedges.")
        href = f"/articles/birds/comment/?revision=1&amp;start={chosen.start}&amp;end={chosen.end}"
        self.assertContains(self.get(), f'href="{href}"')
        self.assertContains(self.client.get(href.replace("&amp;", "&")), "<mark>Most birds nest in hedges.</mark>")

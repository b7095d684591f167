"""The form for a comment, sent: what is stored, where it leads, and what is refused."""

from unittest import mock

from django.test import override_settings

from articles import services as articles
from articles.models import Article
from comments import services
from comments.models import Comment
from comments.states import State
from tests.factories import make_comment, revise
from tests.pages.compose_case import FORM, SOURCE, ComposeCase
from tests.pages.crowds import make_crowd


class PostTests(ComposeCase):
    def test_stores_a_comment_on_the_article_and_leads_to_it(self):
        answer = self.send_signed_in("On *all* of it.")
        comment = Comment.objects.get()
        self.assertRedirects(answer, f"/articles/birds/#comment-{comment.key}", status_code=303)
        self.assertEqual(comment.head_revision.source, "On *all* of it.")
        self.assertEqual((comment.author, comment.section, comment.state), (self.ada, None, State.OPEN))

    def test_stores_one_on_a_passage(self):
        self.send_signed_in(**self.at("sing at dawn"))
        anchor = Comment.objects.get().anchor
        self.assertEqual((anchor.exact, anchor.start, anchor.end), ("sing at dawn", 38, 50))
        self.assertEqual(anchor.comment.section.key, "song")

    def test_stores_one_on_a_passage_of_several_lines_as_a_browser_sends_them(self):
        chosen = self.at("line one\nline two")
        self.send_signed_in(**chosen | {"exact": "line one\r\nline two"})
        self.assertEqual(Comment.objects.get().anchor.exact, "line one\nline two")

    def test_stores_one_on_the_passage_an_address_names_without_its_words(self):
        self.send_signed_in(**self.query("sing at dawn"))
        self.assertEqual(Comment.objects.get().anchor.exact, "sing at dawn")

    def test_stores_one_on_a_section(self):
        self.send_signed_in(section="nests")
        self.assertEqual(Comment.objects.get().section.key, "nests")

    def test_takes_what_was_typed_while_the_article_was_renamed(self):
        articles.rename(self.article, "songbirds")
        answer = self.send_signed_in(**self.at("sing at dawn"))
        self.assertRedirects(answer, f"/articles/songbirds/#comment-{Comment.objects.get().key}", status_code=303)

    def test_stores_a_reply(self):
        parent = make_comment(self.article, self.ada)
        self.send_signed_in("A reply.", parent=parent.key)
        self.assertEqual(Comment.objects.latest("pk").parent, parent)

    def test_carries_a_passage_that_moved_while_it_was_written(self):
        chosen = self.at("Most birds nest")
        revise(self.article, "A new lead.\n\n" + SOURCE)
        self.send_signed_in(**chosen)
        anchor = Comment.objects.get().anchor
        text = Article.objects.get().current_revision.canonical_text
        self.assertEqual((anchor.exact, text[anchor.start : anchor.end]), ("Most birds nest", "Most birds nest"))

    @override_settings(COMMENT_CHECKS=["tests.factories.hold"])
    def test_leads_to_its_own_page_when_it_is_held(self):
        answer = self.send_signed_in()
        comment = Comment.objects.get()
        self.assertRedirects(answer, f"/comments/{comment.key}/", status_code=303)
        self.assertContains(self.client.get(f"/comments/{comment.key}/"), "Held for review.")

    def test_leads_to_its_own_page_when_it_stands_past_the_first_fifty(self):
        make_crowd(self.article, self.ada, 50)
        answer = self.send_signed_in()
        self.assertRedirects(answer, f"/comments/{Comment.objects.latest('pk').key}/", status_code=303)

    def test_sets_nothing_that_was_not_asked_for(self):
        self.send_signed_in(visibility="private", state="approved", author="1")
        comment = Comment.objects.get()
        self.assertEqual((comment.kind, comment.visibility, comment.state), ("comment", "public", "open"))

    def test_is_not_kept(self):
        self.assertEqual(self.send_signed_in().headers["Cache-Control"], "private, no-store")


class ScriptTests(ComposeCase):
    def test_are_told_where_the_comment_is(self):
        answer = self.send_signed_in(then="comment")
        comment = Comment.objects.get()
        self.assertEqual((answer.status_code, answer.headers["Location"]), (201, f"/comments/{comment.key}/"))

    def test_are_led_to_what_a_guest_is_told(self):
        answer = self.send(then="comment", name="Nora", email="nora@example.org")
        self.assertEqual((answer.status_code, answer.headers["Location"]), (201, "/comments/sent/"))

    def test_are_given_the_form_back_when_it_is_refused(self):
        answer = self.send_signed_in("", then="comment")
        self.assertContains(answer, 'data-fragment="page"', status_code=400)


class BadTextTests(ComposeCase):
    def check(self, text: str, words: str) -> None:
        answer = self.send_signed_in(text, **self.at("sing at dawn"))
        self.assertContains(answer, words, status_code=400)
        self.assertContains(answer, "<mark>sing at dawn</mark>", status_code=400)
        expected = {"text": text, "revision": "1", "start": "38", "end": "50", "exact": "sing at dawn"}
        carried = self.carried(answer)
        self.assertEqual({name: carried[name] for name in expected}, expected)
        self.assertEqual(Comment.objects.count(), 0)

    def test_nothing_at_all(self):
        self.check("", "Write something first.")

    def test_spaces(self):
        self.check("   ", "Write something first.")

    def test_what_cannot_be_seen(self):
        self.check("\u200b\u2060", "Write something first.")

    def test_too_long(self):
        self.check("a" * 5001, "Use at most 5000 characters.")

    def test_far_too_long(self):
        self.check("a" * 100_000, "Use at most 5000 characters.")

    def test_a_control_character(self):
        self.check("bell \x07", "The character U+0007 cannot be used here.")

    def test_a_bidi_override(self):
        self.check("\u202eevil", "The character U+202E cannot be used here.")

    def test_five_thousand_characters_are_not_too_many(self):
        self.assertEqual(self.send_signed_in("🙂" * 5000).status_code, 303)


class RefusalTests(ComposeCase):
    """What a service refuses comes back as a page that holds everything typed."""

    def check(self, status: int, words: str, **target):
        answer = self.send_signed_in("What I typed.", **target)
        self.assertContains(answer, words, status_code=status)
        self.assertEqual(self.carried(answer)["text"], "What I typed.")
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertFalse(Comment.objects.filter(head_revision__source="What I typed.").exists())
        return answer

    def test_a_discussion_closed_meanwhile(self):
        Article.objects.update(is_open=False)
        self.check(409, "This discussion is closed.", **self.at("sing at dawn"))

    def test_a_discussion_closed_between_the_look_and_the_lock(self):
        def close(submission):
            Article.objects.update(is_open=False)
            return mock.DEFAULT

        with mock.patch("pages.composing.services.submit", wraps=services.submit, side_effect=close):
            self.check(409, "This discussion is closed.")

    def test_passages_closed_meanwhile(self):
        Article.objects.update(discussion="sections")
        self.check(409, "Single passages of this article are not open for comments.", **self.at("sing at dawn"))

    def test_a_passage_that_is_gone(self):
        chosen = self.at("Most birds nest in hedges.")
        revise(self.article, SOURCE.replace("Most birds nest in hedges.", "Nothing here."))
        answer = self.check(422, "The article changed, and this passage is no longer in it.", **chosen)
        # Sent once more, it is meant for the article.
        self.assertNotIn("exact", self.carried(answer))
        self.assertContains(answer, "Your comment will stand on the whole article.", status_code=422)
        # It is told once.
        self.assertContains(answer, "The article changed, and this passage", 1, status_code=422)
        sent = self.client.post(FORM, self.carried(answer) | {"do": "post"})
        self.assertEqual(sent.status_code, 303)

    def test_words_that_do_not_stand_there(self):
        chosen = self.at("sing at dawn") | {"exact": "Most birds"}
        self.check(422, "The text at start and end is not the text quoted.", **chosen)

    def test_words_that_stand_nowhere(self):
        chosen = self.at("sing at dawn") | {"exact": "croak at dusk"}
        self.check(422, "The quoted words do not stand in the article.", **chosen)

    def test_words_that_stand_twice(self):
        chosen = self.at("sing at dawn") | {"exact": "birds"}
        self.check(422, "The text at start and end is not the text quoted.", **chosen)

    def test_a_revision_that_is_not_there(self):
        self.check(400, "The article has no such revision.", **self.at("sing at dawn") | {"revision": 9})

    def test_a_place_that_is_no_number(self):
        self.check(400, "This address names no place in the article.", **self.at("sing at dawn") | {"start": "x"})

    def test_a_section_that_is_not_there(self):
        self.check(404, "The article has no such section.", section="nowhere")

    def test_a_comment_removed_meanwhile(self):
        parent = make_comment(self.article, self.ada, state=State.SPAM)
        told = "The comment you want to answer is not there. Your comment will stand on the whole article."
        answer = self.check(404, told, parent=parent.key)
        self.assertContains(answer, "The comment you want to answer", 1, status_code=404)

    @override_settings(COMMENT_CHECKS=["tests.factories.refuse"])
    def test_too_many_at_once(self):
        answer = self.check(429, "That is too many at once.")
        self.assertIn(int(answer.headers["Retry-After"]), range(1, 3601))

    def test_an_article_unpublished_meanwhile(self):
        articles.unpublish(self.article, by=None)
        self.assertEqual(self.send_signed_in().status_code, 410)

import re
from unittest import mock

from django.test import Client, override_settings

from articles import services as articles
from articles.models import Article
from comments.anchoring import Span
from comments.models import Comment
from comments.placing import Place
from comments.states import State
from tests.factories import make_article, make_comment, make_user, revise
from tests.pages.compose_case import FORM, SOURCE, ComposeCase


class FormTests(ComposeCase):
    def test_is_on_the_article_when_nothing_is_named(self):
        answer = self.client.get(FORM)
        self.assertContains(answer, 'Your comment on <a href="/articles/birds/" dir="auto">Birds</a>')
        self.assertEqual(self.carried(answer), {"text": ""})

    def test_quotes_the_block_with_the_passage(self):
        answer = self.client.get(FORM, self.query("sing at dawn"))
        self.assertContains(answer, "Small birds <mark>sing at dawn</mark>. They stop at noon.")
        self.assertEqual(
            self.carried(answer), {"text": "", "revision": "1", "start": "38", "end": "50", "exact": "sing at dawn"}
        )

    def test_quotes_all_blocks_that_a_passage_runs_through(self):
        answer = self.client.get(FORM, self.query("noon.\nline one"))
        self.assertContains(answer, "They stop at <mark>noon.\nline one</mark>\nline two")

    def test_names_the_section(self):
        answer = self.client.get(FORM, {"section": "nests"})
        self.assertContains(answer, '<p class="target-heading" dir="auto">Nests</p>', html=True)
        self.assertEqual(self.carried(answer), {"text": "", "section": "nests"})

    def test_names_the_lead(self):
        (lead,) = self.article.sections.filter(texts__level=0)
        self.assertContains(self.client.get(FORM, {"section": lead.key}), "Introduction")

    def test_shows_the_comment_that_is_answered(self):
        comment = make_comment(self.article, self.ada, "What I think.")
        answer = self.client.get(FORM, {"parent": comment.key})
        self.assertContains(answer, "Your reply in")
        self.assertContains(answer, "What I think.")
        self.assertEqual(self.carried(answer), {"text": "", "parent": comment.key})

    def test_leads_to_the_page_of_what_the_comment_answers_itself(self):
        last = make_comment(self.article, self.ada)
        for _ in range(7):
            last = make_comment(self.article, self.ada, parent=last)
        answer = self.client.get(FORM, {"parent": last.key})
        self.assertContains(answer, f'<a href="/comments/{last.parent.key}/">to Ada</a>', html=True)

    def test_folds_what_is_long_with_the_last_words_before_the_passage(self):
        before = "Birds that are small sing early, and those that are large do not. " * 4
        self.article = make_article("larks", f"{before}Larks sing at dawn.\n\nNot long.")
        answer = self.client.get("/articles/larks/comment/", self.query("sing at dawn"))
        quoted = '<span class="far">(.*?)</span>(.*?)<mark>sing at dawn</mark>'
        ((far, near),) = re.findall(quoted, answer.content.decode())
        # Of 60 code points the whole words.
        last = "small sing early, and those that are large do not. Larks "
        assert (far + near, near) == (before + "Larks ", last)
        self.assertContains(answer, '<details class="unfold">')
        answer = self.client.get("/articles/larks/comment/", self.query("Not long"))
        self.assertNotContains(answer, "unfold")

    def test_keeps_the_passage_when_the_article_was_renamed(self):
        articles.rename(self.article, "songbirds")
        answer = self.client.get(FORM, self.query("sing at dawn"), follow=True)
        self.assertEqual(answer.redirect_chain, [("/articles/songbirds/comment/?revision=1&start=38&end=50", 301)])
        self.assertContains(answer, "<mark>sing at dawn</mark>")

    def test_carries_a_passage_over_to_the_revision_that_is_current(self):
        chosen = self.query("Most birds nest")
        revise(self.article, "A new lead.\n\n" + SOURCE)
        carried = self.carried(self.client.get(FORM, chosen))
        text = Article.objects.get().current_revision.canonical_text
        self.assertEqual((carried["revision"], carried["exact"]), ("2", "Most birds nest"))
        self.assertEqual(text[int(carried["start"]) : int(carried["end"])], "Most birds nest")

    def test_is_on_the_article_when_the_passage_is_gone_and_says_so(self):
        chosen = self.query("Most birds nest in hedges.")
        revise(self.article, SOURCE.replace("Most birds nest in hedges.", "Nothing here."))
        answer = self.client.get(FORM, chosen)
        self.assertContains(answer, "The article changed, and this passage is no longer in it.")
        self.assertContains(answer, "Your comment will stand on the whole article.")
        self.assertEqual(self.carried(answer), {"text": ""})


@override_settings(NETWORK_LIMITS=[(1, 86_400)])
class TooManyOldPassagesTests(ComposeCase):
    """Two whole texts are compared for a passage of an older revision: so often in a while, and no words are lost."""

    def setUp(self):
        super().setUp()
        self.chosen = self.at("Most birds nest")
        self.place = self.query("Most birds nest")
        revise(self.article, SOURCE.replace("Most birds nest", "Most small birds nest"))
        self.client.get(FORM, self.place)

    def check(self, answer, text: str) -> None:
        self.assertContains(answer, "That is too many at once.", 1, status_code=429)
        self.assertContains(answer, "<mark>Most birds nest</mark>", status_code=429)
        self.assertIn(int(answer.headers["Retry-After"]), range(1, 86_401))
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertEqual(self.carried(answer)["text"], text)

    def test_the_form_comes_with_what_was_chosen(self):
        with mock.patch("comments.placing.carry_alone") as carry:
            answer = self.client.get(FORM, self.place)
        carry.assert_not_called()
        self.check(answer, "")

    def test_what_was_written_comes_back_and_can_be_sent_later(self):
        for do in ("preview", "post"):
            answer = self.send_signed_in(do=do, **self.chosen)
            self.assertContains(answer, "<mark>Most birds nest</mark>", status_code=429)
        with override_settings(NETWORK_LIMITS=[(100, 86_400)]):
            sent = self.client.post(FORM, self.carried(answer) | {"do": "post"})
        self.assertEqual(sent.status_code, 303)
        self.assertEqual(Comment.objects.get().anchor.exact, "Most birds nest")

    def test_what_is_to_be_changed_comes_back(self):
        answer = self.send(do="change", **self.chosen)
        self.assertContains(answer, "<mark>Most birds nest</mark>")
        self.assertEqual(
            self.carried(answer), {name: str(value) for name, value in self.chosen.items()} | {"text": "A thought."}
        )

    def test_passages_of_the_current_revision_do_not_count(self):
        for _ask in range(3):
            self.assertEqual(self.client.get(FORM, {"revision": 2, "start": 0, "end": 6}).status_code, 200)


class BadTargetTests(ComposeCase):
    """Addresses that name nothing a comment could be on."""

    def check(self, status: int, words: str, **query) -> None:
        answer = self.client.get(FORM, query)
        self.assertContains(answer, words, status_code=status)
        self.assertContains(answer, 'href="/articles/birds/"', status_code=status)

    def test_half_a_passage(self):
        self.check(400, "This address names no place in the article.", revision=1, start=3)

    def test_words_without_a_place(self):
        self.check(400, "This address names no place in the article.", exact="Small birds")

    def test_what_is_no_number(self):
        for value in ("x", "-1", "1.5", "9" * 5000, ""):
            with self.subTest(value[:5]):
                self.check(400, "This address names no place in the article.", revision=1, start=value, end=9)

    def test_more_than_one_target(self):
        self.check(400, "This address names no place in the article.", section="nests", parent="A" * 22)

    def test_an_end_before_the_start(self):
        self.check(400, "start must be 0 or more, and before end.", revision=1, start=9, end=3)

    def test_an_end_past_the_text(self):
        self.check(400, "The text of this revision ends at ", revision=1, start=0, end=9999)

    def test_a_passage_across_sections(self):
        self.check(400, "Choose a passage within one section.", revision=1, start=0, end=40)

    def test_a_passage_too_long_to_quote(self):
        article = make_article("long", "word " * 3000)
        answer = self.client.get("/articles/long/comment/", {"revision": 1, "start": 0, "end": 10_001})
        self.assertEqual(article.current_revision.number, 1)
        self.assertContains(answer, "Choose at most 10000 characters.", status_code=400)

    def test_a_revision_that_is_not_there(self):
        self.check(404, "The article has no such revision.", revision=9, start=0, end=3)
        self.check(404, "The article has no such revision.", revision="9" * 30, start=0, end=3)

    def test_a_section_that_is_not_there(self):
        self.check(404, "The article has no such section.", section="nowhere")

    def test_a_section_that_is_no_more(self):
        revise(self.article, "## Song\n\nSmall birds sing at dawn.\n")
        self.check(404, "The article has no such section.", section="nests")

    def test_a_comment_that_is_not_there(self):
        for key in ("A" * 22, "x", "é" * 22):
            with self.subTest(key):
                self.check(404, "The comment you want to answer is not there.", parent=key)

    def test_a_comment_on_another_article(self):
        other = make_comment(make_article("other"), self.ada)
        self.check(404, "The comment you want to answer is not there.", parent=other.key)

    def test_a_comment_that_only_its_author_may_read(self):
        self.client.force_login(self.ada)
        held = make_comment(self.article, self.ada, state=State.HELD)
        note = make_comment(self.article, self.ada, kind="note", visibility="private", quote="Small birds")
        for comment in (held, note):
            self.check(404, "The comment you want to answer is not there.", parent=comment.key)

    def test_a_discussion_that_is_closed(self):
        Article.objects.update(is_open=False)
        self.check(409, "This discussion is closed.")

    def test_a_passage_where_only_sections_are_open(self):
        Article.objects.update(discussion="sections")
        self.check(409, "Single passages of this article are not open for comments.", **self.query("Small birds"))
        self.assertEqual(self.client.get(FORM, {"section": "nests"}).status_code, 200)

    def test_an_article_that_is_not_there(self):
        self.assertEqual(self.client.get("/articles/nowhere/comment/").status_code, 404)
        make_article("draft", is_published=False)
        self.assertEqual(self.client.get("/articles/draft/comment/").status_code, 404)

    def test_an_article_that_was_unpublished(self):
        articles.unpublish(self.article, by=None)
        self.assertEqual(self.client.get(FORM).status_code, 410)


class KindTests(ComposeCase):
    def kinds(self, answer) -> list[str]:
        return re.findall(r'type="radio" name="kind" value="(\w+)"', answer.content.decode())

    def test_are_three_on_a_passage_and_none_in_a_reply(self):
        reply = make_comment(self.article, self.ada)
        self.assertEqual(
            self.kinds(self.client.get(FORM, self.query("sing at dawn"))), ["comment", "highlight", "note"]
        )
        self.assertEqual(self.kinds(self.client.get(FORM, {"section": "nests"})), ["comment", "note"])
        self.assertEqual(self.kinds(self.client.get(FORM, {"parent": reply.key})), [])

    def test_that_the_address_names_is_chosen(self):
        answer = self.client.get(FORM, {**self.query("sing at dawn"), "kind": "note"})
        self.assertContains(answer, 'value="note" id="id_kind_2" checked')

    def test_a_note_is_its_writers_alone(self):
        answer = self.send_signed_in(kind="note", **self.at("sing at dawn"))
        note = Comment.objects.get()
        self.assertEqual((note.kind, note.visibility, note.public_revision), ("note", "private", None))
        self.assertRedirects(answer, f"/comments/{note.key}/", 303)

    def test_a_highlight_needs_no_words(self):
        self.send_signed_in("", kind="highlight", **self.at("sing at dawn"))
        highlight = Comment.objects.get()
        self.assertEqual((highlight.kind, highlight.is_public), ("highlight", True))
        self.assertEqual(highlight.anchor.exact, "sing at dawn")

    def test_a_comment_needs_words(self):
        answer = self.send_signed_in(" ", kind="comment", **self.at("sing at dawn"))
        self.assertContains(answer, "Write something first.", status_code=400)
        self.assertEqual(self.kinds(answer), ["comment", "highlight", "note"])

    def test_another_kind_is_refused(self):
        answer = self.send_signed_in(kind="sermon", **self.at("sing at dawn"))
        self.assertEqual((answer.status_code, Comment.objects.count()), (400, 0))

    def test_a_highlight_of_a_section_is_refused_in_words(self):
        answer = self.send_signed_in("", kind="highlight", section="nests")
        self.assertContains(answer, "A highlight needs a passage.", status_code=400)

    def test_a_highlight_whose_passage_is_gone_can_be_left_as_something_else(self):
        chosen = self.at("Most birds nest in hedges.")
        revise(self.article, SOURCE.replace("Most birds nest in hedges.", "Nothing here."))
        for do in ("preview", "post"):
            with self.subTest(do):
                answer = self.send_signed_in("Why?", kind="highlight", do=do, **chosen)
                self.assertContains(answer, "this passage is no longer in it.", 1, status_code=422)
                self.assertEqual(self.kinds(answer), ["comment", "note"])
                self.assertEqual(self.carried(answer), {"text": "Why?"})
        self.assertFalse(Comment.objects.exists())

    def test_a_guest_who_wants_a_note_is_told_what_it_needs(self):
        answer = self.send("Mine.", kind="note", name="Nora", email="nora@example.org")
        self.assertContains(answer, "Private notes need an account.", status_code=400)
        self.assertEqual(self.carried(answer)["text"], "Mine.")

    def test_a_guest_is_not_asked_who_they_are_for_a_note_that_needs_an_account(self):
        answer = self.send("Mine.", kind="note", **self.at("sing at dawn"))
        self.assertContains(answer, "Private notes need an account.")
        self.assertContains(answer, "/accounts/login/?next=")
        self.assertNotContains(answer, 'name="email"')
        self.assertNotContains(answer, "We send a link to this address.")

    def test_goes_through_the_preview(self):
        answer = self.send_signed_in("Mine.", do="preview", kind="note", **self.at("sing at dawn"))
        self.assertContains(answer, "only you will read it")
        self.assertEqual(self.carried(answer)["kind"], "note")


class PreviewTests(ComposeCase):
    def check_nothing_is_stored(self, answer) -> None:
        self.assertEqual(Comment.objects.count(), 0)
        self.assertIn("no-store", answer.headers["Cache-Control"])

    def test_shows_the_text_as_it_will_stand_and_keeps_it_whole(self):
        typed = '  Some *words*,\r\n<b>"these"</b>\r\n'
        answer = self.send_signed_in(typed, do="preview", **self.at("sing at dawn"))
        self.assertContains(answer, "Some <em>words</em>,<br>")
        self.assertNotContains(answer, "<b>&quot;these")
        self.assertContains(answer, "<mark>sing at dawn</mark>")
        carried = self.carried(answer)
        self.assertEqual(carried.pop("csrfmiddlewaretoken")[:0], "")
        self.assertEqual(carried.pop("text"), 'Some *words*,\n<b>"these"</b>')
        self.assertEqual(
            carried, {"kind": "comment", "revision": "1", "start": "38", "end": "50", "exact": "sing at dawn"}
        )
        self.check_nothing_is_stored(answer)

    def test_is_what_an_unproven_form_gets(self):
        for site in ("cross-site", "same-site", "none"):
            with self.subTest(site):
                answer = self.send_signed_in(site=site)
                self.assertContains(answer, "Nothing is posted yet.")
                self.check_nothing_is_stored(answer)

    def test_is_what_a_form_without_any_proof_gets(self):
        self.client.force_login(self.ada)
        answer = self.client.post(FORM, {"text": "A thought.", "do": "post"})
        self.assertContains(answer, "Nothing is posted yet.")
        self.check_nothing_is_stored(answer)

    def test_is_what_a_form_without_a_button_gets(self):
        self.check_nothing_is_stored(self.send_signed_in(do=""))

    def test_its_own_token_posts_what_it_holds(self):
        self.client.force_login(self.ada)
        answer = self.client.post(FORM, {"text": "A thought.", "do": "post", **self.at("sing at dawn")})
        sent = self.client.post(FORM, self.carried(answer) | {"do": "post"})
        self.assertEqual(sent.status_code, 303)
        comment = Comment.objects.get()
        self.assertEqual((comment.head_revision.source, comment.anchor.exact), ("A thought.", "sing at dawn"))

    def test_change_gives_the_form_back_with_everything_in_it(self):
        answer = self.send_signed_in("Half a thou", do="change", section="nests")
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(self.carried(answer), {"text": "Half a thou", "section": "nests"})
        self.check_nothing_is_stored(answer)

    def test_says_where_a_changed_passage_is_now(self):
        chosen = self.at("Small birds sing at dawn.")
        article = revise(self.article, SOURCE.replace("at dawn", "at dusk"))
        now = Place(article.current_revision, self.article.sections.get(key="song").pk, Span(26, 51))
        with mock.patch("pages.targets.place", return_value=now):
            answer = self.send_signed_in(do="preview", **chosen)
        self.assertContains(answer, "The passage you chose changed. Here is where it is now.")
        self.assertContains(answer, "<mark>Small birds sing at dusk.</mark>")
        self.assertEqual(self.carried(answer)["exact"], "Small birds sing at dusk.")

    def test_says_nothing_of_a_passage_that_is_as_it_was(self):
        chosen = self.at("Most birds nest in hedges.")
        revise(self.article, "A new lead.\n\n" + SOURCE)
        answer = self.send_signed_in(do="preview", **chosen)
        self.assertContains(answer, "<mark>Most birds nest in hedges.</mark>")
        self.assertNotContains(answer, "The passage you chose changed.")


class SignInTests(ComposeCase):
    def test_the_way_back_is_ours_whatever_was_sent(self):
        answer = self.send(next="https://evil.example/", section="nests")
        self.assertNotContains(answer, "evil.example")

    def test_signing_in_leads_to_paths_of_ours_alone(self):
        ada = make_user("Ada", email="ada@example.org", password="a long enough password")
        ada.emailaddress_set.create(email=ada.email, verified=True, primary=True)
        for sent, led in (
            ("/articles/birds/comment/", "/articles/birds/comment/"),
            ("https://evil.example/", "/me/"),
        ):
            with self.subTest(sent):
                client = Client()
                typed = {"login": "ada@example.org", "password": "a long enough password", "next": sent}
                answer = client.post("/accounts/login/", typed)
                self.assertRedirects(answer, led, fetch_redirect_response=False)

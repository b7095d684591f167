"""An editor knows better where a passage goes, and says so on the publish page."""

import re

import pytest

from articles import by_hand, publishing, services
from articles.by_hand import ELSEWHERE, Choice, choices_of, find, packed, resolve
from articles.models import Article, Publishing, Revision
from articles.rendering import render
from articles.steps import ByHand, Passage
from comments.models import Anchor, AnchorMove
from comments.services import attach
from tests.articles.admin_pages import form_on, page, said, signed_in
from tests.factories import make_article, make_comment, make_user, passage, revise

RENDERED = render("One bird and one bird sing.\n\nA *third* one\nlistens.\n\n## Nests\n\nOne bird nests.")


def resolved(**fields):
    choice = Choice(3, 8, **fields)
    return resolve([choice], RENDERED), choice


class TestFind:
    def test_finds_words_whatever_white_space_is_between_them(self):
        assert find("A\nlark  sings. a lark", "A lark sings.") == [(0, 14)]

    def test_finds_composed_letters_and_takes_signs_as_they_are(self):
        assert find("Caf\u00e9 (new)", "Cafe\u0301 (new)") == [(0, 10)]

    def test_finds_at_most_one_more_than_are_offered(self):
        assert len(find("bird " * 50, "bird")) == by_hand.MOST_PLACES + 1


class TestResolve:
    def test_gives_the_place_of_words_that_stand_once(self):
        (there,), choice = resolved(what="here", words="A third one\r\nlistens.")
        assert RENDERED.text[there.to_start : there.to_end] == "A third one listens."
        assert (there.start, there.end, choice.error) == (3, 8, "")

    def test_gives_the_place_chosen_of_several(self):
        (there,), choice = resolved(what="here", words="ne bird", number="2", offered_for="ne bird")
        assert RENDERED.text[: there.to_start] == "One bird and o"
        assert [words for _before, words, _after in choice.offered] == ["ne bird"] * 3

    def test_says_gone_and_nothing(self):
        assert resolved(what="gone")[0] == [ByHand(3, 8, None, None)]
        assert resolved(what="")[0] == []

    def test_confirms_the_place_that_was_shown(self):
        assert resolved(what="right", shown="4-8")[0] == [ByHand(3, 8, 4, 8)]

    @pytest.mark.parametrize(
        ("sent", "words"),
        [
            ({"what": "here", "words": " \n"}, "Type the words of the draft"),
            ({"what": "here", "words": "two birds"}, "These words do not stand in the draft."),
            ({"what": "here", "words": "ne bird"}, "These words stand 3 times in the draft."),
            ({"what": "here", "words": "ne bird", "number": "4", "offered_for": "ne bird"}, "stand 3 times"),
            ({"what": "here", "words": "ne bird", "number": "2", "offered_for": "bird"}, "stand 3 times"),
            ({"what": "here", "words": "n"}, "These words stand 8 times"),
            ({"what": "here", "words": "x" * 10_001}, "Use at most 10000 characters."),
            ({"what": "here", "words": "listens. Nests"}, "Choose a passage within one section."),
            ({"what": "right", "shown": "8-4"}, "This form is incomplete."),
            ({"what": "right", "shown": "4-4000"}, "This form is incomplete."),
            ({"what": "right", "shown": "x"}, "This form is incomplete."),
            ({"what": "elsewhere"}, "This form is incomplete."),
        ],
    )
    def test_refuses_in_words(self, sent, words):
        there, choice = resolved(**sent)
        assert there == [] and words in choice.error

    def test_refuses_words_that_stand_too_often(self):
        choice = Choice(3, 8, "here", "bird")
        assert resolve([choice], render("bird " * 30)) == []
        assert "more than 20 times" in choice.error and choice.offered == []

    def test_takes_words_for_meant_whatever_button_is_pressed(self):
        sent = {"what-3-8": "", "words-3-8": "typed", "what-9-9": "gone", "what-x": "gone"}
        found = choices_of(sent)
        typed, empty = found[Passage(3, 8)], found[Passage(9, 9)]
        assert (typed.what, typed.words, empty.what) == ("here", "typed", "gone")
        assert len(found) == 2
        assert resolve([empty], RENDERED) == [] and empty.error

    def test_tells_a_passage_that_was_lost_from_one_at_the_same_place(self):
        sent = {"what-3-8": "here", "words-3-8": "A third", "what-3-8-2": "gone", "words-3-8-2": "kept"}
        found = choices_of(sent)
        assert choices_of({ELSEWHERE: packed(found.values())}) == found
        assert resolve(found.values(), RENDERED) == [ByHand(3, 8, 28, 35), ByHand(3, 8, None, None, 2)]


REST = "They rest at noon, and rest at night."
SOURCE = f"Most small birds sing in the morning, all of them.\n\nThey nest in hedges.\n\n{REST}"
DRAFT = f"Most small birds sing in the evening, all of them.\n\n{REST}"
SING, NEST = "sing in the morning", "nest in hedges"


@pytest.mark.django_db
class TestPublish:
    @pytest.fixture
    def editor(self):
        return signed_in("view_article", "change_article")

    @pytest.fixture
    def article(self):
        article = make_article(source=SOURCE, title="Birds")
        for quote in (SING, NEST, NEST):
            make_comment(article, make_user(), f"On {quote}.", quote=quote)
        article = services.save_draft(article, title="Birds", source=DRAFT, seen_version=article.draft_version)
        return Article.objects.select_related("current_revision").get(pk=article.pk)

    def key(self, article, words):
        start = article.current_revision.canonical_text.index(words)
        return f"{start}-{start + len(words)}"

    def send(self, editor, article, passage, what, follow=True, **fields):
        key = self.key(article, passage)
        sent = {"seen_version": article.draft_version, "summary": "Mine", f"what-{key}": what}
        return editor.post(
            page("publish", article), sent | {f"{n}-{key}": v for n, v in fields.items()}, follow=follow
        )

    def now(self, words):
        """Of the anchors on these words: where they are, how, and by what method; and their last moves alike."""
        found = set()
        for anchor in Anchor.objects.filter(exact=words).select_related("now_revision"):
            move = AnchorMove.objects.filter(anchor=anchor).last()
            assert (move.to_start, move.to_end, move.method) == (anchor.now_start, anchor.now_end, anchor.method)
            text = anchor.now_revision.canonical_text
            there = text[anchor.now_start : anchor.now_end] if anchor.now_end else None
            found.add((there, anchor.now_status, move.status, anchor.method))
        return found

    def test_offers_it_beside_each_passage_that_does_not_stay(self, editor, article):
        content = editor.get(page("publish", article)).content.decode()
        for words in (SING, NEST):
            assert f'name="words-{self.key(article, words)}"' in content
        assert f'name="what-{self.key(article, NEST)}" value="gone"' not in content
        assert f'name="what-{self.key(article, SING)}" value="gone"' in content

    def test_puts_every_comment_on_the_passage_where_the_words_are(self, editor, article):
        response = self.send(editor, article, NEST, "here", words="rest at noon")
        assert said(response) == ["Revision 2 is published."]
        assert self.now(NEST) == {("rest at noon", "changed", "changed", "by hand")}
        assert self.now(SING).pop()[0] == "sing in the evening"

    def test_says_kept_when_the_words_are_those_it_was_written_on(self, editor, article):
        article = services.save_draft(
            article, title="Birds", source=f"{DRAFT}\n\nWe {NEST}.", seen_version=article.draft_version
        )
        article = Article.objects.select_related("current_revision").get(pk=article.pk)
        self.send(editor, article, NEST, "here", words=NEST)
        assert self.now(NEST) == {(NEST, "kept", "kept", "by hand")}

    def test_declares_a_passage_gone_and_never_finds_it_again_by_itself(self, editor, article):
        self.send(editor, article, SING, "gone")
        assert self.now(SING) == {(None, "orphaned", "orphaned", "by hand")}
        revise(article, SOURCE)
        assert self.now(SING) == {(None, "orphaned", "orphaned", "by hand")}
        assert self.now(NEST).pop()[0] == NEST

    def test_is_carried_on_from_there(self, editor, article):
        self.send(editor, article, NEST, "here", words="rest at noon")
        revise(article, f"All is well with them, as far as anybody can see.\n\n{DRAFT}")
        ((words, status, _step, method),) = self.now(NEST)
        assert (words, status) == ("rest at noon", "changed") and method != "by hand"

    def test_asks_which_where_the_words_stand_twice_and_loses_nothing(self, editor, article):
        response = self.send(editor, article, NEST, "here", words="rest at")
        content = response.content.decode()
        assert response.status_code == 400 and Revision.objects.filter(article=article).count() == 1
        assert "These words stand 2 times in the draft." in content
        assert "<title>Error: Birds" in content
        assert "…Most small" not in content and "<mark>rest at</mark> night." in content
        assert 'value="Mine"' in content and ">\nrest at</textarea>" in content
        self.send(editor, article, NEST, "here", words="rest at", number="2", offered_for="rest at")
        anchor = Anchor.objects.filter(exact=NEST).select_related("now_revision").first()
        assert anchor.now_revision.canonical_text[anchor.now_start :] == "rest at night."

    def test_refuses_when_the_draft_was_saved_meanwhile_and_loses_nothing(self, editor, article):
        services.save_draft(article, title="Birds", source=DRAFT + " Well.", seen_version=article.draft_version)
        response = self.send(editor, article, NEST, "here", words="rest at noon")
        assert response.status_code == 409
        assert ">\nrest at noon</textarea>" in response.content.decode()
        services.save_draft(article, title="Birds", source=SOURCE, seen_version=article.draft_version + 1)
        response = self.send(editor, article, NEST, "here", words="rest at noon")
        assert response.status_code == 409
        assert "not listed any more" in response.content.decode() and "rest at noon" in response.content.decode()
        assert Revision.objects.filter(article=article).count() == 1

    def test_refuses_when_the_draft_was_published_meanwhile_and_loses_nothing(self, editor, article):
        services.publish(article, by=None)
        response = self.send(editor, article, NEST, "here", words="rest at noon")
        content = response.content.decode()
        assert response.status_code == 409
        assert "The article was saved or published by somebody else meanwhile." in content
        assert "What you said of passages that are not listed any more" in content and "rest at noon" in content
        assert self.now(NEST) == {(None, "orphaned", "orphaned", "none")}

    def test_keeps_it_beside_what_is_wrong_with_the_rest_of_the_form(self, editor, article):
        key = self.key(article, NEST)
        sent = {
            "seen_version": article.draft_version,
            "summary": "x" * 300,
            f"words-{key}": "mine",
            f"what-{key}": "here",
        }
        response = editor.post(page("publish", article), sent)
        assert response.status_code == 400 and ">\nmine</textarea>" in response.content.decode()

    def test_goes_with_what_the_worker_publishes(self, editor, article, monkeypatch):
        monkeypatch.setattr(publishing, "MOST_AT_ONCE", 1)
        self.send(editor, article, NEST, "here", words="rest at noon", follow=False)
        assert len(Publishing.objects.get().by_hand) == 1
        assert publishing.run_due() == 1
        assert self.now(NEST) == {("rest at noon", "changed", "changed", "by hand")}

    def test_holds_for_a_comment_that_comes_meanwhile(self, article, monkeypatch):
        start = article.current_revision.canonical_text.index(NEST)
        there = ByHand(start, start + len(NEST), 0, 4)
        swap = services.publishing.swap

        def late(*args, **options):
            make_comment(article, make_user(), "Late.", quote=NEST)
            return swap(*args, **options)

        monkeypatch.setattr(services.publishing, "swap", late)
        services.publish(article, by=None, by_hand=[there])
        assert Anchor.objects.filter(exact=NEST, now_start=0, now_end=4, method="by hand").count() == 3


BEGINNING = "Most small birds sing in the morning, all of them."


@pytest.mark.django_db
class TestPublishWhatIsFoundAgain:
    """Of passages that were lost: they stand nowhere in the current text, and the draft has them again."""

    @pytest.fixture
    def editor(self):
        return signed_in("view_article", "change_article")

    @pytest.fixture
    def article(self):
        """Lost are the nests of two readers, of whom one keeps it for herself, and the rest of another."""
        article = make_article(source=SOURCE, title="Birds")
        make_comment(article, make_user(), "Where?", quote=NEST)
        make_comment(article, make_user(), quote=NEST, kind="note", visibility="private")
        make_comment(article, make_user(), "When?", quote="rest at noon")
        article = revise(article, BEGINNING)
        article = services.save_draft(article, title="Birds", source=SOURCE, seen_version=article.draft_version)
        return Article.objects.select_related("current_revision").get(pk=article.pk)

    def key(self, words, source=SOURCE, revision=1):
        start = source.replace("\n\n", "\n").index(words)
        return f"{start}-{start + len(words)}" + (f"-{revision}" if revision else "")

    def publish(self, editor, article, **said):
        """As it is sent from the page that lists them, each said to be there by `words-…` or by `what-…`."""
        sent = form_on(editor.get(page("publish", article)))
        changes = {f"{field}-{key}": value for field, (key, value) in said.items()}
        assert set(changes) <= set(sent)
        return editor.post(page("publish", article), sent | changes, follow=True)

    def now(self, words):
        """Where the anchors on these words are, and how they came there."""
        found = set()
        for anchor in Anchor.objects.filter(exact=words).select_related("now_revision"):
            text = anchor.now_revision.canonical_text
            there = text[anchor.now_start : anchor.now_end] if anchor.now_end else None
            assert AnchorMove.objects.filter(anchor=anchor).last().method == anchor.method
            found.add((there, anchor.now_status, anchor.method))
        return found

    def test_offers_it_beside_each(self, editor, article):
        content = editor.get(page("publish", article)).content.decode()
        for words in (NEST, "rest at noon"):
            assert f'name="words-{self.key(words)}"' in content
        assert content.count("It stays lost") == 2 and "It is gone" not in content

    def test_finds_them_where_nothing_is_said(self, editor, article):
        assert said(self.publish(editor, article)) == ["Revision 3 is published."]
        assert [(words, status) for words, status, _method in self.now(NEST)] == [(NEST, "kept")]

    def test_puts_every_comment_on_the_passage_where_the_words_are(self, editor, article):
        response = self.publish(editor, article, words=(self.key(NEST), "small birds"))
        assert said(response) == ["Revision 3 is published."]
        assert Anchor.objects.filter(exact=NEST, method="by hand").count() == 2
        assert self.now(NEST) == {("small birds", "changed", "by hand")}
        assert [words for words, *_ in self.now("rest at noon")] == ["rest at noon"]

    def test_leaves_lost_what_is_said_to_stay_lost_and_never_finds_it_by_itself(self, editor, article):
        self.publish(editor, article, what=(self.key(NEST), "gone"))
        assert self.now(NEST) == {(None, "orphaned", "by hand")}
        assert [words for words, *_ in self.now("rest at noon")] == ["rest at noon"]
        for source in (BEGINNING, SOURCE):
            article = revise(article, source)
        assert self.now(NEST) == {(None, "orphaned", "by hand")}

    def test_takes_what_was_checked_for_certain(self, editor):
        article, author = make_article(source=SOURCE, title="Birds"), make_user()
        comment = make_comment(article, author, quote=NEST)
        article = revise(article, DRAFT)
        attach(comment, by=author, selection=passage(article, "rest at noon"))
        article = revise(article, BEGINNING)
        services.save_draft(article, title="Birds", source=DRAFT, seen_version=article.draft_version)
        shown = form_on(editor.get(page("publish", article)))[f"shown-{self.key(NEST)}"]
        assert shown == self.key("rest at noon", DRAFT, revision=None)
        self.publish(editor, article, what=(self.key(NEST), "right"))
        assert self.now(NEST) == {("rest at noon", "changed", "by hand")}

    def test_tells_it_from_what_stands_at_the_same_place(self, editor, article):
        make_comment(article, make_user(), quote=BEGINNING)
        lost = make_comment(article, make_user(), quote=BEGINNING).anchor
        Anchor.objects.filter(pk=lost.pk).update(now_start=None, now_end=None, now_status="orphaned")
        source = f"All is new.\n\n{SOURCE.replace('morning', 'evening')}"
        services.save_draft(article, title="Birds", source=source, seen_version=article.draft_version)
        self.publish(
            editor, article, words=(f"0-{len(BEGINNING)}", "All is"), what=(self.key(BEGINNING, BEGINNING, 2), "gone")
        )
        assert self.now(BEGINNING) == {("All is", "changed", "by hand"), (None, "orphaned", "by hand")}

    def test_comes_back_with_what_is_wrong_and_loses_nothing(self, editor, article):
        response = self.publish(editor, article, words=(self.key(NEST), "No such words"))
        assert response.status_code == 400
        (note,) = re.findall('(?s)<div class="errornote">(.*?)</div>', response.content.decode())
        assert "These words do not stand in the draft." in note
        assert f'<a href="#what-{self.key(NEST)}" dir="auto">{NEST}</a>' in note
        assert form_on(response)[f"words-{self.key(NEST)}"] == "No such words"
        assert self.now(NEST) == {(None, "orphaned", "none")}

    def test_goes_with_what_the_worker_publishes(self, editor, article, monkeypatch):
        monkeypatch.setattr(publishing, "MOST_AT_ONCE", 1)
        self.publish(editor, article, words=(self.key(NEST), "small birds"))
        assert publishing.run_due() == 1
        assert self.now(NEST) == {("small birds", "changed", "by hand")}

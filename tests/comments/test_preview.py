"""What an editor is told before publishing."""

import pytest

from articles import services as article_services
from comments.models import Anchor, AnchorMove
from comments.states import State
from tests.comments.test_carrying import LEAD, NEST, NEWS, SONG, SOURCE, moves, now
from tests.factories import make_article, make_comment, make_user, revise

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return make_article(source=SOURCE)


@pytest.fixture
def author():
    return make_user()


def fates(impact):
    return [passage.fate() for passage in impact.passages]


class TestPreview:
    def draft(self, article, source):
        article = article_services.save_draft(
            article, title="Larks", source=source, seen_version=article.draft_version
        )
        return article_services.edition_of(article).impacts()

    def test_counts_fates_and_shows_those_that_change_the_worst_first(self, article, author):
        for quote in (
            "for minutes",
            "for minutes",
            "Skylarks rise",
            "The nest lies in the open field",
            "Nobody knows how",
        ):
            make_comment(article, author, f"On {quote}.", quote=quote)
        moved = SOURCE.replace(f"\n\n{NEST}", "").replace(LEAD, f"{NEST}\n\n{LEAD}").replace("minutes", "hours")
        (impact,) = self.draft(article, moved.replace(" Nobody knows how he breathes.", ""))
        assert impact.counts == {"kept": 1, "changed": 2, "moved": 1, "orphaned": 1}
        assert [(fate.status, fate.count, fate.then, fate.now) for fate in fates(impact)] == [
            ("orphaned", 1, "Nobody knows how", None),
            ("changed", 2, "for minutes", "for hours"),
            ("moved", 1, "The nest lies in the open field", "The nest lies in the open field"),
        ]
        assert fates(impact)[1].pieces == [("equal", "for "), ("deleted", "minutes"), ("inserted", "hours")]

    def test_shows_what_stands_around_a_passage_then_and_now(self, article, author):
        make_comment(article, author, quote="sings")
        make_comment(article, author, quote="Nobody knows how")
        source = SOURCE.replace("A male sings", "The male sang").replace(" Nobody knows how he breathes.", "")
        (impact,) = self.draft(article, source)
        assert [(fate.status, fate.around_then, fate.around_now) for fate in fates(impact)] == [
            ("orphaned", ("…for minutes without a pause. ", " he breathes."), ("", "")),
            (
                "changed",
                ("A male ", " for minutes without a pause.…"),
                ("The male ", " for minutes without a pause."),
            ),
        ]

    def test_shows_what_is_found_again_beside_what_was_quoted(self, article, author):
        for quote in ("sings for minutes without", "Nobody knows how"):
            make_comment(article, author, quote=quote)
        make_comment(article, author, kind="note", visibility="private", quote="for minutes")
        article = revise(article, SOURCE.replace(SONG, NEWS))
        (impact,) = self.draft(article, SOURCE.replace("minutes", "hours"))
        assert impact.counts == {"found": 2}
        assert [(fate.status, fate.then, fate.now, fate.was_lost) for fate in fates(impact)] == [
            ("changed", "sings for minutes without", "sings for hours without", True),
            ("kept", "Nobody knows how", "Nobody knows how", True),
        ]

    def test_asks_nobody_to_check_what_goes_back_to_the_words_it_was_written_on(self, author):
        """The last step alone is in doubt about the place, the way from the writing is not."""
        first = (
            "Aims: Describing what you actually want in a form a machine can optimize for is surprisingly difficult. "
            "Proxy measures often get optimized in ways that satisfy the objective while violating the spirit"
        )
        edited = "Aims: Nobody can easily say what you actually want. Stand-ins are often pursued against the spirit"
        article = make_article(source=f"{LEAD}\n\n{first}\n\n{NEST}")
        comment = make_comment(article, author, quote="Aims: Describing what you actually want")
        article = revise(article, f"{LEAD}\n\n{edited}\n\n{NEST}")
        (impact,) = self.draft(article, f"{LEAD}\n\n{first}\n\n{NEST}")
        assert impact.counts == {"changed": 1}
        article_services.publish(article_services.edition_of(article).draft, by=None)
        assert now(comment) == (3, "Aims: Describing what you actually want", "kept")
        assert Anchor.objects.get().score == 1.0
        assert moves(comment)[-1] == (2, 3, "changed")

    def test_writes_nothing(self, article, author):
        comment = make_comment(article, author, quote="for minutes")
        before = (now(comment), Anchor.objects.values().get(), article.revisions.count())
        self.draft(article, "All is new.")
        assert (now(comment), Anchor.objects.values().get(), article.revisions.count()) == before
        assert not AnchorMove.objects.exists()

    def test_says_nothing_of_what_not_everybody_reads(self, article, author):
        make_comment(article, author, kind="note", visibility="private", quote="for minutes")
        make_comment(article, author, state=State.HELD, quote="for minutes")
        (impact,) = self.draft(article, "All is new.")
        assert (dict(impact.counts), fates(impact)) == ({}, [])

    def test_lists_those_that_fare_alike_in_the_order_of_the_text(self, author):
        words = [f"word{number}" for number in range(6)]
        sentences = [f"On the whole the {word} was seen." for word in words]
        article = make_article(source="\n\n".join(sentences))
        for word in words:
            make_comment(article, author, f"On {word}.", quote=f"the whole the {word} was seen")
        gone = ("word0", "word4")
        kept = [one if one.split()[4] not in gone else "All is new." for one in sentences]
        (impact,) = self.draft(article, "\n\n".join(kept).replace("whole", "average"))
        assert impact.counts == {"changed": 4, "orphaned": 2}
        assert [(fate.status, fate.then.split()[3]) for fate in fates(impact)] == [
            ("orphaned", "word0"),
            ("orphaned", "word4"),
            ("changed", "word1"),
            ("changed", "word2"),
            ("changed", "word3"),
            ("changed", "word5"),
        ]

    def test_is_nothing_where_nothing_would_change(self, article, author):
        make_comment(article, author, quote="for minutes")
        assert self.draft(article, SOURCE.replace("minutes", "*minutes*")) is None
        assert article_services.edition_of(make_article(is_published=False)).impacts() == []

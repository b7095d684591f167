"""What editors do to an article, each with what becomes of the comments on it: through the services, on the demo."""

from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command

from articles.models import Article
from comments.models import Anchor
from tests.factories import make_article, make_comment, make_user, revise

pytestmark = pytest.mark.django_db

MAIN = settings.BASE_DIR / "demo" / "ai-safety-and-alignment-in-2026.md"
DECEPTIVE = "Telling sincere good conduct from a performance of it is an open problem."
TWIN = "How to do so fairly is an open problem in philosophy too."
GENERAL = "Conduct that looked dependable there can come apart when the tools or the stakes change"
ROBUST = "Good conduct has to hold when someone works against it"
INSTITUTES = [
    "In the United States, the AI Safety Institute became the Center for AI Standards and Innovation in 2025",
    "In Britain, the AI Safety Institute became the AI Security Institute in the same year",
]
QUOTES = [
    "For years, the people who worried", "This article is a map rather than a verdict.", GENERAL, ROBUST, DECEPTIVE,
    TWIN, "an open problem", "The Hard Problems That Remain Unsolved", "Whose values:", "Anthropic", *INSTITUTES,
    "The other camp replies that safety work needs something real to work on.", "Harder to misuse:",
    "scalable oversight", "None of the three is out of reach.",
]  # fmt: skip


@pytest.fixture
def article():
    call_command("import_article", str(MAIN), "--publish", "--slug", "drill", stdout=StringIO())
    return Article.objects.get(slug="drill")


@pytest.fixture
def published(article):
    """Publish the article's text with something changed; gives the words and status of every quote afterwards."""
    reader = make_user()
    for quote in QUOTES:
        make_comment(article, reader, quote=quote)

    def publish(edit) -> dict[str, tuple[str | None, str]]:
        source = Article.objects.get(pk=article.pk).draft_source
        changed = edit(source)
        assert changed != source
        revise(article, changed)
        return {anchor.exact: (words_of(anchor), anchor.now_status) for anchor in anchors()}

    return publish


def anchors():
    return Anchor.objects.select_related("now_revision", "comment__section").order_by("pk")


def words_of(anchor) -> str | None:
    now = anchor.now
    return now and anchor.now_revision.canonical_text[now.start : now.end]


def section_of(quote: str) -> str:
    return anchors().get(exact=quote).comment.section.key


def swapped(source: str, one: str, other: str) -> str:
    """The lines that begin with `one` and `other` in each other's place."""
    lines = source.split("\n")
    a, b = (next(at for at, line in enumerate(lines) if line.startswith(start)) for start in (one, other))
    lines[a], lines[b] = lines[b], lines[a]
    return "\n".join(lines)


def kept_but(found, *quotes):
    """Every other passage stands as it did, with a place that moved with the text at most."""
    others = {quote: state for quote, state in found.items() if quote not in quotes}
    assert {quote: words for quote, (words, _status) in others.items()} == {quote: quote for quote in others}
    assert {status for _words, status in others.values()} <= {"kept", "moved"}


class TestDrills:
    def test_a_section_is_renamed(self, published):
        found = published(
            lambda source: source.replace("The Hard Problems That Remain Unsolved", "What Is Still Hard")
        )
        kept_but(found, "The Hard Problems That Remain Unsolved")
        assert found["The Hard Problems That Remain Unsolved"][0] in (None, "What Is Still Hard")
        assert section_of(TWIN) == "the-hard-problems-that-remain-unsolved"

    def test_two_items_of_a_list_change_places(self, published):
        found = published(lambda source: swapped(source, "- **Generalization", "- **Robustness"))
        kept_but(found)

    def test_a_word_inside_an_anchored_sentence_is_mended(self, published):
        found = published(lambda source: source.replace("works against it, with", "works against it with"))
        found = published(lambda source: source.replace("someone works against it", "somebody works against it"))
        kept_but(found, ROBUST)
        assert found[ROBUST] == (ROBUST.replace("someone", "somebody"), "changed")

    def test_a_paragraph_with_a_twin_of_its_last_words_is_deleted(self, published):
        found = published(lambda source: "\n".join(x for x in source.split("\n") if DECEPTIVE not in x))
        assert found[DECEPTIVE] == (None, "orphaned")
        kept_but(found, DECEPTIVE, "an open problem")
        assert found["an open problem"] == (None, "orphaned")

    def test_a_section_is_moved_above_another(self, published):
        def move(source: str) -> str:
            head, tail = source.split("## Governance and External Oversight")
            governance, tail = tail.split("## The Capability-Safety Race")
            race, tail = tail.split("## What This Means for AI Users")
            return (
                f"{head}## The Capability-Safety Race{race}## Governance and External Oversight{governance}"
                f"## What This Means for AI Users{tail}"
            )

        found = published(move)
        kept_but(found)
        assert section_of(INSTITUTES[0]) == "governance-and-external-oversight"

    def test_a_paragraph_is_split(self, published):
        found = published(lambda source: source.replace("a verdict. It says", "a verdict.\n\nIt says"))
        kept_but(found)

    def test_two_items_are_made_one(self, published):
        def merge(source: str) -> str:
            first, second = (
                next(x for x in source.split("\n") if x.startswith(f"- {start}")) for start in INSTITUTES
            )
            return source.replace(f"{first}\n{second}", f"{first}. {second.removeprefix('- ')}")

        kept_but(published(merge))

    def test_typographic_quotes_are_put_for_straight_ones(self, published):
        found = published(lambda source: source.replace("'", "’"))
        kept_but(found)

    def test_what_is_taken_back_is_as_it_was(self, published, article):
        source = Article.objects.get(pk=article.pk).draft_source
        published(lambda source: "\n".join(x for x in source.split("\n") if DECEPTIVE not in x))
        found = published(lambda _source: source)
        kept_but(found)


class TestReportedElsewhere:
    """Cases in which other systems are known to go wrong."""

    def test_a_deleted_passage_does_not_go_to_its_near_twin(self):
        one, twin = "The committee approved the budget in March.", "The committee approved the budgets in Marsh."
        article = make_article("twins", f"First.\n\n{one}\n\nBetween them a good deal is said.\n\n{twin}\n\nLast.")
        make_comment(article, make_user(), quote=one)
        revise(article, f"First.\n\nBetween them a good deal is said.\n\n{twin}\n\nLast.")
        assert anchors().get().now_status == "orphaned"

    def test_a_comment_survives_a_split_of_its_paragraph(self):
        first, second = "The first sentence is about larks.", "The second one is about owls."
        article = make_article("split", f"Before.\n\n{first} {second}\n\nAfter.")
        for quote in (first, second, f"{first} {second}"):
            make_comment(article, make_user(), quote=quote)
        revise(article, f"Before.\n\n{first}\n\n{second}\n\nAfter.")
        assert [words_of(anchor) for anchor in anchors()] == [first, second, f"{first}\n{second}"]

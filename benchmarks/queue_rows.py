"""100 000 comments, of which 2 000 wait, made by bulk inserts."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, models, transaction

from accounts.models import User
from articles.models import Article, Category, Section
from comments.models import (
    Anchor,
    CheckResult,
    CheckRun,
    Comment,
    CommentRevision,
    Decision,
    ModerationScope,
    WaitingOrder,
)
from comments.states import State
from moderation.models import Flag, Reason, Sanction
from tests.factories import make_article
from tests.moderation.moderators import moderator

COMMENTS, WAITING, PEOPLE, ARTICLES = 100_000, 2_000, 2_000, 50
START = datetime(2026, 1, 1, tzinfo=UTC)
TEXT = "Birds sing because the air is still, and because the sun is about to rise over the meadow. " * 5
CHECKS = ("shape", "closed", "rate", "links", "traps", "repeats", "first_comments")

rows = random.Random(1)  # noqa: S311  the same rows every time


def fill() -> tuple[User, User]:
    """Everything, by bulk inserts with the ids they are to have; gives a moderator of all and one of a category."""
    articles, people = make_articles(), make_people()
    comments = list(make_comments(articles, people))
    with transaction.atomic():
        insert(comments)
        insert(list(texts(comments)))
        insert([anchor for anchor in (make_anchor(comment) for comment in comments) if anchor])
        insert([decision for comment in comments for decision in decisions_on(comment, people[:10])])
        insert_findings([comment for comment in comments if comment.state in (State.HELD, State.HELD_EDIT)])
        insert([flag for comment in comments for flag in flags_on(comment, people)])
        insert([Sanction(person=person, kind="hold", message="Hm.", made_by=people[0]) for person in people[:200]])
    # Room to count down from.
    for model in (Article, Section):
        model.objects.update(comment_count=COMMENTS)
    everywhere, here = moderator("Everywhere"), moderator("Here")
    ModerationScope.objects.create(user=here, category=articles[0].category)
    with connection.cursor() as cursor:
        # As a server that has run for a while finds its tables.
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    return everywhere, here


def insert(several: Sequence[models.Model]) -> None:
    type(several[0])._default_manager.bulk_create(several, batch_size=2000)


def make_articles() -> list[Article]:
    demo = Path(settings.BASE_DIR, "demo", "ai-safety-and-alignment-in-2026.md").read_text()
    source = demo.split("---\n", 2)[-1]
    categories = [Category.objects.create(slug=f"c{number}", name=f"Category {number}") for number in range(10)]
    return [make_article(source=source, category=categories[number % 10]) for number in range(ARTICLES)]


def make_people() -> list[User]:
    people = [User(username=f"p{n}", email=f"p{n}@example.org", name=f"Person {n}") for n in range(PEOPLE)]
    return User.objects.bulk_create(people, batch_size=2000)


def make_comments(articles: list[Article], people: list[User]) -> Iterator[Comment]:
    """Comment number n has text number n; an edit that waits has number COMMENTS + n."""
    waiting = set(rows.sample(range(1, COMMENTS + 1), WAITING))
    roots: dict[int, list[Comment]] = {article.pk: [] for article in articles}
    for pk in range(1, COMMENTS + 1):
        article = rows.choice(articles)
        comment = Comment(
            pk=pk, article=article, author=rows.choice(people), created_at=START + timedelta(minutes=pk)
        )
        comment.root_id = pk
        if rows.random() < 0.4 and roots[article.pk]:
            answer(comment, rows.choice(roots[article.pk][-200:]))
        else:
            roots[article.pk].append(comment)
        bring(comment, pk in waiting)
        yield comment


def answer(comment: Comment, root: Comment) -> None:
    root.child_ordinal, root.replies = root.child_ordinal + 1, root.replies + 1
    comment.parent_id = comment.root_id = root.pk
    comment.depth, comment.path = 1, f"{root.child_ordinal:08}"


def bring(comment: Comment, is_waiting: bool) -> None:
    states = [State.OPEN] * 6 + [State.APPROVED] * 3 + [State.REJECTED]
    if is_waiting:
        states = [State.HELD] * 6 + [State.HELD_EDIT] * 2 + [State.OPEN] * 2
        comment.waiting_since = comment.created_at
    comment.state = rows.choice(states)
    if is_waiting and comment.state == State.OPEN:
        comment.open_flags, comment.waiting_order = rows.randint(1, 8), rows.choice(WaitingOrder.values[:2])
    comment.head_revision_id = comment.pk + COMMENTS * (comment.state == State.HELD_EDIT)
    if comment.state in (State.OPEN, State.APPROVED, State.HELD_EDIT):
        comment.public_revision_id, comment.published_at = comment.pk, comment.created_at


def texts(comments: list[Comment]) -> Iterator[CommentRevision]:
    for comment in comments:
        yield a_text(comment, comment.pk, 1, TEXT)
        if comment.state == State.HELD_EDIT:
            yield a_text(comment, comment.pk + COMMENTS, 2, TEXT.replace("meadow", "hedge"))


def a_text(comment: Comment, pk: int, number: int, source: str) -> CommentRevision:
    return CommentRevision(pk=pk, comment=comment, number=number, source=source, html=f"<p>{source}</p>")


def make_anchor(comment: Comment) -> Anchor | None:
    if comment.depth or rows.random() < 0.3:
        return None
    revision = comment.article.standing_revision
    start = rows.randrange(len(revision.canonical_text) - 80)
    exact = revision.canonical_text[start : start + 60]
    place = {"revision": revision, "now_revision": revision, "start": start, "end": start + 60}
    return Anchor(comment=comment, article=comment.article, exact=exact, now_start=start, now_end=start + 60, **place)


def decisions_on(comment: Comment, moderators: list[User]) -> Iterator[Decision]:
    """The one by the checks; of what was judged, one by somebody more."""
    about = {"comment": comment, "article": comment.article, "revision_number": 1}
    if comment.state != State.HELD:
        yield Decision(was="held", now="open", version=1, **about)
    if comment.state in (State.APPROVED, State.REJECTED):
        by = rows.choice(moderators)
        yield Decision(was="open", now=comment.state, version=2, role="moderator", actor=by, **about)


def insert_findings(held: list[Comment]) -> None:
    runs = [
        CheckRun(
            pk=number,
            comment=comment,
            article=comment.article,
            revision=comment.head_revision,
            trigger="new",
            verdict="hold",
            milliseconds=1,
        )
        for number, comment in enumerate(held, 1)
    ]
    insert(runs)
    insert([CheckResult(run=run, check_name=name, verdict=verdict(name)) for run in runs for name in CHECKS])


def verdict(name: str) -> str:
    return "hold" if name in ("links", "first_comments") else "pass"


def flags_on(comment: Comment, people: list[User]) -> Iterator[Flag]:
    for person in people[: comment.open_flags]:
        yield Flag(
            comment=comment,
            article=comment.article,
            revision_id=comment.pk,
            person=person,
            reason=Reason.ABUSE,
            sha256="0" * 64,
        )

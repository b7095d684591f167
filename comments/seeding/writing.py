"""A plan written into the database: a short transaction for each batch, after which every counter is right."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Model
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles.models import Article, Section
from comments.models import Anchor, Comment, CommentRevision, Decision, Vote
from comments.seeding.composing import DAYS, Batch, Cast, Composer
from comments.seeding.people import writers
from comments.seeding.plans import NotSeeded, Plan
from comments.seeding.threads import Standing
from comments.seeding.votes import votes_on
from comments.services.locking import lock_article

BATCH = 500


def seed(article: Article, plan: Plan) -> Iterator[int]:
    """Write the comments of `plan`; gives, after each batch, how many stand by now.

    Texts, threads and states are the same each time for the same plan on the same article; dates and public ids are
    those of the last 60 days. No event is written, no check is asked, nobody is told by mail. Raises NotSeeded: at
    once where the plan cannot be, later where the article changed meanwhile; then what stands, stands.
    """
    plan.check(article)
    return _written(article, plan)


def _written(article: Article, plan: Plan) -> Iterator[int]:
    now = timezone.now()
    cast = _cast(article, plan)
    composer = Composer(plan, cast, now)
    made = 0
    while made < plan.comments:
        size = min(BATCH, plan.comments - made)
        try:
            with transaction.atomic():
                comments = _write_batch(article, composer, size)
                Vote.objects.bulk_create(votes_on(comments, cast.writers, plan, made))
                _count_votes(comments)
        except IntegrityError as error:
            raise NotSeeded(_("Somebody answered a comment of this discussion meanwhile.")) from error
        made += size
        yield made


def _cast(article: Article, plan: Plan) -> Cast:
    sections = Section.objects.filter(texts__revision=article.current_revision_id).order_by("texts__position")
    people = writers(plan.seed, plan.people, timezone.now() - timedelta(days=DAYS))
    moderator = User.objects.filter(is_superuser=True).order_by("pk").first()
    return Cast(article, list(sections), people, moderator)


def _write_batch(article: Article, composer: Composer, size: int) -> list[Comment]:
    if lock_article(article.pk).current_revision_id != article.current_revision_id:
        raise NotSeeded(_("The article was published anew meanwhile."))
    batch = Batch()
    texts = _reserved(CommentRevision, 2 * size)
    for number, pk in enumerate(_reserved(Comment, size)):
        composer.compose(pk, (texts[2 * number], texts[2 * number + 1]), batch)
    _fill_in(batch)
    Comment.objects.bulk_create(batch.comments)
    CommentRevision.objects.bulk_create(batch.revisions)
    Anchor.objects.bulk_create(batch.anchors)
    Decision.objects.bulk_create(batch.decisions)
    _grow(batch)
    _count(article, batch)
    return batch.comments


def _count_votes(comments: Sequence[Comment]) -> None:
    """All that have as many in one statement."""
    alike = defaultdict(list)
    for comment in comments:
        alike[comment.votes].append(comment.pk)
    for votes, pks in alike.items():
        if votes:
            Comment.objects.filter(pk__in=pks).update(votes=votes)


def _reserved(model: type[Model], number: int) -> list[int]:
    """Ids that no other row takes, in order: rows that name each other can then be inserted many at a time.

    On SQLite nobody else writes before the transaction ends.
    """
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
            (last,) = cursor.fetchone()
            return list(range(last + 1, last + 1 + number))
        sequence = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
        cursor.execute(sequence, [table, number])
        return sorted(pk for (pk,) in cursor.fetchall())


def _fill_in(batch: Batch) -> None:
    """Put the counters of comments that are of this batch themselves into their rows."""
    for comment in batch.comments:
        standing = batch.grown.pop(comment.pk, None)
        if standing is not None:
            comment.replies, comment.child_ordinal = _taken(standing)


def _taken(standing: Standing) -> tuple[int, int]:
    """New replies and children, which are counted with this."""
    steps = standing.new_replies, standing.new_children
    standing.new_replies = standing.new_children = 0
    return steps


def _grow(batch: Batch) -> None:
    """Move the counters of earlier comments, all that move alike in one statement."""
    alike = defaultdict(list)
    for pk, standing in batch.grown.items():
        alike[_taken(standing)].append(pk)
    for (replies, children), pks in alike.items():
        rows = Comment.objects.filter(pk__in=pks)
        rows.update(replies=F("replies") + replies, child_ordinal=F("child_ordinal") + children)


def _count(article: Article, batch: Batch) -> None:
    counted = [comment for comment in batch.comments if comment.is_public and comment.is_counted]
    sections = Counter(comment.section_id for comment in counted if comment.section_id is not None)
    for section, step in sections.items():
        Section.objects.filter(pk=section).update(comment_count=F("comment_count") + step)
    Article.objects.filter(pk=article.pk).update(
        comment_count=F("comment_count") + len(counted), version=F("version") + 1
    )

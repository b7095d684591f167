"""Publishing by the worker, where so much stands on the text that a request would take too long.

The old revision stays current while everything is carried and written ahead, in short transactions. Then one short
transaction swaps. A row of `Publishing` says how far it is: a worker that dies leaves it, and another begins anew.
"""

import logging
from collections.abc import Sequence
from dataclasses import astuple

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles import services
from articles.models import SUMMARY_MAX_LENGTH, Article, Publishing, Revision
from articles.querysets import PublishingQuerySet
from articles.services import Edition
from articles.steps import ByHand, publish_steps
from articles.tasks import enqueue_publishing
from skycrumbs.problems import Refusal

# A request carries so many passages itself. PostgreSQL takes some 90 µs for each while others wait, SQLite 18.
MOST_AT_ONCE = 10_000 if connection.vendor == "sqlite" else 2_000

logger = logging.getLogger(__name__)


class _Superseded(Exception):
    """Somebody stopped it, or another worker took it over."""


def publish_or_begin(
    edition: Edition, *, by: User | None, summary: str = "", by_hand: Sequence[ByHand] = ()
) -> Revision | Publishing | None:
    """As `services.publish_edition`, but where more than `MOST_AT_ONCE` passages are to be carried it is left to the
    worker.

    Then it gives the row that says how far it is. The refusals are those of `services.publish_edition`.
    """
    services.refuse_empty(edition)
    total = sum(step.size(edition.draft) for step in publish_steps())
    if total <= MOST_AT_ONCE or not edition.is_new_text:
        return services.publish_edition(edition, by=by, summary=summary, by_hand=by_hand)
    return _begin(edition, total, by, summary, by_hand)


@transaction.atomic
def _begin(edition: Edition, total: int, by: User | None, summary: str, by_hand: Sequence[ByHand]) -> Publishing:
    draft = edition.draft
    services.lock_as_seen(draft)
    services.refuse_while_published(draft)
    Publishing.objects.filter(article=draft).delete()
    begun = Publishing.objects.create(
        article=draft,
        draft_version=draft.draft_version,
        by=by,
        summary=summary[:SUMMARY_MAX_LENGTH],
        by_hand=[astuple(one) for one in by_hand],
        old=draft.standing_revision,
        total=total,
    )
    transaction.on_commit(enqueue_publishing, robust=True)
    return begun


def stop(article: Article) -> bool:
    """Give up what is not swapped yet; False where that is done already, or nothing is under way."""
    with transaction.atomic():
        services.lock(article)
        is_stopped = bool(Publishing.objects.filter(article=article, revision=None).delete()[0])
    if is_stopped:
        for step in publish_steps():
            step.forget(article)
    return is_stopped


def run_due() -> int:
    """Publish what waits for a worker, or was left by one that died; gives how many.

    Call it outside of transactions.
    """
    done = 0
    for pk in list(Publishing.objects.due(timezone.now()).order_by("asked_at").values_list("pk", flat=True)):
        done += run(pk)
    return done


def run(pk: int) -> bool:
    """Whether it is done. What fails is noted in words for editors; after the swap it is tried again instead."""
    publishing = _take(pk)
    if publishing is None:
        return False
    try:
        _carry_out(publishing)
    except _Superseded:
        return False
    except Refusal as refusal:
        _fail(publishing, refusal.detail)
    except Exception:  # the edge of what one article may spoil
        logger.exception("Publishing article %s failed.", publishing.article_id)
        _fail(publishing, _("Something went wrong that the server's log tells more of. Nothing was published."))
    else:
        return True
    return False


def _take(pk: int) -> Publishing | None:
    """It, as this worker's own; None where another is at it."""
    due = Publishing.objects.due(timezone.now()).filter(pk=pk)
    if not due.update(beat_at=timezone.now(), turn=F("turn") + 1):
        return None
    return Publishing.objects.select_related("article", "old", "revision", "by").filter(pk=pk).first()


def _carry_out(publishing: Publishing) -> None:
    if publishing.revision is None:
        publishing.revision = _swap(publishing)
    for step in publish_steps():
        step.finish(publishing.old, publishing.revision, lambda done: _beat(publishing))
    _mine(publishing).delete()


def _swap(publishing: Publishing) -> Revision:
    edition = services.edition_of(publishing.article, publishing.draft_version)
    by_hand = [ByHand(*one) for one in publishing.by_hand]
    swaps = [plan.ahead(lambda done: _beat(publishing, done=done)) for plan in edition.plans(by_hand)]
    with transaction.atomic():
        revision = services.swap(edition, swaps, by=publishing.by, summary=publishing.summary)
        _beat(publishing, revision=revision)
    return revision


def _mine(publishing: Publishing) -> PublishingQuerySet:
    return Publishing.objects.under_way().filter(pk=publishing.pk, turn=publishing.turn)


def _beat(publishing: Publishing, **fields: object) -> None:
    """Show that this worker lives, and how far it is; raises _Superseded where it is not its any more."""
    if not _mine(publishing).update(beat_at=timezone.now(), **fields):
        raise _Superseded


def _fail(publishing: Publishing, words: str) -> None:
    if _mine(publishing).filter(revision=None).update(error=words):
        for step in publish_steps():
            step.forget(publishing.article)

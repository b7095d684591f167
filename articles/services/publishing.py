"""Making the draft what readers see, and taking it out of their view."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles.errors import StaleDraft
from articles.models import (
    HEADING_MAX_LENGTH,
    SLUG_MAX_LENGTH,
    SUMMARY_MAX_LENGTH,
    TITLE_MAX_LENGTH,
    Article,
    ArticleLink,
    Publishing,
    Revision,
    Section,
    SectionText,
)
from articles.rendering import Rendered
from articles.services.drafting import refuse_while_published
from articles.services.editions import Edition, edition_of, refuse_empty
from articles.services.locking import found_in, lock
from articles.steps import ByHand, Swap
from events import services as events
from events.models import Type
from skycrumbs.models import site_changed


def publish(
    article: Article,
    *,
    by: User | None,
    seen_version: int | None = None,
    summary: str = "",
    by_hand: Sequence[ByHand] = (),
) -> Revision | None:
    """Make the draft the current revision; None if it reads as the current one does, which then stays.

    What is heavy (rendering, carrying anchors) is done before the article is locked. `by_hand`: passages whose place
    an editor knows. Raises StaleDraft if the draft is not the one of `seen_version` or changes meanwhile,
    NothingToPublish if it holds no text, BeingPublished while the worker publishes it.
    """
    return publish_edition(edition_of(article, seen_version), by=by, summary=summary, by_hand=by_hand)


def publish_edition(
    edition: Edition, *, by: User | None, summary: str = "", by_hand: Sequence[ByHand] = ()
) -> Revision | None:
    """As `publish`, of what is rendered already; StaleDraft too where places said by hand are of an older text."""
    refuse_empty(edition)
    refuse_while_published(edition.draft)
    if edition.reads_the_same:
        if by_hand:
            # It was said of the revision before this one: somebody else published the draft since.
            raise StaleDraft(_("The article was saved or published by somebody else meanwhile."))
        _republish(edition.draft, by)
        return None
    plans = edition.plans(by_hand)
    for plan in plans:
        plan.ready()
    return swap(edition, plans, by=by, summary=summary)


@transaction.atomic
def _republish(draft: Article, by: User | None) -> None:
    """Make public again what reads as it did."""
    lock_as_seen(draft)
    _set_published(draft, by, draft.current_revision)


@transaction.atomic
def swap(edition: Edition, plans: Sequence[Swap], *, by: User | None, summary: str) -> Revision:
    """The short transaction: revision, sections, anchors and version change together."""
    draft, rendered = edition.draft, edition.rendered
    lock_as_seen(draft)
    revision = _save_revision(edition, by=by, summary=summary)
    _write_sections(revision, rendered, edition.keys)
    _write_links(draft, rendered)
    for plan in plans:
        plan.apply(revision)
    _set_published(draft, by, revision)
    return revision


def lock_as_seen(draft: Article) -> None:
    """Hold the article's row; raises StaleDraft unless draft, revision and status are those that were read."""
    locked = found_in(Article.objects.select_for_update(), draft)
    seen = (draft.draft_version, draft.current_revision_id, draft.status)
    if (locked.draft_version, locked.current_revision_id, locked.status) != seen:
        raise StaleDraft(_("The article was saved or published by somebody else meanwhile."))


def _save_revision(edition: Edition, *, by: User | None, summary: str) -> Revision:
    revision = edition.revision
    last = edition.draft.revisions.order_by("-number").values_list("number", flat=True).first() or 0
    revision.number, revision.author, revision.summary = last + 1, by, summary[:SUMMARY_MAX_LENGTH]
    revision.created_at = timezone.now()
    revision.save()
    return revision


def _write_sections(revision: Revision, rendered: Rendered, keys: list[str]) -> None:
    """Keep, make and retire sections so that the live ones are those of `revision`."""
    article = revision.article
    there = set(article.sections.values_list("key", flat=True))
    Section.objects.bulk_create(Section(article=article, key=key) for key in keys if key not in there)
    article.sections.filter(key__in=keys).update(is_retired=False)
    article.sections.exclude(key__in=keys).update(is_retired=True)
    by_key = {section.key: section for section in article.sections.all()}
    SectionText.objects.bulk_create(
        SectionText(
            revision=revision,
            section=by_key[key],
            position=position,
            heading=(part.heading or "")[:HEADING_MAX_LENGTH],
            level=part.level,
            html=part.html,
            start=part.start,
            end=part.end,
        )
        for position, (key, part) in enumerate(zip(keys, rendered.sections, strict=True))
    )


def _write_links(article: Article, rendered: Rendered) -> None:
    article.links.all().delete()
    ArticleLink.objects.bulk_create(
        ArticleLink(article=article, to_slug=slug, label=label[:TITLE_MAX_LENGTH])
        for slug, label in rendered.link_labels.items()
        if slug != article.slug and len(slug) <= SLUG_MAX_LENGTH
    )


def _set_published(draft: Article, by: User | None, revision: Revision | None) -> None:
    """Point the public article, whose row is held, at `revision`; no event where nothing happened."""
    was_published = draft.is_published
    if was_published and draft.current_revision_id == (revision and revision.pk):
        return
    Article.objects.filter(pk=draft.pk).update(
        status=Article.Status.PUBLISHED,
        current_revision=revision,
        title=draft.draft_title,
        published_on=Coalesce(F("published_on"), Value(timezone.localdate())),
        version=F("version") + 1,
    )
    site_changed()
    kind = Type.ARTICLE_REVISED if was_published else Type.ARTICLE_PUBLISHED
    events.record(kind, article_id=draft.pk, actor_id=by.pk if by else None)


@transaction.atomic
def unpublish(article: Article, *, by: User | None) -> None:
    """Take an article, and with it its comments, out of public view. Nothing is lost; publishing brings it back.

    What the worker is about to publish stays unpublished.
    """
    lock(article)
    Publishing.objects.filter(article=article, revision=None).delete()
    public = Article.objects.published().filter(pk=article.pk)
    if public.update(status=Article.Status.UNPUBLISHED, version=F("version") + 1):
        site_changed()
        events.record(Type.ARTICLE_UNPUBLISHED, article_id=article.pk, actor_id=by.pk if by else None)

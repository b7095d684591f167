"""The verbs of articles: save a draft, publish, unpublish, rename, import."""

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles.canonical import sha256, word_count
from articles.errors import BadArticle, BeingPublished, NothingToPublish, StaleDraft
from articles.importing import ImportedArticle, slug_of
from articles.models import (
    CATEGORY_NAME_MAX_LENGTH,
    HEADING_MAX_LENGTH,
    SLUG_MAX_LENGTH,
    SOURCE_MAX_LENGTH,
    SUMMARY_MAX_LENGTH,
    TITLE_MAX_LENGTH,
    Article,
    ArticleLink,
    Category,
    FormerSlug,
    Publishing,
    Revision,
    Section,
    SectionText,
    validate_slug,
)
from articles.rendering import Rendered, assemble, render
from articles.section_keys import Part, first_free, match, new_key
from articles.steps import ByHand, Impact, PublishPlan, Swap, publish_steps
from events import services as events
from events.models import Type
from skycrumbs.blank import is_blank
from skycrumbs.models import site_changed


@transaction.atomic
def save_draft(article: Article, *, title: str, source: str, seen_version: int) -> Article:
    """Keep a draft that was begun on `seen_version`; gives the article as it is now.

    Raises StaleDraft if it was saved by somebody else since, BeingPublished while the worker publishes it, BadArticle
    for a blank title or too long a text.
    """
    title, source = _fit(title, source)
    # Nothing begins to be published between the question and the answer.
    refuse_while_published(Article.objects.select_for_update().only("pk").get(pk=article.pk))
    fresh = Article.objects.filter(pk=article.pk, draft_version=seen_version)
    changed = fresh.update(draft_title=title, draft_source=source, draft_version=F("draft_version") + 1)
    if not changed:
        raise StaleDraft(_("This draft was saved by somebody else since you opened it."))
    return Article.objects.get(pk=article.pk)


def _fit(title: str, source: str) -> tuple[str, str]:
    """Title and text in NFC, so that the rendered text is too. (Unicode Standard Annex 15)"""
    title, source = (unicodedata.normalize("NFC", text).replace("\r\n", "\n") for text in (title, source))
    if is_blank(title) or len(title) > TITLE_MAX_LENGTH:
        raise BadArticle.field("title", "length", _("A title has 1 to %d characters.") % TITLE_MAX_LENGTH)
    if len(source) > SOURCE_MAX_LENGTH:
        raise BadArticle.field("source", "too_long", _("Use at most %d characters.") % SOURCE_MAX_LENGTH)
    if "\0" in source + title:
        raise BadArticle.field("source", "control_character", _("The text holds a NUL character."))
    return title.strip(), source


@dataclass(frozen=True)
class Edition:
    """A draft as it would be published, worked out before any lock. `keys`: of the sections; `revision`: unsaved."""

    draft: Article
    rendered: Rendered
    keys: list[str]
    revision: Revision

    @property
    def reads_the_same(self) -> bool:
        current = self.draft.current_revision
        return current is not None and (current.title, current.html) == (self.draft.draft_title, self.revision.html)

    @property
    def is_new_text(self) -> bool:
        """Whether what stands on the current text is to be carried to another."""
        current = self.draft.current_revision
        return current is not None and current.canonical_text != self.rendered.text

    def plans(self, by_hand: Sequence[ByHand] = ()) -> list[PublishPlan]:
        return [step.prepare(self.draft, self.rendered.text, by_hand) for step in publish_steps()]


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


def preview(article: Article) -> list[Impact] | None:
    """What publishing the saved draft would do to what stands on the text, as each publish step says.

    Writes nothing. None where the text stays as it is, and so does everything on it; empty where nothing was
    published yet, or the draft holds no text.
    """
    draft = Article.objects.select_related("current_revision").get(pk=article.pk)
    rendered = render(draft.draft_source)
    current = draft.current_revision
    if current is None or not rendered.text.strip():
        return []
    if current.canonical_text == rendered.text:
        return None
    return [step.prepare(draft, rendered.text, ()).preview() for step in publish_steps()]


def edition_of(article: Article, seen_version: int | None) -> Edition:
    """Raises StaleDraft if the draft is not the one of `seen_version`, NothingToPublish if it holds no text."""
    draft = Article.objects.select_related("current_revision").get(pk=article.pk)
    if seen_version is not None:
        refuse_stale(draft, seen_version)
    rendered = render(draft.draft_source)
    if not rendered.text.strip():
        raise NothingToPublish(_("The draft holds no text."))
    parts = _keyed(draft, rendered)
    return Edition(draft, rendered, [key for key, _html in parts], _unsaved(draft, rendered, assemble(parts)))


def refuse_stale(draft: Article, seen_version: int) -> None:
    """Raises StaleDraft if the draft is not the one of `seen_version`."""
    if draft.draft_version != seen_version:
        raise StaleDraft(_("This draft was saved by somebody else since you opened it."))


def refuse_while_published(article: Article) -> None:
    """Raises BeingPublished while the worker publishes the article."""
    if Publishing.objects.under_way().filter(article=article.pk).exists():
        raise BeingPublished(_("The draft is being published. Wait until that is done, or stop it."))


@transaction.atomic
def _republish(draft: Article, by: User | None) -> None:
    """Make public again what reads as it did."""
    lock_as_seen(draft)
    _set_published(draft, by, draft.current_revision)


def _keyed(draft: Article, rendered: Rendered) -> list[tuple[str, str]]:
    """(key, html) of each section: old keys where a section continues, a retired one's where it comes back."""
    known = _current_parts(draft)
    new = [Part(part.heading, rendered.text[part.start : part.end]) for part in rendered.sections]
    continued = match([part for _key, part in known], new)
    retired = _retired_keys(draft) if None in continued else {}
    keys = [_key_of(part, index, known, retired) for part, index in zip(new, continued, strict=True)]
    # Keys are made of headings last: what comes back has its own.
    for at, part in enumerate(new):
        keys[at] = keys[at] or new_key(part.heading, set(keys))
    return [(key, part.html) for key, part in zip(keys, rendered.sections, strict=True)]


def _key_of(part: Part, index: int | None, known: Sequence[tuple[str, Part]], retired: dict[str, list[str]]) -> str:
    """The key of the section that `part` continues, or of a retired one, which it takes; "" where it is new."""
    if index is not None:
        return known[index][0]
    returning = retired.get(_folded(part.heading)) if part.heading else None
    return returning.pop(0) if returning else ""


def _retired_keys(draft: Article) -> dict[str, list[str]]:
    """The keys of sections that are gone, by the headings they had last, which need not be what keys were made of."""
    texts = SectionText.objects.filter(section=OuterRef("pk"), level__gt=0).order_by("-revision_id")
    gone = draft.sections.filter(is_retired=True).annotate(last_heading=Subquery(texts.values("heading")[:1]))
    keys: dict[str, list[str]] = defaultdict(list)
    for key, heading in gone.exclude(last_heading=None).order_by("pk").values_list("key", "last_heading"):
        keys[_folded(heading)].append(key)
    return keys


def _folded(heading: str) -> str:
    return heading[:HEADING_MAX_LENGTH].casefold().strip()


def _current_parts(draft: Article) -> list[tuple[str, Part]]:
    revision = draft.current_revision
    if revision is None:
        return []
    texts = revision.section_texts.select_related("section").order_by("position")
    return [
        (t.section.key, Part(t.heading if t.level else None, revision.canonical_text[t.start : t.end])) for t in texts
    ]


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
    locked = Article.objects.select_for_update().get(pk=draft.pk)
    seen = (draft.draft_version, draft.current_revision_id, draft.status)
    if (locked.draft_version, locked.current_revision_id, locked.status) != seen:
        raise StaleDraft(_("The article was saved or published by somebody else meanwhile."))


def _unsaved(draft: Article, rendered: Rendered, html: str) -> Revision:
    return Revision(
        article=draft,
        title=draft.draft_title,
        source=draft.draft_source,
        html=html,
        canonical_text=rendered.text,
        sha256=sha256(rendered.text),
        words=word_count(rendered.text),
    )


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
    Article.objects.select_for_update().only("pk").get(pk=article.pk)
    Publishing.objects.filter(article=article, revision=None).delete()
    public = Article.objects.published().filter(pk=article.pk)
    if public.update(status=Article.Status.UNPUBLISHED, version=F("version") + 1):
        site_changed()
        events.record(Type.ARTICLE_UNPUBLISHED, article_id=article.pk, actor_id=by.pk if by else None)


@transaction.atomic
def rename(article: Article, slug: str) -> None:
    """Give an article another address; the old one leads to it from now on."""
    former = Article.objects.get(pk=article.pk).slug
    if former == slug:
        return
    check_slug(slug)
    with _address_free():
        Article.objects.filter(pk=article.pk).update(slug=slug, version=F("version") + 1)
    site_changed()
    FormerSlug.objects.filter(slug=slug).delete()
    FormerSlug.objects.update_or_create(slug=former, defaults={"article": article})


@contextmanager
def _address_free() -> Iterator[None]:
    """Leave it to the database whether an address is taken: somebody may take it this very moment."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise BadArticle.field("slug", "taken", _("Another article has this address.")) from error


def check_slug(slug: str) -> None:
    """Raises BadArticle for what cannot stand in an address."""
    try:
        validate_slug(slug)
    except ValidationError as error:
        raise BadArticle.field("slug", "invalid", error.messages[0]) from error
    if len(slug) > SLUG_MAX_LENGTH:
        raise BadArticle.field("slug", "too_long", _("Use at most %d characters.") % SLUG_MAX_LENGTH)


@dataclass(frozen=True)
class Taken:
    """What an import did: `revision` is None where nothing was published or nothing changed."""

    article: Article
    is_new: bool
    revision: Revision | None


@transaction.atomic
def take_in(imported: ImportedArticle, *, slug: str = "", is_published: bool = False) -> Taken:
    """Make an article of what was read, or the next draft of the one that has its slug; publish it if asked.

    What a reader of a published article sees stays as it is until it is published again.
    """
    slug = slug or imported.slug or slug_of(imported.title)[:SLUG_MAX_LENGTH].strip("-")
    if not slug:
        raise BadArticle.field("slug", "required", _("No address can be made of this title. Name one, as the slug."))
    check_slug(slug)
    article = Article.objects.select_for_update().filter(slug=slug).first()
    is_new = article is None
    if article is None:
        article = _new_article(imported, slug)
    article = save_draft(article, title=imported.title, source=imported.source, seen_version=article.draft_version)
    if is_new or is_published or not article.is_published:
        _take_in_facts(article, imported)
    revision = publish(article, by=None) if is_published else None
    article.refresh_from_db()
    return Taken(article, is_new, revision)


def _new_article(imported: ImportedArticle, slug: str) -> Article:
    title, _source = _fit(imported.title, imported.source)
    category = _category(imported)
    with _address_free():
        return Article.objects.create(slug=slug, title=title, draft_title=title, category=category)


def _take_in_facts(article: Article, imported: ImportedArticle) -> None:
    """What the file says of the article beside its text; what it does not say stays as it is."""
    said = {
        "category": _category(imported, article),
        "by_line": imported.by_line,
        "language": imported.language,
        "published_on": imported.published_on,
    }
    changed = {name: value for name, value in said.items() if value and value != getattr(article, name)}
    if changed:
        set_facts(article, changed)


@transaction.atomic
def set_facts(article: Article, facts: Mapping[str, Any]) -> None:
    """Write columns that a reader sees beside the text (date, category, by-line …); readers see them at once.

    Raises BadArticle, naming the field, for what does not fit; then nothing is written.
    """
    for name, value in facts.items():
        setattr(article, name, value)
    _check_facts(article, facts)
    Article.objects.filter(pk=article.pk).update(version=F("version") + 1, **facts)
    site_changed()


def _check_facts(article: Article, names: Collection[str]) -> None:
    """Raises BadArticle, naming the field, if one of `names` does not fit its column."""
    others = {field.name for field in Article._meta.fields} - set(names)
    try:
        article.clean_fields(exclude=others)
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise BadArticle.field(name, "invalid", messages[0]) from error


def _category(imported: ImportedArticle, article: Article | None = None) -> Category:
    """The category named, made if there is none of that name; of a file that names none, the article's own."""
    if not imported.category and article is not None:
        return article.category
    name = imported.category or _("Articles")
    if len(name) > CATEGORY_NAME_MAX_LENGTH:
        raise BadArticle.field("category", "too_long", _("Use at most %d characters.") % CATEGORY_NAME_MAX_LENGTH)
    if is_blank(name):
        raise BadArticle.field("category", "blank", _("Write something that can be seen."))
    there = Category.objects.filter(name__iexact=name).first()
    try:
        with transaction.atomic():
            return there or Category.objects.create(slug=_free_category_slug(name), name=name)
    except IntegrityError:
        # Somebody made it, or took its address, this very moment.
        return _category(imported, article)


def _free_category_slug(name: str) -> str:
    # Ten below the column's length: room for a number.
    stem = slug_of(name)[: CATEGORY_NAME_MAX_LENGTH - 10].strip("-") or "category"
    return first_free(stem, set(Category.objects.filter(slug__startswith=stem).values_list("slug", flat=True)))

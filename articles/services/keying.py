"""Which key each section of a draft has: that of the section it continues, where it continues one."""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import OuterRef, Subquery

from articles.models import HEADING_MAX_LENGTH, Article, SectionText
from articles.rendering import Rendered
from articles.section_keys import Part, match, new_key


def keyed(draft: Article, rendered: Rendered) -> list[tuple[str, str]]:
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

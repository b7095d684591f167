"""From what a reader chose to a passage of the current revision, or a refusal that says why not."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from articles.models import Article, Revision, SectionText
from comments.anchoring import AmbiguousQuote, Context, QuoteNotFound, Span, Status, carry_alone, context_of, locate
from comments.errors import AnchorAmbiguous, AnchorMismatch, AnchorNotFound
from comments.models import Anchor
from skycrumbs.blank import is_blank
from skycrumbs.problems import Invalid

EXACT_MAX_LENGTH = 10_000
CONTEXT_MAX_LENGTH = 200


@dataclass(frozen=True)
class Selection:
    """A passage as a reader's program names it: its words, what stands around them, and where, if it knows.

    `start` and `end` are code points in the canonical text of `revision`, half-open, both or neither; without a
    revision the current one is meant. (W3C Web Annotation Data Model: TextQuoteSelector, TextPositionSelector)
    """

    exact: str
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    end: int | None = None
    revision: int | None = None


@dataclass(frozen=True)
class Read:
    """The passage of an older revision that a reader saw and chose, and how it was carried from there."""

    revision: Revision
    span: Span
    score: float
    method: str


@dataclass(frozen=True)
class Place:
    """A passage of one revision, and the section that holds it.

    `read`: what was chosen, where that reads otherwise by now.
    """

    revision: Revision
    section_id: int
    span: Span
    read: Read | None = None

    @property
    def exact(self) -> str:
        return self.revision.canonical_text[self.span.start : self.span.end]

    @property
    def context(self) -> Context:
        return context_of(self.revision.canonical_text, self.span)


def place(article: Article, selection: Selection) -> Place:
    """Where `selection` is in the current revision of `article`.

    The words must stand at the offsets given; without offsets they must stand once, or be singled out by their
    context. What was chosen on an older revision is then carried to the current one; where the older one does not
    bear the selection out, its words are looked for in the current one. Raises Invalid
    for what no revision could hold, AnchorNotFound, AnchorAmbiguous or AnchorMismatch for the rest.
    """
    current = article.standing_revision
    seen = _named_revision(article, selection)
    _check_offsets(selection, seen)
    if seen.pk == current.pk:
        return in_section(current, _span(seen.canonical_text, selection))
    try:
        span = _span(seen.canonical_text, selection)
    except (AnchorNotFound, AnchorMismatch):
        # What the older revision does not bear out may be right of the current one.
        return in_section(current, _by_quote(current.canonical_text, selection))
    return carried_place(seen, current, span)


def is_carried(article: Article, selection: Selection) -> bool:
    """Whether to place it two revisions are to be compared, which takes a while on a long text."""
    return selection.revision not in (None, article.standing_revision.number)


def carried_place(seen: Revision, current: Revision, span: Span) -> Place:
    """Where a passage of `seen` is in `current`; raises AnchorNotFound if it is gone or not certain.

    Nobody is said to have quoted words that they did not read: other ones are only where the passage is now.
    """
    found = carry_alone(seen.canonical_text, current.canonical_text, span)
    if found.start is None or found.end is None or found.status == Status.UNCERTAIN:
        raise AnchorNotFound(_("The article changed, and this passage is no longer in it."))
    there = in_section(current, Span(found.start, found.end))
    if there.exact == seen.canonical_text[span.start : span.end]:
        return there
    return replace(there, read=Read(seen, span, found.score, found.method))


def placed_still(locked: Article, found: Place) -> Place:
    """`found` in the revision that is current now that the article is locked; raises as `carried_place`."""
    if found.revision.pk == locked.current_revision_id:
        return found
    seen = found.read or found
    return carried_place(seen.revision, locked.standing_revision, seen.span)


def _named_revision(article: Article, selection: Selection) -> Revision:
    current = article.standing_revision
    if selection.revision is None or selection.revision == current.number:
        return current
    named = article.revisions.filter(number=selection.revision).first()
    if named is None:
        raise Invalid.field("anchor.revision", "unknown", _("The article has no such revision."))
    return named


def _check_offsets(selection: Selection, seen: Revision) -> None:
    start, end = selection.start, selection.end
    if (start is None) != (end is None):
        missing = "start" if start is None else "end"
        raise Invalid.field(f"anchor.{missing}", "required", _("Give start and end, or neither."))
    if start is None or end is None:
        return _check_quoted(selection)
    if not 0 <= start < end:
        raise Invalid.field("anchor.start", "out_of_range", _("start must be 0 or more, and before end."))
    length = len(seen.canonical_text)
    if end > length:
        detail = _("The text of this revision ends at %d.") % length
        raise Invalid.field("anchor.end", "out_of_range", detail)
    _check_quoted(selection)


def _check_quoted(selection: Selection) -> None:
    if is_blank(selection.exact):
        raise Invalid.field("anchor.exact", "blank", _("Quote the passage."))


def _span(text: str, selection: Selection) -> Span:
    if selection.start is None or selection.end is None:
        return _by_quote(text, selection)
    if text[selection.start : selection.end] == selection.exact:
        return Span(selection.start, selection.end)
    if selection.exact not in text:
        raise AnchorNotFound(_("The quoted words do not stand in the article."))
    raise AnchorMismatch(_("The text at start and end is not the text quoted."))


def _by_quote(text: str, selection: Selection) -> Span:
    try:
        return locate(text, selection.exact, Context(selection.prefix, selection.suffix))
    except QuoteNotFound as error:
        raise AnchorNotFound(_("The quoted words do not stand in the article.")) from error
    except AmbiguousQuote as error:
        detail = _("The quoted words stand %d times in the article; give more of the text around them.")
        raise AnchorAmbiguous(detail % error.count) from error


def in_section(revision: Revision, span: Span) -> Place:
    """`span` with the section of `revision` that holds it; raises Invalid where none holds all of it."""
    texts = SectionText.objects.filter(revision=revision).holding(span.start, span.end)
    holder = texts.values_list("section_id", flat=True).first()
    if holder is None:
        raise Invalid.field("anchor.exact", "crosses_sections", _("Choose a passage within one section."))
    return Place(revision, holder, span)


def new_anchor(place: Place) -> Anchor:
    """An unsaved anchor at `place`; its comment is the caller's to set."""
    made_on = place.read or place
    text, span = made_on.revision.canonical_text, made_on.span
    context = context_of(text, span)
    return Anchor(
        article_id=place.revision.article_id,
        revision=made_on.revision,
        start=span.start,
        end=span.end,
        exact=text[span.start : span.end],
        prefix=context.prefix,
        suffix=context.suffix,
        now_revision=place.revision,
        now_start=place.span.start,
        now_end=place.span.end,
        now_status=Status.CHANGED if place.read else Status.KEPT,
        score=place.read.score if place.read else 1.0,
        method=place.read.method if place.read else "as chosen",
    )

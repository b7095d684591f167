"""What a comment will be on, worked out from an address or a posted form, and shown before it is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from articles.canonical import blocks
from articles.models import Article, Section, SectionText
from comments.errors import AnchorAmbiguous, AnchorMismatch, AnchorNotFound
from comments.models import Comment
from comments.placing import EXACT_MAX_LENGTH, Place, Selection, place
from comments.querysets import NOBODY
from comments.services import count_carry
from pages.addresses import article_path
from pages.forms import TargetForm
from pages.rows import Row, public_rows
from skycrumbs.ids import from_key
from skycrumbs.problems import Invalid, NotThere, Refusal

# In code points. What is longer is shown folded, with so much of what stands before the passage.
MOST_UNFOLDED, MOST_BEFORE = 240, 60


@dataclass(frozen=True)
class Target:
    """The article, a section, a passage or a comment, as the form's page shows it and as the service takes it."""

    article: Article
    kind: str = "article"
    heading: str = ""
    # The blocks that hold the passage, cut at its ends.
    before: str = ""
    quote: str = ""
    after: str = ""
    # The comment that is answered.
    parent: Row | None = None
    # What became of the place since it was chosen.
    notice: str = ""
    # What the form carries.
    fields: Mapping[str, Any] = field(default_factory=dict)
    # What the service is given; a selection is what the reader chose, wherever it stands now.
    section: Section | None = None
    comment: Comment | None = None
    selection: Selection | None = None

    @property
    def kinds(self) -> Sequence[Comment.Kind]:
        """What may be left here; nothing to choose for a reply. Whose right it is, the services say."""
        if self.kind == "comment":
            return ()
        marks = (Comment.Kind.HIGHLIGHT,) if self.kind == "passage" else ()
        return (Comment.Kind.COMMENT, *marks, Comment.Kind.NOTE)

    @property
    def is_lost(self) -> bool:
        """Whether a passage was chosen that is not in the text any more; then the article takes its place."""
        return self.selection is not None and self.kind == "article"

    @property
    def is_long(self) -> bool:
        """Whether it is shown folded."""
        return is_long(self.before + self.quote + self.after)

    @property
    def far(self) -> str:
        """What stands before the passage, but for the last words of it, which are `near`."""
        return self.before[: len(self.before) - len(self.near)]

    @property
    def near(self) -> str:
        if len(self.before) <= MOST_BEFORE:
            return self.before
        last = self.before[-MOST_BEFORE:]
        # Whole words, where spaces are between them.
        return last[last.find(" ") + 1 :]

    @property
    def title(self) -> str:
        return self.article.title

    @property
    def url(self) -> str:
        fragment = f"#{self.section.key}" if self.section else ""
        return article_path(self.article) + fragment


def is_long(text: str) -> bool:
    """Whether more stands below a passage if only its first lines are shown."""
    return len(text) > MOST_UNFOLDED


def find(article: Article, data: Mapping[str, Any], network: str) -> Target:
    """The target that `data` names (the fields of TargetForm), on the text as it is now.

    A passage that is gone gives the article, with a notice. Raises Invalid, NotThere, or TooManyRequests where
    `network` (of `network_of`) chose on older revisions too often; then there is `as_chosen`.
    """
    chosen = _named(data)
    if chosen["parent"]:
        return _reply(article, chosen["parent"])
    if chosen["section"]:
        return _section(article, chosen["section"])
    if chosen["revision"] is not None:
        return _passage(article, chosen, network)
    return Target(article)


def as_chosen(article: Article, data: Mapping[str, Any], refusal: Refusal) -> Target:
    """The passage that `data` names as it reads where it was chosen, which is looked for no further; and why not."""
    selection = _selection(article, _named(data))
    quote, notice = selection.exact, refusal.detail
    fields = {name: getattr(selection, name) for name in ("revision", "start", "end", "exact")}
    return Target(article, "passage", quote=quote, notice=notice, fields=fields, selection=selection)


def _named(data: Mapping[str, Any]) -> Mapping[str, Any]:
    form = TargetForm(data)
    if not form.is_valid():
        raise Invalid(_("This address names no place in the article."))
    return form.cleaned_data


def whole_article(article: Article, refusal: Refusal) -> Target:
    """The article in the place of what cannot be found, and a notice that says so."""
    return Target(article, notice=_("%s Your comment will stand on the whole article.") % refusal.detail)


def _reply(article: Article, key: str) -> Target:
    readable = Comment.objects.readable_by(NOBODY).filter(article=article)
    comments = readable.with_page_and_parent()
    public_id = from_key(key)
    comment = comments.filter(public_id=public_id).first() if public_id else None
    if comment is None:
        raise NotThere(_("The comment you want to answer is not there."))
    (row,) = public_rows([comment])
    # Nothing to do about it here: one form, and nothing that could be pressed in its place.
    row = replace(row, vote_url="")
    return Target(article, "comment", parent=row, fields={"parent": comment.key}, comment=comment)


def _section(article: Article, key: str) -> Target:
    texts = SectionText.objects.filter(revision=article.current_revision_id, section__key=key)
    text = texts.select_related("section").first()
    if text is None:
        raise NotThere(_("The article has no such section."))
    heading = text.heading or _("Introduction")
    return Target(article, "section", heading=heading, fields={"section": key}, section=text.section)


def _passage(article: Article, chosen: Mapping[str, Any], network: str) -> Target:
    selection = _selection(article, chosen)
    count_carry(article, selection, network=network)
    try:
        found = place(article, selection)
    except (AnchorNotFound, AnchorAmbiguous, AnchorMismatch) as refusal:
        return replace(whole_article(article, refusal), selection=selection)
    return _placed(article, found, selection)


def _selection(article: Article, chosen: Mapping[str, Any]) -> Selection:
    """An address gives a place alone: what is quoted is what stands there in the revision named."""
    start, end, number = chosen["start"], chosen["end"], chosen["revision"]
    exact = chosen["exact"]
    if not exact:
        named = article.revisions.filter(number=number).first()
        if named is None:
            raise NotThere(_("The article has no such revision."))
        exact = named.canonical_text[start:end]
    if len(exact) > EXACT_MAX_LENGTH:
        raise Invalid(_("Choose at most %d characters.") % EXACT_MAX_LENGTH)
    return Selection(exact, start=start, end=end, revision=number)


def _placed(article: Article, found: Place, selection: Selection) -> Target:
    text = SectionText.objects.select_related("section").get(revision=found.revision, section=found.section_id)
    start, end = found.span.start, found.span.end
    first, last = around(text, start, end)
    whole = found.revision.canonical_text
    is_changed = found.exact != selection.exact
    return Target(
        article,
        "passage",
        heading=text.heading,
        before=whole[first:start],
        quote=found.exact,
        after=whole[end:last],
        notice=_("The passage you chose changed. Here is where it is now.") if is_changed else "",
        fields={"revision": found.revision.number, "start": start, "end": end, "exact": found.exact},
        section=text.section,
        selection=selection,
    )


def around(text: SectionText, start: int, end: int) -> tuple[int, int]:
    """From where to where the blocks reach that hold [start, end), in code points of the revision's text."""
    held = [(text.start + block.start, text.start + block.end) for block in blocks(text.html)]
    touched = [(first, last) for first, last in held if first < end and start < last]
    return min([start, *(first for first, _last in touched)]), max([end, *(last for _first, last in touched)])

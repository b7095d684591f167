"""The text of a comment: what may stand in it, and how it is stored."""

from django.db.models import Max
from django.utils.translation import gettext as _

from articles.canonical import canonical_text, sha256
from comments.models import TEXT_MAX_LENGTH, Comment, CommentRevision
from comments.rendering import render_comment
from skycrumbs.blank import is_blank
from skycrumbs.problems import Invalid
from skycrumbs.text import UnfitText, check_marks, clean, fold


def fit_text(text: str, kind: str, *, field: str = "text") -> str:
    """The text as it is stored: NFC, 1 to 5 000 code points, a highlight's may be empty. One rule for all writes.

    Raises Invalid for `field`, also for what shows nothing once it is rendered.
    """
    try:
        source = clean(text, max_length=TEXT_MAX_LENGTH)
        shown = canonical_text(render_comment(source))
        # Emphasis between the marks of one letter is gone from what is shown.
        check_marks(shown)
    except UnfitText as unfit:
        raise Invalid.field(field, unfit.code, str(unfit)) from unfit
    if source == "" and kind == Comment.Kind.HIGHLIGHT:
        return source
    if is_blank(source) or is_blank(shown):
        raise Invalid.field(field, "blank", _("Write something first."))
    return source


def add_text(comment: Comment, source: str, corrections: list[dict[str, str]] | None = None) -> None:
    """Make `source` the newest text of `comment`; the caller saves `head_revision`."""
    is_compared = comment.visibility == Comment.Visibility.PUBLIC
    # Not the head's: an edit that was refused is newer than the text that came back in its place.
    last = comment.revisions.aggregate(last=Max("number"))["last"] or 0
    comment.head_revision = CommentRevision.objects.create(
        comment=comment,
        number=last + 1,
        source=source,
        html=render_comment(source),
        fingerprint=fingerprint(source) if is_compared else "",
        corrections=corrections or [],
        author=comment.author,
    )


def fingerprint(source: str) -> str:
    """The same for texts that say the same (`fold`): SHA-256 in hex. "" for one that has nothing to compare."""
    folded = fold(source)
    return sha256(folded) if folded else ""

"""The verbs of comments: submit, edit, withdraw, decide.

Each takes the article's row first, so that two writers of one discussion follow each other, with counters, event
and the article's version in the same transaction. (On SQLite the transaction itself is the lock.)
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts import limits
from accounts.models import User
from articles.canonical import canonical_text
from articles.models import Article, Section
from comments import policy
from comments.errors import StaleVersion
from comments.models import MAX_DEPTH, ORDINAL_DIGITS, TEXT_MAX_LENGTH, Comment, CommentRevision
from comments.placing import Place, Selection, carried, in_section, new_anchor, place
from comments.rendering import render_comment
from comments.states import State
from comments.transitions import change_state
from events import services as events
from events.models import Type
from skycrumbs.problems import Forbidden, Invalid
from skycrumbs.text import UnfitText, clean, is_blank


@dataclass(frozen=True)
class Submission:
    """What a reader may set of a comment, and no more."""

    article: Article
    author: User
    text: str
    kind: Comment.Kind = Comment.Kind.COMMENT
    visibility: Comment.Visibility = Comment.Visibility.PUBLIC
    section: Section | None = None
    parent: Comment | None = None
    selection: Selection | None = None


# A check is given what was submitted; it answers with the code of its reason to hold it, or "".
Check = Callable[[Submission], str]


def submit(submission: Submission) -> Comment:
    """Store a comment; it is public at once unless a check holds it, or it is private.

    Raises Invalid, Forbidden, DiscussionClosed, TooManyRequests, or an Anchor… refusal; then nothing is stored.
    """
    _check_target(submission)
    source = fit_text(submission.text, submission.kind)
    html = render_comment(source)
    chosen = _place(submission)
    hold_reason = _hold_reason(submission)
    with transaction.atomic():
        limits.take(f"comment:{submission.author.pk}", settings.COMMENT_LIMITS)
        article = _lock_open(submission.article, with_anchor=chosen is not None)
        chosen = _still(article, chosen)
        _check_section_stands(submission)
        comment = _insert(submission, article, chosen)
        _add_text(comment, source, html)
        comment.save(update_fields=["root", "head_revision"])
        if chosen is not None:
            anchor = new_anchor(chosen)
            anchor.comment = comment
            anchor.save()
        _first_state(comment, hold_reason)
    return comment


def _place(submission: Submission) -> Place | None:
    """The passage chosen, if any; raises Invalid where a section is named as well and it is another."""
    if submission.selection is None:
        return None
    chosen = place(submission.article, submission.selection)
    if submission.section is not None and submission.section.pk != chosen.section_id:
        raise Invalid.field("section", "not_of_anchor", _("The passage is in another section."))
    return chosen


def _first_state(comment: Comment, hold_reason: str) -> None:
    if hold_reason:
        comment.state_reason = hold_reason
        comment.save(update_fields=["state_reason"])
        _record(Type.COMMENT_SUBMITTED, comment)
    else:
        change_state(comment, State.OPEN, by=None)


def _check_target(submission: Submission) -> None:
    """What kind, visibility and target go together. The database refuses the same; this says which field."""
    kind, parent = submission.kind, submission.parent
    policy.check_open(submission.article, with_anchor=submission.selection is not None)
    if submission.visibility == Comment.Visibility.PRIVATE and kind == Comment.Kind.COMMENT:
        raise Invalid.field("visibility", "not_for_kind", _("Only notes and highlights can be private."))
    if kind == Comment.Kind.HIGHLIGHT and submission.selection is None:
        raise Invalid.field("anchor", "required", _("A highlight needs a passage."))
    if parent is not None:
        _check_parent(submission, parent)
    elif submission.section is not None:
        _check_section(submission, submission.section)


def _check_section(submission: Submission, section: Section) -> None:
    if section.article_id != submission.article.pk or section.is_retired:
        raise Invalid.field("section", "unknown", _("The article has no such section."))


def _check_parent(submission: Submission, parent: Comment) -> None:
    if submission.kind != Comment.Kind.COMMENT:
        raise Invalid.field("kind", "not_for_reply", _("A reply is a comment."))
    if submission.selection is not None:
        raise Invalid.field("anchor", "not_for_reply", _("A reply stands where its thread does."))
    if submission.section is not None and submission.section.pk != parent.section_id:
        raise Invalid.field("section", "not_for_reply", _("A reply stands where its thread does."))
    if parent.article_id != submission.article.pk:
        raise Invalid.field("parent", "other_article", _("That comment is on another article."))
    if not parent.is_public:
        raise Invalid.field("parent", "not_public", _("That comment cannot be replied to."))


def fit_text(text: str, kind: str) -> str:
    """The text as it is stored: NFC, 1 to 5 000 code points, a highlight's may be empty. One rule for all writes.

    Raises Invalid also for what shows nothing once it is rendered.
    """
    try:
        source = clean(text, max_length=TEXT_MAX_LENGTH)
    except UnfitText as unfit:
        raise Invalid.field("text", unfit.code, str(unfit)) from unfit
    if source == "" and kind == Comment.Kind.HIGHLIGHT:
        return source
    if is_blank(source) or is_blank(canonical_text(render_comment(source))):
        raise Invalid.field("text", "blank", _("Write something first."))
    return source


def _hold_reason(submission: Submission) -> str:
    """The first reason there is to hold it; every check is run."""
    checks: list[Check] = [import_string(path) for path in settings.COMMENT_CHECKS]
    reasons = [check(submission) for check in checks]
    return next((reason for reason in reasons if reason), "")


def _lock_open(article: Article, *, with_anchor: bool) -> Article:
    locked = lock_article(article.pk)
    policy.check_open(locked, with_anchor=with_anchor)
    return locked


def lock_article(pk: int) -> Article:
    """The article's row, held until the transaction ends."""
    # Nothing joined: what a lock waited for changed the article, and a join would still be of the time before.
    return Article.objects.select_for_update().defer("draft_source").get(pk=pk)


def _still(article: Article, chosen: Place | None) -> Place | None:
    """The place in the revision that is current now that the article is locked."""
    if chosen is None or chosen.revision.pk == article.current_revision_id:
        return chosen
    current = article.standing_revision
    return in_section(current, carried(chosen.revision, current, chosen.span))


def _check_section_stands(submission: Submission) -> None:
    """Now that the article is locked, no publish can retire the section named."""
    if submission.section is not None and not Section.objects.filter(pk=submission.section.pk, is_retired=False):
        raise Invalid.field("section", "unknown", _("The article has no such section."))


def _insert(submission: Submission, article: Article, chosen: Place | None) -> Comment:
    comment = Comment(
        article=article,
        author=submission.author,
        kind=submission.kind,
        visibility=submission.visibility,
        section_id=chosen.section_id if chosen else _section_id(submission),
    )
    if submission.parent is not None:
        _join_thread(comment, submission.parent.pk)
    comment.save()
    comment.root = comment.root or comment
    return comment


def _section_id(submission: Submission) -> int | None:
    return submission.section.pk if submission.section else None


def _join_thread(comment: Comment, parent_id: int) -> None:
    """Give `comment` its place under a parent that is still public, as the youngest of its children."""
    parent = Comment.objects.select_for_update().get(pk=parent_id)
    if not parent.is_public:
        raise Invalid.field("parent", "not_public", _("That comment cannot be replied to."))
    comment.parent, comment.root_id, comment.section_id = parent, parent.root_id, parent.section_id
    comment.depth = min(parent.depth + 1, MAX_DEPTH)
    # Below the last level a reply stands beside its parent: the same stem, the next ordinal of that level.
    holder = parent if parent.depth < MAX_DEPTH else _level_holder(parent)
    holder.child_ordinal += 1
    holder.save(update_fields=["child_ordinal"])
    comment.path = f"{holder.path}{holder.child_ordinal:0{ORDINAL_DIGITS}}"


def _level_holder(comment: Comment) -> Comment:
    """The comment one level above `comment` in the thread as it stands, which numbers that level."""
    stem = comment.path[:-ORDINAL_DIGITS]
    return Comment.objects.select_for_update().get(root_id=comment.root_id, path=stem)


def _add_text(comment: Comment, source: str, html: str) -> None:
    last = comment.head_revision.number if comment.head_revision else 0
    comment.head_revision = CommentRevision.objects.create(
        comment=comment, number=last + 1, source=source, html=html, author=comment.author
    )


def edit(comment: Comment, *, by: User, text: str, seen_version: int | None = None) -> Comment:
    """Give a comment a new text, under the same rules and checks as a new one.

    Where a check holds the new text, the last public one stays public. Raises what `submit` raises, and
    StaleVersion if the comment changed since `seen_version`.
    """
    _check_can_edit(comment, by)
    source = fit_text(text, comment.kind)
    html = render_comment(source)
    submission = _as_submission(comment, source)
    hold_reason = _hold_reason(submission)
    with transaction.atomic():
        limits.take(f"comment:{by.pk}", settings.COMMENT_LIMITS)
        _lock_open(comment.article, with_anchor=False)
        fresh = lock_comment(comment.pk, seen_version)
        _check_can_edit(fresh, by)
        if fresh.text.source != source:
            _replace_text(fresh, source, html, hold_reason)
    return fresh


def _check_can_edit(comment: Comment, by: User) -> None:
    if not policy.can_edit(by, comment):
        raise Forbidden(_("Only its author can edit a comment, and only while it stands."))


def _replace_text(comment: Comment, source: str, html: str, hold_reason: str) -> None:
    _add_text(comment, source, html)
    comment.edited_at = timezone.now()
    comment.save(update_fields=["head_revision", "edited_at"])
    if comment.state == State.HELD:
        _bump(comment)
    elif hold_reason:
        change_state(comment, State.HELD_EDIT, by=comment.author, reason=hold_reason)
    else:
        change_state(comment, State.OPEN, by=comment.author)


def _bump(comment: Comment) -> None:
    comment.version += 1
    comment.save(update_fields=["version"])


def _as_submission(comment: Comment, text: str) -> Submission:
    return Submission(
        article=comment.article,
        author=comment.author,
        text=text,
        kind=Comment.Kind(comment.kind),
        visibility=Comment.Visibility(comment.visibility),
        section=comment.section,
        parent=comment.parent,
    )


@transaction.atomic
def withdraw(comment: Comment, *, by: User, seen_version: int | None = None) -> Comment:
    """Delete one's own comment: text and name leave every surface; its place stays while replies hang on it."""
    if not policy.can_withdraw(by, comment):
        raise Forbidden(_("Only its author can delete a comment."))
    lock_article(comment.article_id)
    fresh = lock_comment(comment.pk, seen_version)
    change_state(fresh, State.WITHDRAWN, by=by)
    return fresh


@transaction.atomic
def decide(comment: Comment, to: State, *, by: User | None, seen_version: int, reason: str = "") -> Comment:
    """Judge a comment as it was at `seen_version`, and record who, from what, and why.

    Raises StaleVersion if it changed since, TransitionRefused where the table has no arrow; both change nothing.
    """
    lock_article(comment.article_id)
    fresh = lock_comment(comment.pk, seen_version)
    change_state(fresh, to, by=by, reason=reason)
    return fresh


def lock_comment(pk: int, seen_version: int | None) -> Comment:
    """The comment's row, held until the transaction ends; raises StaleVersion if it is not the version seen."""
    comments = Comment.objects.select_related("article", "section", "author", "head_revision")
    comment = comments.select_for_update(of=("self",)).get(pk=pk)
    if seen_version is not None and comment.version != seen_version:
        raise StaleVersion(_("The comment changed since you read it."), version=comment.version)
    return comment


def _record(type: Type, comment: Comment) -> None:
    events.record(type, article_id=comment.article_id, comment_id=comment.pk, actor_id=comment.author_id)

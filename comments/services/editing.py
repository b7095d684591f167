"""A comment's next text, and corrections below one that stays."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comments import policy
from comments.checking import Outcome, keep
from comments.errors import EditClosed
from comments.models import CheckRun, Comment
from comments.rendering import render_comment
from comments.scopes import Viewer, scope_of
from comments.services.locking import lock_comment, lock_open
from comments.services.submitting import check
from comments.services.texts import add_text, fit_text
from comments.states import State, Verdict
from comments.submission import GuestName, Submission
from comments.transitions import by_author, change_state, last_publication
from skycrumbs.problems import Forbidden, Invalid

EDITED = "edited"
RESUBMITTED = "resubmitted"
MOST_CORRECTIONS = 10


def edit(comment: Comment, *, by: Viewer, text: str, seen_version: int | None = None, network: str = "") -> Comment:
    """Give a comment a new text, under the same rules and checks as a new one.

    Where a check holds the new text, or the old one was approved, the last public one stays public. Raises what
    `submit` raises, EditClosed past the window, and StaleVersion if the comment changed since `seen_version`.
    """
    _check_can_edit(comment, by)
    source = fit_text(text, comment.kind)
    outcome = check(as_submission(comment, source, network))
    with transaction.atomic():
        lock_open(comment.article, with_anchor=False)
        fresh = lock_comment(comment.pk, seen_version)
        _check_can_edit(fresh, by)
        if fresh.text.source != source:
            add_text(fresh, source, fresh.text.corrections)
            _replace(fresh, by, outcome)
    return fresh


def correct(
    comment: Comment, *, by: Viewer, text: str, seen_version: int | None = None, network: str = ""
) -> Comment:
    """Append a correction below a text that can no longer be replaced; what stood there stays readable.

    Rules, checks and refusals as for `edit`.
    """
    _check_can_correct(comment, by)
    source = fit_text(text, Comment.Kind.COMMENT, field="correction")
    outcome = check(as_submission(comment, source, network))
    with transaction.atomic():
        lock_open(comment.article, with_anchor=False)
        fresh = lock_comment(comment.pk, seen_version)
        _check_can_correct(fresh, by)
        written = {"source": source, "html": render_comment(source), "at": timezone.now().isoformat()}
        add_text(fresh, fresh.text.source, [*fresh.text.corrections, written])
        _replace(fresh, by, outcome)
    return fresh


def _check_can_edit(comment: Comment, by: Viewer) -> None:
    if policy.can_edit(by, comment):
        return
    if policy.can_correct(by, comment):
        raise EditClosed(_("This text can no longer be replaced. You can add a correction below it."))
    raise Forbidden(_("Only its author can edit a comment, and only while it stands."))


def _check_can_correct(comment: Comment, by: Viewer) -> None:
    if not policy.can_correct(by, comment):
        raise Forbidden(_("Only its author can correct a comment, and only once it can no longer be edited."))
    if len(comment.text.corrections) >= MOST_CORRECTIONS:
        raise Invalid.field("correction", "too_many", _("A comment takes at most %d corrections.") % MOST_CORRECTIONS)


def _replace(comment: Comment, by: Viewer, outcome: Outcome) -> None:
    """Let the newest text of `comment` take its way: to readers, or to the moderators."""
    comment.edited_at = timezone.now()
    comment.save(update_fields=["head_revision", "edited_at"])
    deciding = outcome.deciding
    if comment.visibility != Comment.Visibility.PRIVATE:
        keep(outcome, comment, CheckRun.Trigger.EDIT)
    if comment.state == State.HELD:
        comment.version += 1
        comment.save(update_fields=["version"])
    elif comment.state == State.REJECTED:
        change_state(comment, State.HELD, by_author(comment, RESUBMITTED))
    elif deciding.verdict in (Verdict.HOLD, Verdict.SPAM):
        change_state(comment, State.HELD_EDIT, by_author(comment, deciding.reason))
    elif _was_approved(comment) and not scope_of(by).holds(comment.article):
        change_state(comment, State.HELD_EDIT, by_author(comment, EDITED))
    else:
        change_state(comment, State.OPEN, by_author(comment))


def _was_approved(comment: Comment) -> bool:
    """Whether a moderator answers for the text that is public: another one takes its place by their leave alone."""
    if comment.state == State.APPROVED:
        return True
    last = last_publication(comment).first()
    return comment.state == State.HELD_EDIT and last is not None and last.now == State.APPROVED


def as_submission(comment: Comment, text: str, network: str) -> Submission:
    guest = comment.guest
    return Submission(
        article=comment.article,
        text=text,
        author=comment.author,
        guest=GuestName(comment.guest_name, guest.email, is_proven=True) if guest else None,
        kind=Comment.Kind(comment.kind),
        visibility=Comment.Visibility(comment.visibility),
        section=comment.section,
        parent=comment.parent,
        network=network,
        comment=comment,
    )

"""A new comment."""

from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import guests, limits
from articles.models import Article, Section
from comments import paths, policy
from comments.checking import Outcome, keep, run_checks
from comments.models import Anchor, AnchorMove, CheckRun, Comment
from comments.placing import Place, new_anchor, place, placed_still
from comments.services.introducing import fit_guest
from comments.services.limiting import count_carry
from comments.services.locking import lock_open
from comments.services.texts import add_text, fit_text
from comments.states import GONE_STATES, UNPROVEN, State, Verdict
from comments.submission import Submission
from comments.transitions import Grounds, change_state, set_waiting
from events import services as events
from events.models import Type
from skycrumbs.problems import Invalid


def submit(submission: Submission) -> Comment:
    """Store a comment; it is public at once unless a check holds it, its guest is not proven, or it is private.

    What is sent twice within a moment makes one comment: the first is given back, and no check is asked again.
    Raises Invalid, Forbidden, DiscussionClosed, TooManyRequests, or an Anchor… refusal; then nothing is stored.
    """
    _check_target(submission)
    submission = _fitted(submission)
    chosen = _place(submission)
    twin = _said_already(submission, chosen)
    if twin is not None:
        return twin
    outcome = check(submission)
    with transaction.atomic():
        article = lock_open(submission.article, with_anchor=chosen is not None)
        chosen = chosen and placed_still(article, chosen)
        _check_section_stands(submission)
        return _said_already(submission, chosen) or _store(submission, article, chosen, outcome)


def _fitted(submission: Submission) -> Submission:
    """What was sent as it is stored: the text, and who a guest says to be."""
    guest = submission.guest and fit_guest(submission.guest)
    return replace(submission, text=fit_text(submission.text, submission.kind), guest=guest)


def check(submission: Submission) -> Outcome:
    """What the checks say; of what its author alone will read nothing is looked at, but how often they write."""
    if not submission.is_private:
        return run_checks(submission)
    if submission.author is not None:
        limits.take(f"note:account:{submission.author.pk}", settings.COMMENT_LIMITS)
    return Outcome({}, 0)


def _store(submission: Submission, article: Article, chosen: Place | None, outcome: Outcome) -> Comment:
    comment = _insert(submission, article, chosen)
    add_text(comment, submission.text)
    comment.save(update_fields=["root", "head_revision"])
    if chosen is not None:
        anchor = new_anchor(chosen)
        anchor.comment = comment
        anchor.save()
        if chosen.read is not None:
            _record_carry(anchor)
    if not submission.is_private:
        keep(outcome, comment, CheckRun.Trigger.NEW)
    if submission.guest is not None and not submission.guest.is_proven:
        _hold(comment, UNPROVEN)
    else:
        follow(comment, outcome.deciding.verdict, outcome.deciding.reason)
    return comment


def _record_carry(anchor: Anchor) -> None:
    """That a new anchor was carried on from an older revision, which is the one it was chosen on."""
    AnchorMove.objects.create(
        anchor=anchor,
        article_id=anchor.article_id,
        from_revision=anchor.revision,
        to_revision=anchor.now_revision,
        from_start=anchor.start,
        from_end=anchor.end,
        to_start=anchor.now_start,
        to_end=anchor.now_end,
        status=anchor.now_status,
        score=anchor.score,
        method=anchor.method,
    )


def follow(comment: Comment, verdict: str, reason: str) -> None:
    """Take a comment that nobody has seen where the checks say: public, held, or to the spam."""
    if verdict == Verdict.HOLD:
        _hold(comment, reason)
    elif verdict == Verdict.SPAM:
        change_state(comment, State.SPAM, Grounds(reason=reason))
    else:
        change_state(comment, State.OPEN, Grounds())


def _hold(comment: Comment, reason: str) -> None:
    comment.state_reason = reason
    set_waiting(comment)
    comment.save(update_fields=["state_reason", "waiting_since", "waiting_order"])
    happened = Type.GUEST_PROOF_ASKED if reason == UNPROVEN else Type.COMMENT_SUBMITTED
    events.record(happened, article_id=comment.article_id, comment_id=comment.pk, actor_id=comment.author_id)


def _said_already(submission: Submission, chosen: Place | None) -> Comment | None:
    """The same words of the same writer on the same target a moment ago: a form that was sent twice."""
    if not settings.DOUBLE_POST_SECONDS:
        return None
    since = timezone.now() - timedelta(seconds=settings.DOUBLE_POST_SECONDS)
    guest = submission.guest
    twins = Comment.objects.filter(
        _on_target(submission, chosen),
        kind=submission.kind,
        visibility=submission.visibility,
        author=submission.author,
        guest__email=guests.normal(guest.email) if guest else None,
        guest_name=guest.name if guest else "",
        created_at__gt=since,
        head_revision__source=submission.text,
    )
    return twins.exclude(state__in=sorted(GONE_STATES)).first()


def _on_target(submission: Submission, chosen: Place | None) -> Q:
    target = Q(article=submission.article, parent=submission.parent)
    if chosen is not None:
        return target & Q(anchor__now_start=chosen.span.start, anchor__now_end=chosen.span.end)
    # A reply stands in its parent's section, which it need not name.
    section = Q() if submission.parent else Q(section=submission.section)
    return target & Q(anchor=None) & section


def _place(submission: Submission) -> Place | None:
    """The passage chosen, if any; raises Invalid where a section is named as well and it is another."""
    if submission.selection is None:
        return None
    by, network = submission.author, submission.network
    count_carry(submission.article, submission.selection, account=by, network=network)
    chosen = place(submission.article, submission.selection)
    if submission.section is not None and submission.section.pk != chosen.section_id:
        raise Invalid.field("section", "not_of_anchor", _("The passage is in another section."))
    return chosen


def _check_target(submission: Submission) -> None:
    """What kind, visibility and target go together. The database refuses the same; this says which field."""
    kind, parent = submission.kind, submission.parent
    policy.check_open(submission.article, with_anchor=submission.selection is not None)
    if submission.guest is not None and not policy.takes_guests(submission.visibility):
        raise Invalid.field("visibility", "not_for_guests", _("Private notes need an account."))
    if submission.is_private and kind == Comment.Kind.COMMENT:
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


def _check_section_stands(submission: Submission) -> None:
    """Now that the article is locked, no publish can retire the section named."""
    if submission.section is not None and not Section.objects.filter(pk=submission.section.pk, is_retired=False):
        raise Invalid.field("section", "unknown", _("The article has no such section."))


def _insert(submission: Submission, article: Article, chosen: Place | None) -> Comment:
    guest = submission.guest
    comment = Comment(
        article=article,
        author=submission.author,
        guest=guests.guest_of(guest.email) if guest else None,
        guest_name=guest.name if guest else "",
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
    comment.depth = min(parent.depth + 1, paths.MAX_DEPTH)
    # Below the last level a reply stands beside its parent: the same stem, the next ordinal of that level.
    holder = parent if parent.depth < paths.MAX_DEPTH else _level_holder(parent)
    holder.child_ordinal += 1
    holder.save(update_fields=["child_ordinal"])
    comment.path = paths.below(holder.path, holder.child_ordinal)


def _level_holder(comment: Comment) -> Comment:
    """The comment one level above `comment` in the thread as it stands, which numbers that level."""
    stem = paths.above(comment.path)[-1]
    return Comment.objects.select_for_update().get(root_id=comment.root_id, path=stem)

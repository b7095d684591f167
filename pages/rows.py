"""A comment as a page shows it: what its reader may know of it, and nothing else."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from articles.models import SectionText
from comments import policy
from comments.anchoring import Status
from comments.models import Comment
from comments.querysets import NOBODY
from comments.readings import Reading, read_as
from comments.scopes import Viewer
from comments.states import REMOVED_STATES, State
from moderation.policy import can_flag
from moderation.words import to_author
from pages.addresses import article_path, comment_path, compose_path, revision_path

# Replies below this level stand no further in.
DEEPEST_INDENT = 6

_REMOVED = REMOVED_STATES | {State.ERASED}
_NOTICES = {State.HELD: "held", State.HELD_EDIT: "held_edit", State.WITHDRAWN: "withdrawn"}


@dataclass(frozen=True)
class Row:
    """What the templates of a comment read. Of a tombstone only the first block is filled in."""

    key: str
    url: str
    root: int
    depth: int
    indent: int
    # Public ones below it, as they stand in the thread.
    replies: int
    article_title: str
    article_url: str
    is_tombstone: bool = False
    by_its_author: bool = False

    name: str = ""
    kind: str = ""
    is_author: bool = False
    is_staff: bool = False
    is_guest: bool = False
    created_at: datetime | None = None
    edited_at: datetime | None = None
    html: str = ""
    # HTML and time of each.
    corrections: tuple[tuple[str, datetime], ...] = ()
    quote: str = ""
    quote_url: str = ""
    # How its passage fared since it was written; "" where it has none.
    status: str = ""
    # Where that is shown word by word; "" where it stands as it did.
    passage_url: str = ""
    # The section it is on, where it is on no passage of it.
    section_heading: str = ""
    section_url: str = ""
    # The comment it answers: on the same page, or the page of its own.
    parent_url: str = ""
    parent_name: str = ""
    reply_url: str = ""
    flag_url: str = ""
    votes: int = 0
    # "" where none is taken.
    vote_url: str = ""
    # Whether its reader voted for it; on a page for everybody nobody did.
    is_voted: bool = False
    edit_url: str = ""
    correct_url: str = ""
    withdraw_url: str = ""
    # What its writer and moderators are told of it: held, held_edit, withdrawn, removed or private; and why.
    notice: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Surroundings:
    """What rows need to know of their article: who wrote it, and its headings by section id; and of their page."""

    author_ids: Collection[int] = ()
    headings: Mapping[int, str] = field(default_factory=dict)
    # Ids of the comments that stand on the same page.
    shown: Collection[int] = ()


def public_rows(comments: Sequence[Comment], around: Surroundings | None = None) -> list[Row]:
    """Rows for one page as everybody sees them, of comments found by `in_threads` or `readable_by` for nobody.

    Asks nothing of the database for comments loaded `with_page_and_parent`.
    """
    readings = (Reading(comment, is_removed=comment.is_tombstone, sees_head=False) for comment in comments)
    around = replace(around or Surroundings(), shown={comment.pk for comment in comments})
    return [_row(reading, NOBODY, around) for reading in readings]


def rows_for(viewer: Viewer, comments: Sequence[Comment]) -> list[Row]:
    """Rows as `viewer` sees them, of comments found by `readable_by(viewer)`, with what they may do to each.

    Two queries, and one for the authors of each article that came without them.
    """
    headings = _headings(comments)
    return [
        _row(reading, viewer, Surroundings({a.pk for a in reading.comment.article.authors.all()}, headings))
        for reading in read_as(viewer, comments)
    ]


def as_written(comment: Comment) -> Row:
    """The newest text, whoever may read it, and nothing to do about it: for its writer alone. One query."""
    row = _row(Reading(comment, is_removed=False, sees_head=True), NOBODY, Surroundings((), _headings([comment])))
    return alone(replace(row, notice="", reply_url="", flag_url=""))


def alone(row: Row) -> Row:
    """The row without its place in the thread, where the thread is not shown."""
    return replace(row, depth=0, indent=0)


def _headings(comments: Sequence[Comment]) -> dict[int, str]:
    """The headings, in the current text, of the sections that comments are on. One query."""
    revisions = {comment.article.current_revision_id for comment in comments}
    sections = {comment.section_id for comment in comments}
    texts = SectionText.objects.filter(revision__in=revisions, section__in=sections)
    return dict(texts.values_list("section_id", "heading"))


def _row(reading: Reading, viewer: Viewer, around: Surroundings) -> Row:
    comment = reading.comment
    if reading.is_removed:
        is_own_act = comment.state == State.WITHDRAWN
        return Row(**_place(comment), is_tombstone=True, by_its_author=is_own_act)
    return Row(
        **_place(comment),
        name=comment.writer_name,
        kind=comment.kind,
        is_guest=comment.author_id is None,
        is_staff=comment.author is not None and comment.author.is_staff,
        is_author=comment.author_id is not None and comment.author_id in around.author_ids,
        created_at=comment.created_at,
        edited_at=reading.edited_at,
        html=reading.html or "",
        corrections=tuple((one["html"], datetime.fromisoformat(one["at"])) for one in reading.corrections),
        notice=_notice(comment) if reading.sees_head else "",
        reason=to_author(reading.reason or ""),
        votes=comment.votes,
        **(_passage(reading) or _section(comment, around)),
        **_parent(comment, around),
        **_actions(comment, viewer),
    )


def _place(comment: Comment) -> dict[str, Any]:
    return {
        "key": comment.key,
        "url": comment_path(comment),
        "root": comment.root_id,
        "depth": comment.depth,
        "indent": min(comment.depth, DEEPEST_INDENT),
        "replies": comment.replies,
        "article_title": comment.article.title,
        "article_url": article_path(comment.article),
    }


def _passage(reading: Reading) -> dict[str, Any]:
    anchor = reading.anchor
    if anchor is None:
        return {}
    comment = reading.comment
    if anchor.is_orphaned or comment.section is None:
        # Where it can still be read: the text it was written on.
        url = revision_path(comment.article, anchor.revision)
    else:
        url = f"{article_path(comment.article)}#{comment.section.key}"
    is_kept = anchor.now_status == Status.KEPT
    passage_url = "" if is_kept else comment_path(comment, "passage")
    return {"quote": anchor.exact, "quote_url": url, "status": anchor.now_status, "passage_url": passage_url}


def _section(comment: Comment, around: Surroundings) -> dict[str, Any]:
    """A reply stands where its thread does, which the root says."""
    if comment.section is None or not comment.is_root or comment.section_id not in around.headings:
        return {}
    return {
        "section_heading": around.headings[comment.section.pk] or _("Introduction"),
        "section_url": f"{article_path(comment.article)}#{comment.section.key}",
    }


def _parent(comment: Comment, around: Surroundings) -> dict[str, Any]:
    """Which comment it answers; the name of its writer only while everybody can read that."""
    parent = comment.parent
    if parent is None:
        return {}
    url = f"#comment-{parent.key}" if parent.pk in around.shown else comment_path(parent)
    return {"parent_url": url, "parent_name": parent.writer_name if parent.is_public else ""}


def _actions(comment: Comment, viewer: Viewer) -> dict[str, Any]:
    actions = {}
    if policy.can_reply(comment):
        actions["reply_url"] = compose_path(comment.article, parent=comment.key)
    if policy.takes_votes(comment) and not policy.is_author(viewer, comment):
        actions["vote_url"] = comment_path(comment, "vote")
    if can_flag(viewer, comment):
        actions["flag_url"] = comment_path(comment, "flag")
    if policy.can_edit(viewer, comment):
        actions["edit_url"] = comment_path(comment, "edit")
    elif policy.can_correct(viewer, comment):
        actions["correct_url"] = comment_path(comment, "correct")
    if policy.can_withdraw(viewer, comment):
        actions["withdraw_url"] = comment_path(comment, "withdraw")
    return actions


def _notice(comment: Comment) -> str:
    if comment.visibility == Comment.Visibility.PRIVATE:
        return "private"
    return "removed" if comment.state in _REMOVED else _NOTICES.get(State(comment.state), "")

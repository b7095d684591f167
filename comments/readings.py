"""A comment as one viewer reads it: which of its texts, or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from comments.models import Anchor, Comment, CommentRevision
from comments.policy import is_author
from comments.scopes import Viewer, scope_of


@dataclass(frozen=True)
class Reading:
    """What one viewer is shown of a comment. Asks nothing of the database if it was loaded `with_page`.

    `is_removed`: its place in the thread alone. `sees_head`: the newest text, and the state it is in, because the
    viewer wrote it or moderates it; everybody else reads the public text.
    """

    comment: Comment
    is_removed: bool
    sees_head: bool

    @property
    def revision(self) -> CommentRevision | None:
        if self.is_removed:
            return None
        return self.comment.head_revision if self.sees_head else self.comment.public_revision

    @property
    def text(self) -> str | None:
        """The Markdown source."""
        return self.revision.source if self.revision else None

    @property
    def html(self) -> str | None:
        return self.revision.html if self.revision else None

    @property
    def corrections(self) -> list[dict[str, str]]:
        """What was added below the text: {"source", "html", "at" (ISO 8601)}, in order."""
        return self.revision.corrections if self.revision else []

    @property
    def state(self) -> str | None:
        """Where it stands with the moderators; told to those who see the head."""
        return self.comment.state if self.sees_head and self.revision else None

    @property
    def reason(self) -> str | None:
        """The code of the reason for its state, if there is one; told with the state."""
        return self.comment.state_reason or None if self.state else None

    @property
    def votes(self) -> int | None:
        return None if self.is_removed else self.comment.votes

    @property
    def writer(self) -> Comment | None:
        """The comment itself where it may say who wrote it: by `writer_name`, and whether it was a guest."""
        return self.comment if self.revision else None

    @property
    def anchor(self) -> Anchor | None:
        return self.comment.anchor if self.revision and self.comment.has_anchor else None

    @property
    def edited_at(self) -> datetime | None:
        """When the text that is shown was written, if it is not the first; a newer one that waits is not told."""
        shown = self.revision
        if shown is None or shown.number == 1:
            return None
        is_newest = shown.pk == self.comment.head_revision_id
        return self.comment.edited_at if is_newest else shown.created_at


def read_as(viewer: Viewer, comments: Sequence[Comment]) -> list[Reading]:
    """`comments`, found by `in_threads(viewer)`, as the viewer reads them; at most one query.

    A tombstone is told from what its author or a moderator may still read by asking `readable_by` again.
    """
    doubtful = [comment.pk for comment in comments if comment.is_tombstone]
    readable = set(Comment.objects.readable_by(viewer).filter(pk__in=doubtful).values_list("pk", flat=True))
    scope = scope_of(viewer)
    return [
        Reading(
            comment,
            is_removed=comment.is_tombstone and comment.pk not in readable,
            sees_head=scope.holds(comment.article) or is_author(viewer, comment),
        )
        for comment in comments
    ]

"""Which comments: every surface starts here."""

from typing import TYPE_CHECKING, Union

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from comments.states import GONE_STATES, State

if TYPE_CHECKING:
    from accounts.models import User
    from comments.models import Comment  # noqa: F401

Viewer = Union["User", AnonymousUser]

NOBODY = AnonymousUser()

_DISCUSSED = Q(article__status="published") & ~Q(article__discussion="off")
_PUBLIC = Q(public_revision__isnull=False) & _DISCUSSED
# Was public once, is not now, and public replies hang on it.
_TOMBSTONE = Q(public_revision=None, visibility="public", published_at__isnull=False, replies__gt=0) & _DISCUSSED


class CommentQuerySet(models.QuerySet["Comment"]):
    def readable_by(self, viewer: Viewer) -> "CommentQuerySet":
        """What `viewer` may read: public comments, their own until they delete them, and what they moderate.

        Private notes and highlights are read by their author alone, moderators not excepted. Asks the database
        for the viewer's permissions once, unless there is nobody.
        """
        return self.filter(_readable(viewer))

    def in_threads(self, viewer: Viewer) -> "CommentQuerySet":
        """`readable_by`, and the removed comments that keep a place for the public replies below them."""
        return self.filter(_readable(viewer) | _TOMBSTONE)

    def once_public(self) -> "CommentQuerySet":
        """Comments of published articles that anyone could read once and that are gone now: 410, not 404."""
        return self.filter(_DISCUSSED, public_revision=None, visibility="public", published_at__isnull=False)

    def with_page(self) -> "CommentQuerySet":
        """Everything that a page or the API names of a comment, in the same query."""
        return self.select_related(
            "article", "section", "parent", "root", "author", "public_revision", "head_revision",
            "anchor__revision", "anchor__now_revision",
        ).defer(*_LONG_TEXTS)  # fmt: skip

    def in_thread_order(self) -> "CommentQuerySet":
        """Oldest thread first, each as a reader goes down it."""
        return self.order_by("root_id", "path")


_LONG_TEXTS = [
    "author__password",
    "author__email",
    "article__draft_source",
    *(
        f"anchor__{revision}__{text}"
        for revision in ("revision", "now_revision")
        for text in ("source", "html", "canonical_text")
    ),
]


def _readable(viewer: Viewer) -> Q:
    if not viewer.is_authenticated:
        return _PUBLIC
    readable = _PUBLIC | Q(author=viewer) & ~Q(state__in=sorted(GONE_STATES))
    if viewer.has_perm("comments.moderate_comment"):
        readable |= Q(visibility="public") & ~Q(state=State.ERASED)
    return readable

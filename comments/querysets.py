"""Which comments: every surface starts here."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Prefetch, Q
from django.utils import timezone

from accounts.models import Guest, User
from articles.models import Revision
from comments.anchoring.spans import LOST
from comments.scopes import Viewer, scope_of
from comments.states import GONE_STATES, UNPROVEN, State

if TYPE_CHECKING:
    from comments.models import Anchor, Comment, LegalHold  # noqa: F401

NOBODY = AnonymousUser()

_DISCUSSED = Q(article__status="published") & ~Q(article__discussion="off")
# Found empty before the database is asked.
_NONE = Q(pk__in=[])
_PUBLIC = Q(public_revision__isnull=False) & _DISCUSSED
_UNPROVEN = Q(state=State.HELD, state_reason=UNPROVEN)
# Was public once, is not now, and public replies hang on it.
_TOMBSTONE = Q(public_revision=None, visibility="public", published_at__isnull=False, replies__gt=0) & _DISCUSSED


class CommentQuerySet(models.QuerySet["Comment"]):
    def readable_by(self, viewer: Viewer) -> "CommentQuerySet":
        """What `viewer` may read: public comments, their own until they delete them, and what they moderate.

        Private notes and highlights are read by their author alone, moderators not excepted; what a guest wrote
        with an address that is not proven is read by nobody. Asks the database for the viewer's permissions and
        limits once, unless there is nobody.
        """
        return self.filter(_readable(viewer))

    def moderated_by(self, viewer: Viewer) -> "CommentQuerySet":
        """What `viewer` may judge: all but what is private, unproven or erased, on the articles they moderate."""
        return self.filter(_moderated(viewer))

    def written_by(self, writer: Viewer) -> "CommentQuerySet":
        """Whatever its state; of a guest, what the address was proven for."""
        return self.filter(_own(writer))

    def waiting(self) -> "CommentQuerySet":
        """The queue in its order: held, an edit held, or flagged. The index `comments_that_wait` serves it."""
        return self.filter(waiting_since__isnull=False).order_by("waiting_order", "waiting_since", "pk")

    def unproven(self) -> "CommentQuerySet":
        """What guests wrote whose address is not proven yet. The index `comments_not_proven` serves it."""
        return self.filter(_UNPROVEN)

    def withdrawn_notes(self) -> "CommentQuerySet":
        """Private notes and highlights that their authors withdrew. The index `notes_withdrawn` serves it.

        Not those that were ever on legal hold: what is kept then is not theirs to take away.
        """
        return self.filter(visibility="private", state=State.WITHDRAWN, holds=None)

    def in_threads(self, viewer: Viewer) -> "CommentQuerySet":
        """`readable_by`, and the removed comments that keep a place for the public replies below them."""
        return self.filter(_readable(viewer) | _TOMBSTONE)

    def named(self, name: str, viewer: Viewer) -> "CommentQuerySet":
        """Comments that `viewer` may read by whoever has this public name, accounts and guests; several may have it.

        Not the removed ones that keep their place: whose they were is not told.
        """
        return self.readable_by(viewer).filter(Q(author__name=name) | Q(guest_name=name))

    def on_passages(self, viewer: Viewer) -> "CommentQuerySet":
        """Comments on a passage, as `viewer` is told it: of a removed one that keeps its place there is none."""
        return self.readable_by(viewer).filter(anchor__isnull=False)

    def on_no_passages(self, viewer: Viewer) -> "CommentQuerySet":
        """All others, the removed ones that keep their place among them."""
        return self.filter(Q(anchor=None) | ~_readable(viewer))

    def quoting(self, words: str, viewer: Viewer) -> "CommentQuerySet":
        """Comments that `viewer` may read on passages that hold `words`, whatever their case."""
        return self.readable_by(viewer).filter(anchor__exact__icontains=words)

    def saying(self, words: str, viewer: Viewer) -> "CommentQuerySet":
        """Comments whose text, as `viewer` reads it, holds `words`, whatever their case.

        No other text of theirs is looked at: what is found would tell of an edit that waits.
        """
        head, public = Q(head_revision__source__icontains=words), Q(public_revision__source__icontains=words)
        return self.readable_by(viewer).filter(_by_text_read(viewer, head, public))

    def edited_since(self, moment: datetime, viewer: Viewer) -> "CommentQuerySet":
        """Comments whose text, as `viewer` reads it, was written after `moment` and is not their first.

        An edit that waits counts for those alone who read it, as in `Reading.edited_at`.
        """
        head, is_newest = Q(head_revision__number__gt=1), Q(public_revision=F("head_revision"))
        public = Q(public_revision__number__gt=1) & (is_newest | Q(public_revision__created_at__gt=moment))
        # The newest text of all is no older than the one that is read; the index `comments_edited` serves this.
        edited = self.readable_by(viewer).filter(edited_at__gt=moment)
        return edited.filter(_by_text_read(viewer, head, public))

    def voted_for_by(self, viewer: Viewer) -> "CommentQuerySet":
        """Comments that `viewer` may read and gave a vote; none for guests, who give none."""
        if not viewer.is_authenticated:
            return self.none()
        return self.readable_by(viewer).filter(votes_given__person=viewer.pk)

    def with_lost_vote_of(self, viewer: User) -> "CommentQuerySet":
        """Comments that `viewer` gave a vote and may not read any more; the vote is theirs to take back."""
        return self.filter(votes_given__person=viewer).exclude(_readable(viewer))

    def once_public(self) -> "CommentQuerySet":
        """Comments of published articles that anyone could read once and that are gone now: 410, not 404."""
        return self.filter(_DISCUSSED, public_revision=None, visibility="public", published_at__isnull=False)

    def with_page(self) -> "CommentQuerySet":
        """Everything that the API names of a comment, in five queries more at most.

        One query for all would join eleven tables, and PostgreSQL would take many times longer to plan than to answer
        it. So its article, its writer, its texts and its passage are joined, and asked for by themselves are what
        many comments share, and those that it answers.
        """
        own = self.select_related("article", "author", "public_revision", "head_revision", "anchor")
        shared = own.prefetch_related("section", _revisions("anchor__revision"), _revisions("anchor__now_revision"))
        return shared.prefetch_related(self._above("parent"), self._above("root")).defer(*_NOT_NAMED)

    def with_page_and_parent(self) -> "CommentQuerySet":
        """`with_page`, and who wrote the comment that it answers, whom pages name."""
        return self.with_page().prefetch_related(_people("parent__author"))

    def with_public_page(self) -> "CommentQuerySet":
        """What a page shows to everybody of a comment and no more, in three queries more at most; its article the
        page has."""
        own = self.select_related("section", "author", "public_revision", "anchor").only(*_SHOWN_TO_EVERYBODY)
        return own.prefetch_related(self._above("parent"), _people("parent__author"), _revisions("anchor__revision"))

    def _above(self, lookup: str) -> Prefetch:
        """Which comment it is, who wrote it, and whether anybody may read it."""
        return Prefetch(lookup, self.model.objects.only("public_id", "public_revision", "guest_name", "author"))

    def in_thread_order(self) -> "CommentQuerySet":
        """Oldest thread first, each as a reader goes down it."""
        return self.order_by("root_id", "path")


_NOT_NAMED = ["article__draft_source", "author__password", "author__email"]
_SHOWN_TO_EVERYBODY = [
    *("public_id", "article", "parent", "root", "path", "depth", "kind", "state", "replies", "votes"),
    *("created_at", "edited_at", "published_at", "head_revision"),
    *("guest_name", "author__name", "author__is_staff", "section__key"),
    *(f"public_revision__{field}" for field in ("number", "html", "corrections", "created_at")),
    *(f"anchor__{field}" for field in ("exact", "now_start", "now_end", "now_status", "revision")),
]


def _people(lookup: str) -> Prefetch:
    """What others are told of those who write."""
    return Prefetch(lookup, User.objects.only("name"))


def _revisions(lookup: str) -> Prefetch:
    """Which they are, and none of their texts."""
    return Prefetch(lookup, Revision.objects.only("number"))


def _readable(viewer: Viewer) -> Q:
    return _PUBLIC | _own(viewer) & ~Q(state__in=sorted(GONE_STATES)) | _moderated(viewer)


def _by_text_read(viewer: Viewer, head: Q, public: Q) -> Q:
    """Of comments `viewer` may read: `head` where they read the newest text, `public` where the public one.

    Which they read `comments.readings` says.
    """
    scope = scope_of(viewer)
    if scope.is_everything:
        return head
    reads_head = _own(viewer) | (_NONE if scope.is_nothing else scope.on("article"))
    return reads_head & head | ~reads_head & public


def _own(writer: Viewer) -> Q:
    if isinstance(writer, Guest):
        return Q(guest=writer) & ~_UNPROVEN
    return Q(author=writer.pk) if writer.is_authenticated else _NONE


def _moderated(viewer: Viewer) -> Q:
    scope = scope_of(viewer)
    if scope.is_nothing:
        return _NONE
    return Q(visibility="public") & ~Q(state=State.ERASED) & ~_UNPROVEN & scope.on("article")


class AnchorQuerySet(models.QuerySet["Anchor"]):
    def of_public_comments(self) -> "AnchorQuerySet":
        """Those of comments that anybody may read.

        By the anchor's own article, which is its comment's: so whatever a database takes the sizes of tables for, it
        finds the anchors of an article first, and each one's comment by its id.
        """
        return self.filter(_DISCUSSED, comment__public_revision__isnull=False)

    def to_look_at(self, viewer: Viewer) -> "AnchorQuerySet":
        """Lost or uncertain passages of public comments that `viewer` may put in place, the newest comments first.

        Of whoever moderates, on what they moderate; of other editors, on every article. Notes of one's own and of
        others are never among them. The index `passages_to_look_at` serves this.
        """
        scope = scope_of(viewer)
        if scope.is_nothing and not (viewer.is_authenticated and viewer.has_perm("articles.change_article")):
            return self.none()
        theirs = Q() if scope.is_nothing else scope.on("article")
        public = Q(comment__public_revision__isnull=False, comment__visibility="public", article__status="published")
        lost = self.filter(theirs, public, now_status__in=LOST)
        return lost.order_by("-id")


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def standing(self) -> "LegalHoldQuerySet":
        """Those that keep a comment from being erased now."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=timezone.now()), released_at=None)

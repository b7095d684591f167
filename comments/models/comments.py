"""What readers leave on an article, each text of it, and who voted for it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import NAME_MAX_LENGTH, Guest
from articles.models import Article, Section
from comments import paths
from comments.querysets import CommentQuerySet
from comments.states import GONE_STATES, PUBLIC_STATES, UNPROVEN, WAITING_STATES, State
from skycrumbs.ids import new_id, to_key

TEXT_MAX_LENGTH = 5000
REASON_MAX_LENGTH = 40


class WaitingOrder(models.IntegerChoices):
    """How soon a comment's turn comes in the queue: what may harm somebody stands before what only waits."""

    URGENT = 0, _("urgent")
    FLAGGED = 1, _("flagged")
    HELD = 2, _("held")


class Comment(models.Model):
    """A comment, highlight or note; its target is the article, a section, or (with an anchor) a passage.

    What the public reads is `public_revision` and nothing else: null unless anyone may read it. Its author and
    the moderators read `head_revision`, the newest text.
    """

    class Kind(models.TextChoices):
        COMMENT = "comment", _("comment")
        HIGHLIGHT = "highlight", _("highlight")
        NOTE = "note", _("note")

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("public")
        PRIVATE = "private", _("private")

    public_id = models.UUIDField(unique=True, default=new_id, editable=False)
    # Where an index begins with a foreign key, it has none of its own: each is one more for every comment to write.
    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, related_name="comments", db_index=False, verbose_name=_("article")
    )
    section = models.ForeignKey(Section, null=True, blank=True, on_delete=models.PROTECT, related_name="comments")
    # The thread: true parent; root (its own for a root); the way down to it as ordinals among siblings.
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    root = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="thread", db_index=False
    )
    path = models.CharField(max_length=paths.MAX_LENGTH, blank=True)
    depth = models.PositiveSmallIntegerField(default=0)
    child_ordinal = models.PositiveIntegerField(default=0)

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.COMMENT)
    visibility = models.CharField(max_length=8, choices=Visibility.choices, default=Visibility.PUBLIC)
    # One of the two. A guest's name is the comment's own: whoever writes with that address next may use another.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="comments",
        db_index=False,
    )
    guest = models.ForeignKey(
        Guest, null=True, blank=True, on_delete=models.PROTECT, related_name="comments", db_index=False
    )
    guest_name = models.CharField(max_length=NAME_MAX_LENGTH, blank=True)

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.HELD)
    state_reason = models.CharField(max_length=REASON_MAX_LENGTH, blank=True)
    version = models.PositiveIntegerField(default=1)
    public_revision = models.ForeignKey(
        "CommentRevision", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    head_revision = models.ForeignKey(
        "CommentRevision", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Null: nothing about it waits for a moderator. Else since when, and how soon its turn comes (0: first).
    waiting_since = models.DateTimeField(null=True, blank=True)
    waiting_order = models.PositiveSmallIntegerField(choices=WaitingOrder.choices, default=WaitingOrder.HELD)
    open_flags = models.PositiveIntegerField(default=0)
    # Public descendants, as they stand in the thread (from depth 64 on: direct replies).
    replies = models.PositiveIntegerField(default=0)
    votes = models.PositiveIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        permissions = [
            ("moderate_comment", "Can read and judge held and removed comments"),
            ("hold_comment", "Can place and release legal holds"),
            ("erase_comment", "Can erase the text of removed comments"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(public_revision=None)
                | Q(visibility="public", state__in=sorted(PUBLIC_STATES), published_at__isnull=False),
                name="only_public_states_have_a_public_text",
            ),
            models.CheckConstraint(
                condition=~Q(visibility="public", state__in=sorted(PUBLIC_STATES)) | Q(public_revision__isnull=False),
                name="a_public_state_has_a_public_text",
            ),
            models.CheckConstraint(
                condition=Q(parent=None, depth=0, path="")
                | Q(parent__isnull=False, root__isnull=False, depth__gte=1, depth__lte=paths.MAX_DEPTH),
                name="a_reply_has_a_root_and_a_depth",
            ),
            models.CheckConstraint(
                condition=~Q(visibility="private") | Q(parent=None, kind__in=["highlight", "note"]),
                name="only_notes_and_highlights_are_private",
            ),
            models.CheckConstraint(condition=Q(kind="comment") | Q(parent=None), name="a_reply_is_a_comment"),
            models.CheckConstraint(
                condition=Q(author__isnull=False, guest=None, guest_name="")
                | Q(author=None, guest__isnull=False) & ~Q(guest_name=""),
                name="written_by_an_account_or_a_guest",
            ),
            models.CheckConstraint(condition=Q(guest=None) | Q(visibility="public"), name="a_guest_writes_in_public"),
            models.CheckConstraint(
                condition=Q(waiting_since=None) | Q(state__in=sorted(WAITING_STATES)) | Q(open_flags__gt=0),
                name="what_waits_has_something_to_judge",
            ),
            models.CheckConstraint(
                condition=Q(waiting_since=None) | Q(visibility="public") & ~Q(state_reason=UNPROVEN),
                name="no_moderator_waits_for_what_nobody_may_read",
            ),
            models.UniqueConstraint(fields=["root", "path"], name="one_place_in_a_thread"),
        ]
        indexes = [
            models.Index(fields=["article", "root", "path"], name="comments_in_thread_order"),
            models.Index(fields=["article", "public_id"], name="comments_in_order_of_time"),
            models.Index(fields=["author", "public_id"], name="comments_of_an_author"),
            models.Index(fields=["guest", "public_id"], name="comments_of_a_guest"),
            models.Index(
                fields=["waiting_order", "waiting_since", "id"],
                condition=Q(waiting_since__isnull=False),
                name="comments_that_wait",
            ),
            models.Index(
                fields=["created_at"], condition=Q(state="held", state_reason=UNPROVEN), name="comments_not_proven"
            ),
            models.Index(fields=["id"], condition=Q(visibility="private", state="withdrawn"), name="notes_withdrawn"),
            models.Index(fields=["edited_at"], condition=Q(edited_at__isnull=False), name="comments_edited"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """The public id in 22 characters."""
        return to_key(self.public_id)

    @property
    def writer_name(self) -> str:
        """The public name beside it."""
        return self.author.name if self.author else self.guest_name

    @property
    def text(self) -> "CommentRevision":
        """The newest text, for those who may read it: the author and the moderators."""
        if self.head_revision is None:
            raise LookupError(f"comment {self.pk} has no text yet")
        return self.head_revision

    @property
    def is_root(self) -> bool:
        return self.parent_id is None

    @property
    def is_public(self) -> bool:
        """Anyone may read it, given that its article is published. (`readable_by` checks both.)"""
        return self.public_revision_id is not None

    @property
    def is_gone(self) -> bool:
        return self.state in GONE_STATES

    @property
    def is_counted(self) -> bool:
        """Stands in the discussion; a highlight is only painted."""
        return self.kind != self.Kind.HIGHLIGHT

    @property
    def is_tombstone(self) -> bool:
        """Keeps its place in the thread without text or name, because public replies hang on it."""
        return self.public_revision_id is None and self.published_at is not None and self.replies > 0

    @property
    def has_anchor(self) -> bool:
        """Whether it is on a passage. One query unless `anchor` is loaded."""
        return hasattr(self, "anchor")


class CommentRevision(models.Model):
    """One text of a comment. Nothing changes it but erasing; an edit or a correction is a new row.

    `corrections` is a list of {"source", "html", "at"}, in order, appended below a text that readers may have
    quoted already. `fingerprint` (comments.services.texts) is one for all texts that say the same, "" where it is
    compared with none. Erased: `erased_sha256` is the hex digest of the UTF-8 that the source was, with its
    corrections on lines of their own below, and `erased_length` the code points of that.
    """

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="revisions", db_index=False)
    number = models.PositiveIntegerField()
    source = models.TextField(max_length=TEXT_MAX_LENGTH, blank=True)
    html = models.TextField(blank=True)
    corrections = models.JSONField(default=list, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    # Null: a guest.
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    erased_sha256 = models.CharField(max_length=64, blank=True)
    erased_length = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "number"], name="one_text_per_number"),
            models.CheckConstraint(
                condition=Q(erased_length=None, erased_sha256="")
                | Q(erased_length__isnull=False, source="", html="", fingerprint=""),
                name="what_is_erased_has_no_text",
            ),
        ]
        indexes = [models.Index(fields=["fingerprint", "created_at"], name="texts_that_say_the_same")]

    def __str__(self) -> str:
        return f"{self.comment_id} ({self.number})"


class Vote(models.Model):
    """One person's vote up; who gave it is told to nobody but them. `Comment.votes` counts them."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="votes_given")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "comment"], name="one_vote_per_person")]
        indexes = [models.Index(fields=["person", "article"], name="votes_on_an_article")]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.comment_id}"

"""What readers leave on an article, and where it points."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import NAME_MAX_LENGTH, Guest
from articles.models import Article, Category, Revision, Section
from comments.anchoring import Span, Status
from comments.querysets import AnchorQuerySet, CommentQuerySet, LegalHoldQuerySet
from comments.states import GONE_STATES, PUBLIC_STATES, UNPROVEN, WAITING_STATES, State, Verdict
from skycrumbs.ids import new_id, to_key

TEXT_MAX_LENGTH = 5000
NOTE_MAX_LENGTH = 1000
REASON_MAX_LENGTH = 40
# A path is at most 64 ordinals of 8 digits. Digits alone sort alike in every collation, so no index depends on one.
MAX_DEPTH = 64
ORDINAL_DIGITS = 8


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
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="comments", verbose_name=_("article"))
    section = models.ForeignKey(Section, null=True, blank=True, on_delete=models.PROTECT, related_name="comments")
    # The thread: true parent; root (its own for a root); the way down to it as ordinals among siblings.
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    root = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="thread")
    path = models.CharField(max_length=MAX_DEPTH * ORDINAL_DIGITS, blank=True)
    depth = models.PositiveSmallIntegerField(default=0)
    child_ordinal = models.PositiveIntegerField(default=0)

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.COMMENT)
    visibility = models.CharField(max_length=8, choices=Visibility.choices, default=Visibility.PUBLIC)
    # One of the two. A guest's name is the comment's own: whoever writes with that address next may use another.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="comments"
    )
    guest = models.ForeignKey(Guest, null=True, blank=True, on_delete=models.PROTECT, related_name="comments")
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
                | Q(parent__isnull=False, root__isnull=False, depth__gte=1, depth__lte=MAX_DEPTH),
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

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="revisions")
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
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "comment"], name="one_vote_per_person")]
        indexes = [models.Index(fields=["person", "article"], name="votes_on_an_article")]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.comment_id}"


# The method of a place that a person chose.
BY_HAND = "by hand"


class Anchor(models.Model):
    """Ties a comment to a passage: as it was when it was written, which never changes, and where it is now.

    All offsets are code points from the start of the revision's canonical text, half-open.
    """

    STATUSES = [(status.value, status.value) for status in Status]

    # Each publish writes all anchors of an article, and every index of them once more: there are few.
    comment = models.OneToOneField(Comment, on_delete=models.PROTECT, related_name="anchor")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="+", db_index=False)
    # As it was.
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+", db_index=False)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    exact = models.TextField()
    prefix = models.CharField(max_length=32, blank=True)
    suffix = models.CharField(max_length=32, blank=True)
    # As it is: all anchors of an article are on its current revision, so the database need not look it up for each.
    now_revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    now_start = models.PositiveIntegerField(null=True, blank=True)
    now_end = models.PositiveIntegerField(null=True, blank=True)
    now_status = models.CharField(max_length=10, choices=STATUSES, default=Status.KEPT.value)
    score = models.FloatField(default=1.0)
    method = models.CharField(max_length=40, blank=True)

    objects = AnchorQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="an_anchor_holds_text"),
            models.CheckConstraint(
                condition=Q(now_status="orphaned", now_start=None, now_end=None)
                | Q(now_start__isnull=False, now_end__isnull=False, now_end__gt=F("now_start"))
                & ~Q(now_status="orphaned"),
                name="an_anchor_has_a_place_or_is_orphaned",
            ),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=1), name="a_score_is_0_to_1"),
        ]
        indexes = [
            models.Index(fields=["article", "now_start"], name="anchors_by_place"),
            models.Index(
                fields=["-id"], condition=Q(now_status__in=["orphaned", "uncertain"]), name="passages_to_look_at"
            ),
        ]

    def __str__(self) -> str:
        return self.exact[:60]

    @property
    def now(self) -> Span | None:
        """Where the passage is in `now_revision`; None for an orphan."""
        if self.now_start is None or self.now_end is None:
            return None
        return Span(self.now_start, self.now_end)

    @property
    def is_orphaned(self) -> bool:
        return self.now_status == Status.ORPHANED


class AnchorMove(models.Model):
    """One carry of an anchor from a revision to the next; appended, never changed: the database refuses it."""

    anchor = models.ForeignKey(Anchor, on_delete=models.PROTECT, related_name="moves")
    # These three are taken from the anchor's own row, in the statement that writes this one; nothing asks by them. An
    # index and a check of each, ten thousand times, would be most of what others wait for when an article is
    # published: so the database has neither, and Django alone refuses to delete what is named.
    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    from_revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    to_revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    from_start = models.PositiveIntegerField(null=True)
    from_end = models.PositiveIntegerField(null=True)
    to_start = models.PositiveIntegerField(null=True)
    to_end = models.PositiveIntegerField(null=True)
    status = models.CharField(max_length=10, choices=Anchor.STATUSES)
    score = models.FloatField()
    method = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["anchor", "to_revision"], condition=~Q(method=BY_HAND), name="one_move_per_revision"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.anchor_id}: {self.status}"


class ComingMove(models.Model):
    """Where an anchor goes with the revision that the worker is publishing, written ahead of it.

    Nothing shows these. At the swap the anchors take them over, and then each becomes an `AnchorMove`.
    `status` is of this one step, `now_status` of the whole way since the comment was written.
    """

    anchor = models.OneToOneField(Anchor, on_delete=models.CASCADE, related_name="+")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    was_status = models.CharField(max_length=10)
    was_start = models.PositiveIntegerField(null=True)
    was_end = models.PositiveIntegerField(null=True)
    status = models.CharField(max_length=10)
    now_status = models.CharField(max_length=10)
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    score = models.FloatField()
    method = models.CharField(max_length=40)

    def __str__(self) -> str:
        return f"{self.anchor_id}: {self.status}"


class Decision(models.Model):
    """What was done to a comment, by whom and why; appended, never changed, and outliving what it speaks of.

    The database refuses to change or delete one. `was_reason` is the reason of the state it was in, so that a
    withdrawal can be taken back whole. Decisions of one act on several comments share a `batch`.
    """

    class Act(models.TextChoices):
        STATE = "state", _("changed the state")
        KEPT = "kept", _("looked at and left as it is")
        HOLD = "hold", _("legal hold placed")
        RELEASE_ASKED = "release_asked", _("release of the legal hold asked for")
        RELEASE = "release", _("legal hold released")
        ERASE_REFUSED = "erase_refused", _("erasing refused")

    class Role(models.TextChoices):
        AUTHOR = "author", _("its author")
        MODERATOR = "moderator", _("a moderator")
        SYSTEM = "system", _("the system")

    id = models.BigAutoField(primary_key=True)
    comment = models.ForeignKey(Comment, on_delete=models.DO_NOTHING, db_constraint=False, related_name="decisions")
    article = models.ForeignKey(Article, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    act = models.CharField(_("what was done"), max_length=14, choices=Act.choices, default=Act.STATE)
    role = models.CharField(_("role"), max_length=9, choices=Role.choices, default=Role.SYSTEM)
    # Null: the system itself, by a check or a timer; or a guest.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        verbose_name=_("by"),
    )
    revision_number = models.PositiveIntegerField()
    was = models.CharField(_("state before"), max_length=10, choices=State.choices)
    was_reason = models.CharField(max_length=REASON_MAX_LENGTH, blank=True)
    now = models.CharField(_("state after"), max_length=10, choices=State.choices)
    version = models.PositiveIntegerField(_("version"))
    reason = models.CharField(_("reason"), max_length=REASON_MAX_LENGTH, blank=True)
    # To the author; and to other moderators alone.
    note = models.CharField(_("note to the author"), max_length=NOTE_MAX_LENGTH, blank=True)
    private_note = models.CharField(_("note to moderators"), max_length=NOTE_MAX_LENGTH, blank=True)
    batch = models.UUIDField(_("batch"), null=True, blank=True)
    reverses = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["comment", "version"], name="one_decision_per_version"),
        ]

    def __str__(self) -> str:
        return f"{self.was} → {self.now}"


class LegalHold(models.Model):
    """Keeps a comment from being erased: it stops neither publishing nor hiding. Two people release it."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="holds")
    case_ref = models.CharField(_("case"), max_length=120)
    authority = models.CharField(_("authority"), max_length=120)
    # Null: until it is released.
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("placed by")
    )
    placed_at = models.DateTimeField(_("placed"), default=timezone.now)
    release_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("release asked for by"),
    )
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("released by"),
    )
    released_at = models.DateTimeField(_("released"), null=True, blank=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(released_at=None, released_by=None)
                | Q(released_at__isnull=False, released_by__isnull=False, release_asked_by__isnull=False)
                & ~Q(released_by=F("release_asked_by")),
                name="two_people_release_a_hold",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("placed_at")), name="a_hold_ends_after_its_start"
            ),
        ]

    def __str__(self) -> str:
        return self.case_ref


class ModerationScope(models.Model):
    """What a moderator is limited to: a category or an article. Who has none of these moderates everything."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="moderation_scopes")
    category = models.ForeignKey(
        Category, null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("category")
    )
    article = models.ForeignKey(
        Article, null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("article")
    )

    class Meta:
        verbose_name = _("limit of a moderator")
        verbose_name_plural = _("limits of a moderator")
        constraints = [
            models.CheckConstraint(
                condition=Q(category=None, article__isnull=False) | Q(category__isnull=False, article=None),
                name="a_category_or_an_article",
            ),
            models.UniqueConstraint(fields=["user", "category"], name="one_limit_per_category"),
            models.UniqueConstraint(fields=["user", "article"], name="one_limit_per_article"),
        ]

    def __str__(self) -> str:
        return str(self.category or self.article)


class CheckRun(models.Model):
    """What all checks together said of one text of a comment, and how long they took."""

    class Trigger(models.TextChoices):
        NEW = "new", _("new comment")
        EDIT = "edit", _("edit")

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="check_runs")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    revision = models.ForeignKey(CommentRevision, on_delete=models.CASCADE, related_name="+")
    trigger = models.CharField(max_length=4, choices=Trigger.choices)
    verdict = models.CharField(max_length=4, choices=Verdict.choices)
    reason = models.CharField(max_length=REASON_MAX_LENGTH, blank=True)
    at = models.DateTimeField(default=timezone.now)
    milliseconds = models.PositiveIntegerField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.comment_id}: {self.verdict}"


class CheckResult(models.Model):
    """What one check said and why: figures, hosts and ids as evidence, never the text itself."""

    run = models.ForeignKey(CheckRun, on_delete=models.CASCADE, related_name="results")
    # The last part of its dotted path, or all of it.
    check_name = models.CharField(max_length=100)
    verdict = models.CharField(max_length=4, choices=Verdict.choices)
    reason = models.CharField(max_length=REASON_MAX_LENGTH, blank=True)
    evidence = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["run", "check_name"], name="one_result_per_check")]

    def __str__(self) -> str:
        return f"{self.check_name}: {self.verdict}"

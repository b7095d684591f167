"""One made-up comment after another, with its texts, anchor and decisions; nothing is written here."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from accounts.models import User
from articles.canonical import sha256
from articles.models import Article, Section
from comments.models import Anchor, Comment, CommentRevision, Decision
from comments.placing import new_anchor
from comments.seeding.fates import AUTHOR, FATES, HELD_REASON, MODERATOR, Step, fate
from comments.seeding.passages import Passages
from comments.seeding.people import Writer
from comments.seeding.plans import Plan
from comments.seeding.threads import Standing, Threads, count_above
from comments.seeding.words import Texts
from comments.services.texts import fingerprint
from comments.states import PUBLIC_STATES, WAITING_STATES, State
from skycrumbs.ids import id_at

DAYS = 60
Kind = Comment.Kind


@dataclass
class Batch:
    """Rows to insert, and the places in threads whose counters grew."""

    comments: list[Comment] = field(default_factory=list)
    revisions: list[CommentRevision] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    grown: dict[int, Standing] = field(default_factory=dict)


@dataclass
class Cast:
    """Who writes and judges, and where."""

    article: Article
    sections: Sequence[Section]
    writers: Sequence[Writer]
    moderator: User | None


class Composer:
    """Composes the comments of a plan in order of time; the same for the same plan, article and `now`."""

    def __init__(self, plan: Plan, cast: Cast, now: datetime) -> None:
        self._plan, self._cast, self._now = plan, cast, now
        self._chance = random.Random(f"comments {plan.seed}")  # noqa: S311  the same each time, on purpose
        self._texts = Texts(self._chance)
        self._passages = Passages(cast.article.standing_revision, self._chance)
        self._threads = Threads(plan.depth, self._chance)
        self._made = 0

    def compose(self, pk: int, revision_pks: tuple[int, int], batch: Batch) -> None:
        """The next comment with that id; its texts take the ids they need of the two given."""
        at = self._moment()
        state = fate(self._made, self._chance)
        standing, comment = self._placed(pk, at)
        self._made += 1
        self._draw_kind(comment, standing, batch)
        times = self._times(at, state)
        self._settle(comment, state, times)
        self._write(comment, revision_pks, times, batch)
        self._decide(comment, times, batch)
        self._count(comment, standing, times, batch)
        batch.comments.append(comment)

    def _moment(self) -> datetime:
        """Each later than the one before, over the last 60 days."""
        share = (self._made + self._chance.random()) / self._plan.comments
        return self._now - timedelta(days=DAYS) * (1 - share)

    def _placed(self, pk: int, at: datetime) -> tuple[Standing, Comment]:
        parent = self._threads.parent_for(at)
        standing = self._threads.reply(pk, parent) if parent else Standing(pk, pk, None, "", 0, None)
        author, guest, guest_name = self._chance.choice(self._cast.writers)
        comment = Comment(
            pk=pk,
            public_id=id_at(int(at.timestamp() * 1000), self._chance.randbytes(10)),
            article=self._cast.article,
            section_id=standing.section,
            root_id=standing.root,
            parent_id=parent.pk if parent else None,
            path=standing.path,
            depth=standing.depth,
            author_id=author,
            guest_id=guest,
            guest_name=guest_name,
            created_at=at,
        )
        return standing, comment

    def _draw_kind(self, comment: Comment, standing: Standing, batch: Batch) -> None:
        """A reply is a comment; a thread may be on a passage or a section, and begin with a highlight or a note."""
        if standing.parent is not None:
            return
        if self._passages and self._chance.random() < self._plan.anchored:
            place = self._passages.choose()
            anchor = new_anchor(place)
            anchor.comment = comment
            batch.anchors.append(anchor)
            comment.section_id = place.section_id
            comment.kind = self._chance.choices(list(Kind), (80, 12, 8))[0]
            if comment.kind != Kind.COMMENT and comment.author_id and self._chance.random() < 0.3:
                comment.visibility = Comment.Visibility.PRIVATE
        elif self._cast.sections and self._chance.random() < 0.3:
            comment.section_id = self._chance.choice(self._cast.sections).pk
        standing.section = comment.section_id

    def _times(self, at: datetime, state: State) -> list[datetime]:
        """When each step of its fate was taken: the first at once, the others within days, none in the future."""
        times = [at]
        for _step in FATES[state][1:]:
            later = times[-1] + timedelta(hours=self._chance.expovariate(1 / 20))
            times.append(min(later, self._now))
        return times

    def _settle(self, comment: Comment, state: State, times: Sequence[datetime]) -> None:
        """State and version, and since when it waits."""
        if comment.visibility == Comment.Visibility.PRIVATE:
            # Nobody looks at what is private.
            state = State.OPEN
        steps = FATES[state]
        comment.state, comment.version = state, 1 + len(steps)
        comment.state_reason = steps[-1].reason if steps else HELD_REASON
        is_private = comment.visibility == Comment.Visibility.PRIVATE
        comment.published_at = times[0] if _was_public(steps) and not is_private else None
        if state in WAITING_STATES:
            comment.waiting_since = times[-1]
        if state == State.HELD_EDIT:
            comment.edited_at = times[-1]

    def _write(self, comment: Comment, pks: tuple[int, int], times: Sequence[datetime], batch: Batch) -> None:
        """Its text, and the edit that waits if one does."""
        written = [comment.created_at, times[-1]] if comment.state == State.HELD_EDIT else [comment.created_at]
        texts = [
            self._revision(comment, number, pk, at)
            for number, (pk, at) in enumerate(zip(pks, written, strict=False), 1)
        ]
        comment.head_revision_id = texts[-1].pk
        is_public = comment.state in PUBLIC_STATES and comment.visibility == Comment.Visibility.PUBLIC
        comment.public_revision_id = texts[0].pk if is_public else None
        if comment.state == State.ERASED:
            _wipe(comment, texts[0])
        batch.revisions += texts

    def _revision(self, comment: Comment, number: int, pk: int, at: datetime) -> CommentRevision:
        source, html = self._texts.text()
        if comment.kind == Kind.HIGHLIGHT and self._chance.random() < 0.7:
            source = html = ""
        return CommentRevision(
            pk=pk,
            comment=comment,
            number=number,
            source=source,
            html=html,
            fingerprint=fingerprint(source) if comment.visibility == Comment.Visibility.PUBLIC else "",
            author_id=comment.author_id,
            created_at=at,
        )

    def _decide(self, comment: Comment, times: Sequence[datetime], batch: Batch) -> None:
        was, was_reason = State.HELD, ""
        for number, (step, at) in enumerate(zip(FATES[State(comment.state)], times, strict=False), 1):
            decision = Decision(
                comment=comment,
                article=self._cast.article,
                role=step.role,
                actor_id=self._actor(comment, step),
                revision_number=2 if step.to == State.HELD_EDIT else 1,
                was=was,
                was_reason=was_reason,
                now=step.to,
                version=1 + number,
                reason=step.reason,
                at=at,
            )
            batch.decisions.append(decision)
            was, was_reason = step.to, step.reason

    def _actor(self, comment: Comment, step: Step) -> int | None:
        if step.role == MODERATOR:
            return self._cast.moderator.pk if self._cast.moderator else None
        return comment.author_id if step.role == AUTHOR else None

    def _count(self, comment: Comment, standing: Standing, times: Sequence[datetime], batch: Batch) -> None:
        """Note what it adds above it, and let it be replied to for as long as it was public."""
        if standing.parent is not None:
            batch.grown[standing.parent.pk] = standing.parent
        if comment.is_public:
            batch.grown |= {above.pk: above for above in count_above(standing)}
        if comment.published_at is not None:
            # The step after the publication took it away.
            standing.until = None if comment.is_public else times[1]
            self._threads.keep(standing)


def _was_public(steps: Sequence[Step]) -> bool:
    return any(step.to in PUBLIC_STATES for step in steps)


def _wipe(comment: Comment, revision: CommentRevision) -> None:
    """As erasing leaves it: digest and length."""
    revision.erased_sha256, revision.erased_length = sha256(revision.source), len(revision.source)
    revision.source = revision.html = revision.fingerprint = ""
    comment.guest_name = comment.guest_name and "–"

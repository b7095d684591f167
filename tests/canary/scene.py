"""A site with a comment in every situation, each with words of its own that are found again wherever they leak.

A word is `zq`, a letter and four digits. The letter says what it is of a comment: `t` the text the public may
read if it may read any, `e` a newer text that waits for a moderator, `p` the passage, `n` the author's name,
`m` a guest's address.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.core import mail
from django.test import override_settings

from accounts.models import User
from articles import services as article_services
from articles.models import Article, Category
from comments import services as comment_services
from comments.models import Comment, Decision
from comments.services import GuestName
from comments.states import State
from moderation.models import Reason
from moderation.services import flag
from skycrumbs.ids import to_key
from tests.factories import bring_to, make_article, make_comment, passage, revise

SHOWN = ("published", "full")
STAGES = [
    ("draft", "full"),
    ("draft", "off"),
    ("unpublished", "full"),
    ("unpublished", "off"),
    ("published", "off"),
    SHOWN,
]
# What nobody may read comes first, so that whatever takes the first comment of many takes a wrong one.
NEVER_PUBLIC = ["held", "rejected unseen", "illegal unseen", "spam unseen", "withdrawn unseen", "erased unseen"]
ONCE_PUBLIC = ["rejected", "illegal", "spam", "withdrawn", "erased", "held_edit", "approved", "open"]
REMOVED = ["rejected", "illegal", "spam", "withdrawn", "erased"]
PRIVATE = ["held", "rejected", "illegal", "spam", "withdrawn", "erased", "held_edit", "approved", "open"]

# What guests wrote, by what became of it. Before the address is proven nobody at all may read it.
UNPROVEN = "held unproven"
NEVER_PUBLIC_OF_GUESTS = ["held", "rejected unseen", "withdrawn unseen"]
ONCE_PUBLIC_OF_GUESTS = ["rejected", "withdrawn", "erased", "held_edit", "approved", "open"]


@dataclass(frozen=True)
class Form:
    """How a comment stands: `passage` is its `own`, `shared` with many, `lost` with its paragraph or `cut` with
    its section; `parent` is an open root, or a reply seven levels down."""

    kind: str = "comment"
    section: str = ""
    passage: str = ""
    parent: str = ""
    is_answered: bool = False


ALONE = Form(passage="own")
THREAD = Form(passage="own", is_answered=True)
IN_SECTION = Form(section="how-they-sing")
LOST = Form(passage="lost")
CUT = Form(passage="cut", is_answered=True)
HIGHLIGHT = Form(kind="highlight", passage="shared")
REPLY = Form(parent="root")
DEEP_REPLY = Form(parent="deep", is_answered=True)
ANSWERED = (THREAD, CUT, DEEP_REPLY)
NOTE = Form(kind="note", section="how-they-sing")
OWN_HIGHLIGHT = Form(kind="highlight", passage="own")
LOST_NOTE = Form(kind="note", passage="lost")

FORMS = {
    "once public": [HIGHLIGHT, IN_SECTION, ALONE, THREAD, LOST, CUT, DEEP_REPLY],
    "never public": [HIGHLIGHT, IN_SECTION, ALONE, LOST, REPLY],
    "private": [HIGHLIGHT, NOTE, OWN_HIGHLIGHT, LOST_NOTE],
}
# Where nothing at all is shown, and where less would do: every situation is there still.
FORMS_ON_HIDDEN = {"once public": [THREAD, REPLY], "never public": [ALONE], "private": [OWN_HIGHLIGHT]}
FORMS_ON_OTHERS = {"once public": [ALONE], "never public": [ALONE], "private": [OWN_HIGHLIGHT]}
FORMS_OF_GUESTS = {
    "unproven": [HIGHLIGHT, ALONE, REPLY],
    "never public of guests": [ALONE],
    "once public of guests": [THREAD, LOST, REPLY],
}
HIDDEN_WITH_THREADS = [("unpublished", "full"), ("published", "off")]
SHARED = "a passage that many people chose"
SECTIONS = ["lead", "how-they-sing", "passages", "passages-that-go"]


@dataclass(frozen=True)
class Planted:
    """A comment, and what a test knows of it without asking the code."""

    number: int
    stage: tuple[str, str]
    situation: str
    visibility: str
    form: Form
    author: User | GuestName
    parent: "Planted | None" = None
    public_id: uuid.UUID = field(default_factory=uuid.uuid4)
    pk: int = 0
    created_at: datetime = datetime.min
    # The last thing decided about it, which is what put it where it is.
    decision: int | None = None

    def word(self, letter: str) -> str:
        return f"zq{letter}{self.number:04}"

    @property
    def name(self) -> str:
        return self.author.name

    @property
    def account(self) -> User | None:
        """Whose it is, where it is not a guest's."""
        return self.author if isinstance(self.author, User) else None

    @property
    def passage(self) -> str:
        return self.word("p") if self.form.passage in ("own", "lost", "cut") else ""

    @property
    def quote(self) -> str:
        return SHARED if self.form.passage == "shared" else self.passage

    @property
    def key(self) -> str:
        return to_key(self.public_id)

    @property
    def is_shown_article(self) -> bool:
        return self.stage == SHOWN

    @property
    def is_once_public(self) -> bool:
        return self.visibility == "public" and self.situation in ONCE_PUBLIC

    @property
    def rank(self) -> int:
        """How soon it is asked for, where not all are: 0, every situation on the article with a discussion; 1, on
        two articles without; 2, in every form and place."""
        if self.form not in (THREAD, ALONE, OWN_HIGHLIGHT):
            return 2
        if self.is_shown_article:
            return 0
        return 1 if self.stage in HIDDEN_WITH_THREADS else 2

    @property
    def above(self) -> "list[Planted]":
        """Its parent, its parent's parent, and so on to the root."""
        return [self.parent, *self.parent.above] if self.parent else []

    @property
    def root(self) -> "Planted":
        return self.above[-1] if self.parent else self

    @property
    def depth(self) -> int:
        return len(self.above)

    @property
    def section(self) -> str | None:
        """The key of its section; an orphan stays where its passage was, a reply stands where its root does."""
        in_form = {"own": "passages", "lost": "passages", "shared": "passages", "cut": "passages-that-go"}
        return self.root.form.section or in_form.get(self.root.form.passage)


@dataclass
class Site:
    """Everything that was planted, by article: `articles` and `slugs` by stage."""

    planted: list[Planted] = field(default_factory=list)
    articles: dict[tuple[str, str], Article] = field(default_factory=dict)
    mails: int = 0
    # What a reader reported, and the ids of the flags.
    flagged: list[Planted] = field(default_factory=list)
    flags: list[int] = field(default_factory=list)

    def on(self, stage: tuple[str, str]) -> list[Planted]:
        return [planted for planted in self.planted if planted.stage == stage]

    @property
    def authors(self) -> list[User]:
        return list({planted.account.pk: planted.account for planted in self.planted if planted.account}.values())

    @property
    def guests(self) -> list[GuestName]:
        return list(
            dict.fromkeys(planted.author for planted in self.planted if isinstance(planted.author, GuestName))
        )

    def by(self, author: User | GuestName) -> list[Planted]:
        return [planted for planted in self.planted if planted.author == author]

    def slug(self, stage: tuple[str, str]) -> str:
        return self.articles[stage].slug

    @property
    def shown(self) -> list[Planted]:
        """What stands on the one article with a public discussion."""
        return self.on(SHOWN)


def make_site() -> Site:
    """Takes a few seconds; make it once."""
    site, before = Site(), len(getattr(mail, "outbox", []))
    Category.objects.create(slug="nature", name="Nature")
    for stage in STAGES:
        _plant_article(site, stage)
    site.mails = len(getattr(mail, "outbox", [])) - before
    last = dict(Decision.objects.order_by("pk").values_list("comment_id", "pk"))
    site.planted = [replace(planted, decision=last.get(planted.pk)) for planted in site.planted]
    _flag_some(site)
    return site


def _flag_some(site: Site) -> None:
    """One comment that is read in each public state, reported by somebody who wrote nothing."""
    reader = _person()
    for situation in ("open", "approved", "held_edit"):
        read = (p for p in site.shown if p.situation == situation and p.visibility == "public")
        site.flagged.append(next(read))
        comment = Comment.objects.get(pk=site.flagged[-1].pk)
        site.flags.append(flag(comment, by=reader, reason=Reason.SPAM, note="")[0].pk)


def _plant_article(site: Site, stage: tuple[str, str]) -> None:
    somebody = _person()
    planned = [*_ground(somebody, stage), *_planned(stage)]
    article = make_article(slug="-".join(stage), source=_source(planned, is_first=True), title="Birds")
    comments: dict[int, Comment] = {}
    for plan in planned:
        comments[plan.number] = _plant(site, article, plan)
        if plan.form in ANSWERED and plan.situation in ONCE_PUBLIC:
            answer = Planted(next(_numbers), stage, "open", "public", Form(), somebody, site.planted[-1])
            _plant(site, article, answer)
    # Only now is anything taken back: below what is removed stand replies that came while it was there.
    for plan in planned:
        _bring(comments[plan.number], plan)
    article = revise(article, _source(planned, is_first=False), title="Birds")
    site.articles[stage] = _staged(article, stage)


def _staged(article: Article, stage: tuple[str, str]) -> Article:
    status, discussion = stage
    if status == "unpublished":
        article_services.unpublish(article, by=None)
    elif status == "draft":
        Article.objects.filter(pk=article.pk).update(status=status)
    Article.objects.filter(pk=article.pk).update(discussion=discussion)
    return Article.objects.get(pk=article.pk)


_numbers = iter(range(1, 10_000))


def _person() -> User:
    number = next(_numbers)
    return User.objects.create(
        username=f"author-{number}", email=f"author-{number}@example.org", name=f"zqn{number:04}"
    )


def _guest(*, is_proven: bool) -> GuestName:
    number = next(_numbers)
    return GuestName(f"zqn{number:04}", f"zqm{number:04}@example.org", is_proven)


def _ground(somebody: User, stage: tuple[str, str]) -> list[Planted]:
    """What the others hang on: an open root, and replies to it, each below the last."""
    chain: list[Planted] = []
    for level in range(7 if stage == SHOWN else 1):
        form = Form(is_answered=True) if level else Form(section="how-they-sing", is_answered=True)
        parent = chain[-1] if chain else None
        chain.append(Planted(next(_numbers), stage, "open", "public", form, somebody, parent))
    return chain


def _planned(stage: tuple[str, str]) -> Iterator[Planted]:
    yield from _planned_of_guests(stage, "unproven", [UNPROVEN])
    forms = FORMS_ON_HIDDEN if stage in HIDDEN_WITH_THREADS else FORMS if stage == SHOWN else FORMS_ON_OTHERS
    for group, situations in {"never public": NEVER_PUBLIC, "private": PRIVATE, "once public": ONCE_PUBLIC}.items():
        visibility = "private" if group == "private" else "public"
        for situation in situations:
            author = _person()
            for form in forms[group]:
                yield Planted(next(_numbers), stage, situation, visibility, form, author)
    yield from _planned_of_guests(stage, "never public of guests", NEVER_PUBLIC_OF_GUESTS)
    yield from _planned_of_guests(stage, "once public of guests", ONCE_PUBLIC_OF_GUESTS)


def _planned_of_guests(stage: tuple[str, str], group: str, situations: list[str]) -> Iterator[Planted]:
    for situation in situations:
        guest = _guest(is_proven=situation != UNPROVEN)
        for form in FORMS_OF_GUESTS[group] if stage == SHOWN else [ALONE]:
            yield Planted(next(_numbers), stage, situation, "public", form, guest)


def _source(planned: list[Planted], *, is_first: bool) -> str:
    """The text of the first revision, with all passages, or of the second."""
    lead = "Some words to begin with, enough of them that no description of the page reaches further. " * 3
    parts = [lead, "See [what is still to come](/articles/draft-full/).", "## How they sing", "Small birds sing."]
    parts += ["## Passages", f"Between many quiet words there is {SHARED} and quiet words follow it."]
    kept = [plan.passage for plan in planned if plan.form.passage == "own"]
    lost = [plan.passage for plan in planned if plan.form.passage == "lost" and is_first]
    parts += [_around(word) for word in kept + lost]
    if is_first:
        parts += ["## Passages that go", "It is about to go."]
        parts += [_around(plan.passage) for plan in planned if plan.form.passage == "cut"]
    return "\n\n".join(parts) + "\n"


def _around(word: str) -> str:
    # More than the context of an anchor on both sides: no other passage is in a comment's prefix or suffix.
    return f"Between a great many other quiet words stands {word} and after it many quiet words follow again."


def _plant(site: Site, article: Article, plan: Planted) -> Comment:
    parent = _parent(site, plan)
    comment = make_comment(
        article,
        plan.author,
        f"They said {plan.word('t')} of it.",
        state=State.HELD if plan.situation in NEVER_PUBLIC else State.OPEN,
        kind=Comment.Kind(plan.form.kind),
        visibility=Comment.Visibility(plan.visibility),
        parent=Comment.objects.get(pk=parent.pk) if parent else None,
        section=article.sections.get(key=plan.form.section) if plan.form.section else None,
        selection=passage(article, plan.quote) if plan.quote else None,
    )
    planted = replace(plan, parent=parent, public_id=comment.public_id, pk=comment.pk, created_at=comment.created_at)
    site.planted.append(planted)
    return comment


def _parent(site: Site, plan: Planted) -> Planted | None:
    """What it answers; plans name their parents by number alone, since those have no comment yet."""
    there = site.on(plan.stage)
    if plan.parent is not None:
        return next(planted for planted in there if planted.number == plan.parent.number)
    return {"root": there[0], "deep": there[6]}[plan.form.parent] if plan.form.parent else None


def _bring(comment: Comment, plan: Planted) -> None:
    if plan.situation == "held_edit":
        comment.refresh_from_db()
        writer, text = comment.author or comment.guest, f"They now say {plan.word('e')} of it."
        with override_settings(COMMENT_CHECKS=["tests.factories.hold"]):
            edited = comment_services.edit(comment, by=writer, text=text)
        if plan.visibility == "private":
            # No lawful step leads there: nothing looks at what is private.
            Comment.objects.filter(pk=edited.pk).update(state=State.HELD_EDIT)
    elif plan.situation not in ("held", UNPROVEN, "open"):
        bring_to(comment, State(plan.situation.removesuffix(" unseen")))

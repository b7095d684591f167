"""Who may read what of a comment: written out by hand, and asking nothing of the code that is tested."""

from dataclasses import dataclass
from enum import Enum

from django.contrib.auth.models import Permission

from accounts.models import User
from articles.models import Category
from comments.models import ModerationScope
from comments.services import GuestName
from tests.canary.scene import Planted, Site
from tests.factories import make_user


class Sight(Enum):
    """What there is to be seen of a comment."""

    NOTHING = "as if it had never been"
    GONE = "that it was there: 410, and a place in the thread while public replies hang on it"
    WORDS = "its text as it was first written, name and passage"
    EDIT = "the newest text, which others do not see yet, name and passage"


NOTHING, GONE, WORDS, EDIT = Sight

# situation → what is seen by anybody, by its author, by a moderator
Table = dict[str, tuple[Sight, Sight, Sight]]

PUBLIC_ON_SHOWN: Table = {
    "open": (WORDS, WORDS, WORDS),
    "approved": (WORDS, WORDS, WORDS),
    "held_edit": (WORDS, EDIT, EDIT),
    "held": (NOTHING, WORDS, WORDS),
    "rejected": (GONE, WORDS, WORDS),
    "illegal": (GONE, WORDS, WORDS),
    "spam": (GONE, WORDS, WORDS),
    "withdrawn": (GONE, GONE, WORDS),
    "erased": (GONE, GONE, GONE),
    "held unproven": (NOTHING, NOTHING, NOTHING),
    "rejected unseen": (NOTHING, WORDS, WORDS),
    "illegal unseen": (NOTHING, WORDS, WORDS),
    "spam unseen": (NOTHING, WORDS, WORDS),
    "withdrawn unseen": (NOTHING, NOTHING, WORDS),
    "erased unseen": (NOTHING, NOTHING, NOTHING),
}
# The article is a draft, or was unpublished, or its discussion is off.
PUBLIC_ON_HIDDEN: Table = {
    "open": (NOTHING, WORDS, WORDS),
    "approved": (NOTHING, WORDS, WORDS),
    "held_edit": (NOTHING, EDIT, EDIT),
    "held": (NOTHING, WORDS, WORDS),
    "rejected": (NOTHING, WORDS, WORDS),
    "illegal": (NOTHING, WORDS, WORDS),
    "spam": (NOTHING, WORDS, WORDS),
    "withdrawn": (NOTHING, NOTHING, WORDS),
    "erased": (NOTHING, NOTHING, NOTHING),
    "held unproven": (NOTHING, NOTHING, NOTHING),
    "rejected unseen": (NOTHING, WORDS, WORDS),
    "illegal unseen": (NOTHING, WORDS, WORDS),
    "spam unseen": (NOTHING, WORDS, WORDS),
    "withdrawn unseen": (NOTHING, NOTHING, WORDS),
    "erased unseen": (NOTHING, NOTHING, NOTHING),
}
# Wherever it stands. No moderator reads what is private.
PRIVATE: Table = {
    "open": (NOTHING, WORDS, NOTHING),
    "approved": (NOTHING, WORDS, NOTHING),
    "held_edit": (NOTHING, EDIT, NOTHING),
    "held": (NOTHING, WORDS, NOTHING),
    "rejected": (NOTHING, WORDS, NOTHING),
    "illegal": (NOTHING, WORDS, NOTHING),
    "spam": (NOTHING, WORDS, NOTHING),
    "withdrawn": (NOTHING, NOTHING, NOTHING),
    "erased": (NOTHING, NOTHING, NOTHING),
}
_ANYBODY, _AUTHOR, _MODERATOR = range(3)
# Staff and editors may look at some lists of the admin. That makes them no moderators. A moderator who is limited to
# a category without an article here is none of these.
COLUMNS = {
    "anonymous": _ANYBODY,
    "reader": _ANYBODY,
    "staff": _ANYBODY,
    "editor": _ANYBODY,
    "moderator": _MODERATOR,
    "limited moderator": _ANYBODY,
    "superuser": _MODERATOR,
}
ROLES = [*COLUMNS]
PERMISSIONS = {
    "staff": ["view_comment", "view_decision", "view_article", "view_category", "view_user"],
    "editor": ["add_article", "change_article", "delete_article", "view_article", "change_category", "view_user"],
    "moderator": ["moderate_comment"],
    "limited moderator": ["moderate_comment", "hold_comment", "erase_comment"],
}
EFFORTS = {"staff": 0, "editor": -1, "moderator": 2, "limited moderator": 0}


@dataclass(frozen=True)
class Viewer:
    role: str
    user: User | None = None
    # Whose address this browser proved a short while ago.
    guest: GuestName | None = None
    # The highest rank of the comments asked for one by one; -1, one of each kind that others are told apart by.
    effort: int = 2

    @property
    def is_staff(self) -> bool:
        return self.user is not None and self.user.is_staff

    @property
    def writer(self) -> User | GuestName | None:
        return self.user or self.guest

    def has_written(self, planted: Planted) -> bool:
        return self.writer is not None and planted.author == self.writer

    def sight(self, planted: Planted) -> Sight:
        column = COLUMNS.get(self.role, _ANYBODY)
        if self.has_written(planted):
            column = _AUTHOR
        return _table(planted)[planted.situation][column]

    def has_listed(self, planted: Planted) -> bool:
        """Whether it has a place in lists: with its words, or without while a public reply hangs on it."""
        sight = self.sight(planted)
        return sight in (WORDS, EDIT) or (sight is GONE and planted.form.is_answered)

    def words_of(self, planted: Planted) -> set[str]:
        """All that a surface shows of it which shows all there is to be seen."""
        sight = self.sight(planted)
        if sight not in (WORDS, EDIT):
            return set()
        text = planted.word("t" if sight is WORDS else "e")
        return {text, planted.name, planted.passage} - {""}


ANONYMOUS, MODERATOR = Viewer("anonymous"), Viewer("moderator")


def _table(planted: Planted) -> Table:
    if planted.visibility == "private":
        return PRIVATE
    return PUBLIC_ON_SHOWN if planted.is_shown_article else PUBLIC_ON_HIDDEN


def make_viewers(site: Site) -> dict[str, Viewer]:
    """A viewer of each role who wrote nothing here. Who reads the same as another asks for fewer comments: editors
    as staff, superusers as moderators for fewest."""
    viewers = {"anonymous": ANONYMOUS, "reader": Viewer("reader", make_user("Reader"), effort=0)}
    for role, permissions in PERMISSIONS.items():
        user = make_user(role.title(), is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        viewers[role] = Viewer(role, user, effort=EFFORTS[role])
    elsewhere = Category.objects.create(slug="elsewhere", name="Elsewhere")
    ModerationScope.objects.create(user=viewers["limited moderator"].user, category=elsewhere)
    root = make_user("Root", is_staff=True, is_superuser=True)
    viewers["superuser"] = Viewer("superuser", root, effort=-1)
    return viewers

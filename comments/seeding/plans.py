"""What is asked for, and whether it can be made."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from articles.models import Article
from comments import policy
from comments.paths import MAX_DEPTH

MOST_COMMENTS = 1_000_000
MOST_PEOPLE = 100_000


class NotSeeded(Exception):
    """Why a discussion cannot be made, in words; nothing more was written."""


@dataclass(frozen=True)
class Plan:
    """`depth`: the deepest reply, 0 for none; `anchored`: the share of threads that are on a passage, 0 to 1."""

    comments: int
    depth: int = 4
    anchored: float = 0.5
    people: int = 500
    seed: int = 1

    def check(self, article: Article) -> None:
        """Raises NotSeeded for numbers out of range, and where readers could not write this either."""
        self._check_range("comments", self.comments, 1, MOST_COMMENTS)
        self._check_range("depth", self.depth, 0, MAX_DEPTH)
        self._check_range("anchored", self.anchored, 0, 1)
        self._check_range("people", self.people, 1, MOST_PEOPLE)
        if not policy.takes_comments(article):
            raise NotSeeded(_("%s takes no comments: publish it, and open its discussion.") % article.slug)
        if self.anchored and not policy.takes_anchors(article):
            raise NotSeeded(_("%s takes no comments on passages: use --anchored 0.") % article.slug)

    def _check_range(self, name: str, value: float, least: int, most: int) -> None:
        # Not a number is in no range.
        if not least <= value <= most:
            words = _("--%(name)s must be from %(least)d to %(most)d.")
            raise NotSeeded(words % {"name": name, "least": least, "most": most})

"""What a reader sends, as the rules take it."""

from dataclasses import dataclass

from accounts.models import User
from articles.models import Article, Section
from comments.models import Comment
from comments.placing import Selection


@dataclass(frozen=True)
class GuestName:
    """Who a guest says to be. `is_proven`: the browser proved the address a short while ago."""

    name: str
    email: str
    is_proven: bool = False


@dataclass(frozen=True)
class PostedForm:
    """What a page's form carried against programs: what stood in the field nobody sees, and the signed token."""

    trap: str = ""
    token: str = ""


@dataclass(frozen=True)
class Submission:
    """What a reader may set of a comment, and no more; of an edit, the comment as it will be.

    `author` or `guest`, never both. `network`: the sender's address as limits count it, "" where there is none.
    `form`: None where it was sent by a program or is an edit. `comment`: the one that is edited.
    """

    article: Article
    author: User | None
    text: str
    guest: GuestName | None = None
    kind: Comment.Kind = Comment.Kind.COMMENT
    visibility: Comment.Visibility = Comment.Visibility.PUBLIC
    section: Section | None = None
    parent: Comment | None = None
    selection: Selection | None = None
    network: str = ""
    form: PostedForm | None = None
    comment: Comment | None = None

    @property
    def is_private(self) -> bool:
        return self.visibility == Comment.Visibility.PRIVATE

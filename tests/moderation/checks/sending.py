"""Texts as people send them, and people whom moderators know."""

from django.contrib.auth.models import Permission

from accounts.models import User
from articles.models import Article
from comments import services
from comments.models import Comment, ModerationScope
from comments.services import GuestName, Submission
from comments.states import State
from comments.transitions import Grounds, Role
from tests.factories import make_comment, make_user


def sent(author: User, article: Article, text: str = "A thought.", **fields) -> Submission:
    """By somebody who is signed in; `fields` are those of a Submission."""
    return Submission(article, author, text, **fields)


def sent_by_guest(
    article: Article, text: str = "A thought.", *, email: str = "gast@example.org", is_proven: bool = True, **fields
) -> Submission:
    return Submission(article, None, text, guest=GuestName("Gast", email, is_proven=is_proven), **fields)


def make_moderator(*limits: Article) -> User:
    """A moderator of everything, or of the articles given."""
    person = make_user("Mo")
    person.user_permissions.add(Permission.objects.get(codename="moderate_comment"))
    for article in limits:
        ModerationScope.objects.create(user=person, article=article)
    return person


def approve(comment: Comment, by: User | None = None) -> Comment:
    """`comment` with a moderator's leave."""
    grounds = Grounds(by=by or make_moderator(), role=Role.MODERATOR)
    return services.decide(comment, State.APPROVED, grounds, seen_version=comment.version)


def make_known(author: User, article: Article, comments: int = 2) -> User:
    """`author`, of whom a moderator approved so many comments."""
    moderator = make_moderator()
    for number in range(comments):
        approve(make_comment(article, author, f"Approved {number}."), moderator)
    return author

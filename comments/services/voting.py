"""Votes up: at most one per person, and taken back as easily."""

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts import limits
from accounts.models import User
from articles.models import Article
from comments import policy
from comments.errors import StaleVersion
from comments.models import Comment, Vote
from comments.services.locking import lock_article
from skycrumbs.problems import Forbidden


@transaction.atomic
def vote(comment: Comment, *, by: User, seen_votes: int | None = None) -> Comment:
    """Count the vote of `by`; a second one changes nothing.

    Raises Forbidden, TooManyRequests, or StaleVersion where there are not `seen_votes` any more.
    """
    fresh = _locked(comment, seen_votes)
    if not policy.can_vote(by, fresh):
        raise Forbidden(_refusal(by, fresh))
    if not _is_given(fresh, by):
        limits.take(f"vote:{by.pk}", settings.VOTE_LIMITS)
        Vote.objects.create(comment=fresh, article_id=fresh.article_id, person=by)
        _move(fresh, 1)
    return fresh


@transaction.atomic
def take_vote_back(comment: Comment, *, by: User, seen_votes: int | None = None) -> Comment:
    """Whatever became of the comment since; where there is no vote, nothing changes. StaleVersion as in `vote`."""
    fresh = _locked(comment, seen_votes)
    if Vote.objects.filter(comment=fresh, person=by).delete()[0]:
        _move(fresh, -1)
    return fresh


def _locked(comment: Comment, seen_votes: int | None) -> Comment:
    lock_article(comment.article_id)
    fresh = Comment.objects.select_related("article").get(pk=comment.pk)
    if seen_votes is not None and fresh.votes != seen_votes:
        raise StaleVersion(_("The comment changed since you read it."))
    return fresh


def _is_given(comment: Comment, by: User) -> bool:
    return Vote.objects.filter(comment=comment, person=by).exists()


def _move(comment: Comment, step: int) -> None:
    """The counter, and the version of the article whose page shows it. No event: a number is no news."""
    comment.votes += step
    Comment.objects.filter(pk=comment.pk).update(votes=F("votes") + step)
    Article.objects.filter(pk=comment.article_id).update(version=F("version") + 1)


def _refusal(by: User, comment: Comment) -> str:
    if policy.is_author(by, comment):
        return _("You cannot vote for your own comment.")
    return _("This comment takes no votes.")

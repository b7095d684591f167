"""Made-up votes, the same each time for the same plan; no more than people have accounts."""

import random
from collections.abc import Iterator, Sequence

from comments.models import Comment, Vote
from comments.seeding.people import Writer
from comments.seeding.plans import Plan

# Of ten comments so many have votes.
VOTED_OF_TEN = 4
MOST_VOTES = 12


def votes_on(comments: Sequence[Comment], people: Sequence[Writer], plan: Plan, made: int) -> Iterator[Vote]:
    """Votes on the public ones of `comments`, whose counters are set; `made`: how many were made before these."""
    voters = [account for account, _guest, _name in people if account is not None]
    for number, comment in enumerate(comments, made):
        # A stream of its own for each: texts and threads stay as they were without votes.
        chance = random.Random(f"votes {plan.seed} {number}")  # noqa: S311  the same each time, on purpose
        for voter in _voters_of(comment, voters, chance):
            comment.votes += 1
            yield Vote(comment=comment, article_id=comment.article_id, person_id=voter)


def _voters_of(comment: Comment, voters: Sequence[int], chance: random.Random) -> list[int]:
    if not comment.is_public or not comment.is_counted or chance.randrange(10) >= VOTED_OF_TEN:
        return []
    # Few have many.
    wanted = min(int(chance.paretovariate(1.2)), MOST_VOTES, len(voters))
    return [voter for voter in chance.sample(voters, wanted) if voter != comment.author_id]

"""How many links a text has, and whether they lead where they say."""

from comments.checking import Result
from comments.rendering import render_comment
from comments.states import Verdict
from comments.submission import Submission
from moderation.checks.hosts import Found, find_links
from moderation.checks.writers import KNOWN_FROM, approved_comments, unless_moderator, wrote_article

LINKS, DISGUISED_LINK = "links", "disguised_link"
MOST_LINKS = 2
# Of hosts kept as evidence: enough to judge by.
MOST_NAMED = 20


def links(submission: Submission) -> Result:
    """Holds more than two links, one of somebody new, and one whose words name another host than it leads to."""
    found = find_links(render_comment(submission.text))
    if not found.hosts:
        return Result(evidence={"links": 0})
    return unless_moderator(_judge(found, submission), submission)


def _judge(found: Found, submission: Submission) -> Result:
    evidence = {"links": len(found.hosts), "hosts": sorted(set(found.hosts))[:MOST_NAMED]}
    if found.disguised:
        pairs = sorted(set(found.disguised))[:MOST_NAMED]
        return Result(Verdict.HOLD, DISGUISED_LINK, evidence | {"disguised": [list(pair) for pair in pairs]})
    if len(found.hosts) > MOST_LINKS:
        return Result(Verdict.HOLD, LINKS, evidence | {"most": MOST_LINKS})
    approved = approved_comments(submission)
    if approved < KNOWN_FROM and not wrote_article(submission):
        return Result(Verdict.HOLD, LINKS, evidence | {"approved": approved, "needed": KNOWN_FROM})
    return Result(evidence=evidence)

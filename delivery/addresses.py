"""Where the links in mails lead that somebody else's pages answer."""

from comments.models import Comment
from delivery.letters import link


def confirm_link(token: str) -> str:
    """Where a guest confirms an address."""
    return link("pages:confirm", token)


def manage_link(token: str) -> str:
    """Where a guest opens what they wrote."""
    return link("pages:manage", token)


def claim_link(comment: Comment) -> str:
    """Where a guest asks for a link to what they wrote."""
    return link("pages:claim", comment.key)


def queue_link() -> str:
    """Where moderators find what waits."""
    return link("admin:moderation_waiting_changelist")

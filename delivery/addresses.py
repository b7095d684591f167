"""Where the links in mails lead that somebody else's pages answer."""

from django.conf import settings
from django.urls import NoReverseMatch

from comments.models import Comment
from delivery.letters import link


def confirm_link(token: str) -> str:
    """Where a guest confirms an address."""
    return _link("pages:confirm", token, fallback=f"/guests/confirm/{token}/")


def manage_link(token: str) -> str:
    """Where a guest opens what they wrote."""
    return _link("pages:manage", token, fallback=f"/guests/manage/{token}/")


def claim_link(comment: Comment) -> str:
    """Where a guest asks for a link to what they wrote."""
    return _link("pages:claim", comment.key, fallback=f"/comments/{comment.key}/claim/")


def queue_link() -> str:
    """Where moderators find what waits."""
    return link("admin:index")


def _link(view: str, *args: str, fallback: str) -> str:
    try:
        return link(view, *args)
    except NoReverseMatch:
        # Mail may be sent where the pages for guests are not served.
        return settings.SITE_URL + fallback

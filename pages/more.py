"""Long lists of comments, some at a time, each part going on below the last comment of the one before."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from comments.models import Comment
from comments.querysets import CommentQuerySet
from skycrumbs.ids import from_key


def first_of(comments: CommentQuerySet, size: int) -> tuple[list[Comment], str]:
    """The first `size` of `comments`, and the query that leads on below them, "" where they are all. One query."""
    found = list(comments[: size + 1])
    more_url = f"?after={found[size - 1].key}" if len(found) > size else ""
    return found[:size], more_url


def asked_place(request: HttpRequest, comments: CommentQuerySet) -> Comment | None:
    """The one of `comments` to go on below; None where `request` names none. At most one query.

    The place stays when the comment is removed while somebody reads. Raises Http404 for what nobody could read.
    """
    if "after" not in request.GET:
        return None
    once_read = comments.filter(published_at__isnull=False).only("root_id", "path")
    return get_object_or_404(once_read, public_id=from_key(request.GET["after"]))

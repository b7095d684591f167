"""What one reader has left on an article, for the scripts of its page, which is the same for everybody."""

from typing import Any

from django.db.models import F
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from articles.models import Article
from comments.models import Comment
from comments.scopes import Viewer
from pages.viewers import is_somebody, viewer_of
from skycrumbs.ids import to_key

MOST_MARKS = 500


@require_safe
def marks(request: HttpRequest, slug: str) -> JsonResponse:
    """The reader's newest comments, highlights and notes on the article, and the revision their places count in.

    `start` and `end` are code points of that revision's text, half-open; null where it is on no passage, or the
    passage is gone. `voted`: the comments they voted for, null for who has no vote. At most five queries.
    """
    article = get_object_or_404(Article.objects.published().select_related("current_revision"), slug=slug)
    number = article.current_revision.number if article.current_revision else 0
    viewer = viewer_of(request)
    own = {
        "revision": number,
        "own": _left_by(viewer, article),
        "voted": _voted_for(viewer, article) if viewer.is_authenticated else None,
    }
    return JsonResponse(own, headers={"Cache-Control": "private, no-store"})


def _voted_for(viewer: Viewer, article: Article) -> list[str]:
    voted = Comment.objects.voted_for_by(viewer).filter(article=article).order_by("-public_id")
    return [to_key(public_id) for public_id in voted.values_list("public_id", flat=True)[:MOST_MARKS]]


def _left_by(viewer: Viewer, article: Article) -> list[dict[str, Any]]:
    if not is_somebody(viewer):
        return []
    own = Comment.objects.readable_by(viewer).written_by(viewer).filter(article=article)
    rows = own.values("public_id", "kind", "state", "visibility", **_PLACE).order_by("-public_id")
    return [{"key": to_key(row.pop("public_id"))} | row for row in map(dict[str, Any], rows[:MOST_MARKS])]


_PLACE = {"start": F("anchor__now_start"), "end": F("anchor__now_end")}

"""What one reader has left on an article, for the scripts of its page, which is the same for everybody."""

from html import unescape
from typing import Any

from django.db.models import F
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.html import strip_tags
from django.views.decorators.http import require_safe

from articles.models import Article
from comments.models import Comment
from comments.scopes import Viewer
from pages.viewers import is_somebody, viewer_of
from skycrumbs.ids import to_key

MOST_MARKS, MOST_CARDS = 500, 50
# Code points; the margin shows fewer.
WORDS_LENGTH = 200


@require_safe
def marks(request: HttpRequest, slug: str) -> JsonResponse:
    """The reader's newest comments, highlights and notes on the article, and the revision their places count in.

    `start` and `end` are code points of that revision's text, half-open; null where it is on no passage, or the
    passage is gone. `is_public`: whether everybody reads it. `name` and `words`, for the margin: who wrote it, and
    how it begins, where it has a text and a place; of the newest fifty, "" for others. `voted`: the comments they
    voted for, null for who has no vote. At most six queries.
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
    rows = own.values("public_id", "kind", "state", "visibility", "public_revision", **_PLACE).order_by("-public_id")
    marks = [_mark(dict(row)) for row in rows[:MOST_MARKS]]
    with_card = [mark for mark in marks if mark["start"] is not None and mark["kind"] != Comment.Kind.HIGHLIGHT]
    newest = [mark["public_id"] for mark in with_card[:MOST_CARDS]]
    texts = own.select_related("author", "head_revision").in_bulk(newest, field_name="public_id")
    for mark in marks:
        if comment := texts.get(mark.pop("public_id")):
            mark |= _card(comment)
    return marks


def _mark(row: dict[str, Any]) -> dict[str, Any]:
    is_public = row.pop("public_revision") is not None
    return {"key": to_key(row["public_id"]), "is_public": is_public} | row | _NO_CARD


def _card(comment: Comment) -> dict[str, str]:
    text = unescape(strip_tags(comment.text.html)).strip()
    return {"name": comment.writer_name, "words": text[:WORDS_LENGTH]}


_PLACE = {"start": F("anchor__now_start"), "end": F("anchor__now_end")}
_NO_CARD = {"name": "", "words": ""}

"""What is one reader's own, kept by nobody."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comments.models import Comment
from pages.rows import alone, rows_for

MOST_OWN_COMMENTS = 50


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    rows = rows_for(request.user, _written_by(request))
    return render(request, "pages/me.html", {"comments": [alone(row) for row in rows]})


def _written_by(request: HttpRequest) -> list[Comment]:
    """The newest of what the reader wrote and did not take back."""
    if not request.user.is_authenticated:
        return []
    own = Comment.objects.readable_by(request.user).filter(author=request.user)
    comments = own.with_page().select_related("parent__author").prefetch_related("article__authors")
    return list(comments.order_by("-public_id")[:MOST_OWN_COMMENTS])


@require_safe
def summary(request: HttpRequest) -> JsonResponse:
    """The reader's name for the header of pages that do not know it; null for nobody."""
    name = request.user.name if request.user.is_authenticated else None
    return JsonResponse({"name": name}, headers={"Cache-Control": "private, no-store"})

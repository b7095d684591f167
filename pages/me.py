"""What is one reader's own, kept by nobody."""

from typing import Any
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from comments.models import Comment
from comments.scopes import Viewer
from moderation import services
from moderation.forms_guard import new_token
from moderation.models import Sanction
from pages.more import first_of
from pages.rows import alone, rows_for
from pages.viewers import is_somebody, viewer_of
from skycrumbs.answers import see_other
from skycrumbs.ids import from_key

COMMENTS_PER_PAGE = 50
MOST_ARTICLES = 100


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What the reader wrote, on all articles or on the one that `article` names."""
    viewer, slug = viewer_of(request), request.GET.get("article", "")
    comments, more_url = _written_by(viewer, request)
    context = {
        "comments": [alone(row) for row in rows_for(viewer, comments)],
        "more_url": f"?article={slug}&{more_url[1:]}" if more_url and slug else more_url,
        "articles": _articles_of(viewer),
        "chosen": slug,
        "is_somebody": is_somebody(viewer),
        "sanctions": Sanction.objects.to_be_told(request.user),
    }
    return render(request, "pages/me.html", context)


def _articles_of(viewer: Viewer) -> QuerySet[Comment, Any]:
    """The articles that the reader wrote on, by title, with how much of theirs there is on each. One query."""
    own = Comment.objects.readable_by(viewer).written_by(viewer)
    rows = own.values("article__slug", "article__title").annotate(count=Count("pk"))
    return rows.order_by("article__title", "article__slug")[:MOST_ARTICLES]


def _written_by(viewer: Viewer, request: HttpRequest) -> tuple[list[Comment], str]:
    """What the reader wrote and did not take back, the newest first, and the query that leads to what is older."""
    if not is_somebody(viewer):
        return [], ""
    own = Comment.objects.readable_by(viewer).written_by(viewer)
    if request.GET.get("article"):
        own = own.filter(article__slug=request.GET["article"])
    if "after" in request.GET:
        # The id itself says when it was written, so the comment need not be there any more.
        own = own.filter(public_id__lt=_asked_id(request))
    comments = own.with_page_and_parent().prefetch_related("article__authors")
    return first_of(comments.order_by("-public_id"), COMMENTS_PER_PAGE)


def _asked_id(request: HttpRequest) -> UUID:
    public_id = from_key(request.GET["after"])
    if public_id is None:
        raise Http404
    return public_id


@require_safe
def summary(request: HttpRequest) -> JsonResponse:
    """The reader's name for the header of pages that do not know it; without an account null, a token for a form,
    and whether it is a guest, who has a page too.
    """
    own: dict[str, str | bool | None]
    if request.user.is_authenticated:
        own = {"name": request.user.name}
    else:
        own = {"name": None, "is_guest": is_somebody(viewer_of(request)), "guard": new_token()}
    return JsonResponse(own, headers={"Cache-Control": "private, no-store"})


@require_POST
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """The reader has read a warning. What is somebody else's is not there."""
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("pages:me"))
    warnings = Sanction.objects.laid_on(request.user).filter(kind=Sanction.Kind.WARN)
    services.acknowledge(get_object_or_404(warnings, pk=pk), by=request.user)
    return see_other(reverse("pages:me"))

"""What stands where an article is not: its new address, a word that it was removed, or nothing."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from articles.models import Article
from skycrumbs.failures import gone


def moved(slug: str) -> Article | None:
    """The published article that had the address `slug` before."""
    return Article.objects.published().formerly_at(slug).first()


def absent(request: HttpRequest, slug: str, name: str, **place: object) -> HttpResponse:
    """301 or 410 as `moved_or_gone` says; raises Http404 for what never was."""
    answer = moved_or_gone(request, slug, name, **place)
    if answer is None:
        raise Http404
    return answer


def moved_or_gone(request: HttpRequest, slug: str, name: str, **place: object) -> HttpResponse | None:
    """301 to the page `name` of an article that had this address, 410 for what was public once, else None.

    What the query names, such as a passage, is asked for at the new address too.
    """
    article = moved(slug)
    if article is not None:
        asked = f"?{request.GET.urlencode()}" if request.GET else ""
        return redirect(reverse(name, kwargs={"slug": article.slug, **place}) + asked, permanent=True)
    return gone(request) if Article.objects.taken_from(slug).exists() else None

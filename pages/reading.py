"""Pages that are the same for everybody: lists, articles, their past revisions."""

from typing import Any

from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from articles.models import Article, ArticleLink, Category
from articles.querysets import ArticleQuerySet
from pages import article_page
from pages.absent import absent, moved_or_gone
from pages.addresses import article_path
from pages.answers import page_for_all
from pages.discussion import listed
from skycrumbs.headers import kept
from skycrumbs.keeping import made_from

ARTICLES_PER_PAGE = 20


@require_safe
@kept
def home(request: HttpRequest) -> HttpResponse:
    categories = Category.objects.filter(articles__in=Article.objects.published()).distinct()
    listed = _listed(request, Article.objects.published())
    return page_for_all(request, "pages/home.html", {**listed, "categories": categories})


@require_safe
@kept
def category(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Category, slug=slug)
    listed = _listed(request, Article.objects.published().filter(category=found))
    return page_for_all(request, "pages/category.html", {**listed, "category": found})


def _listed(request: HttpRequest, articles: ArticleQuerySet) -> dict[str, Any]:
    """One page of a list; raises Http404 where the list does not go that far."""
    try:
        page = Paginator(articles.with_page().without_texts(), ARTICLES_PER_PAGE).page(request.GET.get("page", 1))
    except InvalidPage as invalid:
        raise Http404 from invalid
    made_from(request, *page.object_list)
    more_url = f"?page={page.next_page_number()}" if page.has_next() else ""
    return {"articles": page.object_list, "more_url": more_url}


@require_safe
@kept
def article(request: HttpRequest, slug: str) -> HttpResponse:
    found = Article.objects.published().with_page().with_current_text().filter(slug=slug).first()
    if found is None:
        return moved_or_gone(request, slug, "pages:article") or _awaited(request, slug)
    made_from(request, found)
    return page_for_all(request, "pages/article.html", article_page.context(found, listed(request, found)))


def _awaited(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of an article that others link to already; raises Http404 if none does."""
    linked = ArticleLink.objects.filter(to_slug=slug, article__in=Article.objects.published())
    link = linked.order_by("pk").first()
    if link is None:
        raise Http404
    made_from(request)
    context = {"title": link.label, "backlinks": article_page.backlinks(slug)}
    return page_for_all(request, "pages/not_published.html", context)


@require_safe
@kept
def revision(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    found = Article.objects.published().with_page().without_texts().filter(slug=slug).first()
    if found is None:
        return absent(request, slug, "pages:revision", number=number)
    made_from(request, found)
    shown = get_object_or_404(found.revisions.defer("source", "html"), number=number)
    texts = shown.section_texts.select_related("section").order_by("position")
    context = {
        "article": found,
        "revision": shown,
        "sections": article_page.sections_as_they_were(texts),
        "current": found.current_revision,
        "article_url": article_path(found),
    }
    return page_for_all(request, "pages/revision.html", context)

"""Articles, read by programs."""

from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import resolve, reverse
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from articles.filters import ArticleFilter
from articles.models import Article, Category, Revision, SectionText
from articles.serializers import (
    ArticleDetailSerializer,
    ArticleSerializer,
    CountedCategorySerializer,
    ListedRevisionSerializer,
    RevisionSerializer,
)
from skycrumbs.api_docs import responses
from skycrumbs.api_views import ApiView
from skycrumbs.keeping import made_from
from skycrumbs.paging import CursorPaging
from skycrumbs.problems import Removed

SLUG = OpenApiParameter("slug", str, OpenApiParameter.PATH)
# What the column of a revision's number holds for sure.
NUMBER_DIGITS = 9
NUMBER = OpenApiParameter("number", int, OpenApiParameter.PATH)


class ArticlePaging(CursorPaging):
    def key_of(self, row: Article) -> str:
        return row.slug

    def position_of(self, key: str) -> tuple[Any, ...] | None:
        """One query: where the article stands that has this slug."""
        return Article.objects.published().filter(slug=key).values_list("published_on", "pk").first()


class CategoryPaging(CursorPaging):
    def key_of(self, row: Category) -> str:
        return row.slug

    def position_of(self, key: str) -> tuple[Any, ...] | None:
        """One query: where the category stands that has this slug."""
        return Category.objects.filter(slug=key).values_list("name", "pk").first()


class RevisionPaging(CursorPaging):
    """By number, whether or not there is a revision of that number."""

    def key_of(self, row: Revision) -> str:
        return str(row.number)

    def position_of(self, key: str) -> tuple[Any, ...] | None:
        return (int(key),) if key.isdecimal() and len(key) <= NUMBER_DIGITS else None


@extend_schema_view(
    get=extend_schema(
        summary="Published articles, newest first",
        responses=responses({200: ArticleSerializer(many=True)}, 400, 401),
    )
)
class ArticleList(ApiView, ListAPIView):
    """Without their texts; page by page."""

    queryset = Article.objects.published().with_page().without_texts().order_by("-published_on", "-pk")
    serializer_class = ArticleSerializer
    filter_backends = [DjangoFilterBackend]
    filterset_class = ArticleFilter
    pagination_class = ArticlePaging

    def paginate_queryset(self, queryset: Any) -> Any:
        page = super().paginate_queryset(queryset)
        made_from(self.request, *page or [])
        return page


class _Moved(Exception):
    """The article has another address: one with this slug."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


class ArticleView(ApiView):
    """The base of the views of one article: from a former address they lead to the present one, as pages do."""

    def handle_exception(self, error: Exception) -> HttpResponseBase:  # type: ignore[override]
        if not isinstance(error, _Moved):
            return super().handle_exception(error)
        match, asked = resolve(self.request.path_info), self.request.query_params.urlencode()
        path = reverse(match.view_name, kwargs={**match.kwargs, "slug": error.slug})
        return HttpResponsePermanentRedirect(f"{path}?{asked}" if asked else path)


class ArticleDetail(ArticleView):
    @extend_schema(
        summary="An article and its sections",
        parameters=[SLUG],
        responses=responses({200: ArticleDetailSerializer}, 400, 401, 404, 410),
    )
    def get(self, request: Request, slug: str) -> Response:
        """As it is now; the text itself stands at its revision."""
        sections = SectionText.objects.select_related("section").order_by("position").defer("html")
        articles = Article.objects.with_page().without_texts()
        article = _published(articles.prefetch_related(Prefetch("current_revision__section_texts", sections)), slug)
        made_from(request, article)
        context = {**self.get_serializer_context(), "article": article}
        return Response(ArticleDetailSerializer(article, context=context).data)


@extend_schema_view(
    get=extend_schema(
        summary="Categories with published articles, by name",
        responses=responses({200: CountedCategorySerializer(many=True)}, 400, 401),
    )
)
class CategoryList(ApiView, ListAPIView):
    """With how many there are; page by page."""

    queryset = Category.objects.with_article_count().order_by("name", "pk")
    serializer_class = CountedCategorySerializer
    pagination_class = CategoryPaging

    def paginate_queryset(self, queryset: Any) -> Any:
        made_from(self.request)
        return super().paginate_queryset(queryset)


class RevisionList(ArticleView):
    queryset = Revision.objects.none()
    serializer_class = ListedRevisionSerializer
    pagination_class = RevisionPaging

    @extend_schema(
        summary="The revisions of an article, newest first",
        parameters=[SLUG],
        responses=responses({200: ListedRevisionSerializer(many=True)}, 400, 401, 404, 410),
    )
    def get(self, request: Request, slug: str) -> Response:
        """Without their texts; page by page."""
        article = _published(Article.objects.without_texts().select_related("current_revision"), slug)
        made_from(request, article)
        revisions = article.revisions.only("number", "created_at", "summary", "words", "sha256", "article__slug")
        page = self.paginate_queryset(revisions.select_related("article").order_by("-number"))
        shown = ListedRevisionSerializer(page, many=True, context=self.get_serializer_context())
        return self.get_paginated_response(shown.data)


class RevisionDetail(ArticleView):
    @extend_schema(
        summary="One revision of an article: the text that anchors point into",
        parameters=[SLUG, NUMBER],
        responses=responses({200: RevisionSerializer}, 400, 401, 404, 410),
    )
    def get(self, request: Request, slug: str, number: int) -> Response:
        """A revision never changes. All offsets count code points of its canonical text."""
        article = _published(Article.objects.all(), slug)
        made_from(request, article)
        sections = SectionText.objects.select_related("section").order_by("position").defer("html")
        revisions = Revision.objects.filter(article=article, number=number)
        revision = revisions.prefetch_related(Prefetch("section_texts", sections)).first()
        if revision is None:
            raise Http404
        return Response(RevisionSerializer(revision, context=self.get_serializer_context()).data)


def _published(articles: Any, slug: str) -> Article:
    """The article at an address. Raises _Moved where it has another now, Removed where one was public, or Http404."""
    article = articles.published().filter(slug=slug).first()
    if article is not None:
        return article
    moved = Article.objects.published().formerly_at(slug).values_list("slug", flat=True).first()
    if moved is not None:
        raise _Moved(moved)
    if Article.objects.taken_from(slug).exists():
        raise Removed(_("This article was taken away."))
    raise Http404

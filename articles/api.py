"""Articles, read by programs."""

from typing import Any

from django.db.models import Prefetch
from django.http import Http404
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from articles.filters import ArticleFilter
from articles.models import Article, Revision, SectionText
from articles.serializers import ArticleDetailSerializer, ArticleSerializer, RevisionSerializer
from skycrumbs.api_docs import responses
from skycrumbs.api_views import ApiView
from skycrumbs.paging import CursorPaging
from skycrumbs.problems import Removed

SLUG = OpenApiParameter("slug", str, OpenApiParameter.PATH)
NUMBER = OpenApiParameter("number", int, OpenApiParameter.PATH)


class ArticlePaging(CursorPaging):
    def key_of(self, row: Article) -> str:
        return row.slug

    def position_of(self, key: str) -> tuple[Any, ...] | None:
        """One query: where the article stands that has this slug."""
        return Article.objects.published().filter(slug=key).values_list("published_on", "pk").first()


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


class ArticleDetail(ApiView):
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
        context = {**self.get_serializer_context(), "article": article}
        return Response(ArticleDetailSerializer(article, context=context).data)


class RevisionDetail(ApiView):
    @extend_schema(
        summary="One revision of an article: the text that anchors point into",
        parameters=[SLUG, NUMBER],
        responses=responses({200: RevisionSerializer}, 400, 401, 404, 410),
    )
    def get(self, request: Request, slug: str, number: int) -> Response:
        """A revision never changes. All offsets count code points of its canonical text."""
        article = _published(Article.objects.all(), slug)
        sections = SectionText.objects.select_related("section").order_by("position").defer("html")
        revisions = Revision.objects.filter(article=article, number=number)
        revision = revisions.prefetch_related(Prefetch("section_texts", sections)).first()
        if revision is None:
            raise Http404
        return Response(RevisionSerializer(revision, context=self.get_serializer_context()).data)


def _published(articles: Any, slug: str) -> Article:
    """The article at an address. Raises Removed where one was public once, Http404 where none ever was."""
    article = articles.filter(slug=slug).first()
    if article is None or article.current_revision is None:
        raise Http404
    if article.is_published:
        return article
    if article.status == Article.Status.UNPUBLISHED:
        raise Removed(_("This article was taken away."))
    raise Http404

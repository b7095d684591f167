"""Every address under /api/."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

# Registers how a token is described.
from skycrumbs import api_docs  # noqa: F401
from skycrumbs.api_views import unknown_address

urlpatterns = [
    path("v1/articles/", include("articles.api_urls")),
    path("v1/categories/", include("articles.api_category_urls")),
    path("v1/comments/", include("comments.api_urls")),
    path("v1/comments/", include("moderation.api_urls")),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
    path("<path:rest>", unknown_address),
]

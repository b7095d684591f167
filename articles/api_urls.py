"""Addresses under /api/v1/articles/."""

from django.urls import path

from articles import api

urlpatterns = [
    path("", api.ArticleList.as_view(), name="api-articles"),
    path("<slug:slug>/", api.ArticleDetail.as_view(), name="api-article"),
    path("<slug:slug>/revisions/", api.RevisionList.as_view(), name="api-revisions"),
    path("<slug:slug>/revisions/<int:number>/", api.RevisionDetail.as_view(), name="api-revision"),
]

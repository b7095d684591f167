"""The address /api/v1/categories/."""

from django.urls import path

from articles import api

urlpatterns = [path("", api.CategoryList.as_view(), name="api-categories")]

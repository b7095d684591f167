"""Addresses under /api/v1/comments/ that are for moderators to answer."""

from django.urls import path

from moderation import api

urlpatterns = [
    path("<key:id>/flags/", api.FlagList.as_view(), name="api-flags"),
]

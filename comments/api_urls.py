"""Addresses under /api/v1/comments/."""

from django.urls import path

from comments import api

urlpatterns = [
    path("", api.CommentList.as_view(), name="api-comments"),
    path("counts/", api.CommentCounts.as_view(), name="api-counts"),
    path("<key:id>/", api.CommentDetail.as_view(), name="api-comment"),
    path("<key:id>/restore/", api.CommentRestoring.as_view(), name="api-restore"),
    path("<key:id>/vote/", api.CommentVote.as_view(), name="api-vote"),
    path("<key:id>/anchor/", api.CommentAnchor.as_view(), name="api-anchor"),
    path("<key:id>/passage/", api.CommentPassage.as_view(), name="api-passage"),
    path("<key:id>/replies/", api.ReplyList.as_view(), name="api-replies"),
]

"""Comments and decisions to look at. Nothing is changed here; private notes and highlights are not shown."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from comments.models import Comment, Decision


class ReadOnlyAdmin(admin.ModelAdmin):
    """A list to read, for those who may view the model, and nothing to open."""

    list_display_links = None
    actions = None
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _shown_to(request: HttpRequest) -> QuerySet[Comment]:
    """What whoever looks may read; private ones not even to their author, since this is no place for them."""
    return Comment.objects.readable_by(request.user).filter(visibility=Comment.Visibility.PUBLIC)


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    list_display = ["key", "article", "writer_name", "state", "kind", "created_at"]
    fields = ["key", "article", "writer_name", "state", "kind", "created_at"]
    list_filter = ["state", "kind"]
    list_select_related = ["article", "author"]
    ordering = ["-public_id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        return _shown_to(request).defer("article__draft_source")


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ["comment_key", "was", "now", "version", "actor", "reason", "at"]
    fields = ["comment_key", "was", "now", "version", "actor", "reason", "at"]
    list_filter = ["was", "now"]
    list_select_related = ["comment", "actor"]
    ordering = ["-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Decision]:
        return Decision.objects.filter(comment__in=_shown_to(request))

    @admin.display(description=_("comment"))
    def comment_key(self, decision: Decision) -> str:
        return decision.comment.key

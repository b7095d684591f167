"""Comments, decisions and legal holds to look at, for those who moderate, on what they moderate. Nothing is changed.

Private notes and highlights are not shown. A comment is judged on the page that `moderation` gives it.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from comments.models import Comment, Decision, LegalHold
from comments.querysets import CommentQuerySet
from comments.scopes import MODERATE
from skycrumbs.admin_pages import OfferedFilters


class ReadOnlyAdmin(OfferedFilters):
    """A list to read, for those who may view the model, and nothing to open."""

    list_display_links = None
    actions = None
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ForModerators(ReadOnlyAdmin):
    """Opened by the permission to moderate, whatever else somebody may view."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(MODERATE)


def _shown_to(request: HttpRequest) -> CommentQuerySet:
    """What whoever looks moderates; private ones not even to their author, since this is no place for them."""
    return Comment.objects.moderated_by(request.user)


def _on_one_of(comments: CommentQuerySet) -> Exists:
    """Rows whose comment is one of `comments`. Each looks for its own; of a list SQLite would make a table first."""
    return Exists(comments.filter(pk=OuterRef("comment")))


def _link_for(request: HttpRequest, comment_of: Callable[[Any], Comment]) -> Callable[[Any], str]:
    """A column with the public id of a row's comment, which leads to where it is judged; nobody judges their own."""

    @admin.display(description=_("comment"))
    def link(row: Any) -> str:
        comment = comment_of(row)
        if comment.author_id == request.user.pk:
            return comment.key
        url = reverse("admin:moderation_waiting_comment", args=[comment.pk])
        return format_html('<a href="{}">{}</a>', url, comment.key)

    return link


@admin.register(Comment)
class CommentAdmin(ForModerators):
    fields = ["comment_key", "article", "writer", "state", "kind", "created_at"]
    list_filter = ["state", "kind"]
    list_select_related = ["article", "author"]
    ordering = ["-public_id"]

    def get_list_display(self, request: HttpRequest) -> Any:
        return [_link_for(request, lambda comment: comment), *self.fields[1:]]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        return _shown_to(request).defer("article__draft_source", "author__password", "author__email")

    @admin.display(description=_("comment"))
    def comment_key(self, comment: Comment) -> str:
        return comment.key

    @admin.display(description=_("writer"))
    def writer(self, comment: Comment) -> str:
        return comment.writer_name


@admin.register(Decision)
class DecisionAdmin(ForModerators):
    """Never those on one's own comments: what moderators note of them is for the others."""

    list_filter = ["act", "role", "was", "now"]
    list_select_related = ["comment", "actor"]
    ordering = ["-id"]

    def get_list_display(self, request: HttpRequest) -> Any:
        link = _link_for(request, lambda decision: decision.comment)
        return [link, "act", "was", "now", "reason", "role", "actor", "at"]

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        # Those on one comment, by address.
        return lookup == "comment__id__exact" or super().lookup_allowed(lookup, value, request)

    fields = [
        "comment_key", "act", "was", "now", "version", "reason", "note", "private_note", "role", "actor", "batch",
        "reversed_key", "at",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Decision]:
        shown = _shown_to(request).exclude(author=request.user.pk)
        return Decision.objects.filter(_on_one_of(shown)).defer("actor__password", "actor__email")

    @admin.display(description=_("comment"))
    def comment_key(self, decision: Decision) -> str:
        return decision.comment.key

    @admin.display(description=_("takes back"))
    def reversed_key(self, decision: Decision) -> str:
        return str(decision.reverses or "–")


@admin.register(LegalHold)
class LegalHoldAdmin(ReadOnlyAdmin):
    """For those who may place and release them, which is done on the page of the comment."""

    fields = [
        "comment_key", "case_ref", "authority", "placed_by", "placed_at", "ends_at", "release_asked_by",
        "released_by", "released_at",
    ]  # fmt: skip
    list_select_related = ["comment", "placed_by", "release_asked_by", "released_by"]
    ordering = ["-id"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perms([MODERATE, "comments.hold_comment"])

    def get_list_display(self, request: HttpRequest) -> Any:
        return [_link_for(request, lambda hold: hold.comment), *self.fields[1:]]

    def get_queryset(self, request: HttpRequest) -> QuerySet[LegalHold]:
        return LegalHold.objects.filter(_on_one_of(_shown_to(request)))

    @admin.display(description=_("comment"))
    def comment_key(self, hold: LegalHold) -> str:
        return hold.comment.key

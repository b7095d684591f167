"""The queue in the admin's index, and the addresses of its pages."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from comments.admin import ReadOnlyAdmin
from moderation.admin import comment, queue
from moderation.admin.desk import moderates
from moderation.models import Waiting


@admin.register(Waiting)
class WaitingAdmin(ReadOnlyAdmin):
    """The name and the addresses. Django's own list would count all comments and load each by itself."""

    def get_urls(self) -> list[URLPattern]:
        views: list[tuple[str, Callable[..., HttpResponse], str]] = [
            ("", queue.queue, "changelist"),
            ("many/", queue.many, "many"),
            ("<int:pk>/", comment.page, "comment"),
            ("<int:pk>/hold/", comment.hold, "hold"),
            ("<int:pk>/release/", comment.release, "release"),
            ("<int:pk>/erase/", comment.erase, "erase"),
        ]
        wrap = self.admin_site.admin_view
        return [path(address, wrap(view), name=f"moderation_waiting_{name}") for address, view, name in views]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return moderates(request)

"""Open flags to look at, for those who moderate. Nothing is changed here, and who reported is not shown."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from comments.admin import ForModerators
from moderation.models import Flag

SNAPSHOT_IN_LIST = 200


@admin.register(Flag)
class FlagAdmin(ForModerators):
    list_display = ["comment_key", "reason", "note", "article", "snapshot", "created_at"]
    fields = ["comment_key", "reason", "note", "article", "text", "sha256", "created_at"]
    list_filter = ["reason"]
    list_select_related = ["comment", "article", "revision"]
    ordering = ["-id"]

    def get_list_display_links(self, request: HttpRequest, list_display: Any) -> Any:
        # What is too long for the list is read whole behind it.
        return ["comment_key"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Flag]:
        return Flag.objects.open().judged_by(request.user).defer("article__draft_source")

    @admin.display(description=_("comment"))
    def comment_key(self, flag: Flag) -> str:
        return flag.comment.key

    @admin.display(description=_("text as it was reported"))
    def text(self, flag: Flag) -> str:
        return flag.source

    @admin.display(description=_("text as it was reported"))
    def snapshot(self, flag: Flag) -> str:
        return Truncator(flag.source).chars(SNAPSHOT_IN_LIST)

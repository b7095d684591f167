"""On the page of a person: what they moderate, and a way to warn or suspend them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from accounts.admin import UserAdmin
from accounts.models import User
from comments.models import ModerationScope
from moderation.policy import moderates_all


class LimitInline(admin.TabularInline):
    """What a moderator is limited to. Superusers alone set it: who may is asked for every row, not for the form."""

    model = ModerationScope
    extra = 1
    autocomplete_fields = ["article"]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Without buttons that would delete the category or the article."""
        formset = super().get_formset(request, obj, **kwargs)
        for name in ("category", "article"):
            formset.form.base_fields[name].widget.can_delete_related = False
        return formset

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)


# Accounts know nothing of moderation; here what it adds to a person is put on their page.
admin.site.unregister(User)


@admin.register(User)
class PersonAdmin(UserAdmin):
    inlines = [LimitInline]

    def get_inlines(self, request: HttpRequest, obj: User | None) -> Any:
        return self.inlines if obj is not None else []

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        may_sanction = {"may_sanction": moderates_all(request.user)}
        return super().change_view(request, object_id, form_url, (extra_context or {}) | may_sanction)

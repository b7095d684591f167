"""People and their tokens, for those who run the site."""

from datetime import datetime
from typing import Any

from allauth.account.admin import EmailAddressAdmin
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.forms import clean_email, clean_name
from accounts.models import ApiToken, User
from skycrumbs.admin_pages import OfferedFilters, SentTwice

# One way in for everybody, with its limits. The admin's own form is not to be sent: whoever is signed in could go on
# trying other people's passwords there.
admin.site.login = secure_admin_login(require_safe(admin.site.login))  # type: ignore[method-assign]

# Whoever may set these can give themselves every right.
_RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")


def _within_reach(by: Any) -> QuerySet[User]:
    """Whom `by` may give another password or address.

    Either hands over what the person may do: to staff, and to whom anything else is granted, superusers alone give
    them, and everybody to themselves.
    """
    if by.is_superuser:
        return User.objects.all()
    plain = Q(is_staff=False, is_superuser=False, groups=None, user_permissions=None)
    # Whoever is in several groups is found once for each.
    return User.objects.filter(plain | Q(pk=by.pk)).distinct()


def _is_out_of_reach(person: User, by: Any) -> bool:
    """Whether superusers alone give `person` another password or address; one query."""
    return not _within_reach(by).filter(pk=person.pk).exists()


class PersonFields(forms.ModelForm):
    """The rules for a public name and an address, as at sign-up."""

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if "email" in self.changed_data:
            # One that is there already keeps nobody from changing the rest.
            clean_email(email)
        if User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Another account has this address."), code="taken")
        return email


class AddPersonForm(PersonFields, AdminUserCreationForm):
    class Meta:
        model = User
        fields = ["username", "email", "name"]


class PersonForm(PersonFields, UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"  # noqa: DJ007  narrowed by the fieldsets below


@admin.register(User)
class UserAdmin(SentTwice, OfferedFilters, DjangoUserAdmin):
    """A person is never deleted here, because what they wrote hangs on the row: make the account inactive."""

    form = PersonForm
    add_form = AddPersonForm
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["name", "email", "wants_reply_mail", "wants_queue_mail"]}),
        (_("Rights"), {"fields": ["is_active", *_RIGHTS]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "classes": ["wide"],
                "fields": ["username", "email", "name", "usable_password", "password1", "password2"],
            },
        ),
    ]
    list_display = ["username", "name", "is_active", "is_staff", "date_joined"]
    list_filter = ["is_staff", "is_superuser", "is_active"]
    search_fields = ["username", "name", "email"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        rights = () if request.user.is_superuser else _RIGHTS
        out_of_reach = ["email", "is_active"] if obj is not None and _is_out_of_reach(obj, request.user) else []
        return ["last_login", "date_joined", *rights, *out_of_reach]

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        person = self.get_object(request, unquote(id))
        if person is not None and _is_out_of_reach(person, request.user):
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Superusers alone change a superuser: a new password or address would hand the account over."""
        is_protected = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not is_protected and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ApiToken)
class ApiTokenAdmin(OfferedFilters):
    """Whose programs have keys; a key is taken away by deleting it. `manage.py make_token` makes one."""

    list_display = ["person", "label", "made", "expires"]
    list_display_links = None
    list_select_related = ["user"]
    search_fields = ["user__name", "user__username", "label"]
    # Neither the digest nor the beginning of the key.
    fields = ["person", "label", "made", "expires"]
    ordering = ["-created"]
    show_full_result_count = False

    # Three fields that knox names in English alone.
    @admin.display(description=_("person"), ordering="user")
    def person(self, token: ApiToken) -> User:
        return token.user

    @admin.display(description=_("made"), ordering="created")
    def made(self, token: ApiToken) -> datetime:
        return token.created

    @admin.display(description=_("expires"), ordering="expiry", empty_value="–")
    def expires(self, token: ApiToken) -> datetime | None:
        return token.expiry

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return False


# Two lists that come with the packages, narrowed as ours are.
admin.site.unregister([Group, EmailAddress])


@admin.register(Group)
class OurGroupAdmin(OfferedFilters, GroupAdmin):
    """Who may change groups names them. What a group may do superusers say, as of a person: it could be one's own."""

    def get_readonly_fields(self, request: HttpRequest, obj: Group | None = None) -> list[str]:
        return [] if request.user.is_superuser else ["permissions"]


@admin.register(EmailAddress)
class OurEmailAddressAdmin(OfferedFilters, EmailAddressAdmin):
    """Addresses with which people sign in. Who is out of reach keeps theirs, and gets no other."""

    def has_change_permission(self, request: HttpRequest, obj: EmailAddress | None = None) -> bool:
        return self._reaches(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: EmailAddress | None = None) -> bool:
        return self._reaches(request, obj) and super().has_delete_permission(request, obj)

    def _reaches(self, request: HttpRequest, address: EmailAddress | None) -> bool:
        return address is None or not _is_out_of_reach(address.user, request.user)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """An address is given to nobody who is out of reach."""
        if db_field.name == "user":
            kwargs["queryset"] = _within_reach(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.action(permissions=["change"], description=EmailAddressAdmin.make_verified.short_description)
    def make_verified(self, request: HttpRequest, queryset: QuerySet[EmailAddress]) -> None:
        super().make_verified(request, queryset.filter(user__in=_within_reach(request.user)))

"""Sanctions: a list, laying one on whoever wrote a comment or has an account, and lifting it."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Guest, User
from comments.admin import ReadOnlyAdmin
from comments.models import Comment
from moderation import services
from moderation.admin.desk import comment_url, find, for_moderators, render, user_of
from moderation.forms import SanctionForm
from moderation.models import Sanction
from moderation.policy import moderates_all
from skycrumbs.answers import see_other
from skycrumbs.ids import is_row_id
from skycrumbs.problems import Refusal

MESSAGE_IN_LIST = 120
LIST = "admin:moderation_sanction_changelist"


@for_moderators
def lay(request: HttpRequest) -> HttpResponse:
    """On the writer of the comment, or on the account, that the address names."""
    comment = find(request, _asked(request, "comment")) if "comment" in request.GET else None
    if comment is None:
        _check_reads_all(request)
    target = _writer(comment) if comment else get_object_or_404(User, pk=_asked(request, "person"))
    name = comment.writer_name if comment else str(target)
    form = SanctionForm(request.POST if request.method == "POST" else None)
    try:
        services.check_can_sanction(target, user_of(request))
        if form.is_valid():
            services.sanction(target, by=user_of(request), comment=comment, **form.cleaned_data)
            messages.success(request, _("%(name)s is told.") % {"name": name})
            return see_other(comment_url(comment.pk) if comment else reverse(LIST))
    except Refusal as refusal:
        return _show(request, form, name, target, refusal)
    return _show(request, form, name, target)


def _check_reads_all(request: HttpRequest) -> None:
    """They tell what somebody did in all parts of the site."""
    if not moderates_all(request.user):
        raise PermissionDenied


def _asked(request: HttpRequest, name: str) -> int:
    """The id in the address; raises Http404 for what no link of ours says."""
    value = request.GET.get(name, "")
    if not is_row_id(value):
        raise Http404
    return int(value)


def _writer(comment: Comment) -> User | Guest:
    writer = comment.author or comment.guest
    if writer is None:
        raise LookupError(f"nobody wrote comment {comment.pk}")
    return writer


def _show(
    request: HttpRequest, form: SanctionForm, name: str, target: User | Guest, refusal: Refusal | None = None
) -> HttpResponse:
    """The form with what is wrong with it; without it where nothing could be laid on `target` at all."""
    status: int = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    if refusal is not None:
        status = refusal.status
        if form.is_bound:
            form.add_refusal(refusal)
    may_list = moderates_all(request.user)
    context = {
        "title": _("Sanction"),
        "may_list": may_list,
        "form": form,
        "name": name,
        "refusal": refusal,
        "standing": Sanction.objects.laid_on(target).standing() if may_list else [],
    }
    return render(request, "sanction/lay", context, status)


@for_moderators
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    _check_reads_all(request)
    sanction = get_object_or_404(Sanction.objects.select_related("person", "guest"), pk=pk)
    context = {"title": _("Lift a sanction"), "may_list": True, "sanction": sanction, "name": _whom(sanction)}
    if request.method != "POST":
        return render(request, "sanction/lift", context)
    try:
        services.lift(sanction, by=user_of(request))
    except Refusal as refusal:
        return render(request, "sanction/lift", context | {"refusal": refusal}, refusal.status)
    messages.success(request, _("It is lifted."))
    return see_other(reverse(LIST))


def _whom(sanction: Sanction) -> str:
    """A name; of a guest the one on the comment that gave cause, since an address is shown to nobody."""
    if sanction.person is not None:
        return sanction.person.name
    return sanction.comment.guest_name if sanction.comment else _("a guest")


@admin.register(Sanction)
class SanctionAdmin(ReadOnlyAdmin):
    list_display = ["whom", "kind", "words", "made_by", "starts_at", "ends_at", "lifted_by", "to_do"]
    fields = [
        "whom", "kind", "message", "cause", "made_by", "starts_at", "ends_at", "acknowledged_at", "lifted_by",
        "lifted_at",
    ]  # fmt: skip
    list_filter = ["kind"]
    list_select_related = ["person", "comment", "made_by", "lifted_by"]
    ordering = ["-id"]

    def get_urls(self) -> list[URLPattern]:
        views: list[tuple[str, Callable[..., HttpResponse], str]] = [
            ("add/", lay, "add"),
            ("<int:pk>/lift/", lift, "lift"),
        ]
        wrap = self.admin_site.admin_view
        own = [path(address, wrap(view), name=f"moderation_sanction_{name}") for address, view, name in views]
        return own + [url for url in super().get_urls() if url.name != "moderation_sanction_add"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return moderates_all(request.user)

    def get_list_display_links(self, request: HttpRequest, list_display: Any) -> Any:
        return ["whom"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Sanction]:
        sanctions = Sanction.objects.select_related("person", "comment", "made_by", "lifted_by")
        return sanctions.defer("person__password", "person__email")

    @admin.display(description=gettext_lazy("person"))
    def whom(self, sanction: Sanction) -> str:
        return _whom(sanction)

    @admin.display(description=gettext_lazy("message"))
    def words(self, sanction: Sanction) -> str:
        return Truncator(sanction.message).chars(MESSAGE_IN_LIST)

    @admin.display(description=gettext_lazy("comment"))
    def cause(self, sanction: Sanction) -> str:
        if sanction.comment is None:
            return "–"
        return format_html('<a href="{}">{}</a>', comment_url(sanction.comment.pk), sanction.comment.key)

    @admin.display(description=gettext_lazy("to do"))
    def to_do(self, sanction: Sanction) -> str:
        if not sanction.is_standing:
            return ""
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:moderation_sanction_lift", args=[sanction.pk]), _("Lift…")
        )

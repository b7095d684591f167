"""Passages to look at: lost or uncertain ones, what they were, and where each may be now, put there by one button."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import services
from comments.admin import ReadOnlyAdmin
from comments.anchoring import Context, Status
from comments.models import Anchor
from comments.policy import can_attach
from comments.scopes import scope_of
from comments.suggestions import named, offers_for
from moderation.admin.desk import user_of
from moderation.models import LostPassage
from skycrumbs.answers import see_other
from skycrumbs.ids import is_row_id
from skycrumbs.problems import Refusal

LIST = "admin:moderation_lostpassage_changelist"
WORDS_IN_LIST = 300
# Most articles that the list can be narrowed to.
ARTICLES = 100
STATES = {Status.ORPHANED: gettext_lazy("lost"), Status.UNCERTAIN: gettext_lazy("uncertain")}


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [(status.value, words) for status, words in STATES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[LostPassage]) -> QuerySet[LostPassage]:
        return queryset.filter(now_status=self.value()) if self.value() else queryset


class ArticleFilter(admin.SimpleListFilter):
    """The articles that have such passages."""

    title = gettext_lazy("article")
    parameter_name = "article"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        rows = LostPassage.objects.to_look_at(request.user).order_by("article__title", "article")
        found = rows.values_list("article", "article__title").distinct()[:ARTICLES]
        return [(str(pk), title) for pk, title in found]

    def queryset(self, request: HttpRequest, queryset: QuerySet[LostPassage]) -> QuerySet[LostPassage]:
        # Not of the lookups alone: others may be named in an address.
        value = self.value() or ""
        if not value:
            return queryset
        return queryset.filter(article=int(value)) if is_row_id(value) else queryset.none()


class LostPassages(ChangeList):
    """The rows of one page, each with where it may be now."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        offers = offers_for(rows)
        for row in rows:
            row.offers = offers.get(row.pk, [])
            row.query = request.GET.urlencode()
        self.result_list = rows


@admin.register(LostPassage)
class LostPassageAdmin(ReadOnlyAdmin):
    list_display = ["comment_link", "article_title", "state", "then", "now"]
    list_filter = [StateFilter, ArticleFilter]
    list_per_page = 20
    list_max_show_all = 0
    list_select_related = ["comment__author", "article"]
    # What `to_look_at` says.
    ordering = ["-id"]
    sortable_by = ()

    def get_urls(self) -> list[URLPattern]:
        wrap, name = self.admin_site.admin_view, "moderation_lostpassage"
        views: list[tuple[str, Callable[..., HttpResponse], str]] = [
            ("", self.changelist_view, "changelist"),
            ("<int:pk>/attach/", self.attach, "attach"),
        ]
        return [path(address, wrap(view), name=f"{name}_{page}") for address, view, page in views]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not scope_of(request.user).is_nothing or request.user.has_perm("articles.change_article")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return LostPassages

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = LostPassage.objects.to_look_at(request.user)
        return rows.defer("article__draft_source", "comment__author__password", "comment__author__email")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        # Nothing is selected here.
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))

    def attach(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put the passage where the button says; where that is refused the list says why."""
        back = reverse(LIST) + (f"?{request.GET.urlencode()}" if request.GET else "")
        if request.method != "POST":
            return see_other(back)
        if not self.has_view_permission(request):
            raise PermissionDenied
        anchor = self.get_queryset(request).select_related("comment", "article").filter(pk=pk).first()
        if anchor is None:
            return self._settled(request, pk)
        selection = named(anchor.article, request.POST.get("place", ""))
        if selection is None:
            return self._refused(request, _("Choose one of the places."), HTTPStatus.BAD_REQUEST)
        try:
            services.attach(anchor.comment, by=user_of(request), selection=selection, seen=anchor)
        except Refusal as refusal:
            return self._refused(request, refusal.detail, refusal.status)
        messages.success(request, _("The passage is put in its place."))
        return see_other(back)

    def _settled(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Of what is not in the list any more; 404 where it never was for who asks."""
        anchor = get_object_or_404(Anchor.objects.select_related("comment__article"), pk=pk)
        if not can_attach(user_of(request), anchor.comment, anchor):
            raise Http404
        words = _("Nothing is done: this passage was put in its place meanwhile, or an edit brought it back.")
        return self._refused(request, words, HTTPStatus.CONFLICT)

    def _refused(self, request: HttpRequest, why: str, status: int) -> HttpResponse:
        messages.error(request, why)
        response = self.changelist_view(request)
        response.status_code = status
        return response

    @admin.display(description=gettext_lazy("comment"))
    def comment_link(self, row: Any) -> str:
        comment = row.comment
        url = reverse("pages:comment", args=[comment.key])
        return format_html('<a href="{}"><bdi>{}</bdi></a>', url, comment.writer_name)

    @admin.display(description=gettext_lazy("article"))
    def article_title(self, row: Any) -> str:
        url = reverse("pages:article", args=[row.article.slug])
        return format_html('<a href="{}"><bdi>{}</bdi></a>', url, row.article.title)

    @admin.display(description=gettext_lazy("state"))
    def state(self, row: Any) -> str:
        return str(STATES[Status(row.now_status)])

    @admin.display(description=gettext_lazy("as it was"))
    def then(self, row: Any) -> str:
        return _quoted(Context(row.prefix, row.suffix), row.exact)

    @admin.display(description=gettext_lazy("where it may be now"))
    def now(self, row: Any) -> str:
        attach = reverse("admin:moderation_lostpassage_attach", args=[row.pk]) + f"?{row.query}"
        places = format_html_join(
            "",
            '<li>{} <button class="button" name="place" value="{}" formaction="{}">{}</button> '
            '<span class="quiet">{}</span></li>',
            (
                (
                    _quoted(offer.context, offer.text),
                    offer.name,
                    attach,
                    _("It is here"),
                    _("%(percent)d %% alike") % {"percent": offer.percent},
                )
                for offer in row.offers
            ),
        )
        url = reverse("pages:passage", args=[row.comment.key])
        words = _("Then and now…")
        nothing = "" if row.offers else _("Nothing resembles it.")
        return format_html('{}<ul class="places">{}</ul><a href="{}">{}</a>', nothing, places, url, words)


def _quoted(context: Context, words: str) -> SafeString:
    """A passage, marked, in what stands around it."""
    shown = Truncator(words).chars(WORDS_IN_LIST)
    return format_html(
        '<span class="quoted" dir="auto">{}<mark>{}</mark>{}</span>', context.before, shown, context.behind
    )

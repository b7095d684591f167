"""Where editors write, look, publish and take back. The rules are in `articles.services`; this asks and shows."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from articles import by_hand, publishing, services
from articles.canonical import word_count
from articles.comparing import compare
from articles.errors import StaleDraft
from articles.forms import FACTS, ArticleForm, PublishForm, SeenDraftForm
from articles.listing import listing
from articles.models import Article, Category, Publishing, Revision
from articles.rendering import Rendered, render
from articles.services import Edition
from articles.steps import ByHand, Passage
from skycrumbs.admin_pages import ManyChosen, OfferedFilters, SentTwice
from skycrumbs.problems import NotThere, Refusal

# So many revisions are listed below an article, the newest first.
LISTED_REVISIONS = 50


@admin.register(Category)
class CategoryAdmin(SentTwice, OfferedFilters):
    list_display = ["name", "slug"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Article)
class ArticleAdmin(SentTwice, OfferedFilters):
    """The draft is edited here; what readers see changes by publishing alone, on a page of its own."""

    form = ArticleForm
    fieldsets = [
        (None, {"fields": ["draft_title", "draft_source", "seen_version"]}),
        (gettext_lazy("About the article"), {"fields": ["slug", *FACTS]}),
    ]
    autocomplete_fields = ["authors"]
    actions = None
    list_display = ["shown_title", "category", "status", "published_on", "comments", "revision_number"]
    list_filter = ["status", "discussion", "is_open", "category"]
    search_fields = ["title", "draft_title", "slug"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        return Article.objects.select_related("category", "current_revision").without_texts()

    @admin.display(description=gettext_lazy("title"), ordering="draft_title")
    def shown_title(self, article: Article) -> str:
        return article.title if article.is_published else article.draft_title

    @admin.display(description=gettext_lazy("comments"), ordering="comment_count")
    def comments(self, article: Article) -> int:
        return article.comment_count

    @admin.display(description=gettext_lazy("revision"), ordering="current_revision__number")
    def revision_number(self, article: Article) -> int | None:
        return article.current_revision.number if article.current_revision else None

    def get_urls(self) -> list[URLPattern]:
        views = {
            "preview": self.preview_view,
            "publish": self.publish_view,
            "publishing": self.publishing_view,
            "unpublish": self.unpublish_view,
        }
        own = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"articles_article_{name}")
            for name, view in views.items()
        ]
        taken = "<int:pk>/revisions/<int:number>/take-up/"
        own.append(path(taken, self.admin_site.admin_view(self.take_up_view), name="articles_article_take_up"))
        return own + super().get_urls()

    # -- The form

    def get_form(self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = cast(type[ArticleForm], super().get_form(request, obj, change, **kwargs))
        form.refusal = getattr(request, "refusal", None)
        return form

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["widget"] = ManyChosen(db_field, self.admin_site)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """The form; what a service refused is undone, and shown in the same form with everything typed."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (NotThere, Article.DoesNotExist) as gone:
            # Deleted since it was found: there is no form to show again. (Its text is read when the form is made.)
            raise Http404 from gone
        except Refusal as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]
            response = super().changeform_view(request, object_id, form_url, extra_context)
            response.status_code = refusal.status
            return response

    def save_model(self, request: HttpRequest, obj: Article, form: ArticleForm, change: bool) -> None:
        data = form.cleaned_data
        if not change:
            obj.title, obj.draft_version = obj.draft_title, 1
            super().save_model(request, obj, form, change)
        seen_version = data["seen_version"] if change else obj.draft_version
        services.save_draft(obj, title=data["draft_title"], source=data["draft_source"], seen_version=seen_version)
        if change:
            services.rename(obj, data["slug"])
            _save_facts(obj, form)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        form, article = context["adminform"].form, context["original"]
        if article is not None:
            context["revisions"] = _listed(article)
            context["publishing"] = Publishing.objects.filter(article=article).first()
        if form.is_bound and form.is_stale:
            context["differences"] = compare(form.initial["draft_source"], form.cleaned_data.get("draft_source", ""))
            context["saved"] = form.initial
            context["differing_facts"] = [form[name].label for name in form.changed_data if name in ("slug", *FACTS)]
        return super().render_change_form(request, context, *args, **kwargs)

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue: str | None = None) -> HttpResponse:
        return self._after_save(request, obj)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        return self._after_save(request, obj)

    def _after_save(self, request: HttpRequest, article: Article) -> HttpResponseRedirect:
        """On to what the button that was pressed named: the preview, publishing, or the form again."""
        self.message_user(request, _("The draft is saved."), messages.SUCCESS)
        page = next((page for page in ("preview", "publish") if f"_{page}" in request.POST), "change")
        return _to(page, article)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        article = self.get_object(request, unquote(object_id))
        if article is None or not article.revisions.exists():
            return super().delete_view(request, object_id, extra_context)
        words = _("This article has revisions and cannot be deleted. Unpublish it to take it out of view.")
        self.message_user(request, words, messages.ERROR)
        return _to("change", article)

    # -- Looking, publishing, taking back

    def preview_view(self, request: HttpRequest, pk: int) -> TemplateResponse:
        """The saved draft as its page will read."""
        article = self._find(request, pk)
        rendered = render(article.draft_source)
        revision = Revision(title=article.draft_title, words=word_count(rendered.text))
        context = {"rendered": rendered, "revision": revision, "links": _links(rendered)}
        return self._show(request, article, "preview", title=_("Preview"), context=context)

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        article = self._find(request, pk)
        if Publishing.objects.under_way().filter(article=article).exists():
            return _to("publishing", article)
        if request.method != "POST":
            return self._ask_to_publish(request, _asked(request, article))
        form = PublishForm(request.POST)
        if not form.is_valid():
            return self._ask_to_publish(request, _asked(request, article), form, status=400)
        try:
            asked = _asked(request, article, form.cleaned_data["seen_version"])
            if "show" in request.POST:
                return self._ask_to_publish(request, asked)
            if any(choice.error for choice in asked.choices.values()):
                return self._ask_to_publish(request, asked, form, status=400)
            return self._publish(request, asked, form.cleaned_data["summary"])
        except Refusal as refusal:
            # Somebody else was quicker: the page is about the draft as it is now.
            return self._ask_to_publish(request, _asked(request, article), refusal=refusal, status=refusal.status)

    def _publish(self, request: HttpRequest, asked: "_Asked", summary: str) -> HttpResponse:
        article, by = asked.edition.draft, cast(User, request.user)
        made = publishing.publish_or_begin(asked.edition, by=by, summary=summary, by_hand=asked.by_hand)
        if isinstance(made, Publishing):
            self.log_change(request, article, _("Publishing was begun."))
            return _to("publishing", article)
        number = cast(Revision, made or article.current_revision).number
        if made is None and article.is_published:
            words = _("Nothing changed: the draft reads as revision %d does.") % number
            self.message_user(request, words, messages.INFO)
            return _to("change", article)
        words = (_("Revision %d is published.") if made else _("Revision %d is public again.")) % number
        self.log_change(request, article, words)
        self.message_user(request, words, messages.SUCCESS)
        return _to("change", article)

    def _ask_to_publish(
        self,
        request: HttpRequest,
        asked: "_Asked",
        form: PublishForm | None = None,
        *,
        refusal: Refusal | None = None,
        status: int = 200,
    ) -> TemplateResponse:
        """The page that says which revision will be made, with a form that publishes the draft it speaks of."""
        article, impacts = asked.edition.draft, asked.edition.impacts()
        summary = request.POST.get("summary", "")
        form = form or PublishForm(initial={"seen_version": article.draft_version, "summary": summary})
        passages = [passage for impact in impacts or () for passage in impact.passages]
        show, before = request.POST.get("show", ""), request.POST.get("part", "")
        numbers = article.revisions.order_by("-number").values_list("number", flat=True)
        context = {
            "form": form,
            "number": (numbers.first() or 0) + 1,
            "impacts": impacts,
            "is_same_text": impacts is None,
            "listing": listing(passages, asked.choices, asked=show, before=before),
            "refusal": refusal,
            "failed": Publishing.objects.exclude(error="").filter(article=article).first(),
            "is_stale": isinstance(refusal, StaleDraft),
        }
        return self._show(request, article, "publish", title=_("Publish"), context=context, status=status)

    def publishing_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """How far the worker is, and a button to stop it; where nothing is under way any more, how it ended."""
        article = self._find(request, pk)
        if request.method == "POST":
            return self._stop(request, article)
        begun = Publishing.objects.filter(article=article).first()
        if begun is not None and not begun.error:
            return self._show(request, article, "publishing", title=_("Publishing"), context={"publishing": begun})
        if begun is not None:
            return _to("publish", article)
        if article.is_published:
            self._say_how_it_ended(request, article)
        return _to("change", article)

    def _say_how_it_ended(self, request: HttpRequest, article: Article) -> None:
        """Where the draft is not what is public, publishing was stopped, or was of a draft before this one."""
        if article.is_draft_published:
            number = article.standing_revision.number
            self.message_user(request, _("Revision %d is published.") % number, messages.SUCCESS)
        else:
            self.message_user(request, _("Nothing is being published."), messages.INFO)

    def _stop(self, request: HttpRequest, article: Article) -> HttpResponse:
        if not publishing.stop(article):
            return _to("publishing", article)
        self.log_change(request, article, _("Publishing was stopped."))
        self.message_user(request, _("Publishing was stopped. Readers see what they saw before."), messages.SUCCESS)
        return _to("change", article)

    def unpublish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        article = self._find(request, pk)
        if not article.is_published:
            self.message_user(request, _("The article is not published."), messages.INFO)
            return _to("change", article)
        if request.method != "POST":
            return self._show(request, article, "unpublish", title=_("Unpublish"))
        services.unpublish(article, by=cast(User, request.user))
        self.log_change(request, article, _("Unpublished."))
        self.message_user(request, _("The article is out of public view."), messages.SUCCESS)
        return _to("change", article)

    def take_up_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """The text of a revision as the next draft; asks first, for the draft there is gives way to it."""
        article = self._find(request, pk)
        revision = get_object_or_404(article.revisions, number=number)
        if request.method != "POST":
            return self._ask_to_take_up(request, article, revision)
        form = SeenDraftForm(request.POST)
        if not form.is_valid():
            return self._ask_to_take_up(request, article, revision, status=HTTPStatus.BAD_REQUEST)
        seen_version = form.cleaned_data["seen_version"]
        try:
            services.save_draft(article, title=revision.title, source=revision.source, seen_version=seen_version)
        except Refusal as refusal:
            fresh = self._find(request, pk)
            return self._ask_to_take_up(request, fresh, revision, problem=refusal.detail, status=refusal.status)
        words = _("The draft reads as revision %d does. Readers see it once you publish it.") % number
        self.log_change(request, article, _("The draft was filled with revision %d.") % number)
        self.message_user(request, words, messages.SUCCESS)
        return _to("change", article)

    def _ask_to_take_up(
        self, request: HttpRequest, article: Article, revision: Revision, *, problem: str = "", status: int = 200
    ) -> TemplateResponse:
        context = {
            "revision": revision,
            "form": SeenDraftForm(initial={"seen_version": article.draft_version}),
            "problem": problem,
        }
        return self._show(request, article, "take_up", title=_("Take up a revision"), context=context, status=status)

    def _find(self, request: HttpRequest, pk: int) -> Article:
        """The article, for somebody who may change it; 403 for others, 404 where there is none."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=pk)

    def _show(
        self,
        request: HttpRequest,
        article: Article,
        page: str,
        *,
        title: str,
        context: dict[str, Any] | None = None,
        status: int = 200,
    ) -> TemplateResponse:
        everywhere = self.admin_site.each_context(request)
        own = {"opts": self.opts, "original": article, "title": title, "subtitle": article.draft_title}
        template = f"admin/articles/article/{page}.html"
        return TemplateResponse(request, template, everywhere | own | (context or {}), status=status)


@dataclass(frozen=True)
class _Asked:
    """What the publish page is asked about: a draft, what was sent of passages, and where they go by that in it."""

    edition: Edition
    choices: dict[Passage, by_hand.Choice]
    by_hand: list[ByHand]


def _asked(request: HttpRequest, article: Article, seen_version: int | None = None) -> _Asked:
    """The saved draft, rendered once; of what was said of another draft only words count.

    Raises StaleDraft if it is not the one of `seen_version`.
    """
    edition, choices = services.edition_of(article, seen_version), by_hand.choices_of(request.POST)
    if request.POST.get("seen_version") != str(edition.draft.draft_version):
        by_hand.unconfirm(choices.values())
    return _Asked(edition, choices, by_hand.resolve(choices.values(), edition.rendered))


def _save_facts(article: Article, form: ArticleForm) -> None:
    """Write the facts that were changed, and no others."""
    changed = [name for name in FACTS if name in form.changed_data]
    if changed:
        # Authors are rows of their own, saved with the form's other relations.
        services.set_facts(article, {name: form.cleaned_data[name] for name in changed if name != "authors"})


def _listed(article: Article) -> QuerySet[Revision]:
    texts = ("source", "html", "canonical_text")
    return article.revisions.select_related("author").defer(*texts).order_by("-number")[:LISTED_REVISIONS]


def _links(rendered: Rendered) -> list[dict[str, Any]]:
    """The articles a text links to, with the one there is at that address, if any."""
    there = {article.slug: article for article in Article.objects.filter(slug__in=rendered.links).without_texts()}
    return [
        {"slug": slug, "label": label, "article": there.get(slug)} for slug, label in rendered.link_labels.items()
    ]


def _to(page: str, article: Article) -> HttpResponseRedirect:
    return redirect(reverse(f"admin:articles_article_{page}", args=[article.pk]))

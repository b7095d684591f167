"""Which comments a list is asked for."""

import re
from datetime import UTC, datetime

from django.utils.translation import gettext as _
from django_filters import rest_framework as filters

from articles.models import Article, Section
from comments.models import Comment
from comments.querysets import CommentQuerySet
from skycrumbs.ids import from_key
from skycrumbs.problems import Invalid

NO_PARENT = "none"
YES_OR_NO = [("true", "true"), ("false", "false")]
ORDERS = [("created", "oldest first"), ("-created", "newest first")]
# RFC 3339, section 5.6: date-time, which always says its offset from UTC.
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)


class CommentFilter(filters.FilterSet):
    article = filters.CharFilter(method="on_article", help_text="The slug of an article.")
    section = filters.CharFilter(method="on_section", help_text="The key of a section; needs `article`.")
    kind = filters.ChoiceFilter(choices=Comment.Kind.choices)
    parent = filters.CharFilter(
        method="below", help_text="The id of a comment: its direct replies. `none`: no replies."
    )
    anchored = filters.ChoiceFilter(choices=YES_OR_NO, method="is_anchored", help_text="On a passage, or not.")
    created_after = filters.CharFilter(method="after", help_text="An RFC 3339 date and time with its offset.")
    ordering = filters.ChoiceFilter(choices=ORDERS, method="in_order", help_text="`created` if not given.")

    class Meta:
        model = Comment
        fields = ["kind"]

    def on_article(self, comments: CommentQuerySet, name: str, value: str) -> CommentQuerySet:
        article = Article.objects.published().filter(slug=value).values("pk").first()
        if article is None:
            raise Invalid.field(name, "unknown", _("There is no such article."))
        return comments.filter(article=article["pk"])

    def on_section(self, comments: CommentQuerySet, name: str, value: str) -> CommentQuerySet:
        slug = self.form.cleaned_data["article"]
        if not slug:
            raise Invalid.field(name, "needs_article", _("Name the article of the section too."))
        section = Section.objects.filter(article__slug=slug, key=value).first()
        if section is None:
            raise Invalid.field(name, "unknown", _("The article has no such section."))
        return comments.filter(section=section)

    def below(self, comments: CommentQuerySet, name: str, value: str) -> CommentQuerySet:
        if value == NO_PARENT:
            return comments.filter(parent=None)
        public_id = from_key(value)
        seen = Comment.objects.in_threads(self.request.user)
        parent = seen.filter(public_id=public_id).first() if public_id else None
        if parent is None:
            raise Invalid.field(name, "unknown", _("There is no such comment."))
        return comments.filter(parent=parent)

    def is_anchored(self, comments: CommentQuerySet, name: str, value: str) -> CommentQuerySet:
        return comments.filter(anchor__isnull=value == "false")

    def after(self, comments: CommentQuerySet, name: str, value: str) -> CommentQuerySet:
        moment = _moment(value)
        if moment is None:
            detail = _("Write a date and time with its offset: 2026-01-31T12:00:00Z.")
            raise Invalid.field(name, "invalid", detail)
        return comments.filter(created_at__gt=moment)

    def in_order(self, comments: CommentQuerySet, name: str, value: str) -> CommentQuerySet:
        # The order of public ids is the order of making. (RFC 9562, section 5.7)
        return comments.order_by("-public_id" if value == "-created" else "public_id")


def _moment(value: str) -> datetime | None:
    if not _MOMENT.fullmatch(value):
        return None
    try:
        # OverflowError: in UTC it would be before the year 1, or after 9999.
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None

"""Which comments a list is asked for."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import rest_framework as filters

from articles.models import Article, Section
from comments.models import Comment
from comments.querysets import CommentQuerySet
from skycrumbs.ids import from_key
from skycrumbs.keeping import made_from
from skycrumbs.problems import Invalid

NO_PARENT = "none"
ME = "@me"
WORDS_MIN_LENGTH, WORDS_MAX_LENGTH = 3, 200
WORDS = f"{WORDS_MIN_LENGTH} to {WORDS_MAX_LENGTH} code points, in either case; needs `article`."
YES_OR_NO = [("true", "true"), ("false", "false")]
ORDERS = [("created", "oldest first"), ("-created", "newest first")]
# RFC 3339, section 5.6: date-time, which always says its offset from UTC.
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)


def _one_of(choices: Sequence[tuple[str, Any]], **fields: Any) -> filters.ChoiceFilter:
    """A filter that takes a few words, and says which."""
    allowed = ", ".join(word for word, _label in choices)
    refusal = format_lazy(gettext_lazy("Use one of: {allowed}."), allowed=allowed)
    return filters.ChoiceFilter(choices=choices, error_messages={"invalid_choice": refusal}, **fields)


class CommentFilter(filters.FilterSet):
    article = filters.CharFilter(method="on_article", help_text="The slug of an article.")
    section = filters.CharFilter(method="on_section", help_text="The key of a section; needs `article`.")
    kind = _one_of(Comment.Kind.choices)
    parent = filters.CharFilter(
        method="below", help_text="The id of a comment: its direct replies. `none`: no replies."
    )
    root = filters.CharFilter(method="in_thread", help_text="The id of a root: it and everything below it.")
    author = filters.CharFilter(
        method="by", help_text=f"A public name, exactly; needs `article`. `{ME}`: one's own, on any article."
    )
    quote = filters.CharFilter(method="on_words", help_text=f"Words of the passage. {WORDS}")
    search = filters.CharFilter(method="with_words", help_text=f"Words of the text. {WORDS}")
    anchored = _one_of(YES_OR_NO, method="is_anchored", help_text="On a passage, or not.")
    created_after = filters.CharFilter(method="after", help_text="An RFC 3339 date and time with its offset.")
    created_before = filters.CharFilter(method="before", help_text="An RFC 3339 date and time with its offset.")
    edited_after = filters.CharFilter(
        method="changed_after", help_text="An RFC 3339 date and time with its offset: as `edited` says."
    )
    ordering = _one_of(ORDERS, method="in_order", help_text="`created` if not given.")

    class Meta:
        model = Comment
        fields = ["kind"]

    def on_article(self, comments: CommentQuerySet, name: str, value: str) -> CommentQuerySet:
        article = Article.objects.published().only("version").named(value)
        if article is None:
            raise Invalid.field(name, "unknown", _("There is no such article."))
        made_from(self.request, article)
        return comments.filter(article=article)

    def on_section(self, comments: CommentQuerySet, name: str, value: str) -> CommentQuerySet:
        slug = self.form.cleaned_data["article"]
        if not slug:
            raise Invalid.field(name, "needs_article", _("Name the article of the section too."))
        article = Article.objects.published().only("pk").named(slug)
        section = Section.objects.filter(article=article, key=value).first()
        if section is None:
            raise Invalid.field(name, "unknown", _("The article has no such section."))
        return comments.filter(section=section)

    def below(self, comments: CommentQuerySet, name: str, value: str) -> CommentQuerySet:
        if value == NO_PARENT:
            # Which is the same; by no parent SQLite takes an index that leads to every root, and sorts them.
            return comments.filter(depth=0)
        return comments.filter(parent=self._seen(name, value))

    def in_thread(self, comments: CommentQuerySet, name: str, value: str) -> CommentQuerySet:
        root = self._seen(name, value)
        if not root.is_root:
            raise Invalid.field(name, "not_a_root", _("Name the comment that the thread begins with."))
        return comments.filter(root=root)

    def _seen(self, name: str, value: str) -> Comment:
        public_id = from_key(value)
        seen = Comment.objects.in_threads(self.request.user)
        seen = seen.select_related("article").defer("article__draft_source")
        comment = seen.filter(public_id=public_id).first() if public_id else None
        if comment is None:
            raise Invalid.field(name, "unknown", _("There is no such comment."))
        if self.form.cleaned_data["article"]:
            made_from(self.request, comment.article)
        return comment

    def by(self, comments: CommentQuerySet, name: str, value: str) -> CommentQuerySet:
        user = self.request.user
        if value != ME:
            self._check_has_article(name)
            return comments.named(value, user)
        if not user.is_authenticated:
            raise Invalid.field(name, "not_signed_in", _("Say who you are, or write a name."))
        return comments.readable_by(user).written_by(user)

    def on_words(self, comments: CommentQuerySet, name: str, value: str) -> CommentQuerySet:
        return comments.quoting(self._words(name, value), self.request.user)

    def with_words(self, comments: CommentQuerySet, name: str, value: str) -> CommentQuerySet:
        return comments.saying(self._words(name, value), self.request.user)

    def _words(self, name: str, value: str) -> str:
        """What to look for, as texts are stored. Raises Invalid where that would be looked for everywhere."""
        self._check_has_article(name)
        words = unicodedata.normalize("NFC", value)
        if not WORDS_MIN_LENGTH <= len(words) <= WORDS_MAX_LENGTH:
            lengths = {"least": WORDS_MIN_LENGTH, "most": WORDS_MAX_LENGTH}
            raise Invalid.field(name, "length", _("Write %(least)d to %(most)d characters.") % lengths)
        return words

    def _check_has_article(self, name: str) -> None:
        # No index leads to words or names: looked through is one discussion, never all of them.
        if not self.form.cleaned_data["article"]:
            raise Invalid.field(name, "needs_article", _("Name the article too."))

    def is_anchored(self, comments: CommentQuerySet, name: str, value: str) -> CommentQuerySet:
        user = self.request.user
        return comments.on_passages(user) if value == "true" else comments.on_no_passages(user)

    def after(self, comments: CommentQuerySet, name: str, value: str) -> CommentQuerySet:
        return comments.filter(created_at__gt=_moment(name, value))

    def before(self, comments: CommentQuerySet, name: str, value: str) -> CommentQuerySet:
        return comments.filter(created_at__lt=_moment(name, value))

    def changed_after(self, comments: CommentQuerySet, name: str, value: str) -> CommentQuerySet:
        return comments.edited_since(_moment(name, value), self.request.user)

    def in_order(self, comments: CommentQuerySet, name: str, value: str) -> CommentQuerySet:
        # The order of public ids is the order of making. (RFC 9562, section 5.7)
        return comments.order_by("-public_id" if value == "-created" else "public_id")


def _moment(name: str, value: str) -> datetime:
    moment = _read_moment(value) if _MOMENT.fullmatch(value) else None
    if moment is None:
        detail = _("Write a date and time with its offset: 2026-01-31T12:00:00Z.")
        raise Invalid.field(name, "invalid", detail)
    return moment


def _read_moment(value: str) -> datetime | None:
    try:
        # OverflowError: in UTC it would be before the year 1, or after 9999.
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None

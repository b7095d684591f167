"""What an editor fills in."""

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from articles.errors import StaleDraft
from articles.models import Article, Revision
from skycrumbs.problems import Refusal

# What a reader of the published article sees of it beside its text and address.
FACTS = ("category", "authors", "by_line", "language", "published_on", "discussion", "is_open")
# What services call a field, and what this form calls it.
_FIELD_NAMES = {"title": "draft_title", "source": "draft_source", "slug": "slug"}


class SourceField(forms.CharField):
    """Markdown as it was typed, with LF line ends. (Browsers send CRLF: HTML, section 4.10.22.4.)"""

    widget = forms.Textarea

    def to_python(self, value: str | None) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class ArticleForm(forms.ModelForm):
    """The draft and the facts of an article, as they were at the `draft_version` that was read."""

    # What the services said to this very form, set by whoever shows it again.
    refusal: Refusal | None = None

    seen_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    draft_source = SourceField(
        label=_("Text"),
        required=False,
        # Spaces at the start of Markdown are part of it.
        strip=False,
        help_text=_("Markdown. A heading begins a section."),
        widget=forms.Textarea(attrs={"dir": "auto", "rows": 30, "class": "source"}),
    )

    class Meta:
        model = Article
        fields = ["draft_title", "draft_source", "slug", *FACTS]
        widgets = {
            "draft_title": forms.TextInput(attrs={"dir": "auto", "class": "title"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen_version"] = self.instance.draft_version

    def clean_published_on(self) -> Any:
        day = self.cleaned_data["published_on"]
        if day is None and self.instance.is_published:
            raise forms.ValidationError(_("A published article has a date."), code="required")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.refusal is not None:
            self._show(self.refusal)
        if "seen_version" in self.errors:
            # It is hidden, and so is what stands beside it.
            self.add_error(None, _("This form is incomplete. Open the article again."))
        return data

    def _show(self, refusal: Refusal) -> None:
        for error in refusal.errors:
            self.add_error(_FIELD_NAMES.get(error.field), error.detail)
        if not refusal.errors:
            self.add_error(None, refusal.detail)
        if self.is_stale:
            # Sent again, it replaces what the editor has now been shown.
            data = cast(QueryDict, self.data).copy()
            data["seen_version"] = str(self.initial["seen_version"])
            self.data = data

    @property
    def is_stale(self) -> bool:
        return isinstance(self.refusal, StaleDraft)


class SeenDraftForm(forms.Form):
    """What is done to the draft that was read, and to no other."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class PublishForm(SeenDraftForm):
    """Publishes the draft that was read, with a line on what is new."""

    summary = forms.CharField(
        label=_("What changed"),
        required=False,
        max_length=Revision._meta.get_field("summary").max_length,
        help_text=_("One line for the list of revisions. May be empty."),
        widget=forms.TextInput(attrs={"dir": "auto", "class": "vTextField"}),
    )

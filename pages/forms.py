"""What readers type into pages. The rules of a text are those of `comments.services`."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.guests import fit_email
from comments.models import Comment
from comments.placing import EXACT_MAX_LENGTH
from comments.services import GuestName, fit_guest, fit_text
from moderation.models import Reason
from moderation.services import fit_note
from skycrumbs.ids import KEY_LENGTH
from skycrumbs.problems import Invalid
from skycrumbs.text import UnfitText

TARGET_FIELDS = ("revision", "start", "end", "exact", "section", "parent")


class QuoteField(forms.CharField):
    """Words of a canonical text. They travel as CR LF in a form (HTML Standard, "Multipart form data") and are LF."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class QuoteForm(forms.Form):
    """Where a passage is: its words, and offsets in a revision where they are known (code points, half-open)."""

    exact = QuoteField(
        label=_("The words that the comment is on now"),
        help_text=_("As they stand in the article, within one section."),
        max_length=EXACT_MAX_LENGTH,
        strip=False,
        widget=forms.Textarea({"rows": 3}),
    )
    revision = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    start = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    end = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)


class TargetForm(forms.Form):
    """Which passage, section or comment is meant; nothing at all means the article."""

    revision = forms.IntegerField(min_value=1, required=False)
    start = forms.IntegerField(min_value=0, required=False)
    end = forms.IntegerField(min_value=0, required=False)
    exact = QuoteField(max_length=EXACT_MAX_LENGTH, required=False, strip=False)
    section = forms.CharField(max_length=80, required=False)
    parent = forms.CharField(max_length=KEY_LENGTH, required=False)

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or self.cleaned_data
        place = [chosen.get(name) is not None for name in ("revision", "start", "end")]
        if any(place) != all(place) or (chosen.get("exact") and not any(place)):
            raise forms.ValidationError(_("Name the revision, the start and the end of a passage."))
        if sum([any(place), bool(chosen.get("section")), bool(chosen.get("parent"))]) > 1:
            raise forms.ValidationError(_("Name a passage, a section or a comment, not more than one of them."))
        return chosen


def _carried() -> forms.CharField:
    return forms.CharField(required=False, strip=False, widget=forms.HiddenInput)


# What each kind says to whoever chooses it.
KINDS = {
    Comment.Kind.COMMENT: _("Comment: everybody reads it"),
    Comment.Kind.HIGHLIGHT: _("Highlight: everybody sees the passage marked, words are not needed"),
    Comment.Kind.NOTE: _("Note: only you read it, with an account"),
}


class ComposeForm(forms.Form):
    """A new comment, highlight or note. The target only travels with it: TargetForm reads it."""

    # Before the text, which it decides on.
    kind = forms.ChoiceField(
        label=_("What you leave"), choices=list(KINDS.items()), required=False, widget=forms.RadioSelect
    )
    text = forms.CharField(label=_("Your comment"), strip=False, required=False, widget=forms.Textarea({"rows": 6}))
    revision, start, end = _carried(), _carried(), _carried()
    exact, section, parent = _carried(), _carried(), _carried()

    @classmethod
    def empty(
        cls, text: str = "", *, kinds: Sequence[str] = (), kind: str = "", prefix: str = "id", **target: object
    ) -> "ComposeForm":
        """The form to be filled in; it carries `target` and no fields that say nothing.

        It asks which of `kinds` it is to be, where there are several; `prefix` begins the ids of its fields.
        """
        form = cls(initial={"text": text, "kind": kind, **target}, auto_id=f"{prefix}_%s")
        form.offer(kinds)
        for name in TARGET_FIELDS:
            if name not in target:
                del form.fields[name]
        return form

    def offer(self, kinds: Sequence[str]) -> None:
        """Ask which of `kinds` it is to be, or nothing where there is no choice."""
        if len(kinds) < 2:
            del self.fields["kind"]
        else:
            self.fields["kind"].choices = [(kind, KINDS[Comment.Kind(kind)]) for kind in kinds]  # type: ignore[attr-defined]

    @property
    def chosen_kind(self) -> Comment.Kind:
        """Of a form that was sent and found valid."""
        return Comment.Kind(self.cleaned_data.get("kind") or Comment.Kind.COMMENT)

    def clean_text(self) -> str:
        return _fit(self.cleaned_data["text"], self.cleaned_data.get("kind") or Comment.Kind.COMMENT)


class GuestForm(forms.Form):
    """Who writes without an account: `guest`, once it is found valid. The address is never filled in by the site.

    The fields find nothing wrong themselves: what may stand in them is for `fit_guest` to say.
    """

    name = forms.Field(
        label=_("Name"),
        help_text=_("Shown beside your comment."),
        required=False,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    email = forms.Field(
        label=_("E-mail"),
        help_text=_("Only to confirm that it is you. It is shown to nobody."),
        required=False,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    guest: GuestName

    @classmethod
    def again(cls, data: Mapping[str, Any]) -> "GuestForm":
        """With what was typed so far, which nobody found wrong yet."""
        return cls(initial={name: data.get(name, "") for name in ("name", "email")})

    @staticmethod
    def is_in(data: Mapping[str, Any]) -> bool:
        """Whether the form that was sent asked for it: the one on kept pages does not."""
        return "email" in data

    def clean(self) -> dict[str, Any]:
        sent = super().clean() or self.cleaned_data
        try:
            self.guest = fit_guest(GuestName(sent["name"] or "", sent["email"] or ""))
        except Invalid as invalid:
            for error in invalid.errors:
                self.add_error(error.field.removeprefix("guest."), error.detail)
        return sent


class ClaimForm(forms.Form):
    """The address that a comment was written with."""

    email = forms.Field(
        label=_("E-mail"),
        help_text=_("The one you gave when you wrote the comment."),
        required=False,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )

    def clean_email(self) -> str:
        try:
            return fit_email(self.cleaned_data["email"] or "")
        except UnfitText as unfit:
            raise forms.ValidationError(str(unfit), code=unfit.code) from unfit


class TextForm(forms.Form):
    """A text written on `version` of a comment."""

    text = forms.CharField(label=_("Your comment"), strip=False, required=False, widget=forms.Textarea({"rows": 8}))
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind

    def clean_text(self) -> str:
        return _fit(self.cleaned_data["text"], self.kind)


class EditForm(TextForm):
    """A comment's new text."""


class CorrectionForm(TextForm):
    """What is added below a text that can no longer be replaced."""

    text = forms.CharField(
        label=_("Your correction"), strip=False, required=False, widget=forms.Textarea({"rows": 4})
    )


class FlagForm(forms.Form):
    """What a reader reports of a comment."""

    reason = forms.ChoiceField(
        label=_("What is wrong with it?"),
        choices=Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is wrong."), "invalid_choice": _("Choose what is wrong.")},
    )
    note = forms.CharField(
        label=_("A note for the moderators"),
        help_text=_("At most 500 characters. Needed for “Something else”."),
        strip=False,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        sent = super().clean() or self.cleaned_data
        try:
            sent["note"] = fit_note(sent.get("note", ""), sent.get("reason", ""))
        except Invalid as invalid:
            self.add_error("note", invalid.detail)
        return sent


class ReplyMailForm(forms.Form):
    """Whether replies are mailed to who sends it: what is wanted, so that a form sent twice says it twice."""

    replies = forms.ChoiceField(choices=[("on", "on"), ("off", "off")])


def _fit(text: str, kind: str) -> str:
    try:
        return fit_text(text, kind)
    except Invalid as invalid:
        raise forms.ValidationError(invalid.detail, code=invalid.errors[0].code) from invalid

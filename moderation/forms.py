"""What moderators send. What becomes of it, and what a note may hold, is the services' to say."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.models import SANCTION_MESSAGE_MAX_LENGTH, Sanction
from moderation.rulings import RejectionReason, Ruling
from moderation.services import Seen
from skycrumbs.problems import Refusal

# Of columns.
LARGEST_NUMBER, LARGEST_ID = 2**31 - 1, 2**63 - 1
# What can be done to many at once.
FOR_MANY = [Ruling.APPROVE, Ruling.REJECT, Ruling.SPAM]


class RefusableForm(forms.Form):
    """A form that can say what a service said."""

    def add_refusal(self, refusal: Refusal) -> None:
        for error in refusal.errors:
            self.add_error(error.field if error.field in self.fields else None, error.detail)
        if not refusal.errors:
            self.add_error(None, refusal.detail)


class RulingForm(RefusableForm):
    ruling = forms.TypedChoiceField(choices=Ruling.choices, coerce=Ruling)
    reason = forms.ChoiceField(choices=RejectionReason.choices, required=False)
    note = forms.CharField(required=False)
    private_note = forms.CharField(required=False)

    @property
    def said(self) -> dict[str, Any]:
        """The words of it, as the services take them."""
        return {name: self.cleaned_data[name] for name in ("reason", "note", "private_note")}


class SeenForm(RefusableForm):
    """About one comment as it was read; `seen` becomes the Seen it stands for."""

    seen = forms.CharField(max_length=40)

    def __init__(self, *args: Any, pk: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pk = pk

    def clean_seen(self) -> Seen:
        seen = Seen.read(self.pk, self.cleaned_data["seen"])
        if seen is None:
            raise forms.ValidationError(_("This form is incomplete. Open the comment again."))
        return seen


class OneRulingForm(SeenForm, RulingForm):
    """`text` is the number of the text that was read, `reverses` the id of the decision that is made anew."""

    text = forms.IntegerField(min_value=1, max_value=LARGEST_NUMBER, required=False)
    reverses = forms.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)


class ManyRulingForm(RulingForm):
    ruling = forms.TypedChoiceField(choices=[(one.value, one.label) for one in FOR_MANY], coerce=Ruling)


class EraseForm(SeenForm):
    private_note = forms.CharField(label=_("Note for other moderators"), required=False)
    is_sure = forms.BooleanField(
        label=_("I know that this cannot be undone"),
        error_messages={"required": _("Say that you know what it means.")},
    )


def _moment() -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=_("Ends"), required=False, widget=widget)


class HoldForm(RefusableForm):
    case_ref = forms.CharField(label=_("Case"), max_length=120)
    authority = forms.CharField(label=_("Authority"), max_length=120)
    ends_at = _moment()


class ReleaseForm(RefusableForm):
    hold = forms.IntegerField(min_value=1, max_value=LARGEST_ID)


class SanctionForm(RefusableForm):
    kind = forms.TypedChoiceField(
        label=_("Sanction"), choices=Sanction.Kind.choices, coerce=Sanction.Kind, widget=forms.RadioSelect
    )
    message = forms.CharField(
        label=_("Message"),
        max_length=SANCTION_MESSAGE_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("They are shown it."),
    )
    ends_at = _moment()

"""Sign-up asks for a public name as well; the admin's sign-in counts its tries."""

import hashlib
import unicodedata

from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.utils.translation import gettext_lazy as _

from accounts import limits
from accounts.models import NAME_MAX_LENGTH
from skycrumbs.problems import TooManyRequests
from skycrumbs.text import UnfitText, clean, is_blank


def clean_name(value: str) -> str:
    """A public name that can be read; raises ValidationError in words."""
    try:
        name = clean(value, max_length=NAME_MAX_LENGTH)
    except UnfitText as unfit:
        raise forms.ValidationError(str(unfit), code=unfit.code) from unfit
    if is_blank(name) or "\n" in name:
        raise forms.ValidationError(_("Write the name others should see."), code="blank")
    return name


class SignupForm(AllauthSignupForm):
    name = forms.CharField(label=_("Name"), max_length=NAME_MAX_LENGTH, help_text=_("Shown beside what you write."))
    field_order = ["name", "email", "password1"]

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])


class AdminSignInForm(AdminAuthenticationForm):
    """The admin's sign-in, ten tries in five minutes for each name, right or wrong."""

    LIMITS = [(10, 300)]

    def clean(self) -> dict[str, object]:
        # As one name however it is written. (Unicode Standard Annex 15; a key's length is the column's.)
        name = unicodedata.normalize("NFKC", self.cleaned_data.get("username", "")).casefold()
        try:
            limits.take(f"admin-sign-in:{hashlib.sha256(name.encode()).hexdigest()}", self.LIMITS)
        except TooManyRequests as refusal:
            raise forms.ValidationError(refusal.detail, code=refusal.code) from refusal
        return super().clean()

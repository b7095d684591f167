"""Sign-up asks for a public name as well, and counts the mail it sends."""

from typing import Any

from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import limits
from accounts.guests import fit_email, no_address
from accounts.models import NAME_MAX_LENGTH
from accounts.names import fit_name
from accounts.post_limits import mail_to
from skycrumbs.text import UnfitText


def clean_name(value: str) -> str:
    """A public name by the rules of `fit_name`; raises ValidationError in their words."""
    try:
        return fit_name(value)
    except UnfitText as unfit:
        raise forms.ValidationError(str(unfit), code=unfit.code) from unfit


def clean_email(value: str) -> str:
    """`value`, where it is an address by the rules of `fit_email` and as that writes it; else raises ValidationError.

    Nothing else is made of it: a new password is mailed to what was typed.
    """
    try:
        if fit_email(value) != value:
            raise no_address()
    except UnfitText as unfit:
        raise forms.ValidationError(str(unfit), code=unfit.code) from unfit
    return value


class SignupForm(AllauthSignupForm):
    name = forms.CharField(label=_("Name"), max_length=NAME_MAX_LENGTH, help_text=_("Shown beside what you write."))
    field_order = ["name", "email", "password1"]
    account_already_exists: bool

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    def try_save(self, request: HttpRequest) -> Any:
        """What allauth's gives; raises TooManyRequests before anything is stored or sent.

        A mail goes out either way: to confirm the address, or to tell its owner that somebody tried.
        """
        limits.take_all(mail_to(request, self.cleaned_data["email"]))
        if self.account_already_exists:
            # Most of the time a new account takes goes into this: without it an answer that comes at once would tell
            # that the address has one. (Django does so where somebody signs in with an unknown address.)
            make_password(self.cleaned_data["password1"])
        try:
            return super().try_save(request)
        except IntegrityError:
            # The form was sent twice, and the other one was faster: by now the address has an account.
            self.account_already_exists = True
            return super().try_save(request)

"""Where allauth asks us."""

import secrets

from allauth.account.adapter import DefaultAccountAdapter
from django.forms import Form
from django.http import HttpRequest

from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    def populate_username(self, request: HttpRequest, user: User) -> None:
        """A random handle: one made from the address would tell it to whoever sees the handle."""
        user.username = f"reader-{secrets.token_hex(8)}"

    def save_user(self, request: HttpRequest, user: User, form: Form, commit: bool = True) -> User:
        user.name = form.cleaned_data["name"]
        return super().save_user(request, user, form, commit)

"""How often the forms of accounts may be sent: one table by the name of the address, kept before any view runs."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from accounts import limits
from accounts.networks import network_of
from skycrumbs.failures import refused
from skycrumbs.problems import TooManyRequests

Uses = dict[str, limits.Windows]


def mail_to(request: HttpRequest, email: str) -> Uses:
    """A mail to `email`, counted for the address, for the network that asks, and for the account if one does."""
    return (
        _of_address("mail", email, settings.MAIL_LIMITS)
        | _of_account("mail", request, settings.MAIL_LIMITS)
        | _of_network("mail", request, settings.MAIL_NETWORK_LIMITS)
    )


def _sign_in(request: HttpRequest) -> Uses:
    """A password tried at an address, whether or not somebody has it, and from a network."""
    tried = _of_address("sign-in", request.POST.get("login", ""), settings.SIGN_IN_LIMITS)
    return tried | _secret(request)


def _password(request: HttpRequest) -> Uses:
    """A password tried or set by somebody who is signed in; apart from sign-in, which others can use up."""
    return _of_account("password", request, settings.SIGN_IN_LIMITS) | _secret(request)


def _secret(request: HttpRequest) -> Uses:
    """A password, or what a mail said, tried from a network."""
    return _of_network("sign-in", request, settings.SIGN_IN_NETWORK_LIMITS)


def _sign_up(request: HttpRequest) -> Uses:
    """A new account from a network. Its mail is counted by SignupForm: five mistakes are no five mails."""
    return _of_network("sign-up", request, settings.SIGN_UP_NETWORK_LIMITS)


def _reset(request: HttpRequest) -> Uses:
    return mail_to(request, request.POST.get("email", ""))


def _addresses(request: HttpRequest) -> Uses:
    """An address that is added, or sent its mail again; the other buttons of the page send none."""
    sends = "action_add" in request.POST or "action_send" in request.POST
    return _reset(request) if sends else {}


def _of_address(what: str, email: str, windows: limits.Windows) -> Uses:
    return {f"{what}:address:{limits.address_key(email)}": windows} if email else {}


def _of_account(what: str, request: HttpRequest, windows: limits.Windows) -> Uses:
    return {f"{what}:account:{request.user.pk}": windows} if request.user.is_authenticated else {}


def _of_network(what: str, request: HttpRequest, windows: limits.Windows) -> Uses:
    return {f"{what}:network:{network_of(request)}": windows}


# Every address below accounts/ whose POST sends mail or checks a secret, and the one of the admin.
USES: dict[str, Callable[[HttpRequest], Uses]] = {
    "account_login": _sign_in,
    "account_signup": _sign_up,
    "account_reset_password": _reset,
    "account_email": _addresses,
    "account_reauthenticate": _password,
    "account_change_password": _password,
    "account_set_password": _password,
    "admin:password_change": _password,
    "account_confirm_email": _secret,
    "account_reset_password_from_key": _secret,
    "account_confirm_login_code": _secret,
}


class PostLimitsMiddleware:
    """Answers a post in the view's place where it is one too many."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        match = request.resolver_match
        uses = USES.get(match.view_name) if match and request.method == "POST" else None
        if uses is None:
            return None
        try:
            limits.take_all(uses(request))
        except TooManyRequests as refusal:
            # Django hands what a middleware raises here to nobody.
            return refused(request, refusal)
        return None

"""Who looks at a page that is made for one reader: an account, a guest for a while, or nobody known."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts import guests
from accounts.models import Guest, GuestLink
from comments.scopes import Viewer

SESSION = GuestLink.Purpose.SESSION


def viewer_of(request: HttpRequest) -> Viewer:
    """The account that is signed in, else the guest who proved an address in this browser a short while ago.

    At most one query, and none without the guest's cookie.
    """
    if request.user.is_authenticated:
        return request.user
    return _guest(request) or request.user


def is_somebody(viewer: Viewer) -> bool:
    """An account or a guest, who can have written something."""
    return viewer.is_authenticated or isinstance(viewer, Guest)


def _guest(request: HttpRequest) -> Guest | None:
    token = request.COOKIES.get(settings.GUEST_COOKIE_NAME)
    return guests.guest_by_session(token) if token else None


def remember_guest(response: HttpResponse, guest: Guest) -> None:
    """Let this browser act as `guest` for a quarter of an hour."""
    response.set_cookie(
        settings.GUEST_COOKIE_NAME,
        guests.make_link(guest, SESSION),
        max_age=int(guests.LASTS[SESSION].total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )

"""The security headers of every answer, and who may keep it."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from skycrumbs.templatetags.skycrumbs import importmap_hash

GetResponse = Callable[[HttpRequest], HttpResponseBase]

_LOCKED = "base-uri 'none'; frame-ancestors 'none'; object-src 'none'; form-action 'self'"
_OWN = "img-src 'self' data:; font-src 'self'; connect-src 'self'"
# Swagger UI writes style attributes; it is served from our own static files.
_API_DOCS = f"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; {_OWN}; {_LOCKED}"
_API = "default-src 'none'; frame-ancestors 'none'"
_SWITCHED_OFF = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
    "gyroscope", "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "usb",
    "xr-spatial-tracking",
)  # fmt: skip
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in _SWITCHED_OFF)


def page_policy() -> str:
    """The policy of pages: no nonce, so that a kept page stays valid; the one inline import map by its hash."""
    return f"{_admin_policy()}; require-trusted-types-for 'script'; trusted-types skycrumbs"


def _admin_policy() -> str:
    """The admin's own pages need no inline script; what is refused there is a page of the site."""
    return f"default-src 'none'; script-src 'self' '{importmap_hash()}'; style-src 'self'; {_OWN}; {_LOCKED}"


def _policy_for(path: str) -> str:
    if path.startswith("/admin/"):
        return _admin_policy()
    if path.startswith("/api/docs/"):
        return _API_DOCS
    return _API if path.startswith("/api/") else page_policy()


class SecurityHeadersMiddleware:
    """Sets what no view sets for itself; an answer that says nothing about keeping is never kept."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        policy = _policy_for(request.path)
        if not settings.DEBUG:
            policy += "; upgrade-insecure-requests"
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # Django's own middleware sets these too, but on nothing that is answered before its turn.
        response.headers.setdefault("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY)
        response.headers.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        if response.status_code >= 400:
            response.headers["Cache-Control"] = "no-store"
        response.headers.setdefault("Cache-Control", "private, no-store")
        if response.headers["Cache-Control"].startswith("public"):
            _take_cookies_from(response, varies=request.path.startswith("/api/"))
        return response


def _take_cookies_from(response: HttpResponseBase, *, varies: bool) -> None:
    """What anyone may keep gives nobody a cookie, and is another for another cookie only where it `varies`.

    Django answers a malformed session or CSRF cookie with a new one, whatever the view said.
    """
    response.cookies.clear()
    if not varies and "Vary" in response.headers:
        names = [name.strip() for name in response.headers["Vary"].split(",")]
        del response.headers["Vary"]
        if left := ", ".join(name for name in names if name.lower() != "cookie"):
            response.headers["Vary"] = left


def kept(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a public page: the same bytes for everybody, kept anywhere, asked after each time by its ETag."""

    @wraps(view)
    def keep(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method in ("GET", "HEAD") and response.status_code == 200:
            response.headers.setdefault("Cache-Control", "public, no-cache")
        return response

    # Nothing is written here (forms prove their origin themselves): another method is 405, not a failed check.
    return csrf_exempt(keep)

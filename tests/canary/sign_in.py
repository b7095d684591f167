"""Signing in and up. None of it shows what anybody wrote; each is asked all the same."""

from tests.canary.asking import static

_WHY = "signs people in and out, and knows nothing of comments"
_PAGES = [
    "login/",
    "logout/",
    "inactive/",
    "signup/",
    "reauthenticate/",
    "email/",
    "confirm-email/",
    "password/change/",
    "password/set/",
    "password/reset/",
    "login/code/confirm/",
    "password/reset/key/done/",
    "password/reset/done/",
]
SURFACES = {
    **{f"accounts/{page}": static(_WHY, f"/accounts/{page}") for page in _PAGES},
    r"accounts/^confirm-email/(?P<key>[-:\w]+)/$": static(_WHY, "/accounts/confirm-email/zq/"),
    r"accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": static(
        _WHY, "/accounts/password/reset/key/1-zq/"
    ),
}

"""What guests are led to: pages that say the same to everybody, and those behind a link that only a mail holds."""

from tests.canary.asking import static

_SAME, _NEVER_MAILED = (
    "says the same to everybody",
    "shows what a link is for to whoever was mailed it; this one never was",
)
SURFACES = {
    "comments/sent/": static(_SAME, "/comments/sent/"),
    "comments/<key:public_id>/claim/": static(_SAME, "/comments/{key}/claim/"),
    "guests/asked/": static(_SAME, "/guests/asked/"),
    "guests/confirm/<slug:token>/": static(_NEVER_MAILED, "/guests/confirm/zq/"),
    "guests/manage/<slug:token>/": static(_NEVER_MAILED, "/guests/manage/zq/"),
}

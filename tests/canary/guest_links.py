"""What guests are led to: pages that say the same to everybody, and those behind a link that only a mail holds."""

from collections.abc import Iterator

from tests.canary.asking import Ask, Surface, asked_by, static
from tests.canary.finding import numbers
from tests.canary.scene import Site
from tests.canary.sight import Viewer

_SAME = "says the same to everybody"
_NEVER_MAILED = "shows what a link is for to whoever was mailed it; this one never was"


def _claim(site: Site, viewer: Viewer) -> Iterator[Ask]:
    """It names the comment that was asked for, whether or not there is one, and says nothing about it."""
    for planted in asked_by(site, viewer, 0):
        yield Ask(f"/comments/{planted.key}/claim/", ids=frozenset(numbers([planted])))


SURFACES = {
    "comments/sent/": static(_SAME, "/comments/sent/"),
    "comments/<key:public_id>/claim/": Surface(_claim),
    "guests/asked/": static(_SAME, "/guests/asked/"),
    "guests/confirm/<slug:token>/": static(_NEVER_MAILED, "/guests/confirm/zq/"),
    "guests/manage/<slug:token>/": static(_NEVER_MAILED, "/guests/manage/zq/"),
}

"""Every address there is, and what it is asked."""

from tests.canary import admin, api, guest_links, own_pages, public_pages, sign_in
from tests.canary.asking import Surface

SURFACES: dict[str, Surface] = {
    **public_pages.SURFACES,
    **own_pages.SURFACES,
    **guest_links.SURFACES,
    **api.SURFACES,
    **admin.SURFACES,
    **sign_in.SURFACES,
}
LIVELY = [pattern for pattern, surface in SURFACES.items() if not surface.why]
STATIC = [pattern for pattern, surface in SURFACES.items() if surface.why]
API = [pattern for pattern in LIVELY if SURFACES[pattern].is_api]
COMMENTS_API = [pattern for pattern in API if pattern.startswith("api/v1/comments/")]
KEPT = [pattern for pattern in LIVELY if SURFACES[pattern].is_kept]

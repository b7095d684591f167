"""What every template may name; the same for everybody who asks."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, str]:
    return {
        "site_name": settings.SITE_NAME,
        "site_footer": settings.SITE_FOOTER,
    }

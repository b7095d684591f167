"""Where a request comes from, as limits count it."""

from ipaddress import IPv4Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "unknown"


def network_of(request: HttpRequest) -> str:
    """The client's IPv4 address, or the /64 around its IPv6 address; UNKNOWN where it cannot be read.

    A /64 is the least that one subscriber is given, with all of its addresses to choose from. (RFC 6177)
    """
    try:
        address = ip_address(_client(request))
    except ValueError:
        return UNKNOWN
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), 64), strict=False))


def _client(request: HttpRequest) -> str:
    """The other end of the connection; behind trusted proxies, whom the outermost of them saw.

    Each proxy appends to X-Forwarded-For. What stands before its entry was written by the client, at its pleasure.
    """
    count: int = settings.TRUSTED_PROXY_COUNT
    if count == 0:
        return request.META.get("REMOTE_ADDR", "")
    seen = request.headers.get("X-Forwarded-For", "").split(",")
    return seen[-count].strip() if len(seen) >= count else ""

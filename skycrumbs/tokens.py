"""Short texts as they stand in addresses: base64url without padding. (RFC 4648, section 5)"""

import base64


def packed(text: str) -> str:
    """`text`, which is ASCII, as a token."""
    return base64.urlsafe_b64encode(text.encode("ascii")).rstrip(b"=").decode("ascii")


def unpacked(token: str) -> str:
    """The text of a token; raises ValueError for what is none. Several tokens may have the same text."""
    return base64.urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4)).decode("ascii")

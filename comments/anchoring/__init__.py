"""Where a passage is, and where it went: plain text in, places out. Imports no Django.

Every offset counts Unicode code points from the start of a revision's canonical text; spans are half-open.
"""

from comments.anchoring.arriving import Arrivals
from comments.anchoring.carrying import carry, carry_alone
from comments.anchoring.quotes import AmbiguousQuote, Context, QuoteNotFound, context_of, locate
from comments.anchoring.spans import Placement, Span, Status

__all__ = [
    "AmbiguousQuote",
    "Arrivals",
    "Context",
    "Placement",
    "QuoteNotFound",
    "Span",
    "Status",
    "carry",
    "carry_alone",
    "context_of",
    "locate",
]

"""What people write to moderators, and moderators to them, made fit to store."""

from skycrumbs.problems import Invalid
from skycrumbs.text import UnfitText, clean


def fit(field: str, words: str, *, max_length: int) -> str:
    """The words by the rules of `clean`; raises Invalid for `field`. Blank ones are the caller's to judge."""
    try:
        return clean(words, max_length=max_length)
    except UnfitText as unfit:
        raise Invalid.field(field, unfit.code, str(unfit)) from unfit

"""What fields of several apps ask of what is typed."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from skycrumbs.blank import is_blank


def validate_seen(value: str) -> None:
    """Something of it can be seen."""
    if is_blank(value):
        raise ValidationError(_("Write something that can be seen."), code="nothing_seen")

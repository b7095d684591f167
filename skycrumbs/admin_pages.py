"""What pages of the admin share."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.core.exceptions import BadRequest
from django.db import IntegrityError
from django.db.models import IntegerField
from django.http import HttpRequest

from skycrumbs.ids import is_row_id

# The id of no row.
_OF_NONE = "0"
# What the filters of a list call their parameters: the field, and one of these.
_ENDINGS = ("__exact", "__isnull", "__id__exact")


class OfferedFilters(admin.ModelAdmin):
    """A list that is narrowed by the filters it shows, and whose rows are chosen by their ids.

    Django takes every column in an address, by every comparison: who asks often enough reads what no page shows.
    """

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        filters = self.get_list_filter(request)
        own = {one.parameter_name for one in filters if isinstance(one, type) and issubclass(one, SimpleListFilter)}
        return lookup in own | {f"{name}{ending}" for name in filters for ending in _ENDINGS}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """400 where rows are chosen by what no box of the list sends, which Django would ask the database for."""
        if not all(self._can_be_id(one) for one in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest("Rows are chosen by their ids.")
        return super().changelist_view(request, extra_context)

    def _can_be_id(self, text: str) -> bool:
        # The id of a token is its digest. No database takes a NUL.
        return is_row_id(text) if isinstance(self.opts.pk, IntegerField) else "\0" not in text


class ManyChosen(AutocompleteSelectMultiple):
    """Rows that are found by typing. What cannot be an id is sent as that of no row, which the form refuses.

    Django asks the database for the ids as they were sent, to show the form again with what is wrong with it.
    """

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        sent = super().value_from_datadict(data, files, name)
        return [one if is_row_id(one) else _OF_NONE for one in sent]


class SentTwice(admin.ModelAdmin):
    """Pages that say in words that somebody was faster, were it by a second press of the same button."""

    def changeform_view(self, *args: Any, **kwargs: Any) -> Any:
        return _asked_again(super().changeform_view, *args, **kwargs)

    def delete_view(self, *args: Any, **kwargs: Any) -> Any:
        return _asked_again(super().delete_view, *args, **kwargs)

    def changelist_view(self, *args: Any, **kwargs: Any) -> Any:
        return _asked_again(super().changelist_view, *args, **kwargs)


def _asked_again(view: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    try:
        return view(*args, **kwargs)
    except IntegrityError:
        # Nothing of this was stored; what the other one stored can be seen by now, and the page says so.
        return view(*args, **kwargs)

"""What lists in the admin share."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.http import HttpRequest

# What the filters of a list call their parameters: the field, and one of these.
_ENDINGS = ("__exact", "__isnull", "__id__exact")


class OfferedFilters(admin.ModelAdmin):
    """A list that is narrowed by the filters it shows.

    Django takes every column in an address, by every comparison: who asks often enough reads what no page shows.
    """

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        filters = self.get_list_filter(request)
        own = {one.parameter_name for one in filters if isinstance(one, type) and issubclass(one, SimpleListFilter)}
        return lookup in own | {f"{name}{ending}" for name in filters for ending in _ENDINGS}

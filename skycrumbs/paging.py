"""Lists page by page, each continued from a row rather than from a number: rows that come or go move nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from skycrumbs.problems import Invalid
from skycrumbs.tokens import packed, unpacked

PAGE_SIZE = 50
PAGE_SIZE_MAX = 200
PARAMETERS = ("cursor", "page_size")


@dataclass(frozen=True)
class Cursor:
    """The rows after the one that is publicly called `key`, or before it."""

    key: str
    is_backward: bool = False

    def __str__(self) -> str:
        sign = "<" if self.is_backward else ">"
        return packed(f"{sign}{self.key}")

    @classmethod
    def read(cls, token: str) -> "Cursor | None":
        """The cursor written as `token`; None for anything that `str` does not give."""
        try:
            text = unpacked(token)
        except ValueError:
            return None
        cursor = cls(text[1:], text.startswith("<"))
        return cursor if str(cursor) == token and text.isprintable() and text[:1] in ("<", ">") else None


class CursorPaging(BasePagination):
    """Pages a queryset in the order it has. A subclass says how a row is named and where a named row stands.

    One query for a page, besides what `position_of` asks.
    """

    def key_of(self, row: Any) -> str:
        """The public name of a row, ASCII."""
        raise NotImplementedError

    def position_of(self, key: str) -> tuple[Any, ...] | None:
        """The values of the row's order_by fields, in order; None if there is no such row."""
        raise NotImplementedError

    def first(self, number: int, ordered: Any) -> list[Any]:
        """The first rows of `ordered`, at most so many."""
        return list(ordered[:number])

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """Raises Invalid for a page size or a cursor that cannot be used."""
        self.address = request.build_absolute_uri()
        size = _page_size(request.query_params.get("page_size"))
        cursor, position = self._start(request.query_params.get("cursor"))
        order, is_backward = queryset.query.order_by, cursor is not None and cursor.is_backward
        past = _past(order, position, is_backward) if position else Q()
        ordered = queryset.filter(past).order_by(*(_turned(order) if is_backward else order))
        rows = self.first(size + 1, ordered)
        self._set_ends(has_more=len(rows) > size, is_backward=is_backward, has_cursor=cursor is not None)
        self.page = rows[:size][::-1] if is_backward else rows[:size]
        return self.page

    def _start(self, token: str | None) -> tuple[Cursor | None, tuple[Any, ...] | None]:
        """The cursor that was sent, and where the row it names stands; nothing for the first page."""
        if token is None:
            return None, None
        cursor = Cursor.read(token)
        position = self.position_of(cursor.key) if cursor else None
        if position is None:
            raise Invalid.field("cursor", "invalid", _("This cursor is of no use here; start again without it."))
        return cursor, position

    def _set_ends(self, *, has_more: bool, is_backward: bool, has_cursor: bool) -> None:
        # The way a page was come by, there is at least the row that the cursor names.
        self.has_next = is_backward or has_more
        self.has_previous = has_more if is_backward else has_cursor

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self._next(), "previous": self._previous(), "results": data})

    def _next(self) -> str | None:
        return self._link(Cursor(self.key_of(self.page[-1]))) if self.page and self.has_next else None

    def _previous(self) -> str | None:
        is_there = self.page and self.has_previous
        return self._link(Cursor(self.key_of(self.page[0]), is_backward=True)) if is_there else None

    def _link(self, cursor: Cursor) -> str:
        return replace_query_param(self.address, "cursor", str(cursor))

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": PAGE_SIZE_MAX, "default": PAGE_SIZE}
        cursor = "From `next` or `previous`. Cursors are opaque: follow the links."
        return [
            {"name": "cursor", "in": "query", "description": cursor, "schema": {"type": "string"}},
            {"name": "page_size", "in": "query", "description": "Rows on a page.", "schema": size},
        ]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "format": "uri", "nullable": True}
        properties = {"next": link, "previous": link, "results": schema}
        return {"type": "object", "required": list(properties), "properties": properties}


def _page_size(value: str | None) -> int:
    if value is None:
        return PAGE_SIZE
    is_number = value.isascii() and value.isdecimal() and len(value) <= len(str(PAGE_SIZE_MAX))
    if not is_number or not 1 <= int(value) <= PAGE_SIZE_MAX:
        detail = _("Use a whole number from 1 to %d.") % PAGE_SIZE_MAX
        raise Invalid.field("page_size", "out_of_range", detail)
    return int(value)


def _turned(order: Sequence[str]) -> list[str]:
    return [name[1:] if name.startswith("-") else f"-{name}" for name in order]


def _past(order: Sequence[str], position: Sequence[Any], is_backward: bool) -> Q:
    """Rows past `position` in `order`: by its first field, or level in that and past by the next, and so on."""
    past, level = Q(), Q()
    for name, value in zip(order, position, strict=True):
        is_falling = name.startswith("-") != is_backward
        field = name.removeprefix("-")
        past |= level & Q((f"{field}__{'lt' if is_falling else 'gt'}", value))
        level &= Q((field, value))
    # This takes nothing away; but it is looked up in an index, and an OR is tried on every row before.
    is_falling = order[0].startswith("-") != is_backward
    bound = Q((f"{order[0].removeprefix('-')}__{'lte' if is_falling else 'gte'}", position[0]))
    return bound & past if len(order) > 1 else past

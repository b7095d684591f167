"""Where in the queue a moderator is: its narrowing and how far in, as the query of an address."""

import re
from dataclasses import dataclass, replace

from django.http import Http404, QueryDict
from django.urls import reverse

from moderation.waiting import Cursor, Narrowing, What


@dataclass(frozen=True)
class Place:
    narrowing: Narrowing = Narrowing()
    after: Cursor | None = None

    @classmethod
    def read(cls, query: QueryDict) -> "Place":
        """Raises Http404 for what no link of ours says."""
        what = query.get("what", "")
        if what and what not in What:
            raise Http404
        token = query.get("cursor")
        after = None if token is None else Cursor.read(token)
        if token is not None and after is None:
            raise Http404
        narrowing = Narrowing(What(what) if what else None, _id(query, "category"), _id(query, "article"))
        return cls(narrowing, after)

    @classmethod
    def read_back(cls, sent: QueryDict) -> "Place":
        """The place a form was sent from, carried in its field `back`; only the queue's own parameters count."""
        return cls.read(QueryDict(sent.get("back", "")))

    @property
    def query(self) -> str:
        parameters = QueryDict(mutable=True)
        given = {
            "what": self.narrowing.what,
            "category": self.narrowing.category,
            "article": self.narrowing.article,
            "cursor": self.after,
        }
        parameters.update({name: str(value) for name, value in given.items() if value is not None})
        return parameters.urlencode()

    @property
    def url(self) -> str:
        start = reverse("admin:moderation_waiting_changelist")
        return f"{start}?{self.query}" if self.query else start

    def behind(self, cursor: Cursor) -> "Place":
        return replace(self, after=cursor)

    @property
    def start(self) -> "Place":
        return replace(self, after=None)


def _id(query: QueryDict, name: str) -> int | None:
    value = query.get(name, "")
    # No id of ours is longer.
    if value and not re.fullmatch(r"[1-9][0-9]{0,17}", value):
        raise Http404
    return int(value) if value else None

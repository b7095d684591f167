"""Which indexes the tables of comments have: each is written once more for every row."""

import pytest
from django.apps import apps
from django.db import connection

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "model",
    ["comment", "commentrevision", "anchor", "checkrun", "checkresult", "vote", "decision", "moderationscope"],
)
def test_none_is_the_beginning_of_another(model):
    indexes = columns_of_indexes(apps.get_model("comments", model)._meta.db_table)
    assert not [(one, other) for one in indexes for other in indexes if one != other and one == other[: len(one)]]


def columns_of_indexes(table: str) -> list[list[str]]:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table).values()
    return [one["columns"] for one in found if one["index"] or one["unique"]]

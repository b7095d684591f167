from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

from django.template.loader import render_to_string
from django.test import SimpleTestCase
from django.utils import translation

from pages.rows import Row
from pages.templatetags.pages import public_comment
from skycrumbs.ids import new_id, to_key

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def a_row() -> Row:
    """One that no other test has, with something in every field."""
    key = to_key(new_id())
    texts = {field.name: field.name for field in fields(Row) if field.type in (str, "str")}
    numbers = {field.name: 1 for field in fields(Row) if field.type in (int, "int")}
    times = {"created_at": NOON, "edited_at": NOON, "corrections": (("<p>More.</p>", NOON),)}
    return Row(**texts | numbers | times | {"key": key, "depth": 7, "status": "changed"})


def changed(value: object) -> object:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return f"{value} changed"
    if isinstance(value, datetime):
        return value + timedelta(days=1)
    return (("<p>Less.</p>", NOON),)


def made(row: Row) -> str:
    return render_to_string("pages/_comment.html", {"row": row})


class PublicCommentTests(SimpleTestCase):
    def test_is_made_once_while_its_row_says_the_same(self):
        row = a_row()
        first = public_comment(row)
        with patch("pages.templatetags.pages.render_to_string", side_effect=AssertionError):
            self.assertEqual(public_comment(replace(row)), first)

    def test_is_made_anew_when_any_field_of_its_row_is_another(self):
        row = a_row()
        self.assertEqual(public_comment(row), made(row))
        for field in fields(Row):
            with self.subTest(field.name):
                other = replace(row, **{field.name: changed(getattr(row, field.name))})
                self.assertEqual(public_comment(other), made(other))

    def test_is_made_for_each_language(self):
        row = a_row()
        english = public_comment(row)
        with translation.override("de"):
            self.assertEqual(public_comment(row), made(row))
            self.assertNotEqual(public_comment(row), english)

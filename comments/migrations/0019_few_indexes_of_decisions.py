from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

append_only = import_module("comments.migrations.0004_decisions_are_append_only")
not_replaced = import_module("comments.migrations.0014_decisions_are_not_replaced_or_emptied")
TABLE = "comments_decision"
ACTS = [act for table, act in append_only.REFUSED if table == TABLE]


def allow(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for act in [*ACTS, "replace"]:
            schema_editor.execute(f"DROP TRIGGER {TABLE}_{act}_refused")


def refuse(apps, schema_editor):
    """SQLite builds the altered table anew, without its triggers. On PostgreSQL they stay."""
    if schema_editor.connection.vendor == "sqlite":
        for act in ACTS:
            schema_editor.execute(append_only.ON_SQLITE.format(table=TABLE, act=act))
        schema_editor.execute(not_replaced.ON_SQLITE)


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0018_few_indexes_of_comments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(allow, refuse),
        migrations.AlterField(
            model_name="decision",
            name="comment",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="decisions",
                to="comments.comment",
            ),
        ),
        migrations.RunPython(refuse, allow),
        migrations.AlterField(
            model_name="moderationscope",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="moderation_scopes",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]

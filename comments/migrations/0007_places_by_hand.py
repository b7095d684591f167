from importlib import import_module

from django.db import migrations, models

append_only = import_module("comments.migrations.0004_decisions_are_append_only")
TABLE, ACT = "comments_anchormove", "update"


# SQLite builds the altered table anew, without its trigger.
def allow(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    schema_editor.execute(f"DROP TRIGGER {TABLE}_{ACT}_refused" + ("" if is_sqlite else f" ON {TABLE}"))


def refuse(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    trigger = append_only.ON_SQLITE if is_sqlite else append_only.ON_POSTGRESQL
    schema_editor.execute(trigger.format(table=TABLE, act=ACT))


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0001_articles"),
        ("comments", "0006_votes"),
    ]

    operations = [
        migrations.RunPython(allow, refuse),
        migrations.RemoveConstraint(model_name="anchormove", name="one_move_per_revision"),
        migrations.AddConstraint(
            model_name="anchormove",
            constraint=models.UniqueConstraint(
                condition=models.Q(("method", "by hand"), _negated=True),
                fields=("anchor", "to_revision"),
                name="one_move_per_revision",
            ),
        ),
        migrations.RunPython(refuse, allow),
    ]

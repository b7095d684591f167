import django.db.models.deletion
from django.db import migrations, models


def leave_room(apps, schema_editor):
    """Half of each page, so that a row that is written anew stays on its own, and no index has to be told."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE comments_anchor SET (fillfactor = 45)")


def leave_none(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE comments_anchor RESET (fillfactor)")


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0003_publishing_by_the_worker"),
        ("comments", "0011_few_indexes_of_anchors"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="anchor", name="passages_to_look_at"),
        migrations.AlterField(
            model_name="anchor",
            name="now_revision",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="articles.revision",
            ),
        ),
        migrations.AddIndex(
            model_name="anchor",
            index=models.Index(
                condition=models.Q(("now_status__in", ["orphaned", "uncertain"])),
                fields=["-id"],
                name="passages_to_look_at",
            ),
        ),
        migrations.RunPython(leave_room, leave_none),
    ]

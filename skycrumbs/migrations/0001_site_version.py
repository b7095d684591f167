from django.db import migrations, models

import skycrumbs.models


def make_row(apps, schema_editor):
    apps.get_model("skycrumbs", "SiteVersion").objects.create(pk=1)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="SiteVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(default=skycrumbs.models._new, max_length=32)),
            ],
            options={"default_permissions": ()},
        ),
        migrations.RunPython(make_row, migrations.RunPython.noop),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0016_find_what_was_edited"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("state", "withdrawn"), ("visibility", "private")),
                fields=["id"],
                name="notes_withdrawn",
            ),
        ),
    ]

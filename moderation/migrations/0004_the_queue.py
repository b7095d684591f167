from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("moderation", "0003_open_flags_wait"), ("comments", "0003_who_decided_and_what_waits")]

    operations = [
        migrations.CreateModel(
            name="Waiting",
            fields=[],
            options={
                "verbose_name": "queue",
                "verbose_name_plural": "queue",
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("comments.comment",),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0015_whole_places_in_their_order"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("edited_at__isnull", False)), fields=["edited_at"], name="comments_edited"
            ),
        ),
    ]

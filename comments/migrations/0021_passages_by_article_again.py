from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0020_passages_by_ids_alone"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="comment", name="comments_in_public"),
        migrations.RemoveIndex(model_name="anchor", name="anchors_by_place"),
        migrations.AddIndex(
            model_name="anchor",
            index=models.Index(fields=["article", "now_start", "now_end"], name="anchors_by_place"),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0019_few_indexes_of_decisions"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="anchor", name="anchors_by_place"),
        migrations.AddIndex(
            model_name="anchor",
            index=models.Index(fields=["article", "now_start", "now_end", "comment"], name="anchors_by_place"),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("public_revision__isnull", False)),
                fields=["article", "id"],
                name="comments_in_public",
            ),
        ),
    ]

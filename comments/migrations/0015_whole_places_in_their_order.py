from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0014_decisions_are_not_replaced_or_emptied"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="anchor", name="anchors_by_place"),
        migrations.AddIndex(
            model_name="anchor",
            index=models.Index(fields=["article", "now_start", "now_end"], name="anchors_by_place"),
        ),
    ]

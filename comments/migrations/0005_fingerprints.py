from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0004_decisions_are_append_only"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="commentrevision",
            name="what_is_erased_has_no_text",
        ),
        migrations.AddField(
            model_name="commentrevision",
            name="fingerprint",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddIndex(
            model_name="commentrevision",
            index=models.Index(fields=["fingerprint", "created_at"], name="texts_that_say_the_same"),
        ),
        migrations.AddConstraint(
            model_name="commentrevision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("erased_length", None), ("erased_sha256", "")),
                    models.Q(("erased_length__isnull", False), ("fingerprint", ""), ("html", ""), ("source", "")),
                    _connector="OR",
                ),
                name="what_is_erased_has_no_text",
            ),
        ),
    ]

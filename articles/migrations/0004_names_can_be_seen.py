from django.db import migrations, models

from skycrumbs.validators import validate_seen


class Migration(migrations.Migration):
    dependencies = [("articles", "0003_publishing_by_the_worker")]

    operations = [
        migrations.AlterField(
            model_name="article",
            name="by_line",
            field=models.CharField(
                blank=True,
                help_text="Shown in place of the authors' names.",
                max_length=120,
                validators=[validate_seen],
                verbose_name="by-line",
            ),
        ),
        migrations.AlterField(
            model_name="category",
            name="name",
            field=models.CharField(max_length=80, unique=True, validators=[validate_seen], verbose_name="name"),
        ),
    ]

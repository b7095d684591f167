from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

# SQLite builds the altered table anew, without its trigger.
by_hand = import_module("comments.migrations.0007_places_by_hand")
OF_MOVES = {"article": "articles.article", "from_revision": "articles.revision", "to_revision": "articles.revision"}
OF_ANCHORS = {"article": "articles.article", "revision": "articles.revision"}


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0003_publishing_by_the_worker"),
        ("comments", "0010_passages_to_look_at"),
    ]

    operations = [
        migrations.RunPython(by_hand.allow, by_hand.refuse),
        *(
            migrations.AlterField(
                model_name="anchormove",
                name=name,
                field=models.ForeignKey(
                    db_constraint=False,
                    db_index=False,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=model,
                ),
            )
            for name, model in OF_MOVES.items()
        ),
        migrations.RunPython(by_hand.refuse, by_hand.allow),
        *(
            migrations.AlterField(
                model_name="anchor",
                name=name,
                field=models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=model,
                ),
            )
            for name, model in OF_ANCHORS.items()
        ),
    ]

from django.db import migrations

CONSUMERS = ["delivery.replies.consume", "delivery.decisions.consume"]


def begin(apps, schema_editor):
    """A site with a past must not mail people about everything that was ever said there."""
    numbered = apps.get_model("events", "Event").objects.filter(number__isnull=False)
    last = numbered.order_by("-number").values_list("number", flat=True).first() or 0
    cursors = apps.get_model("events", "Cursor").objects
    for name in CONSUMERS:
        cursors.get_or_create(name=name, defaults={"number": last})


class Migration(migrations.Migration):
    dependencies = [
        ("delivery", "0001_deliveries"),
        ("events", "0003_cursors"),
    ]

    operations = [
        # Going back leaves the cursors: they are true, and nobody follows them then.
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]

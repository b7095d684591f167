from django.db import migrations
from django.db.models import Count, Exists, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

BATCH = 5000
FLAGGED = 1


def fill(apps, schema_editor):
    """Of flags from before: how many are open on a comment, which waits since the first of them."""
    Comment, Flag = apps.get_model("comments", "Comment"), apps.get_model("moderation", "Flag")
    flags = Flag.objects.filter(comment=OuterRef("pk"), closed_at=None)
    count = flags.order_by().values("comment").annotate(count=Count("pk")).values("count")
    first = flags.order_by("created_at").values("created_at")[:1]
    for flagged in batches(Comment.objects.filter(Exists(flags))):
        flagged.update(
            open_flags=Subquery(count),
            waiting_order=FLAGGED,
            waiting_since=Coalesce(F("waiting_since"), Subquery(first)),
        )


def batches(rows):
    """`rows` in parts, by ranges of their key, each a statement and a transaction of its own."""
    after = 0
    while keys := list(rows.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield rows.filter(pk__gt=after, pk__lte=keys[-1])
        after = keys[-1]


class Migration(migrations.Migration):
    # What is done stays done if it is stopped; done again it comes to the same.
    atomic = False
    dependencies = [("moderation", "0002_sanctions"), ("comments", "0003_who_decided_and_what_waits")]

    # The columns go with a migration of comments.
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

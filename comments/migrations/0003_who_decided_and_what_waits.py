from django.db import migrations
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Coalesce

BATCH = 5000


def fill(apps, schema_editor):
    """Of rows from before: who acted in which role, and since when what is held waits."""
    Comment, Decision = apps.get_model("comments", "Comment"), apps.get_model("comments", "Decision")
    own = Comment.objects.filter(pk=OuterRef("comment_id"), author_id=OuterRef("actor_id"))
    for acted in batches(Decision.objects.filter(actor__isnull=False)):
        acted.update(role="moderator")
        acted.filter(Exists(own)).update(role="author")
    for held in batches(Comment.objects.filter(state__in=["held", "held_edit"], visibility="public")):
        held.update(waiting_since=Coalesce(F("edited_at"), F("created_at")))


def batches(rows):
    """`rows` in parts, by ranges of their key, each a statement and a transaction of its own."""
    after = 0
    while keys := list(rows.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield rows.filter(pk__gt=after, pk__lte=keys[-1])
        after = keys[-1]


class Migration(migrations.Migration):
    # What is done stays done if it is stopped; done again it comes to the same.
    atomic = False
    dependencies = [("comments", "0002_people_and_decisions")]

    # The columns go with the migration before.
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

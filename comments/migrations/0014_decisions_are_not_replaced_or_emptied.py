from django.db import migrations

# What neither UPDATE nor DELETE is: SQLite's REPLACE deletes the row in its way without firing triggers, and
# PostgreSQL's TRUNCATE deletes no row at all. Moves are open to both, as they are to DELETE.
ON_SQLITE = """
    CREATE TRIGGER comments_decision_replace_refused BEFORE INSERT ON comments_decision
    WHEN EXISTS (
        SELECT 1 FROM comments_decision
        WHERE id = NEW.id OR (comment_id = NEW.comment_id AND version = NEW.version)
    )
    BEGIN SELECT RAISE(ABORT, 'comments_decision is append-only'); END
"""
ON_POSTGRESQL = """
    CREATE TRIGGER comments_decision_truncate_refused BEFORE TRUNCATE ON comments_decision
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""


def refuse(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    schema_editor.execute(ON_SQLITE if is_sqlite else ON_POSTGRESQL)


def allow(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER comments_decision_replace_refused")
    else:
        schema_editor.execute("DROP TRIGGER comments_decision_truncate_refused ON comments_decision")


class Migration(migrations.Migration):
    dependencies = [("comments", "0013_limits_keep_what_they_name")]

    operations = [migrations.RunPython(refuse, allow)]

from django.db import migrations

# A later migration that alters one of these tables on SQLite builds it anew and loses its triggers: it must run
# these operations again, after its own. A move can be deleted, since what nobody proves is removed with its anchor.
REFUSED = [("comments_decision", "update"), ("comments_decision", "delete"), ("comments_anchormove", "update")]

ON_SQLITE = """
    CREATE TRIGGER {table}_{act}_refused BEFORE {act} ON {table}
    BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
FUNCTION = """
    CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$
"""
ON_POSTGRESQL = """
    CREATE TRIGGER {table}_{act}_refused BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()
"""


def refuse(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    if not is_sqlite:
        schema_editor.execute(FUNCTION.replace("%", "%%"), params=())
    for table, act in REFUSED:
        schema_editor.execute((ON_SQLITE if is_sqlite else ON_POSTGRESQL).format(table=table, act=act))


def allow(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for table, act in REFUSED:
        schema_editor.execute(f"DROP TRIGGER {table}_{act}_refused" + ("" if is_sqlite else f" ON {table}"))
    if not is_sqlite:
        schema_editor.execute("DROP FUNCTION refuse_change()")


class Migration(migrations.Migration):
    dependencies = [("comments", "0003_who_decided_and_what_waits")]

    operations = [migrations.RunPython(refuse, allow)]

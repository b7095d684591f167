"""The site, made once for all tests here, and who looks at it."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.utils import timezone

from tests.canary.finding import KeyFinder
from tests.canary.scene import Site, make_site
from tests.canary.sight import Viewer, make_viewers
from tests.clock import stopped_at


@pytest.fixture(scope="package")
def site(django_db_setup, django_db_blocker) -> Iterator[Site]:
    """Made once, and never committed: every test works in a savepoint within. Then the clock stops, as what may be
    done to a comment changes while it grows older."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = make_site()
        if connection.vendor == "postgresql":
            # What is not committed nobody counts for it, and without figures it plans long joins badly. Ours alone:
            # other processes of tests would wait for the tables that all databases share.
            with connection.cursor() as cursor:
                tables = map(connection.ops.quote_name, connection.introspection.table_names(cursor))
                cursor.execute(f"ANALYZE {', '.join(tables)}")
        with stopped_at(timezone.now()):
            yield made
        transaction.set_rollback(True)


@pytest.fixture(scope="package")
def viewers(site) -> dict[str, Viewer]:
    return make_viewers(site)


@pytest.fixture(scope="package")
def find_keys(site) -> KeyFinder:
    return KeyFinder(site)

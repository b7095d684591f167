"""How long a page of the queue takes: `python -m benchmarks.queue`.

Fills a database of its own with 100 000 comments, of which 2 000 wait, and times whole answers of the admin for a
moderator of everything: templates, session, permissions and all. On SQLite in a temporary file; on PostgreSQL where
DATABASE_URL names one, in a test database beside it, which is removed again. Filling takes a minute or two.
"""

import os

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from benchmarks.queue_times import main

    main()

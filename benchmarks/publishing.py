"""How long publishing takes, and how long it keeps others from writing: `python -m benchmarks.publishing`.

An article of 200 kB with 10 000 comments on passages (`--anchors N` for others) is edited and published, on SQLite in
a temporary file; on PostgreSQL where DATABASE_URL names one, in a test database beside it, which is removed again.
All the while another process writes to the same article again and again, in short transactions, and says how long the
longest of them took.
"""

import os

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from benchmarks.publishing_times import main

    main()

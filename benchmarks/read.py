"""How fast readers are answered: `python -m benchmarks.read`, with and without the front, and beside nginx.

Fills a database of its own (a temporary SQLite file, or the PostgreSQL database that DATABASE_URL names, which is
left filled) with three articles of 100, 1 000 and 10 000 comments, serves it with granian and two workers on a
port of the loopback, and asks for page, list and counts over 8 connections for a few seconds each. The client runs
on the same machine and takes its share of it: figures are for comparing, not for keeping.
"""

import os
import sys
import tempfile
from pathlib import Path

import django

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "skycrumbs.settings")
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(folder, 'read.sqlite3')}")
        os.environ |= {"SECRET_KEY": "only-for-benchmarks-" * 3, "DEBUG": "false", "SECURE_SSL_REDIRECT": "false"}
        os.environ["LOG_LEVEL"] = "ERROR"
        django.setup()
        from benchmarks.read_times import main

        sys.exit(main(Path(folder)))

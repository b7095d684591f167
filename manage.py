#!/usr/bin/env python
"""Skycrumbs' command line: settings come from the environment, then from `.env` beside this file."""

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line
from django.db import DatabaseError, OperationalError
from dotenv import load_dotenv
from environs import EnvError

INTERRUPTED = 130
ENV_FILE = Path(__file__).resolve().with_name(".env")


def main() -> None:
    """Run the command named in `sys.argv`. A variable that is in the environment wins over the file."""
    try:
        load_dotenv(ENV_FILE)
    except (OSError, UnicodeError) as error:
        sys.exit(f"{ENV_FILE} cannot be read: {error}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "skycrumbs.settings")
    try:
        execute_from_command_line(sys.argv)
    except EnvError as error:
        # An operator's mistake, named by the error; the way to it through the code says nothing more.
        sys.exit(f"Settings: {error}")
    except DatabaseError as error:
        # Away, full, locked, or no database at all. Its other kinds are mistakes in the code.
        if type(error) not in (DatabaseError, OperationalError) or "--traceback" in sys.argv:
            raise
        sys.exit(f"The database that DATABASE_URL names cannot be used: {error}")
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()

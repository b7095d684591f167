"""Writes the settings file of a development machine, with a secret of its own."""

import os
import secrets
import sys

TEMPLATE = """\
# Settings of this development machine. The environment wins over what stands here.
SECRET_KEY={secret}
DEBUG=true
"""


def write_env(path: str) -> None:
    """Make `path`, readable by its owner alone. A file that is there is left as it is."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(TEMPLATE.format(secret=secrets.token_urlsafe(50)))
    print(f"Wrote {path} with a random SECRET_KEY and DEBUG=true.")


if __name__ == "__main__":
    write_env(sys.argv[1])

"""Finds a Chromium for the browser tests and the screenshots."""

import os
import shutil
import subprocess
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """The path of a Chromium: the one CHROMIUM names, else the first on the PATH, else None."""
    found = (shutil.which(name) for name in (os.environ.get("CHROMIUM", ""), *NAMES) if name)
    return next((path for path in found if path), None)


def can_install_packages() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install_chromium() -> str | None:
    """Install Debian's package, which needs apt and root; None where that does not bring a Chromium."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        subprocess.run(["apt-get", "--quiet", *arguments], env=environment, check=False)
    return find_chromium()


def launch_options() -> dict[str, Any]:
    """What Playwright's `chromium.launch` needs to start it. Raises RuntimeError where there is none."""
    path = find_chromium()
    if path is None:
        raise RuntimeError("No Chromium here: install one, or name it in CHROMIUM.")
    # Chromium refuses its sandbox to root.
    return {"executable_path": path, "args": ["--no-sandbox"] if os.geteuid() == 0 else []}

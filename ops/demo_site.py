"""The demo, served on a free port from a database of its own, for as long as somebody looks at it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

_SIGN_IN = """
from django.conf import settings
from django.test import Client
from accounts.models import User
client = Client()
client.force_login(User.objects.get(username={!r}))
print(client.cookies[settings.SESSION_COOKIE_NAME].value)
"""


class DemoSite:
    """`manage.py serve` as a process. `url` has no slash at its end; `said` is what it printed so far."""

    def __init__(self, folder: Path, port: int, language: str) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.said = ""
        self._environment = {**os.environ, **_environment(folder, port), "LANGUAGE_CODE": language}
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "serve"],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def wait_until_served(self) -> None:
        """Read what it prints up to its last address. Raises RuntimeError when it ends before that."""
        for line in self.process.stdout or ():
            self.said += line
            if f"{self.url}/api/docs/" in line:
                return
        raise RuntimeError(f"The demo did not start:\n{self.said}")

    def session_of(self, username: str) -> str:
        """The session cookie of somebody who is signed in."""
        command = [sys.executable, str(ROOT / "manage.py"), "shell", "-v", "0", "-c", _SIGN_IN.format(username)]
        said = subprocess.run(command, env=self._environment, check=True, capture_output=True, text=True)
        return said.stdout.split()[-1]

    def stop(self) -> int:
        """Stop it as Ctrl-C does; its exit code."""
        self.process.send_signal(signal.SIGINT)
        rest, _ = self.process.communicate(timeout=30)
        self.said += rest
        return self.process.returncode


@contextmanager
def served_demo(folder: Path, language: str = "en") -> Iterator[DemoSite]:
    """A running demo with its database in `folder`. It is stopped at the end, whatever happens."""
    site = DemoSite(folder, free_port(), language)
    try:
        site.wait_until_served()
        yield site
    finally:
        if site.process.poll() is None:
            site.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(folder: Path, port: int) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "skycrumbs.settings",
        "SECRET_KEY": "only-for-a-throwaway-demo-" * 2,
        "DEBUG": "true",
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": f"sqlite:///{folder / 'demo.sqlite3'}",
        "PORT": str(port),
        "SITE_URL": f"http://127.0.0.1:{port}",
    }

"""`manage.py serve`: the whole of Skycrumbs on one machine, web, worker and sweeper together."""

import hashlib
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from environs import Env, EnvError, validate

from skycrumbs.processes import ProcessDied, run_together

HOST = "127.0.0.1"
# Each thread may hold a database connection; the pool's default size is above this.
THREADS_PER_WORKER = 4
SWEEP_SECONDS = 60
# A number of our own among those that programs lock in one database.
PREPARING = 7_301_982


class Command(BaseCommand):
    help = (
        "Prepare the database, then serve Skycrumbs on 127.0.0.1:PORT with its worker and its sweeper until Ctrl-C."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        port, workers = _number("PORT", 8000, 65535), _number("WEB_WORKERS", 1, 64)
        with _port_kept(port):
            refuse_busy_port(port)
            self.prepare()
            connections.close_all()
            self.run(port, workers)
        self.say("Stopped.")

    def run(self, port: int, workers: int) -> None:
        try:
            run_together(
                {"web": web_command(port, workers), "worker": worker_command(), "sweeper": sweeper_command()},
                while_running=_once_listening(port, lambda: self.announce(port)),
                # A database that is away ends the worker; the pages go on. Killed outright, each of them comes back.
                started_again=("worker", "sweeper"),
            )
        except ProcessDied as error:
            raise CommandError(str(error)) from None

    def prepare(self) -> None:
        """Bring database and static files up to date; a development site without articles gets the demo."""
        self.say("Preparing the database.")
        with _alone():
            refuse_newer_database()
            call_command("migrate", interactive=False, verbosity=0)
        if settings.DEBUG and not apps.get_model("articles", "Article").objects.exists():
            call_command("load_demo", stdout=self.stdout)
        if not settings.DEBUG:
            try:
                self.collect_static_files()
            except OSError as error:
                raise CommandError(
                    f"Static files cannot be collected: {error.filename}: {error.strerror}."
                ) from error

    def collect_static_files(self) -> None:
        """Collect them unless they are those collected last time: hashing and packing takes seconds."""
        stamp = Path(settings.STATIC_ROOT) / "sources.sha256"
        digest = static_sources_digest()
        if stamp.is_file() and stamp.read_text() == digest:
            return
        self.say("Collecting static files.")
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(digest)

    def announce(self, port: int) -> None:
        site = f"http://{HOST}:{port}"
        self.say(f"\n{settings.SITE_NAME} is served; Ctrl-C stops it.")
        for what, path in (("Articles", "/"), ("Administration", "/admin/"), ("API", "/api/docs/")):
            self.say(f"  {what:<15} {site}{path}")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        # Whoever reads through a pipe should read it now.
        self.stdout.flush()


def _number(name: str, default: int, highest: int) -> int:
    try:
        return Env().int(name, default, validate=validate.Range(min=1, max=highest))
    except EnvError:
        raise CommandError(f"{name} must be a whole number from 1 to {highest}.") from None


def refuse_busy_port(port: int) -> None:
    """Raise CommandError where nothing can listen on `port`, before anything has been started or changed."""
    with socket.socket() as probe:
        # As the server will: a port whose last connections are only waiting to be forgotten is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise _unusable(port, str(error.strerror)) from None


@contextmanager
def _port_kept(port: int) -> Iterator[None]:
    """Raise CommandError while another serves or is about to serve on `port`.

    Two that start in the same moment both find it free, and the server lets both listen: it shares ports.
    """
    if sys.platform != "linux":
        yield
        return
    # A name without a file, which is free again when this process ends, however it does. (unix(7), "abstract")
    with socket.socket(socket.AF_UNIX) as name:
        try:
            name.bind(f"\0skycrumbs serve {port}")
        except OSError as error:
            raise _unusable(port, str(error.strerror)) from None
        yield


def _unusable(port: int, why: str) -> CommandError:
    return CommandError(f"Port {port} cannot be used ({why}). Choose another: PORT={port + 1} make serve")


def refuse_newer_database() -> None:
    """Raise CommandError where the database has migrations of ours that are not here: its tables are other ones."""
    ours = {
        config.label for config in apps.get_app_configs() if Path(config.path).resolve().parent == settings.BASE_DIR
    }
    loader = MigrationLoader(connection)
    unknown = [key for key in loader.applied_migrations if key[0] in ours and key not in loader.disk_migrations]
    if unknown:
        raise CommandError(
            f"The database is of a newer version of Skycrumbs: {'.'.join(max(unknown))} is not known here. "
            "Run that version, or go back to a copy of the database from before."
        )


@contextmanager
def _alone() -> Iterator[None]:
    """Let several that start on one PostgreSQL do this in turn: two cannot make the same table."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [PREPARING])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [PREPARING])


def web_command(port: int, workers: int) -> list[str]:
    options = {
        "--interface": "wsgi",
        "--host": HOST,
        "--port": port,
        "--workers": workers,
        "--blocking-threads": THREADS_PER_WORKER,
        "--working-dir": settings.BASE_DIR,
        "--log-level": "warning",
        # Shorter than the grace `run_together` gives, so that granian stops its own workers.
        "--workers-kill-timeout": 8,
    }
    flags = ["--no-ws", "--respawn-failed-workers", *(str(word) for option in options.items() for word in option)]
    return [sys.executable, "-m", "granian", "skycrumbs.wsgi:application", *flags]


def worker_command() -> list[str]:
    return _manage("db_worker", "--queue-name=*", "--no-reload")


def sweeper_command() -> list[str]:
    return _manage("sweep", f"--every={SWEEP_SECONDS}")


def _manage(*arguments: str) -> list[str]:
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]


def _once_listening(port: int, call: Callable[[], None]) -> Callable[[], None]:
    """Make a function that calls `call` the first time it finds something listening on `port`."""
    waiting = [call]

    def look() -> None:
        if waiting and _is_listening(port):
            waiting.pop()()

    return look


def _is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def static_sources_digest() -> str:
    """One SHA-256 over the path and content of every static file, in a fixed order."""
    digest = hashlib.sha256()
    for path, content in sorted(_static_sources()):
        digest.update(f"{path}\0{hashlib.sha256(content).hexdigest()}\n".encode())
    return digest.hexdigest()


def _static_sources() -> Iterator[tuple[str, bytes]]:
    for finder in get_finders():
        for path, storage in finder.list([]):
            with storage.open(path) as file:
                yield path, file.read()

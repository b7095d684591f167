"""`manage.py sweep`: everything that is due, whether or not anybody was woken for it."""

import logging
import signal
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections
from django.utils.module_loading import import_string

STOPPING = (signal.SIGINT, signal.SIGTERM)

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Do once what is due: number events, hand them on, send mail, and whatever else SWEEPS names."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--every", type=float, metavar="SECONDS", help="do it again and again, until SIGTERM or Ctrl-C"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        every = options["every"]
        if every is None:
            failed = self.sweep(options["verbosity"])
            if failed:
                raise CommandError(f"Failed: {', '.join(failed)}.")
            return
        if not 0 < every <= 86_400:
            raise CommandError("--every must be above 0 and at most 86400 seconds.")
        with _stop_asked() as asked:
            while not asked.is_set():
                self.sweep(options["verbosity"])
                # Those that broke, and those that would only be kept open until the next sweep.
                close_old_connections()
                asked.wait(every)

    def sweep(self, verbosity: int) -> list[str]:
        """Go through SWEEPS in order. One that raises stops nobody else: it is logged, and its path given."""
        failed = []
        for path in settings.SWEEPS:
            try:
                count = import_string(path)()
            except Exception:  # the edge of what one of them may spoil, a database that is away among it
                logger.exception("%s failed.", path)
                failed.append(path)
            else:
                self._say(path, count, verbosity)
        return failed

    def _say(self, path: str, count: int, verbosity: int) -> None:
        if verbosity > 1:
            self.stdout.write(f"{path}: {count}")
            self.stdout.flush()


@contextmanager
def _stop_asked() -> Iterator[Event]:
    """An event that is set once this process is told to stop; what is being done then is done to its end."""
    asked = Event()
    previous = {number: signal.signal(number, lambda got, frame: asked.set()) for number in STOPPING}
    try:
        yield asked
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)

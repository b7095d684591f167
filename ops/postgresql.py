"""A PostgreSQL for one test run: a temporary cluster on a free port, gone afterwards."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from glob import glob
from pathlib import Path
from typing import Any

from ops.demo_site import free_port

START_SECONDS = 60
# The data is thrown away, so nothing is gained by waiting for the disk; and a query on few rows runs sooner than it
# is compiled. Nobody counts the rows of a test either: what was planned on empty tables would read them whole for
# each of ten thousand foreign keys later on, if it could; and autovacuum, which sees none of the rows that a test
# takes back in the end, would have all joined with all.
FAST = (
    *("fsync=off", "synchronous_commit=off", "full_page_writes=off"),
    *("jit=off", "enable_seqscan=off", "autovacuum=off"),
)


class NoCluster(Exception):
    """The binaries are there, but no cluster could be made or started with them."""


def find_binaries() -> Path | None:
    """The folder that holds both `initdb` and `postgres`: on the PATH, else Debian's newest; None without."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += [Path(name) for name in sorted(glob("/usr/lib/postgresql/*/bin"), key=_version, reverse=True)]
    return next((folder for folder in folders if _has_both(folder)), None)


def _version(folder: str) -> float:
    name = Path(folder).parent.name
    return float(name) if name.replace(".", "", 1).isdigit() else 0.0


def _has_both(folder: Path) -> bool:
    return all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres"))


@contextmanager
def temporary_cluster(binaries: Path) -> Iterator[str]:
    """A running cluster; yields its database URL. It is stopped and removed at the end, whatever happens."""
    owner = _ordinary_user()
    folder = tempfile.mkdtemp(prefix="skycrumbs-postgresql-")
    server = None
    try:
        if owner:
            shutil.chown(folder, owner, pwd.getpwnam(owner).pw_gid)
        _run_initdb(binaries, folder, owner)
        port = free_port()
        server = _start(binaries, folder, port, owner)
        _wait_until_ready(server, folder, port)
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        if server:
            _stop(server)
        shutil.rmtree(folder, ignore_errors=True)


def _ordinary_user() -> str | None:
    """Whom to run PostgreSQL as: it refuses root. None means: the user we are."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in names), None)


def _as(owner: str | None) -> dict[str, Any]:
    if owner is None:
        return {}
    return {"user": owner, "group": pwd.getpwnam(owner).pw_gid, "extra_groups": []}


def _run_initdb(binaries: Path, folder: str, owner: str | None) -> None:
    command = [str(binaries / "initdb"), "--pgdata", f"{folder}/data", "--username=postgres", "--auth=trust"]
    command += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False, **_as(owner))
    if done.returncode:
        raise NoCluster(f"initdb failed: {done.stderr.strip().splitlines()[-1:]}")


def _start(binaries: Path, folder: str, port: int, owner: str | None) -> subprocess.Popen[bytes]:
    command = [
        str(binaries / "postgres"),
        "-D",
        f"{folder}/data",
        "-p",
        str(port),
        "-h",
        "127.0.0.1",
        "-k",
        folder,
    ]
    command += [word for setting in FAST for word in ("-c", setting)]
    with open(f"{folder}/log", "wb") as log:
        # A group of its own: Ctrl-C reaches the tests first, and the cluster when they are done with it.
        return subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, process_group=0, **_as(owner))


def _wait_until_ready(server: subprocess.Popen[bytes], folder: str, port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    lines = Path(f"{folder}/log").read_text(errors="replace").splitlines()
    raise NoCluster(f"PostgreSQL did not start: {' '.join(lines[-3:])}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    # SIGINT is its fast shutdown: it does not wait for clients that forgot to leave.
    server.send_signal(signal.SIGINT)
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()

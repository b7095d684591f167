"""Pages, lists and counts asked for over HTTP, at three sizes."""

import math
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from articles import services
from articles.models import Article, Category
from benchmarks.asking import HOST, Asked, ask
from benchmarks.options import options
from comments.seeding import Plan, seed

SIZES = (100, 1_000, 10_000)
CONNECTIONS, SECONDS, WORKERS = 8, 3.0, 2
GOALS = "goals: >= 5 000 a second or >= 0.2 of nginx; cost exponent <= 0.1; CPU <= 0.2 ms; p99 <= 5 ms"
TICKS = os.sysconf("SC_CLK_TCK")
PARAGRAPH = "Small birds sing before sunrise, when the air is still and a voice carries far over the fields. "


def fill() -> None:
    """An article of about 1 200 words for each size."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    category = Category.objects.get_or_create(slug="birds", name="Birds")[0]
    for size in SIZES:
        if Article.objects.filter(slug=f"of-{size}").exists():
            continue
        title = f"Of {size} comments"
        article = Article.objects.create(slug=f"of-{size}", title=title, draft_title=title, category=category)
        text = "\n\n".join(f"## Part {part}\n\n" + "\n\n".join([PARAGRAPH * 3] * 3) for part in range(8))
        article = services.save_draft(article, title=title, source=text, seen_version=article.draft_version)
        services.publish(article, by=None)
        for _made in seed(Article.objects.with_current_text().get(pk=article.pk), Plan(comments=size)):
            pass
    connections.close_all()


@contextmanager
def running(command: list[str], port: int, **environ: str) -> Iterator[int]:
    """A server of its own process group, once it listens; gives the process id."""
    everything = os.environ | environ
    server = subprocess.Popen(command, env=everything, stdout=subprocess.DEVNULL, start_new_session=True)  # noqa: S603
    try:
        for _try in range(300):
            with socket.socket() as probe:
                if probe.connect_ex((HOST, port)) == 0:
                    break
            time.sleep(0.1)
        yield server.pid
    finally:
        server.terminate()
        server.wait(20)


def cpu_of(group: int) -> float:
    """Seconds of CPU that the processes of a group have used so far. (proc(5), "/proc/pid/stat")"""
    total = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            total += int(fields[11]) + int(fields[12])
    return total / TICKS


def measure(port: int, group: int, path: str) -> tuple[Asked, float]:
    """What was answered, and milliseconds of CPU for each answer."""
    ask(port, path, connections=CONNECTIONS, seconds=0.5)
    before = cpu_of(group)
    asked = ask(port, path, connections=CONNECTIONS, seconds=SECONDS)
    return asked, 1000 * (cpu_of(group) - before) / len(asked.times)


def tell(name: str, asked: Asked, cpu: float) -> None:
    print(
        f"  {name:<22}{asked.per_second:>9,.0f}{cpu:>10.3f}{asked.at(0.5):>9.2f}{asked.at(0.99):>9.2f}"
        f"{asked.length / 1000:>9.1f}",
        flush=True,
    )


def paths(size: int) -> dict[str, str]:
    return {"page": f"/articles/of-{size}/", "list": f"/api/v1/comments/?article=of-{size}"}


def serve(port: int, megabytes: int) -> dict[tuple[str, int], Asked]:
    """What was answered, by what was asked and at which size."""
    command = [sys.executable, "-m", "granian", "skycrumbs.wsgi:application", "--interface", "wsgi", "--no-ws"]
    command += ["--port", str(port), "--workers", str(WORKERS), "--blocking-threads", "4", "--log-level", "error"]
    found = {}
    print(f"\n{'With' if megabytes else 'Without'} the front      a second  CPU ms   median      p99       kB")
    with running(command, port, FRONT_MEGABYTES=str(megabytes)) as group:
        for size in SIZES:
            for name, path in paths(size).items():
                asked, cpu = measure(port, group, path)
                found[name, size] = asked
                tell(f"{name} of {size}", asked, cpu)
        counts = "&".join(f"article=of-{size}" for size in SIZES)
        asked, cpu = measure(port, group, f"/api/v1/comments/counts/?{counts}")
        tell("counts", asked, cpu)
    for name in ("page", "list"):
        slower = found[name, SIZES[0]].per_second / found[name, SIZES[-1]].per_second
        exponent = math.log(slower) / math.log(SIZES[-1] / SIZES[0])
        print(f"  cost of a {name} grows as N^{exponent:.2f}")
    return found


def serve_by_nginx(port: int, folder: Path, body: bytes) -> float | None:
    """As many bytes as a static file; None where nginx is not installed."""
    nginx = shutil.which("nginx")
    if nginx is None:
        print("\nnginx is not installed; nothing to compare with.")
        return None
    folder.chmod(0o755)
    (folder / "page.html").write_bytes(body)
    config = folder / "nginx.conf"
    config.write_text(
        f"worker_processes {WORKERS}; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{ access_log off; keepalive_requests 10000000; server {{ listen {HOST}:{port}; "
        f"root {folder}; }} }}\n"
    )
    print("\nnginx                   a second  CPU ms   median      p99       kB")
    with running([nginx, "-c", str(config)], port) as group:
        asked, cpu = measure(port, group, "/page.html")
        tell("a file of that size", asked, cpu)
    return asked.per_second


def main(folder: Path) -> int:
    options().parse_args()
    database = settings.DATABASES["default"]["ENGINE"].rsplit(".", 1)[-1]
    print(f"{database}: filling with {', '.join(f'{size:,}' for size in SIZES)} comments.", flush=True)
    fill()
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    serve(port, 0)
    found = serve(port, 64)
    page = found["page", SIZES[1]]
    by_nginx = serve_by_nginx(port, folder, os.urandom(page.length))
    if by_nginx:
        print(f"  the page of {SIZES[1]:,} comments is served at {page.per_second / by_nginx:.2f} of that")
    print(GOALS)
    return 0

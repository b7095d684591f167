import re
import socket
import sys
import urllib.request
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from ops.demo_site import free_port, served_demo
from skycrumbs.management.commands import serve


@pytest.fixture
def busy_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


class TestRefusals:
    """Nothing is prepared or started when the command cannot end well."""

    @pytest.fixture(autouse=True)
    def _nothing_is_started(self, monkeypatch):
        monkeypatch.delattr(serve.Command, "prepare")
        monkeypatch.delattr(serve, "run_together")

    def test_refuses_a_port_that_is_in_use(self, busy_port, monkeypatch):
        monkeypatch.setenv("PORT", str(busy_port))
        with pytest.raises(CommandError) as caught:
            call_command("serve")
        assert str(caught.value) == (
            f"Port {busy_port} cannot be used (Address already in use). "
            f"Choose another: PORT={busy_port + 1} make serve"
        )

    @pytest.mark.skipif(sys.platform != "linux", reason="The names are Linux's")
    def test_refuses_a_port_that_another_is_about_to_serve_on(self, monkeypatch):
        port = free_port()
        monkeypatch.setenv("PORT", str(port))
        with serve._port_kept(port), pytest.raises(CommandError, match=rf"^Port {port} cannot be used \(Address "):
            call_command("serve")
        # Free again.
        with serve._port_kept(port):
            pass

    @pytest.mark.parametrize("port", ["0", "65536", "http", "80.5", "-1"])
    def test_refuses_a_port_that_is_no_port(self, monkeypatch, port):
        monkeypatch.setenv("PORT", port)
        with pytest.raises(CommandError, match=r"^PORT must be a whole number from 1 to 65535\.$"):
            call_command("serve")

    def test_refuses_a_number_of_workers_that_is_none(self, monkeypatch):
        monkeypatch.setenv("WEB_WORKERS", "many")
        with pytest.raises(CommandError, match=r"^WEB_WORKERS must be a whole number from 1 to 64\.$"):
            call_command("serve")


class TestProcesses:
    def test_are_the_web_the_worker_and_the_sweeper(self, monkeypatch, settings):
        started = {}
        monkeypatch.setattr(serve.Command, "prepare", lambda command: None)
        monkeypatch.setattr(serve, "run_together", lambda commands, **options: started.update(commands, **options))
        monkeypatch.setenv("PORT", str(free_port()))
        call_command("serve", stdout=StringIO())
        manage = str(settings.BASE_DIR / "manage.py")
        assert list(started)[:3] == ["web", "worker", "sweeper"]
        assert started["started_again"] == ("worker", "sweeper")
        assert "--respawn-failed-workers" in started["web"]
        assert started["worker"][1:] == [manage, "db_worker", "--queue-name=*", "--no-reload"]
        assert started["sweeper"][1:] == [manage, "sweep", "--every=60"]


class TestCollectStaticFiles:
    @pytest.fixture(autouse=True)
    def _folders(self, settings, tmp_path):
        self.source = tmp_path / "sources" / "page.css"
        self.source.parent.mkdir()
        self.source.write_text("a")
        self.collected = tmp_path / "collected" / "page.css"
        settings.STATICFILES_DIRS = [self.source.parent]
        settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
        settings.STATIC_ROOT = self.collected.parent

    def test_collects_the_first_time(self):
        serve.Command().collect_static_files()
        assert self.collected.read_text() == "a"

    def test_leaves_them_alone_when_no_source_has_changed(self):
        serve.Command().collect_static_files()
        self.collected.write_text("untouched")
        serve.Command().collect_static_files()
        assert self.collected.read_text() == "untouched"

    def test_says_in_one_line_where_they_cannot_be_written(self, monkeypatch, settings):
        monkeypatch.setattr(serve, "call_command", lambda *names, **options: None)
        monkeypatch.setattr(serve, "refuse_newer_database", lambda: None)
        # A file where the folder should be: nobody can write there, whoever runs this.
        self.collected.parent.write_text("")
        settings.STATIC_ROOT = self.collected.parent / "static"
        with pytest.raises(CommandError, match=f"^Static files cannot be collected: {settings.STATIC_ROOT}"):
            serve.Command(stdout=StringIO()).prepare()

    def test_collects_again_when_a_source_has_changed(self):
        serve.Command().collect_static_files()
        self.source.write_text("b")
        self.collected.unlink()
        serve.Command().collect_static_files()
        assert self.collected.read_text() == "b"


@pytest.mark.django_db
class TestPrepare:
    def test_refuses_a_database_of_a_newer_version(self, monkeypatch):
        MigrationRecorder(connection).record_applied("comments", "9999_not_written_yet")
        monkeypatch.setattr(serve, "call_command", lambda *names, **options: pytest.fail("migrated"))
        with pytest.raises(
            CommandError, match=r"a newer version of Skycrumbs: comments\.9999_not_written_yet is not"
        ):
            serve.Command(stdout=StringIO()).prepare()

    def test_minds_no_migration_that_another_package_dropped(self):
        MigrationRecorder(connection).record_applied("auth", "9999_squashed_away")
        serve.refuse_newer_database()

    @pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is one machine's")
    def test_lets_one_migrate_at_a_time(self, monkeypatch):
        held = {}

        def look(name, **options):
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = %s",
                               [serve.PREPARING])  # fmt: skip
                held[name] = cursor.fetchone()[0]

        monkeypatch.setattr(serve, "call_command", look)
        monkeypatch.setattr(serve.Command, "collect_static_files", lambda command: None)
        serve.Command(stdout=StringIO()).prepare()
        assert held == {"migrate": 1}


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310  an address of our own
        return answer.status, answer.read().decode()


class TestServing:
    """The first of the README's two commands, as a reader runs it."""

    def test_serves_the_demo_and_keeps_it_when_run_again(self, tmp_path):
        with served_demo(tmp_path) as site:
            status, page = get(f"{site.url}/")
            assert status == 200
            assert "/articles/ai-safety-and-alignment-in-2026/" in page
            first = site.said
            assert site.stop() == 0
        assert re.search(r"password", first)
        with served_demo(tmp_path) as site:
            assert get(f"{site.url}/") == (200, page)
            assert "password" not in site.said

import os

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError
from environs import EnvError

import manage


@pytest.fixture
def env_file(tmp_path, monkeypatch):
    monkeypatch.setattr(manage, "ENV_FILE", tmp_path / ".env")
    # What the command line adds to the environment is taken away again.
    monkeypatch.setattr(os, "environ", os.environ.copy())
    return tmp_path / ".env"


class TestMain:
    @pytest.fixture(autouse=True)
    def _run(self, env_file, monkeypatch):
        self.seen = {}
        monkeypatch.setattr(manage, "execute_from_command_line", lambda argv: self.seen.update(os.environ))

    def test_reads_settings_from_the_file(self, env_file):
        env_file.write_text("SITE_FOOTER=From the file\n")
        manage.main()
        assert self.seen["SITE_FOOTER"] == "From the file"

    def test_prefers_the_environment_to_the_file(self, env_file):
        os.environ["SITE_FOOTER"] = "From the environment"
        env_file.write_text("SITE_FOOTER=From the file\n")
        manage.main()
        assert self.seen["SITE_FOOTER"] == "From the environment"

    def test_runs_when_there_is_no_file(self, env_file):
        manage.main()
        assert "PATH" in self.seen

    @pytest.mark.parametrize("data", [b"SITE_FOOTER=Caf\xe9\n", None])
    def test_names_the_file_in_one_line_when_it_cannot_be_read(self, env_file, data, monkeypatch):
        def fail(path):
            raise PermissionError(13, "Permission denied")

        if data is None:
            monkeypatch.setattr(manage, "load_dotenv", fail)
        else:
            env_file.write_bytes(data)
        with pytest.raises(SystemExit, match=f"^{env_file} cannot be read: "):
            manage.main()

    def test_names_the_setting_in_one_line_when_it_is_wrong(self, env_file, monkeypatch):
        def refuse(argv):
            raise EnvError('Environment variable "SECRET_KEY" not set')

        monkeypatch.setattr(manage, "execute_from_command_line", refuse)
        with pytest.raises(SystemExit, match='^Settings: Environment variable "SECRET_KEY" not set$'):
            manage.main()

    def run(self, monkeypatch, raised, *arguments):
        def fail(argv):
            raise raised

        monkeypatch.setattr(manage, "execute_from_command_line", fail)
        monkeypatch.setattr("sys.argv", ["manage.py", "recount", *arguments])
        manage.main()

    @pytest.mark.parametrize("kind", [DatabaseError, OperationalError])
    def test_says_in_one_line_why_the_database_cannot_be_used(self, env_file, monkeypatch, kind):
        said = "^The database that DATABASE_URL names cannot be used: file is not a database$"
        with pytest.raises(SystemExit, match=said):
            self.run(monkeypatch, kind("file is not a database"))

    def test_shows_the_way_to_it_when_asked(self, env_file, monkeypatch):
        with pytest.raises(OperationalError):
            self.run(monkeypatch, OperationalError("locked"), "--traceback")

    def test_hides_no_mistake_in_the_code(self, env_file, monkeypatch):
        with pytest.raises(IntegrityError):
            self.run(monkeypatch, IntegrityError("twice"))

    def test_stops_in_one_line_at_ctrl_c(self, env_file, monkeypatch, capsys):
        with pytest.raises(SystemExit) as caught:
            self.run(monkeypatch, KeyboardInterrupt())
        assert caught.value.code == 130
        assert capsys.readouterr().err == "Stopped.\n"

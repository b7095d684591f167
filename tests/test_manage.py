import os

import pytest
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

    def test_names_the_setting_in_one_line_when_it_is_wrong(self, env_file, monkeypatch):
        def refuse(argv):
            raise EnvError('Environment variable "SECRET_KEY" not set')

        monkeypatch.setattr(manage, "execute_from_command_line", refuse)
        with pytest.raises(SystemExit, match='^Settings: Environment variable "SECRET_KEY" not set$'):
            manage.main()

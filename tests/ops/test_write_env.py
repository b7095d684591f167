import os

from ops.write_env import write_env


class TestWriteEnv:
    def test_writes_a_secret_for_the_owner_alone(self, tmp_path):
        path = str(tmp_path / ".env")
        write_env(path)
        with open(path) as file:
            comment, secret, debug = file.read().splitlines()
        assert secret.startswith("SECRET_KEY=") and len(secret) > 60
        assert debug == "DEBUG=true"
        assert os.stat(path).st_mode & 0o777 == 0o600

    def test_leaves_a_file_alone_when_it_is_there(self, tmp_path):
        path = tmp_path / ".env"
        path.write_text("DEBUG=false\n")
        write_env(str(path))
        assert path.read_text() == "DEBUG=false\n"

    def test_writes_another_secret_every_time(self, tmp_path):
        write_env(str(tmp_path / "one"))
        write_env(str(tmp_path / "two"))
        assert (tmp_path / "one").read_text() != (tmp_path / "two").read_text()

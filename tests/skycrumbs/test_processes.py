import os
import re
import select
import signal
import sys

import pytest

from skycrumbs import processes
from skycrumbs.processes import ProcessDied, run_together

# Each child opens the pipe named in its arguments and says so; the pipe ends when the last of them is gone.
WAIT = "import signal, sys; pipe = open(sys.argv[1], 'w'); pipe.write('.'); pipe.flush(); signal.pause()"
IGNORE = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + WAIT
FORK_AND_DIE = (
    "import os, signal, subprocess, sys; "
    f"subprocess.Popen([sys.executable, '-c', {WAIT!r}, sys.argv[1]]); "
    "open(sys.argv[1], 'w').write('.'); signal.pause()"
)
END = "import sys; sys.exit(3)"


class Witness:
    """Tells whether processes that were given its path are up, and whether all of them are gone."""

    def __init__(self, folder):
        self.path = str(folder / "pipe")
        os.mkfifo(self.path)
        self.end = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK)
        self.count = 0

    def command(self, code):
        return [sys.executable, "-c", code, self.path]

    def are_up(self, number):
        self.count += len(self.read() or b"")
        return self.count >= number

    def are_gone(self):
        # A pipe ends when nobody holds it; a killed process may need a moment to let go.
        while self.read() != b"":
            if not select.select([self.end], [], [], 5)[0]:
                return False
        return True

    def read(self):
        """What was written since; empty when nobody holds the pipe, None when somebody does and is silent."""
        try:
            return os.read(self.end, 10)
        except BlockingIOError:
            return None


@pytest.fixture
def witness(tmp_path):
    witness = Witness(tmp_path)
    yield witness
    os.close(witness.end)


def ask_to_stop_when(condition, number=signal.SIGTERM):
    """Make a `while_running` that sends this process `number` once `condition()` holds."""

    def look():
        if condition():
            os.kill(os.getpid(), number)

    return look


class TestRunTogether:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_returns_and_leaves_nothing_when_asked_to_stop(self, witness, number):
        commands = {"web": witness.command(WAIT), "worker": witness.command(WAIT)}
        run_together(commands, ask_to_stop_when(lambda: witness.are_up(2), number))
        assert witness.are_gone()

    def test_stops_the_others_when_one_dies(self, witness):
        commands = {"web": witness.command(WAIT), "worker": [sys.executable, "-c", END]}
        with pytest.raises(ProcessDied) as caught:
            run_together(commands, lambda: None)
        assert str(caught.value) == "The worker process ended with code 3; the others were stopped."
        assert witness.are_gone()

    def test_starts_again_what_is_named_while_the_others_go_on(self, witness, monkeypatch, capfd):
        monkeypatch.setattr(processes, "PAUSE_SECONDS", 0)
        once = "import sys; open(sys.argv[1], 'w').write('.'); sys.exit(3)"
        commands = {"web": witness.command(WAIT), "worker": witness.command(once)}
        run_together(commands, ask_to_stop_when(lambda: witness.are_up(3)), started_again=["worker"])
        assert "The worker process ended with code 3; it is started again in 0 seconds.\n" in capfd.readouterr().err
        assert witness.are_gone()

    def test_pauses_before_it_starts_one_again(self, witness, monkeypatch, capfd):
        monkeypatch.setattr(processes, "PAUSE_SECONDS", 60)
        commands = {"web": witness.command(WAIT), "worker": [sys.executable, "-c", END]}
        said = []

        def has_said():
            said.append(capfd.readouterr().err)
            # Some rounds later it has still ended only once.
            return "".join(said).count("ended") and len(said) > 10

        run_together(commands, ask_to_stop_when(has_said), started_again=["worker"])
        assert "".join(said).count("ended") == 1
        assert witness.are_gone()

    def test_pauses_for_longer_each_time_for_what_cannot_start(self, witness, monkeypatch, capfd):
        monkeypatch.setattr(processes, "PAUSE_SECONDS", 0.01)
        monkeypatch.setattr(processes, "LONGEST_PAUSE_SECONDS", 0.03)
        said = []

        def has_said():
            said.append(capfd.readouterr().err)
            return "".join(said).count("ended") >= 4

        commands = {"web": witness.command(WAIT), "worker": [sys.executable, "-c", END]}
        run_together(commands, ask_to_stop_when(has_said), started_again=["worker"])
        assert re.findall(r"in (\S+) seconds", "".join(said))[:4] == ["0.01", "0.02", "0.03", "0.03"]

    @pytest.mark.parametrize(
        ("before", "lasted", "expected"), [(0, 1, 5), (5, 1, 10), (40, 59, 60), (60, 1, 60), (60, 60, 5), (0, 600, 5)]
    )
    def test_forgets_the_pauses_of_what_ran_for_a_minute(self, before, lasted, expected):
        assert processes._pause(before, lasted=lasted) == expected

    def test_kills_what_will_not_stop_when_the_grace_is_over(self, witness, monkeypatch):
        monkeypatch.setattr(processes, "GRACE_SECONDS", 0.2)
        run_together({"web": witness.command(IGNORE)}, ask_to_stop_when(lambda: witness.are_up(1)))
        assert witness.are_gone()

    def test_kills_the_workers_of_a_server_that_was_killed(self, witness):
        run_together({"web": witness.command(FORK_AND_DIE)}, ask_to_stop_when(lambda: witness.are_up(2)))
        assert witness.are_gone()

    def test_gives_the_signals_back_when_it_returns(self, witness):
        before = signal.getsignal(signal.SIGTERM)
        run_together({"web": witness.command(WAIT)}, ask_to_stop_when(lambda: witness.are_up(1)))
        assert signal.getsignal(signal.SIGTERM) is before

    def test_raises_and_leaves_nothing_when_a_command_is_not_there(self, witness):
        commands = {"web": witness.command(WAIT), "worker": ["/nowhere/worker"]}
        with pytest.raises(FileNotFoundError):
            run_together(commands, lambda: None)
        assert witness.are_gone()

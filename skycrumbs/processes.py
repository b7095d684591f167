"""Runs several processes as one: they start together, and none is left when they stop."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress

# How long a process may take over its last work before it is killed.
GRACE_SECONDS = 10
POLL_SECONDS = 0.1
# What ended because something is away would end again at once: the pause doubles, up to the longest, for what did not
# run for so long in between.
PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 5, 60
STEADY_SECONDS = 60
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Commands = Mapping[str, Sequence[str]]


class ProcessDied(Exception):
    """One of the processes ended by itself; the others were stopped."""

    def __init__(self, name: str, returncode: int) -> None:
        self.name, self.returncode = name, returncode
        super().__init__(f"The {name} process {_how_it_ended(returncode)}; the others were stopped.")


def _how_it_ended(returncode: int) -> str:
    return f"was killed by signal {-returncode}" if returncode < 0 else f"ended with code {returncode}"


def run_together(
    commands: Commands, while_running: Callable[[], None], *, started_again: Collection[str] = ()
) -> None:
    """Run the named `commands` until this process is told to stop (Ctrl-C, SIGTERM, SIGHUP).

    `while_running` is called about ten times a second. When one ends by itself, it is started again after a pause
    where `started_again` names it; else ProcessDied is raised. None of them is left when this returns or raises,
    whatever the reason.
    """
    asked: list[int] = []
    previous = {number: signal.signal(number, lambda got, frame: asked.append(got)) for number in STOPPING}
    children: dict[str, subprocess.Popen[bytes]] = {}
    due = dict.fromkeys(commands, 0.0)
    since, pauses = dict(due), dict(due)
    try:
        while not asked:
            for name in [name for name, at in due.items() if at <= time.monotonic()]:
                children[name], since[name] = _start(commands[name]), time.monotonic()
                del due[name]
            for name in _dead(children):
                pauses[name] = _pause(pauses[name], lasted=time.monotonic() - since[name])
                # One that raises here stays among them: what it started is stopped with the others.
                _refuse_unless(name in started_again, name, children[name].returncode, pauses[name])
                del children[name]
                due[name] = time.monotonic() + pauses[name]
            while_running()
            time.sleep(POLL_SECONDS)
    finally:
        _stop(list(children.values()))
        for number, handler in previous.items():
            signal.signal(number, handler)


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start `command` in a process group of its own, so that Ctrl-C reaches it through this process alone."""
    return subprocess.Popen(command, process_group=0, preexec_fn=_end_with_parent)


def _end_with_parent() -> None:
    """Ask Linux to stop this child should its parent be killed outright (prctl(2), PR_SET_PDEATHSIG)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _dead(children: Mapping[str, subprocess.Popen[bytes]]) -> list[str]:
    return [name for name, child in children.items() if child.poll() is not None]


def _pause(before: float, *, lasted: float) -> float:
    """How many seconds to wait for what ended after `lasted`, and was waited for `before` it started."""
    if lasted >= STEADY_SECONDS:
        return PAUSE_SECONDS
    return min(max(PAUSE_SECONDS, 2 * before), LONGEST_PAUSE_SECONDS)


def _refuse_unless(is_started_again: bool, name: str, returncode: int, pause: float) -> None:
    if not is_started_again:
        raise ProcessDied(name, returncode)
    again = f"it is started again in {pause:g} seconds"
    print(f"The {name} process {_how_it_ended(returncode)}; {again}.", file=sys.stderr, flush=True)


def _stop(children: Sequence[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.wait(max(0, deadline - time.monotonic()))
        # What is left of its group: itself, or workers of a server that was killed.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()

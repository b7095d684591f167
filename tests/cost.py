"""Whether a piece of work is cheap enough, told so that a slow or busy machine fails no test.

What grows with the square of its input takes tens of times what is allowed; a machine is at most a few times slower
than another, and that much is measured beside the work itself.
"""

import time
from collections.abc import Callable

TRIES = 3
# What `_yardstick` takes in CPU seconds on the machine where the limits were set.
YARDSTICK_SECONDS = 0.006


def takes_at_most(seconds: float, work: Callable[[], object]) -> bool:
    """Whether one of three runs of `work` takes at most so many CPU seconds, on a machine of the speed meant here."""
    return any(_cpu(work) <= seconds * _slowness() for _ in range(TRIES))


def _slowness() -> float:
    return max(1.0, _cpu(_yardstick) / YARDSTICK_SECONDS)


def _yardstick() -> int:
    return sum(number % 7 for number in range(100_000))


def _cpu(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started

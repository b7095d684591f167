"""The worker's part, a moment after the commit: numbering, and handing on what was numbered."""

from django_tasks import task


@task()
def number_events() -> int:
    from events.consuming import run_consumers
    from events.services import number_committed

    given = number_committed()
    run_consumers()
    return given


def enqueue_numbering() -> None:
    """Wake the sequencer. A lost wake-up loses nothing: the next one numbers whatever waits."""
    number_events.enqueue()

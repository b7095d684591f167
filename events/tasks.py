"""The worker's part: numbering, a moment after the commit."""

from django_tasks import task


@task()
def number_events() -> int:
    from events.services import number_committed

    return number_committed()


def enqueue_numbering() -> None:
    """Wake the sequencer. A lost wake-up loses nothing: the next one numbers whatever waits."""
    number_events.enqueue()

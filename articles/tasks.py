"""The worker's part: publishing what takes too long for a request."""

from django_tasks import task


@task()
def publish_due() -> int:
    from articles.publishing import run_due

    return run_due()


def enqueue_publishing() -> None:
    """Wake the publisher. A lost wake-up loses nothing: the next sweep finds what is due."""
    publish_due.enqueue()

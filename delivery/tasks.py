"""The worker's part: sending, a moment after it is known what to send."""

from django_tasks import task


@task()
def send_due_mail() -> int:
    from delivery.services import send_due

    return send_due()


def enqueue_sending() -> None:
    """Wake the sender. A lost wake-up loses nothing: the next sweep finds what is due."""
    send_due_mail.enqueue()

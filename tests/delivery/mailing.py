"""People who read mail, servers that do not take it, and everything between an event and the outbox."""

from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from accounts.models import Guest, User
from comments.models import Comment
from delivery.models import Delivery
from delivery.services import send_due
from events.consuming import run_consumers
from events.services import number_committed
from tests.factories import make_user


def make_reader(name: str = "Ada", **fields) -> User:
    """Somebody with a confirmed address."""
    user = make_user(name, **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def make_guest(email: str = "nora@example.org", *, is_proven: bool = True) -> Guest:
    """Somebody without an account who confirmed the address, and asked to be told of replies."""
    proven_at = timezone.now() if is_proven else None
    return Guest.objects.create(email=email, proven_at=proven_at, wants_reply_mail=True)


def as_written_now(comment: Comment) -> Comment:
    """`comment`, still young enough to be edited however the clock was moved."""
    Comment.objects.filter(pk=comment.pk).update(created_at=timezone.now())
    return Comment.objects.get(pk=comment.pk)


def follow() -> None:
    """What the worker does after a commit, but for the sending."""
    number_committed()
    run_consumers()


def deliver() -> list:
    """Everything that follows until now: the mails that were sent."""
    before = len(mail.outbox)
    follow()
    while Delivery.objects.due(timezone.now()).exists():
        send_due()
    return mail.outbox[before:]


def fates() -> list[tuple[str, str]]:
    """(who, what became of it) of every delivery in order: `waits`, `sent`, or why it was dropped."""
    rows = Delivery.objects.order_by("id").select_related("user", "guest")
    return [
        (row.user.name if row.user else row.guest.email, row.dropped or ("sent" if row.sent_at else "waits"))
        for row in rows
    ]


class FailingBackend(BaseEmailBackend):
    """Raises `errors`, one for each mail, and then takes them: set the class's list before use."""

    errors: list[BaseException] = []
    taken: list = []

    def send_messages(self, messages):
        if self.errors:
            raise self.errors.pop(0)
        self.taken.extend(messages)
        return len(messages)

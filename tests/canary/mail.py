"""What the site mails, and to whom: worked out by hand, as what it shows."""

from collections.abc import Iterable
from email import message_from_bytes, policy

from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage

from accounts.models import User
from comments.models import Comment, Decision
from events.models import Event
from tests.canary.finding import KeyFinder, words
from tests.canary.scene import Planted, Site
from tests.canary.sight import ANONYMOUS, WORDS


def everybody_reads_mail(site: Site) -> None:
    EmailAddress.objects.bulk_create(
        EmailAddress(user=author, email=author.email, verified=True, primary=True) for author in site.authors
    )


def everything_is_judged_by(moderator: User) -> None:
    """What became of each comment, a private one too, was decided by a person, and its author is not told yet."""
    Decision.objects.update(actor=moderator)
    Event.objects.bulk_create(
        Event(type="comment.judged", article_id=article, comment_id=comment, actor_id=moderator.pk)
        for article, comment in Comment.objects.order_by("id").values_list("article", "id")
    )


def answered_in_public(site: Site) -> list[Planted]:
    """Replies that anybody can read, by somebody else than who wrote what they answer, which is not deleted."""
    return [
        one
        for one in site.planted
        if one.parent is not None
        and ANONYMOUS.sight(one) is WORDS
        and one.author != one.parent.author
        and one.parent.situation not in ("withdrawn", "erased")
    ]


def by_reader(sent: Iterable[EmailMessage], find_keys: KeyFinder) -> list[tuple[str, list[str], list[int]]]:
    """(address, planted words, numbers of comments named) of each mail, in a fixed order."""
    found = []
    for message in sent:
        (reader,) = message.recipients()
        text = as_read(message)
        found.append((reader, sorted(words(text, with_article_text=True)), sorted(find_keys(text))))
    return sorted(found)


def as_read(message: EmailMessage) -> str:
    """All of it, headers and body, with every encoding undone."""
    opened = message_from_bytes(message.message().as_bytes(), policy=policy.default)
    headers = "\n".join(f"{name}: {value}" for name, value in opened.items())
    return f"{headers}\n\n{opened.get_content()}"

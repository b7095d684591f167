"""What the site mails, and to whom: worked out by hand, as what it shows."""

from collections.abc import Iterable
from email import message_from_bytes, policy

from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.utils import timezone

from accounts.models import Guest, User
from comments.models import Comment, Decision
from events.models import Event
from tests.canary.finding import KeyFinder, words
from tests.canary.scene import SHOWN, Planted, Site
from tests.canary.sight import ANONYMOUS, WORDS
from tests.factories import make_comment, make_guest_comment


def everybody_reads_mail(site: Site) -> None:
    EmailAddress.objects.bulk_create(
        EmailAddress(user=author, email=author.email, verified=True, primary=True) for author in site.authors
    )


def everything_is_judged_by(moderator: User) -> None:
    """What became of each comment, a private one too, was decided by a person, and its author is not told yet."""
    last = {decision.comment_id: decision for decision in Decision.objects.order_by("id")}
    for decision in last.values():
        # Decisions are never changed: each is made once more.
        decision.pk, decision.version = None, decision.version + 1
        decision.role, decision.actor = Decision.Role.MODERATOR, moderator
    Decision.objects.bulk_create(last.values())
    Event.objects.bulk_create(
        Event(type="comment.judged", article_id=one.article_id, comment_id=one.comment_id, actor_id=moderator.pk)
        for one in last.values()
    )


def guests_write(site: Site) -> None:
    """With an address that is confirmed and without, on what anybody reads, and one asks for a link."""
    article = site.articles[SHOWN]
    public = Comment.objects.get(pk=next(one.pk for one in site.shown if ANONYMOUS.sight(one) is WORDS))
    known = Guest.objects.create(email="known-guest@example.org", proven_at=timezone.now(), wants_reply_mail=True)
    remark = make_guest_comment(article, "zqn9701", "Known: zqt9701.", email=known.email, parent=public)
    make_comment(article, public.author, "Answered: zqt9702.", parent=remark)
    for number in (9703, 9704):
        name, text = f"zqn{number}", f"Unknown: zqt{number}."
        make_guest_comment(article, name, text, email=f"guest-{number}@example.org", parent=remark, is_proven=False)
    Event.objects.create(type="guest.link_asked", article_id=article.pk, comment_id=remark.pk)


def addresses() -> set[str]:
    """Of everybody, with an account and without."""
    return {*User.objects.values_list("email", flat=True), *Guest.objects.values_list("email", flat=True)}


def answered_in_public(site: Site) -> list[Planted]:
    """Replies that anybody can read, to somebody with an account who did not write them and has not deleted that."""
    return [
        one
        for one in site.planted
        if one.parent is not None
        and one.parent.account is not None
        and ANONYMOUS.sight(one) is WORDS
        and one.author != one.parent.author
        and one.parent.situation not in ("withdrawn", "erased")
    ]


def by_reader(sent: Iterable[EmailMessage], find_keys: KeyFinder) -> list[tuple[str, list[str], list[int]]]:
    """(address, planted words but for those of the address, numbers of comments named) of each mail, in order."""
    found = []
    for message in sent:
        (reader,) = message.recipients()
        text = as_read(message)
        others = words(text, with_article_text=True) - words(reader)
        found.append((reader, sorted(others), sorted(find_keys(text))))
    return sorted(found)


def as_read(message: EmailMessage) -> str:
    """All of it, headers and body, with every encoding undone."""
    opened = message_from_bytes(message.message().as_bytes(), policy=policy.default)
    headers = "\n".join(f"{name}: {value}" for name, value in opened.items())
    return f"{headers}\n\n{opened.get_content()}"
